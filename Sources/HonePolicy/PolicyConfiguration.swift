import HoneJSON
public import HoneNumerics

/// The shape of a decoder of the Llama / Qwen2 / Qwen3 family.
///
/// RMSNorm, rotary positions, grouped-query attention, SwiGLU; optional biases on queries, keys and
/// values (Qwen2); optional norm of each query and key head (Qwen3); a tied or separate head.
public struct PolicyConfiguration: Sendable, Hashable {
  /// The family, as Hugging Face's `model_type`.
  public enum Architecture: String, Sendable, CaseIterable {
    /// `LlamaForCausalLM`.
    case llama
    /// `Qwen2ForCausalLM`: biases on queries, keys and values.
    case qwen2
    /// `Qwen3ForCausalLM`: a norm on each query and key head.
    case qwen3
  }

  /// The family.
  public var architecture: Architecture
  /// Rows of the embedding, V.
  public var vocabularySize: Int
  /// Channels of the residual stream, C.
  public var hiddenSize: Int
  /// Width of the feed-forward layer, F.
  public var intermediateSize: Int
  /// Decoder layers, L.
  public var layers: Int
  /// Query heads, H.
  public var heads: Int
  /// Key/value heads; divides ``heads``.
  public var keyValueHeads: Int
  /// Head size D, even; need not be hidden size / heads.
  public var headSize: Int
  /// Added to the mean square in RMSNorm.
  public var rmsNormEpsilon: Float
  /// Base of the rotary frequencies.
  public var ropeTheta: Double
  /// Positions the policy may use; longer sequences are refused.
  public var maximumPositions: Int
  /// Whether the head is the embedding.
  public var tiedHead: Bool
  /// Whether queries, keys and values have biases.
  public var attentionBias: Bool
  /// First token of a text, if the tokenizer has one.
  public var beginToken: Int32?
  /// Tokens that end a completion.
  public var endTokens: [Int32]
  /// Token used for padding by other programs; Hone never pads.
  public var padToken: Int32?

  /// A configuration with the usual defaults of small models.
  public init(
    architecture: Architecture = .llama, vocabularySize: Int, hiddenSize: Int,
    intermediateSize: Int, layers: Int, heads: Int, keyValueHeads: Int? = nil,
    headSize: Int? = nil, rmsNormEpsilon: Float = 1e-6, ropeTheta: Double = 10_000,
    maximumPositions: Int = 2048, tiedHead: Bool = true, attentionBias: Bool? = nil,
    beginToken: Int32? = nil, endTokens: [Int32] = [], padToken: Int32? = nil
  ) {
    self.architecture = architecture
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.intermediateSize = intermediateSize
    self.layers = layers
    self.heads = heads
    self.keyValueHeads = keyValueHeads ?? heads
    self.headSize = headSize ?? hiddenSize / max(1, heads)
    self.rmsNormEpsilon = rmsNormEpsilon
    self.ropeTheta = ropeTheta
    self.maximumPositions = maximumPositions
    self.tiedHead = tiedHead
    self.attentionBias = attentionBias ?? (architecture == .qwen2)
    self.beginToken = beginToken
    self.endTokens = endTokens
    self.padToken = padToken
  }

  /// Whether each query and key head is normalised.
  public var headNorm: Bool { architecture == .qwen3 }

  /// The sizes of attention.
  public var attention: AttentionShape {
    AttentionShape(heads: heads, keyValueHeads: keyValueHeads, headSize: headSize)
  }

  /// The largest size of anything: token ids and positions are 32-bit integers.
  static let largestSize = Int(Int32.max)
  /// More layers than any decoder has; each is laid out before it is compared with the weights.
  static let mostLayers = 1 << 16
  /// More parameters than fit into any machine; below it no product of sizes overflows.
  static let mostParameters = 1e12
  /// Bases of rotary frequencies whose angles are finite at every position.
  static let ropeThetas = 1e-100...1e100

  /// Throws where the numbers do not describe a decoder.
  public func validate(source: String) throws(PolicyError) {
    func refuse(_ what: String) -> PolicyError { PolicyError(.badData, "\(source): \(what)") }
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", hiddenSize),
      ("intermediate_size", intermediateSize), ("num_hidden_layers", layers),
      ("num_attention_heads", heads), ("num_key_value_heads", keyValueHeads),
      ("head_dim", headSize), ("max_position_embeddings", maximumPositions),
    ]
    for (name, value) in sizes {
      if value < 1 { throw refuse("\(name) is \(value), wanted at least 1") }
      let most = name == "num_hidden_layers" ? Self.mostLayers : Self.largestSize
      if value > most { throw refuse("\(name) is \(value), wanted at most \(most)") }
    }
    if heads % keyValueHeads != 0 {
      throw refuse(
        "num_key_value_heads \(keyValueHeads) does not divide num_attention_heads \(heads)")
    }
    if headSize % 2 != 0 { throw refuse("head_dim is \(headSize), wanted an even number") }
    if !Self.ropeThetas.contains(ropeTheta) {
      throw refuse("rope_theta is \(ropeTheta), wanted a number above 0")
    }
    if !(rmsNormEpsilon >= 0 && rmsNormEpsilon.isFinite) {
      throw refuse("rms_norm_eps is \(rmsNormEpsilon), wanted a number of at least 0")
    }
    guard approximateParameters <= Self.mostParameters else {
      throw refuse(
        "these sizes make a decoder of \(approximateParameters) parameters, wanted at most \(Self.mostParameters)"
      )
    }
  }

  /// The number of parameters, rounded: no product of whatever sizes overflows.
  private var approximateParameters: Double {
    let (c, d) = (Double(hiddenSize), Double(headSize))
    let attention = c * d * (2 * Double(heads) + 2 * Double(keyValueHeads))
    let layer = attention + 3 * c * Double(intermediateSize)
    return Double(vocabularySize) * c * (tiedHead ? 1 : 2) + Double(layers) * layer
  }
}
