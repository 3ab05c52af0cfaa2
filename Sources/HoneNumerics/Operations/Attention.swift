import CKernels
import Foundation

// Causal attention over segments (Vaswani et al. 2017, eq. 1), grouped queries (Ainslie et al. 2023).
//
// A segment is a run of consecutive rows of one sequence. It may have a parent, whose keys come
// before its own: a prompt computed once and shared by the completions of its group.

/// Where the keys and values of a run of positions lie, for one layer.
public struct KeyValues {
  /// Keys, [KV, capacity / 16, D, 16]: a block of 16 positions after another, transposed, as the kernels
  /// score them; so what is read in one go lies in one piece.
  public var keys: UnsafeMutablePointer<Float>
  /// Positions for which there is room, a multiple of ``keyBlock``.
  public var capacity: Int
  /// Values: head h, position t, dimension d at `values[h * valueHeadStride + t * valueStride + d]`.
  public var values: UnsafeMutablePointer<Float>
  /// Elements between two heads of a position's values.
  public var valueHeadStride: Int
  /// Elements between two positions' values.
  public var valueStride: Int
  /// Where the keys and values are stored in a small format; then the pointers above are not used.
  public var encoded: EncodedKeyValues?

  /// Positions of a block of keys.
  public static let keyBlock = Int(honeKeyBlock)

  /// Positions rounded up to whole blocks of keys.
  public static func capacity(for positions: Int) -> Int {
    (positions + keyBlock - 1) / keyBlock * keyBlock
  }

  /// A view of keys and values; traps where the capacity is no multiple of ``keyBlock``.
  public init(
    keys: UnsafeMutablePointer<Float>, capacity: Int, values: UnsafeMutablePointer<Float>,
    valueHeadStride: Int, valueStride: Int
  ) {
    precondition(capacity % Self.keyBlock == 0, "room for \(capacity) keys: no whole blocks")
    self.keys = keys
    self.capacity = capacity
    self.values = values
    self.valueHeadStride = valueHeadStride
    self.valueStride = valueStride
  }

  /// A view of keys and values that are stored in a small format.
  public init(_ encoded: EncodedKeyValues) {
    let nothing = encoded.base.assumingMemoryBound(to: Float.self)
    self.init(
      keys: nothing, capacity: encoded.capacity, values: nothing, valueHeadStride: 0,
      valueStride: 0)
    self.encoded = encoded
  }
}

/// Keys and values of one layer in a small format: a tile for each position and head.
public struct EncodedKeyValues {
  /// The keys of head 0: [KV, capacity] rows of D codes; the values follow, laid out likewise.
  public var base: UnsafeMutableRawPointer
  /// Positions for which there is room.
  public var capacity: Int
  /// Key/value heads.
  public var heads: Int
  /// One position of one head.
  public var layout: EncodedRows

  /// A view of stored keys and values.
  public init(base: UnsafeMutableRawPointer, capacity: Int, heads: Int, layout: EncodedRows) {
    self.base = base
    self.capacity = capacity
    self.heads = heads
    self.layout = layout
  }

  /// Bytes of one layer.
  public static func bytes(capacity: Int, heads: Int, layout: EncodedRows) -> Int {
    2 * heads * capacity * layout.rowBytes
  }

  func key(head: Int, position: Int) -> UnsafeMutableRawPointer {
    base + (head * capacity + position) * layout.rowBytes
  }

  func value(head: Int, position: Int) -> UnsafeMutableRawPointer {
    base + ((heads + head) * capacity + position) * layout.rowBytes
  }
}

/// A run of consecutive rows of one sequence in a batch.
public struct AttentionSegment {
  /// The segment's first row in the batch.
  public var firstRow: Int
  /// The number of rows.
  public var rows: Int
  /// How many of its own keys precede its first row's (0 in training, the length so far in decode).
  public var firstOwn: Int
  /// The segment's own keys and values.
  public var own: KeyValues
  /// The parent's keys and values, if it has one.
  public var parent: KeyValues?
  /// The number of the parent's keys.
  public var parentLength: Int
  /// In training: the batch row of the parent's first key; gradients flow there.
  public var parentFirstRow: Int

