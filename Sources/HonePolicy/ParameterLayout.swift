import HoneNumerics

/// Where each parameter lies in the flat buffers of parameters and moments, and of gradients in fp32.
///
/// Matrices of linear layers are stored [in, out], the layout the kernels read; queries, keys and
/// values are one matrix, gate and up another. Embedding and head are [vocabulary, channels].
public struct ParameterLayout: Sendable, Hashable {
  /// A named run of the flat buffer.
  public struct Slice: Sendable, Hashable {
    /// Rows of the matrix; 1 for a vector.
    public var rows: Int
    /// Columns of the matrix.
    public var columns: Int
    /// First element in the flat buffer.
    public var offset: Int
    /// Whether weight decay applies: matrices and embeddings, not norms and biases.
    public var decays: Bool
    /// The number of elements.
    public var count: Int { rows * columns }
  }

  /// The slices of one decoder layer.
  public struct Layer: Sendable, Hashable {
    /// RMSNorm before attention, [C].
    public var inputNorm: Slice
    /// Queries, keys and values, [C, (H + 2 KV) D].
    public var fused: Slice
    /// Their biases, [(H + 2 KV) D].
    public var fusedBias: Slice?
    /// Norm of each query head, [D].
    public var queryNorm: Slice?
    /// Norm of each key head, [D].
    public var keyNorm: Slice?
    /// Attention's output, [H D, C].
    public var output: Slice
    /// RMSNorm before the feed-forward layer, [C].
    public var postNorm: Slice
    /// Gate and up, [C, 2 F].
    public var gateUp: Slice
    /// Down, [F, C].
    public var down: Slice

    /// What the products read.
    package var matrices: [Slice] { [fused, output, gateUp, down] }
    /// Floats whose bytes hold a code for each element of the matrices.
    var codeFloats: Int { (matrices.reduce(0) { $0 + $1.count } + 3) / 4 }
  }

  /// A parameter as Hugging Face names and stores it: some columns of a slice, maybe transposed.
  public struct Tensor: Sendable, Hashable {
    /// The name in a safetensors file.
    public var name: String
    /// The shape in the file.
    public var shape: [Int]
    /// Where the columns lie.
    public var slice: Slice
    /// First of the slice's columns.
    public var firstColumn: Int
    /// Whether the file holds [out, in] where the buffer holds [in, out].
    public var transposed: Bool
  }

  /// Token embedding, [V, C].
  public let embedding: Slice
  /// The layers, in order.
  public let layers: [Layer]
  /// Last RMSNorm, [C].
  public let finalNorm: Slice
  /// The head, [V, C]; the embedding itself where it is tied.
  public let head: Slice
  /// Length of the flat buffers.
  public let count: Int
  /// Every parameter by its Hugging Face name, in the order of the file.
  public let tensors: [Tensor]

  /// Floats whose bytes hold a code for each element of the layers' matrices.
  var codeFloats: Int { layers.reduce(0) { $0 + $1.codeFloats } }

  /// The layout of a configuration.
  public init(_ configuration: PolicyConfiguration) {
    var builder = Builder()
    let c = configuration
    embedding = builder.slice(c.vocabularySize, c.hiddenSize, decays: true)
    builder.tensor("model.embed_tokens.weight", embedding)
    var layers: [Layer] = []
    for index in 0..<c.layers {
      layers.append(builder.layer(index, c))
    }
    self.layers = layers
    finalNorm = builder.slice(1, c.hiddenSize, decays: false)
    builder.tensor("model.norm.weight", finalNorm)
    if c.tiedHead {
      head = embedding
    } else {
      head = builder.slice(c.vocabularySize, c.hiddenSize, decays: true)
      builder.tensor("lm_head.weight", head)
    }
    count = builder.end
    tensors = builder.tensors
  }

  /// Whether a slice is a matrix of a decoder layer: neither a vector nor embedding or head.
  func isLayerMatrix(_ slice: Slice) -> Bool {
    slice.rows > 1 && slice != embedding && slice != head
  }

  /// The number of parameters (the flat buffer also holds a few unused elements for alignment).
  public var parameterCount: Int { tensors.reduce(0) { $0 + $1.shape.reduce(1, *) } }

