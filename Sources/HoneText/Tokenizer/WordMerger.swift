/// Merges the symbols of one word: always the pair of lowest rank, the leftmost among equals.
///
/// A linked list with a heap of candidate pairs, O(n log n) for n symbols. The buffers are kept
/// from word to word.
struct WordMerger {
  private static let noPair = UInt32.max
  private var symbols: [Int32] = []
  private var next: [Int32] = []
  private var previous: [Int32] = []
  // Rank of the pair that starts here; a heap entry with another rank is out of date.
  private var ranks: [UInt32] = []
  private var results: [Int32] = []
  private var heap: [UInt64] = []  // rank in the upper, place in the lower half

  /// Appends the merged symbols of `word` to `output`.
  mutating func merge(_ word: [Int32], with table: MergeTable, into output: inout [Int32]) {
    guard word.count > 1 else {
      output.append(contentsOf: word)
      return
    }
    symbols.removeAll(keepingCapacity: true)
    symbols.append(contentsOf: word)
    let count = symbols.count
    next.removeAll(keepingCapacity: true)
    previous.removeAll(keepingCapacity: true)
    for index in 0..<count {
      next.append(Int32(index + 1))
      previous.append(Int32(index - 1))
    }
    next[count - 1] = -1
    ranks.removeAll(keepingCapacity: true)
    ranks.append(contentsOf: repeatElement(Self.noPair, count: count))
    results.removeAll(keepingCapacity: true)
    results.append(contentsOf: repeatElement(0, count: count))
    heap.removeAll(keepingCapacity: true)
    for index in 0..<count - 1 { consider(index, table) }

    while let entry = popHeap() {
      let place = Int(entry & 0xFFFF_FFFF)
      guard ranks[place] == UInt32(entry >> 32) else { continue }
      let absorbed = Int(next[place])
      symbols[place] = results[place]
      ranks[absorbed] = Self.noPair
      next[place] = next[absorbed]
      if next[place] >= 0 { previous[Int(next[place])] = Int32(place) }
      consider(place, table)
      if previous[place] >= 0 { consider(Int(previous[place]), table) }
    }
    var place = 0
    while place >= 0 {
      output.append(symbols[place])
      place = Int(next[place])
    }
  }

  @inline(__always)
  private mutating func consider(_ place: Int, _ table: MergeTable) {
    guard next[place] >= 0, let merge = table.merge(symbols[place], symbols[Int(next[place])])
    else {
      ranks[place] = Self.noPair
      return
    }
    ranks[place] = merge.rank
    results[place] = merge.result
    pushHeap(UInt64(merge.rank) << 32 | UInt64(place))
  }

  @inline(__always)
  private mutating func pushHeap(_ entry: UInt64) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent] <= entry { break }
      heap[child] = heap[parent]
      child = parent
    }
    heap[child] = entry
  }

  @inline(__always)
  private mutating func popHeap() -> UInt64? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      if last <= heap[child] { break }
      heap[hole] = heap[child]
      hole = child
    }
    heap[hole] = last
    return top
  }
}
