import HoneNumerics

/// What one layer's forward pass leaves behind for its backward pass (R rows).
struct LayerActivations {
  /// Input of the layer, [R, C].
  let input: UnsafeMutablePointer<Float>
  /// 1 / rms of the input, [R].
  let inputRstd: UnsafeMutablePointer<Float>
  /// Queries and keys before the head norm, [R, (H + KV) D]; only where heads are normalised.
  let unnormed: UnsafeMutablePointer<Float>?
  /// 1 / rms of each query and key head, [R, H] then [R, KV].
  let headRstd: UnsafeMutablePointer<Float>?
  /// Queries, keys (both rotated) and values, [R, (H + 2 KV) D].
  let fused: UnsafeMutablePointer<Float>
  /// Output of attention before its projection, [R, H D].
  let attended: UnsafeMutablePointer<Float>
  /// The residual stream after attention, [R, C].
  let middle: UnsafeMutablePointer<Float>
  /// 1 / rms of it, [R].
  let middleRstd: UnsafeMutablePointer<Float>
  /// Gate and up, [R, 2 F].
  let gateUp: UnsafeMutablePointer<Float>

  static func floats(_ c: PolicyConfiguration, rows: Int) -> Int {
    let shape = c.attention
    let norms = c.headNorm ? (shape.heads + shape.keyValueHeads) * (c.headSize + 1) : 0
    return rows
      * (2 * c.hiddenSize + 2 + norms + shape.fusedWidth + shape.keyOffset
        + 2 * c.intermediateSize) + 16 * 9
  }
}

/// Hands out runs of one buffer, each at a multiple of 16 floats.
struct Arena {
  let buffer: TensorBuffer
  var used = 0

  init(floats: Int) { buffer = TensorBuffer(count: floats) }

  mutating func take(_ count: Int) -> UnsafeMutablePointer<Float> {
    let start = used
    used += (count + 15) / 16 * 16
    precondition(used <= buffer.count, "arena of \(buffer.count) floats cannot give \(count) more")
    return buffer.pointer + start
  }

  mutating func layer(_ c: PolicyConfiguration, rows: Int) -> LayerActivations {
    let shape = c.attention
    let heads = shape.heads + shape.keyValueHeads
    return LayerActivations(
      input: take(rows * c.hiddenSize), inputRstd: take(rows),
      unnormed: c.headNorm ? take(rows * heads * c.headSize) : nil,
      headRstd: c.headNorm ? take(rows * heads) : nil, fused: take(rows * shape.fusedWidth),
      attended: take(rows * shape.keyOffset), middle: take(rows * c.hiddenSize),
      middleRstd: take(rows), gateUp: take(rows * 2 * c.intermediateSize))
  }
}

/// Scratch that every layer of a forward pass shares.
struct ForwardScratch {
  /// A normalised residual stream, [R, C]; or attention's output, [R, H D].
  let normed: UnsafeMutablePointer<Float>
  /// silu(gate) * up, [R, F].
  let act: UnsafeMutablePointer<Float>

  static func floats(_ c: PolicyConfiguration, rows: Int) -> Int {
    rows * (normedWidth(c) + c.intermediateSize) + 32
  }

  /// Rows of attention's output come here too, to be rounded.
  private static func normedWidth(_ c: PolicyConfiguration) -> Int {
    max(c.hiddenSize, c.heads * c.headSize)
  }

  init(_ arena: inout Arena, _ c: PolicyConfiguration, rows: Int) {
    normed = arena.take(rows * Self.normedWidth(c))
    act = arena.take(rows * c.intermediateSize)
  }
}

/// Memory of a training pass: activations of every layer, and scratch of the backward pass.
///
/// Sized once for the largest batch; pages that a smaller batch does not touch are never resident.
public final class TrainingWorkspace {
  /// The most rows a batch may have.
  public let maximumRows: Int
  /// The number formats that it is made for.
  public let precision: Precision
  /// Whether a layer's forward pass is done again before its backward pass: activation checkpointing.
  ///
  /// Then only the layers' inputs are kept. No bit depends on it.
  public let recomputes: Bool
  /// Every layer's activations; where they are kept otherwise, those of the layer at work.
  private let layers: [LayerActivations]
  private let encoded: EncodedActivations?
  /// The layers' inputs, [layers, R, C], where a forward pass is done again.
  private let inputs: UnsafeMutablePointer<Float>?
  private let inputWidth: Int
  let scratch: ForwardScratch
  /// Output of the last layer, [R, C]; in the backward pass the gradient to it, then to each input.
  let output: UnsafeMutablePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  let normedGradient: UnsafeMutablePointer<Float>
  let actGradient: UnsafeMutablePointer<Float>
  let fusedGradient: UnsafeMutablePointer<Float>
  let attendedGradient: UnsafeMutablePointer<Float>
  /// Keys of one layer in blocks; each segment's capacity is its rows rounded up to 16.
  let keys: UnsafeMutablePointer<Float>
  let parentScratch: UnsafeMutablePointer<Float>
  /// A gradient rounded for a product, [R, widest]; nil where none is rounded.
  let roundedGradient: UnsafeMutablePointer<Float>?
  let headRows: Int
  let headInput: UnsafeMutablePointer<Float>
  let headNormed: UnsafeMutablePointer<Float>
  let headRstd: UnsafeMutablePointer<Float>
  let headGradient: UnsafeMutablePointer<Float>
  let logits: UnsafeMutablePointer<Float>
  /// Codes of one layer's matrices; nil where none are made.
  let layerCodes: UnsafeMutablePointer<Float>?
  private let arena: Arena