  /// A segment without a parent.
  public init(firstRow: Int, rows: Int, firstOwn: Int, own: KeyValues) {
    self.firstRow = firstRow
    self.rows = rows
    self.firstOwn = firstOwn
    self.own = own
    parent = nil
    parentLength = 0
    parentFirstRow = 0
  }
}

/// The sizes of attention.
public struct AttentionShape: Sendable, Hashable {
  /// Query heads H.
  public var heads: Int
  /// Key/value heads KV; divides H.
  public var keyValueHeads: Int
  /// Head size D.
  public var headSize: Int

  /// A shape; traps where the heads do not divide.
  public init(heads: Int, keyValueHeads: Int, headSize: Int) {
    precondition(heads % keyValueHeads == 0, "\(heads) heads over \(keyValueHeads) key/value heads")
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.headSize = headSize
  }

  /// Query heads per key/value head.
  public var group: Int { heads / keyValueHeads }
  /// Width of a fused row of queries, keys and values: (H + 2 KV) D.
  public var fusedWidth: Int { (heads + 2 * keyValueHeads) * headSize }
  /// Offset of the keys in a fused row.
  public var keyOffset: Int { heads * headSize }
  /// Offset of the values in a fused row.
  public var valueOffset: Int { (heads + keyValueHeads) * headSize }
  /// 1 / sqrt(D).
  public var scale: Float { Float(1 / Double(headSize).squareRoot()) }
}

extension AttentionSegment {
  func keys(head: Int, headSize: Int) -> HoneAttentionKeys {
    var keys = HoneAttentionKeys()
    keys.ownKeys = UnsafePointer(own.keys + head * headSize * own.capacity)
    keys.ownValues = UnsafePointer(own.values + head * own.valueHeadStride)
    keys.ownValueStride = own.valueStride
    if let parent, parentLength > 0 {
      keys.parentLength = parentLength
      keys.parentKeys = UnsafePointer(parent.keys + head * headSize * parent.capacity)
      keys.parentValues = UnsafePointer(parent.values + head * parent.valueHeadStride)
      keys.parentValueStride = parent.valueStride
    }
    return keys
  }
}

/// Keys (in blocks, as the kernels read them) and values of one head out of a small format.
private struct WidenedKeys {
  let keys: UnsafeMutablePointer<Float>
  let values: UnsafeMutablePointer<Float>

  static func floats(_ positions: Int, _ size: Int) -> Int {
    size * (KeyValues.capacity(for: positions) + positions)
  }

  init(
    _ stored: EncodedKeyValues, head: Int, positions: Int,
    at free: inout UnsafeMutablePointer<Float>, row: UnsafeMutablePointer<Float>,
    _ kernels: HoneKernels
  ) {
    let size = stored.layout.channels
    let (block, capacity) = (KeyValues.keyBlock, KeyValues.capacity(for: positions))
    keys = free
    values = keys + size * capacity
    free += Self.floats(positions, size)
    for position in 0..<positions {
      stored.layout.decode(
        stored.key(head: head, position: position), to: row, kernels: kernels)
      let to = keys + position / block * block * size + position % block
      for index in 0..<size { to[index * block] = row[index] }
      stored.layout.decode(
        stored.value(head: head, position: position), to: values + position * size,
        kernels: kernels)
    }
    for position in positions..<capacity {
      let to = keys + position / block * block * size + position % block
      for index in 0..<size { to[index * block] = 0 }
    }
  }
}

