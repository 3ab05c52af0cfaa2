import HoneNumerics

/// Keys and values of one run of positions, for every layer, while sampling.
///
/// A layer holds its keys transposed, [KV D, capacity], then its values, [KV, capacity, D].
struct CachedKeyValues {
  let base: UnsafeMutablePointer<Float>
  let capacity: Int
  let keyWidth: Int
  let headSize: Int

  /// Floats for one run of `capacity` positions.
  static func floats(_ c: PolicyConfiguration, capacity: Int) -> Int {
    // 16 more: keys are read by panels of 16.
    2 * c.layers * c.keyValueHeads * c.headSize * capacity + 16
  }

  /// Positions rounded up to whole panels.
  static func capacity(for positions: Int) -> Int { max(16, (positions + 15) / 16 * 16) }

  init(base: UnsafeMutablePointer<Float>, capacity: Int, _ c: PolicyConfiguration) {
    self.base = base
    self.capacity = capacity
    keyWidth = c.keyValueHeads * c.headSize
    headSize = c.headSize
  }

  func layer(_ index: Int) -> KeyValues {
    let keys = base + index * 2 * keyWidth * capacity
    return KeyValues(
      keys: keys, capacity: capacity, values: keys + keyWidth * capacity,
      valueHeadStride: capacity * headSize, valueStride: headSize)
  }
}

/// Buffers of equal size handed out and taken back: a steady state allocates nothing.
struct BufferPool {
  private var free: [Int: [TensorBuffer]] = [:]

  mutating func take(floats: Int) -> TensorBuffer {
    free[floats]?.popLast() ?? TensorBuffer(count: floats)
  }

  mutating func giveBack(_ buffer: TensorBuffer) {
    free[buffer.count, default: []].append(buffer)
  }
}