  /// Predictions per chunk of the head: logits of this many rows exist at a time.
  static let headChunk = 128

  /// Memory for batches of up to `maximumRows` rows and `maximumSegments` segments, whose parents
  /// have `maximumParentRows` rows in sum over the segments that have one.
  public init(
    configuration c: PolicyConfiguration, maximumRows: Int, maximumSegments: Int,
    maximumParentRows: Int, precision: Precision = .fp32, recomputes: Bool = false
  ) {
    let shape = c.attention
    let rows = maximumRows
    let keyWidth = shape.keyValueHeads * c.headSize
    let keyFloats = keyWidth * (rows + 16 * maximumSegments) + 16
    let head = TrainingWorkspace.headChunk
    let atOnce = precision.encodesActivations || recomputes ? 1 : c.layers
    inputWidth = c.hiddenSize
    let widest = Self.roundedWidth(c, precision)
    let kept =
      recomputes
      ? c.layers * rows * c.hiddenSize
      : precision.encodesActivations
        ? 0
        : c.layers * LayerActivations.floats(c, rows: rows)
    let scratchFloats = Self.scratchFloats(
      c, rows: rows, segments: maximumSegments, parentRows: maximumParentRows,
      precision: precision, recomputes: recomputes)
    var arena = Arena(floats: scratchFloats + kept)
    self.maximumRows = rows
    self.precision = precision
    self.recomputes = recomputes
    encoded =
      precision.encodesActivations
      ? EncodedActivations(
        c, rows: rows, precision: precision, layers: recomputes ? 1 : c.layers) : nil
    inputs = recomputes ? arena.take(c.layers * rows * c.hiddenSize) : nil
    layers = (0..<atOnce).map { _ in arena.layer(c, rows: rows) }
    scratch = ForwardScratch(&arena, c, rows: rows)
    output = arena.take(rows * c.hiddenSize)
    gradient = arena.take(rows * c.hiddenSize)
    normedGradient = arena.take(rows * c.hiddenSize)
    actGradient = arena.take(rows * c.intermediateSize)
    fusedGradient = arena.take(rows * shape.fusedWidth)
    attendedGradient = arena.take(rows * shape.keyOffset)
    keys = arena.take(keyFloats)
    parentScratch = arena.take(2 * keyWidth * maximumParentRows)
    roundedGradient = widest > 0 ? arena.take(rows * widest) : nil
    headRows = head
    headInput = arena.take(head * c.hiddenSize)
    headNormed = arena.take(head * c.hiddenSize)
    headRstd = arena.take(head)
    headGradient = arena.take(head * c.hiddenSize)
    logits = arena.take(head * c.vocabularySize)
    layerCodes =
      precision.encodesWeights ? arena.take(Self.layerCodeFloats(c, precision)) : nil
    self.arena = arena
  }

  static func layerCodeFloats(_ c: PolicyConfiguration, _ precision: Precision) -> Int {
    guard precision.encodesWeights else { return 0 }
    return ParameterLayout(c).layers.map(\.codeFloats).max() ?? 0
  }

  /// Whether one layer's activations exist at a time.
  var isShared: Bool { layers.count == 1 }

  /// A layer's activations: its own, or those of the layer at work.
  func layer(_ index: Int) -> LayerActivations { layers[isShared ? 0 : index] }

  /// Keeps a layer's input, where its forward pass is done again; before that pass.
  func keepInput(_ index: Int, rows: Int) {
    guard let inputs else { return }
    (inputs + index * maximumRows * inputWidth).update(
      from: layers[0].input, count: rows * inputWidth)
  }

  /// Brings back a layer's input, before its forward pass is done again.
  func restoreInput(_ index: Int, rows: Int) {
    guard let inputs else { return }
    layers[0].input.update(
      from: inputs + index * maximumRows * inputWidth, count: rows * inputWidth)
  }

  /// Encodes the activations that a layer's forward pass has just left.
  func keep(_ index: Int, rows: Int, _ compute: Compute) {
    encoded?.keep(recomputes ? 0 : index, layers[0], rows: rows, compute)
  }

  /// Brings back a layer's activations as they were encoded.
  func restore(_ index: Int, rows: Int, _ compute: Compute) {
    encoded?.restore(recomputes ? 0 : index, layers[0], rows: rows, compute)
  }

  /// Columns of the widest gradient that is rounded for a product; 0 where none is.
  static func roundedWidth(_ c: PolicyConfiguration, _ precision: Precision) -> Int {
    precision.gradientOperands.isSingle
      ? 0 : max(c.hiddenSize, c.attention.fusedWidth, 2 * c.intermediateSize)
  }

  /// Bytes that hold the activations of all layers between forward and backward pass.
  public static func cachedBytes(
    _ c: PolicyConfiguration, rows: Int, precision: Precision, recomputes: Bool = false
  ) -> Int {
    let encoded =
      precision.encodesActivations
      ? EncodedActivations.bytes(
        c, rows: rows, precision: precision, layers: recomputes ? 1 : c.layers) : 0
    if recomputes { return encoded + 4 * c.layers * rows * c.hiddenSize }
    return precision.encodesActivations
      ? encoded : 4 * c.layers * LayerActivations.floats(c, rows: rows)
  }

  /// Memory that fits one given batch.
  public convenience init(
    configuration: PolicyConfiguration, fitting batch: PackedBatch, precision: Precision = .fp32,
    recomputes: Bool = false
  ) {
    self.init(
      configuration: configuration, maximumRows: batch.rows,
      maximumSegments: batch.segments.count,
      maximumParentRows: batch.parentRows, precision: precision, recomputes: recomputes)
  }
}