extension Compute {
  /// Hands over the keys and values of one head that each of some segments sees: as they lie, or widened
  /// where they are stored in a small format, a parent that neighbours share once for all of them.
  private func withKeys(
    _ segments: ArraySlice<AttentionSegment>, head: Int, headSize size: Int,
    _ body: (UnsafeMutablePointer<HoneAttentionKeys>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: HoneAttentionKeys.self, capacity: segments.count) { keys in
      guard let first = keys.baseAddress, let leader = segments.first else { return }
      guard leader.own.encoded != nil else {
        for (index, segment) in segments.enumerated() {
          (first + index).initialize(to: segment.keys(head: head, headSize: size))
        }
        body(first)
        return
      }
      let parentLength = leader.parent == nil ? 0 : leader.parentLength
      let floats = segments.reduce(WidenedKeys.floats(parentLength, size) + size) {
        $0 + WidenedKeys.floats($1.firstOwn + $1.rows, size)
      }
      withUnsafeTemporaryAllocation(of: Float.self, capacity: floats) { scratch in
        guard let row = scratch.baseAddress else { return }
        var free = row + size
        let parent = leader.parent?.encoded.map {
          WidenedKeys($0, head: head, positions: parentLength, at: &free, row: row, kernels)
        }
        for (index, segment) in segments.enumerated() {
          guard let stored = segment.own.encoded else { continue }
          let own = WidenedKeys(
            stored, head: head, positions: segment.firstOwn + segment.rows, at: &free, row: row,
            kernels)
          var keys = HoneAttentionKeys()
          keys.ownKeys = UnsafePointer(own.keys)
          keys.ownValues = UnsafePointer(own.values)
          keys.ownValueStride = size
          if let parent, parentLength > 0 {
            keys.parentLength = parentLength
            keys.parentKeys = UnsafePointer(parent.keys)
            keys.parentValues = UnsafePointer(parent.values)
            keys.parentValueStride = size
          }
          (first + index).initialize(to: keys)
        }
        body(first)
      }
    }
  }

  /// Stores a segment's keys of one head and, where the store is not the fused row itself, its values.
  private func store(
    _ segment: AttentionSegment, head: Int, shape: AttentionShape, fused: UnsafePointer<Float>,
    includingValues: Bool
  ) {
    let (size, width, block) = (shape.headSize, shape.fusedWidth, KeyValues.keyBlock)
    let own = segment.own
    let keys = fused + segment.firstRow * width + shape.keyOffset + head * size
    let values = fused + segment.firstRow * width + shape.valueOffset + head * size
    if let encoded = own.encoded {
      for row in 0..<segment.rows {
        let position = segment.firstOwn + row
        encoded.layout.encode(
          keys + row * width, to: encoded.key(head: head, position: position), kernels: kernels)
        encoded.layout.encode(
          values + row * width, to: encoded.value(head: head, position: position),
          kernels: kernels)
      }
      return
    }
    let blocks = own.keys + head * own.capacity * size
    var row = 0
    while row < segment.rows {
      let position = segment.firstOwn + row
      let rows = min(segment.rows - row, block - position % block)
      kernels.transpose(
        rows, size, keys + row * width, width,
        blocks + position / block * block * size + position % block, block)
      row += rows
    }
    guard includingValues else { return }
    let to = own.values + head * own.valueHeadStride + segment.firstOwn * own.valueStride
    for row in 0..<segment.rows {
      (to + row * own.valueStride).update(from: values + row * width, count: size)
    }
  }

  /// Writes the keys (and, where the store is not the fused row itself, the values) of every row.
  ///
  /// - Parameter fused: [rows, (H + 2 KV) D], after rotation.
  public func storeKeyValues(
    shape: AttentionShape, segments: [AttentionSegment], fused: UnsafePointer<Float>,
    includingValues: Bool
  ) {
    let chunk = max(1, 8 / max(1, segments.first?.rows ?? 1))
    forEachChunk(of: segments.count, chunk: chunk) { range in
      for segment in segments[range] {
        for head in 0..<shape.keyValueHeads {
          store(
            segment, head: head, shape: shape, fused: fused, includingValues: includingValues)
        }
      }
    }
  }

