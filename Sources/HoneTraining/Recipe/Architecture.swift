/// The shape of a policy that starts from random weights.
///
/// Names and meanings are those of `config.json` in Hugging Face folders.
public struct Architecture: Sendable, Hashable {
  /// The families of decoders that can be built.
  public enum Family: String, Sendable, Hashable, CaseIterable {
    /// RMSNorm, rotary positions, grouped-query attention, SwiGLU.
    case llama
    /// Llama with biases on query, key and value.
    case qwen2
    /// Llama with normalised queries and keys.
    case qwen3
  }

  /// The family; default `llama`.
  public var family: Family = .llama
  /// Width of the residual stream; default 128.
  public var hiddenSize: Int = 128
  /// Width of the feed-forward layer; default 8/3 of the hidden size, up to a multiple of 32.
  public var intermediateSize: Int = 352
  /// Number of layers; default 4.
  public var layers: Int = 4
  /// Number of query heads; default 4.
  public var attentionHeads: Int = 4
  /// Number of key/value heads; default: as many as query heads.
  public var keyValueHeads: Int = 4
  /// Size of a head, even; default: hidden size / heads.
  public var headDimension: Int = 32
  /// Rows of the embedding; nil takes the tokenizer's vocabulary size.
  public var vocabularySize: Int?
  /// Whether the output layer shares the embedding; default true, as small policies do.
  public var tieWordEmbeddings: Bool = true
  /// Base of the rotary frequencies; default 10000, as published.
  public var ropeTheta: Double = 10_000
  /// Added to the mean square in RMSNorm; default 1e-5 (Llama 2).
  public var rmsNormEpsilon: Double = 1e-5
  /// Longest sequence, written to `config.json`; default 2048.
  public var maximumPositions: Int = 2048
  /// Standard deviation of the first weights; default 0.02 (transformers).
  public var initializerRange: Double = 0.02

  /// The default architecture.
  public init() {}
}

// MARK: - Recipe

extension Architecture {
  init(_ reader: RecipeReader) {
    self.init()
    family = reader.choice("architecture") ?? family
    hiddenSize = reader.integer("hidden_size", .atLeast(2, atMost: 1 << 20)) ?? hiddenSize
    intermediateSize =
      reader.integer("intermediate_size", .atLeast(1, atMost: 1 << 22))
      ?? Self.defaultIntermediate(hiddenSize)
    layers = reader.integer("num_hidden_layers", .atLeast(1, atMost: 10_000)) ?? layers
    attentionHeads =
      reader.integer("num_attention_heads", .atLeast(1, atMost: 1 << 16)) ?? attentionHeads
    keyValueHeads =
      reader.integer("num_key_value_heads", .atLeast(1, atMost: 1 << 16)) ?? attentionHeads
    if let dimension = reader.integer("head_dim", .atLeast(2, atMost: 1 << 16)) {
      headDimension = dimension
    } else {
      headDimension = max(2, hiddenSize / attentionHeads)
      if hiddenSize % attentionHeads != 0 {
        reader.report(
          "num_attention_heads",
          "hidden_size \(hiddenSize) is not a multiple of num_attention_heads \(attentionHeads); "
            + "change one, or give head_dim")
      }
    }
    if attentionHeads % keyValueHeads != 0 {
      reader.report(
        "num_key_value_heads",
        "num_attention_heads \(attentionHeads) is not a multiple of num_key_value_heads "
          + "\(keyValueHeads)")
    }
    if headDimension % 2 != 0 {
      reader.report(
        "head_dim", "the head size is \(headDimension); rotary positions need an even one")
    }
    vocabularySize = reader.integer("vocab_size", .atLeast(2, atMost: 1 << 24))
    tieWordEmbeddings = reader.flag("tie_word_embeddings") ?? tieWordEmbeddings
    ropeTheta = reader.number("rope_theta", .above0) ?? ropeTheta
    rmsNormEpsilon = reader.number("rms_norm_eps", .above0) ?? rmsNormEpsilon
    maximumPositions =
      reader.integer("max_position_embeddings", .atLeast(1, atMost: 1 << 24)) ?? maximumPositions
    initializerRange = reader.number("initializer_range", .above0) ?? initializerRange
    reader.finish("an architecture")
  }

  private static func defaultIntermediate(_ hidden: Int) -> Int {
    let exact = (hidden * 8 + 2) / 3
    return (exact + 31) / 32 * 32
  }

  var node: RecipeNode {
    .mapping([
      ("architecture", .text(family.rawValue)),
      ("hidden_size", .integer(hiddenSize)),
      ("intermediate_size", .integer(intermediateSize)),
      ("num_hidden_layers", .integer(layers)),
      ("num_attention_heads", .integer(attentionHeads)),
      ("num_key_value_heads", .integer(keyValueHeads)),
      ("head_dim", .integer(headDimension)),
      ("vocab_size", vocabularySize.map(RecipeNode.integer)),
      ("tie_word_embeddings", .flag(tieWordEmbeddings)),
      ("rope_theta", .number(ropeTheta)),
      ("rms_norm_eps", .number(rmsNormEpsilon)),
      ("max_position_embeddings", .integer(maximumPositions)),
      ("initializer_range", .number(initializerRange)),
    ])
  }
}
