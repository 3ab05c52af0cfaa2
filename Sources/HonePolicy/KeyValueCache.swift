import HoneNumerics

/// Keys and values of one run of positions, for every layer, while sampling.
///
/// In single precision a layer holds its keys in blocks, [KV, capacity / 16, D, 16], then its values,
/// [KV, capacity, D]: as the kernels read them. In a small format both are [KV, capacity, D] codes,
/// widened where they are read.
struct CachedKeyValues {
  let base: UnsafeMutablePointer<Float>
  let capacity: Int
  let heads: Int
  let headSize: Int
  let format: NumberFormat

  /// Floats for one run of `capacity` positions.
  static func floats(_ c: PolicyConfiguration, capacity: Int, format: NumberFormat) -> Int {
    if format.isSingle {
      return 2 * c.layers * c.keyValueHeads * c.headSize * capacity
    }
    return (c.layers * layerBytes(c, capacity: capacity, format: format) + 3) / 4 + 16
  }

  private static func layerBytes(
    _ c: PolicyConfiguration, capacity: Int, format: NumberFormat
  ) -> Int {
    EncodedKeyValues.bytes(
      capacity: capacity, heads: c.keyValueHeads,
      layout: EncodedRows(format: format, channels: c.headSize, tile: c.headSize))
  }

  /// Positions rounded up to whole blocks of keys, at least one.
  static func capacity(for positions: Int) -> Int { KeyValues.capacity(for: max(1, positions)) }

  init(
    base: UnsafeMutablePointer<Float>, capacity: Int, _ c: PolicyConfiguration,
    format: NumberFormat
  ) {
    self.base = base
    self.capacity = capacity
    self.format = format
    heads = c.keyValueHeads
    headSize = c.headSize
  }

  func layer(_ index: Int) -> KeyValues {
    guard format.isSingle else {
      let layout = EncodedRows(format: format, channels: headSize, tile: headSize)
      let bytes = EncodedKeyValues.bytes(capacity: capacity, heads: heads, layout: layout)
      return KeyValues(
        EncodedKeyValues(
          base: UnsafeMutableRawPointer(base) + index * bytes, capacity: capacity, heads: heads,
          layout: layout))
    }
    let keyWidth = heads * headSize
    let keys = base + index * 2 * keyWidth * capacity
    return KeyValues(
      keys: keys, capacity: capacity, values: keys + keyWidth * capacity,
      valueHeadStride: capacity * headSize, valueStride: headSize)
  }
}

/// Memory for caches of one size, handed out and taken back: a steady state allocates nothing.
///
/// Most completions are shorter than the longest that is allowed, so pages are small: what none of them
/// reaches is never resident. (With large ones whole runs took 6 to 9 % more memory, and no clear time
/// less.)
struct CachePool {
  private var memory: TensorBuffer?
  private var size = 0
  private var free: [UnsafeMutablePointer<Float>] = []

  /// Makes room for `count` caches of `floats` floats; all that were handed out have been given back.
  ///
  /// Only more or other caches than before are allocated.
  mutating func prepare(count: Int, floats: Int) {
    if floats == size, count <= free.count { return }
    memory = nil
    let memory = TensorBuffer(count: count * floats, hasLargePages: false)
    free = (0..<count).reversed().map { memory.pointer + $0 * floats }
    size = floats
    self.memory = memory
  }

  mutating func take() -> UnsafeMutablePointer<Float> {
    guard let cache = free.popLast() else { preconditionFailure("more caches than planned") }
    return cache
  }

  mutating func giveBack(_ cache: UnsafeMutablePointer<Float>) { free.append(cache) }
}