  /// ``storeKeyValues(shape:segments:fused:includingValues:)``, then
  /// ``attention(shape:segments:fused:out:)``.
  ///
  /// While decoding each task stores what it is about to read: what is written is then in the cache.
  public func storeAndAttend(
    shape: AttentionShape, segments: [AttentionSegment], fused: UnsafePointer<Float>,
    includingValues: Bool, out: UnsafeMutablePointer<Float>
  ) {
    if isDecoding(shape, segments) {
      decodeAttention(
        shape: shape, segments: segments, fused: fused, out: out,
        storing: includingValues ? .keysAndValues : .keys)
      return
    }
    storeKeyValues(
      shape: shape, segments: segments, fused: fused, includingValues: includingValues)
    attention(shape: shape, segments: segments, fused: fused, out: out)
  }

  /// What a task of decoding stores first.
  private enum Storing { case nothing, keys, keysAndValues }

  /// Whether several sequences have one row each.
  private func isDecoding(_ shape: AttentionShape, _ segments: [AttentionSegment]) -> Bool {
    segments.count > 1 && shape.group <= Int(honeDecodeRows)
      && segments.allSatisfy { $0.rows == 1 }
  }

  /// Attention of every row of every segment.
  ///
  /// - Parameters:
  ///   - fused: [rows, (H + 2 KV) D], after rotation; the queries are read from it.
  ///   - out: [rows, H D].
  /// - Note: a row's bits depend on its own keys alone.
  public func attention(
    shape: AttentionShape, segments: [AttentionSegment], fused: UnsafePointer<Float>,
    out: UnsafeMutablePointer<Float>
  ) {
    let (size, width) = (shape.headSize, shape.fusedWidth)
    let outWidth = shape.heads * size
    if isDecoding(shape, segments) {
      decodeAttention(
        shape: shape, segments: segments, fused: fused, out: out, storing: .nothing)
      return
    }
    team.run(tasks: segments.count * shape.keyValueHeads) { task in
      let head = task % shape.keyValueHeads
      let segment = segments[task / shape.keyValueHeads]
      let total = segment.parentLength + segment.firstOwn + segment.rows
      let query = head * shape.group * size
      withUnsafeTemporaryAllocation(
        of: Float.self, capacity: honeAttentionForwardScratch(total)
      ) { scratch in
        withKeys([segment], head: head, headSize: size) { keys in
          kernels.attentionForward(
            segment.rows, shape.group, size, fused + segment.firstRow * width + query, width,
            keys[0], segment.firstOwn, shape.scale,
            out + segment.firstRow * outWidth + query, outWidth, scratch.baseAddress)
        }
      }
    }
  }