  /// Every slice once, in order.
  public var slices: [Slice] {
    var all = [embedding]
    for layer in layers {
      let optional = [layer.fusedBias, layer.queryNorm, layer.keyNorm].compactMap { $0 }
      all += [layer.inputNorm, layer.fused] + optional
      all += [layer.output, layer.postNorm, layer.gateUp, layer.down]
    }
    all.append(finalNorm)
    if head != embedding { all.append(head) }
    return all
  }
}

/// Lays slices end to end, each at a multiple of 16 elements.
private struct Builder {
  var end = 0
  var tensors: [ParameterLayout.Tensor] = []

  mutating func slice(_ rows: Int, _ columns: Int, decays: Bool) -> ParameterLayout.Slice {
    let slice = ParameterLayout.Slice(rows: rows, columns: columns, offset: end, decays: decays)
    end += (slice.count + 15) / 16 * 16
    return slice
  }

  /// A whole slice under its own shape.
  mutating func tensor(_ name: String, _ slice: ParameterLayout.Slice) {
    tensors.append(
      .init(
        name: name, shape: slice.rows == 1 ? [slice.columns] : [slice.rows, slice.columns],
        slice: slice, firstColumn: 0, transposed: false))
  }

  /// Some columns of a linear layer's matrix (or of its bias).
  mutating func columns(
    _ name: String, _ slice: ParameterLayout.Slice, from first: Int, count: Int, bias: Bool = false
  ) {
    tensors.append(
      .init(
        name: name, shape: bias ? [count] : [count, slice.rows], slice: slice, firstColumn: first,
        transposed: !bias))
  }

  mutating func layer(_ index: Int, _ c: PolicyConfiguration) -> ParameterLayout.Layer {
    let shape = c.attention
    let prefix = "model.layers.\(index)."
    let inputNorm = slice(1, c.hiddenSize, decays: false)
    tensor(prefix + "input_layernorm.weight", inputNorm)
    let fused = slice(c.hiddenSize, shape.fusedWidth, decays: true)
    let parts = [
      ("q_proj", 0, shape.keyOffset), ("k_proj", shape.keyOffset, shape.valueOffset),
      ("v_proj", shape.valueOffset, shape.fusedWidth),
    ]
    for (name, from, to) in parts {
      columns(prefix + "self_attn.\(name).weight", fused, from: from, count: to - from)
    }
    var fusedBias: ParameterLayout.Slice?
    if c.attentionBias {
      let bias = slice(1, shape.fusedWidth, decays: false)
      fusedBias = bias
      for (name, from, to) in parts {
        columns(prefix + "self_attn.\(name).bias", bias, from: from, count: to - from, bias: true)
      }
    }
    var queryNorm: ParameterLayout.Slice?
    var keyNorm: ParameterLayout.Slice?
    if c.headNorm {
      let query = slice(1, c.headSize, decays: false)
      let key = slice(1, c.headSize, decays: false)
      tensor(prefix + "self_attn.q_norm.weight", query)
      tensor(prefix + "self_attn.k_norm.weight", key)
      (queryNorm, keyNorm) = (query, key)
    }
    let output = slice(c.heads * c.headSize, c.hiddenSize, decays: true)
    columns(prefix + "self_attn.o_proj.weight", output, from: 0, count: c.hiddenSize)
    let postNorm = slice(1, c.hiddenSize, decays: false)
    tensor(prefix + "post_attention_layernorm.weight", postNorm)
    let width = c.intermediateSize
    let gateUp = slice(c.hiddenSize, 2 * width, decays: true)
    columns(prefix + "mlp.gate_proj.weight", gateUp, from: 0, count: width)
    columns(prefix + "mlp.up_proj.weight", gateUp, from: width, count: width)
    let down = slice(width, c.hiddenSize, decays: true)
    columns(prefix + "mlp.down_proj.weight", down, from: 0, count: c.hiddenSize)
    return .init(
      inputNorm: inputNorm, fused: fused, fusedBias: fusedBias, queryNorm: queryNorm,
      keyNorm: keyNorm, output: output, postNorm: postNorm, gateUp: gateUp, down: down)
  }
}
