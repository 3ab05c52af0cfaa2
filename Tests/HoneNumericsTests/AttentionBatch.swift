import HoneNumerics

/// A batch of segments with fused rows and a key store for each, as training lays them out.
struct AttentionBatch {
  let shape: AttentionShape
  let layout: [Reference.Segment]
  let rows: Int
  /// [rows, (H + 2 KV) D].
  let fused: UnsafeMutablePointer<Float>
  private(set) var segments: [AttentionSegment] = []

  /// Keys go to stores of their own, a little larger than needed, NaN where nothing was written.
  ///
  /// Values are read from the fused rows. A parent is the earlier segment that starts at
  /// `parentFirstRow`.
  init(
    shape: AttentionShape, layout: [Reference.Segment], fused: UnsafeMutablePointer<Float>,
    arena: Arena
  ) {
    self.shape = shape
    self.layout = layout
    self.fused = fused
    rows = layout.map { $0.firstRow + $0.rows }.max() ?? 0
    for part in layout {
      let capacity = KeyValues.capacity(for: part.rows + 3)
      let store = KeyValues(
        keys: arena.filled(shape.keyValueHeads * shape.headSize * capacity, .nan),
        capacity: capacity, values: fused + part.firstRow * shape.fusedWidth + shape.valueOffset,
        valueHeadStride: shape.headSize, valueStride: shape.fusedWidth)
      var segment = AttentionSegment(
        firstRow: part.firstRow, rows: part.rows, firstOwn: 0, own: store)
      if part.parentLength > 0 {
        segment.parent = segments.first { $0.firstRow == part.parentFirstRow }?.own
        segment.parentLength = part.parentLength
        segment.parentFirstRow = part.parentFirstRow
      }
      segments.append(segment)
    }
  }

  /// [rows, H D].
  func forward(_ compute: Compute, _ arena: Arena) -> UnsafeMutablePointer<Float> {
    let out = arena.filled(rows * shape.heads * shape.headSize, .nan)
    compute.storeKeyValues(
      shape: shape, segments: segments, fused: fused, includingValues: false)
    compute.attention(shape: shape, segments: segments, fused: fused, out: out)
    return out
  }

  /// The gradient to the fused rows; after ``forward(_:_:)``.
  func backward(
    _ compute: Compute, _ arena: Arena, dout: UnsafePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    let dfused = arena.filled(rows * shape.fusedWidth, .nan)
    let parents = segments.reduce(0) { $0 + $1.parentLength }
    let scratch = arena.filled(2 * shape.keyValueHeads * shape.headSize * parents, .nan)
    compute.attentionBackward(
      shape: shape, segments: segments, fused: fused, dout: dout, dfused: dfused,
      parentScratch: scratch)
    return dfused
  }
}