  /// ``attention`` of single rows: neighbours with the same parent read its keys together.
  private func decodeAttention(
    shape: AttentionShape, segments: [AttentionSegment], fused: UnsafePointer<Float>,
    out: UnsafeMutablePointer<Float>, storing: Storing
  ) {
    let (size, width) = (shape.headSize, shape.fusedWidth)
    let outWidth = shape.heads * size
    let runs = decodeRuns(shape: shape, segments: segments)
    team.run(tasks: runs.count * shape.keyValueHeads) { task in
      let head = task % shape.keyValueHeads
      let run = runs[task / shape.keyValueHeads]
      let query = head * shape.group * size
      let firstRow = segments[run.lowerBound].firstRow
      let longest = run.reduce(0) { max($0, segments[$1].firstOwn + 1) }
      let scratchWidth = (segments[run.lowerBound].parentLength + longest + 15) / 16 * 16
      if storing != .nothing {
        for segment in segments[run] {
          store(
            segment, head: head, shape: shape, fused: fused,
            includingValues: storing == .keysAndValues)
        }
      }
      withKeys(segments[run], head: head, headSize: size) { keys in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: run.count) { owns in
          withUnsafeTemporaryAllocation(
            of: Float.self, capacity: run.count * shape.group * scratchWidth
          ) { scratch in
            for (index, segment) in segments[run].enumerated() {
              owns.initializeElement(at: index, to: segment.firstOwn + 1)
            }
            kernels.decodeAttention(
              run.count, shape.group, size, fused + firstRow * width + query, width,
              keys, owns.baseAddress, shape.scale, out + firstRow * outWidth + query,
              outWidth, scratch.baseAddress, scratchWidth)
          }
        }
      }
    }
  }

  /// Cuts single-row segments into runs of at most 8 neighbours with one parent.
  private func decodeRuns(shape: AttentionShape, segments: [AttentionSegment]) -> [Range<Int>] {
    let most = max(1, min(8, Int(honeDecodeRows) / shape.group))
    var runs: [Range<Int>] = []
    var start = 0
    for index in 1...segments.count {
      if index < segments.count, index - start < most {
        let (last, next) = (segments[index - 1], segments[index])
        if next.firstRow == last.firstRow + 1, next.parentLength == last.parentLength,
          next.parent?.keys == last.parent?.keys
        {
          continue
        }
      }
      runs.append(start..<index)
      start = index
    }
    return runs
  }

  /// The gradients of ``attention`` in training (every segment with `firstOwn` 0).
  ///
  /// - Parameters:
  ///   - fused: as in the forward pass; dout: [rows, H D].
  ///   - dfused: [rows, (H + 2 KV) D], written: gradients to rotated queries and keys, and to values.
  ///   - parentScratch: 2 * KV * D floats for each parent key of each segment, in segment order.
  /// - Note: a parent's gradient is its own, then its children's in segment order.
  public func attentionBackward(
    shape: AttentionShape, segments: [AttentionSegment], fused: UnsafePointer<Float>,
    dout: UnsafePointer<Float>, dfused: UnsafeMutablePointer<Float>,
    parentScratch: UnsafeMutablePointer<Float>
  ) {
    let (size, width) = (shape.headSize, shape.fusedWidth)
    let outWidth = shape.heads * size
    let (keyOffset, valueOffset) = (shape.keyOffset, shape.valueOffset)
    var offsets: [Int] = []
    var needed = 0
    for segment in segments {
      precondition(segment.firstOwn == 0, "training segments start at their first key")
      offsets.append(needed)
      needed += 2 * shape.keyValueHeads * size * segment.parentLength
    }
    memset(parentScratch, 0, needed * MemoryLayout<Float>.stride)
    team.run(tasks: segments.count * shape.keyValueHeads) { task in
      let index = task / shape.keyValueHeads
      let head = task % shape.keyValueHeads
      let segment = segments[index]
      let first = fused + segment.firstRow * width
      let dfirst = dfused + segment.firstRow * width
      let query = head * shape.group * size
      let (key, value) = (keyOffset + head * size, valueOffset + head * size)
      for row in 0..<segment.rows {
        memset(dfirst + row * width + key, 0, size * MemoryLayout<Float>.stride)
        memset(dfirst + row * width + value, 0, size * MemoryLayout<Float>.stride)
      }
      let shared = 2 * size * segment.parentLength
      let dParentKeys = parentScratch + offsets[index] + head * shared
      withUnsafeTemporaryAllocation(
        of: Float.self,
        capacity: honeAttentionBackwardScratch(segment.parentLength + segment.rows, size)
      ) { scratch in
        kernels.attentionBackward(
          segment.rows, shape.group, size, first + query, width,
          segment.keys(head: head, headSize: size), first + key, width,
          fused + segment.parentFirstRow * width + key, width, shape.scale,
          dout + segment.firstRow * outWidth + query, outWidth, dfirst + query, width,
          dfirst + key, dfirst + value, width, dParentKeys, dParentKeys + shared / 2,
          scratch.baseAddress)
      }
    }
    // Children's contributions to their parents' keys and values, in segment order.
    team.run(tasks: shape.keyValueHeads) { head in
      for (index, segment) in segments.enumerated() where segment.parentLength > 0 {
        let shared = 2 * size * segment.parentLength
        let dKeys = parentScratch + offsets[index] + head * shared
        let dValues = dKeys + shared / 2
        for position in 0..<segment.parentLength {
          let row = dfused + (segment.parentFirstRow + position) * width
          kernels.add(size, dKeys + position * size, row + keyOffset + head * size)
          kernels.add(size, dValues + position * size, row + valueOffset + head * size)
        }
      }
    }
  }
}
