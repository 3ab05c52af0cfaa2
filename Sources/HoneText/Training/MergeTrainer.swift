/// Counts words and finds the merges of byte pair encoding.
struct MergeTrainer {
  /// The bytes of each token; the first 256 are the bytes in GPT-2's order.
  private(set) var tokens = ByteStringTable(capacity: 1024)
  private(set) var merges = MergeTable()

  private let minimumCount: Int
  private let byteIDs: [Int32]
  private var wordNumbers = ByteStringTable(capacity: 1024)
  private var wordCounts: [Int] = []
  private var words: [[Int32]] = []
  private var pairCounts: [UInt64: Int] = [:]
  // Words in which a pair occurs, or once did.
  private var places: [UInt64: [Int]] = [:]
  private var queue = PairQueue()

  init(minimumCount: Int) {
    self.minimumCount = minimumCount
    var byteIDs = [Int32](repeating: 0, count: 256)
    for (id, byte) in ByteAlphabet.bytesInOrder.enumerated() {
      byteIDs[Int(byte)] = Int32(id)
      _ = tokens.insert([byte], number: id)
    }
    self.byteIDs = byteIDs
  }

  /// Counts one occurrence of a word.
  mutating func count(_ word: UnsafeBufferPointer<UInt8>) {
    if let number = wordNumbers.number(of: word) {
      wordCounts[number] += 1
    } else {
      _ = wordNumbers.insert(word, number: wordCounts.count)
      wordCounts.append(1)
      words.append(word.map { byteIDs[Int($0)] })
    }
  }

  /// Merges until there are as many tokens as wanted or no pair is frequent enough.
  mutating func run(tokenCount: Int) {
    for number in words.indices {
      for pair in Self.pairs(of: words[number]) {
        pairCounts[pair, default: 0] += wordCounts[number]
        notePlace(number, of: pair)
      }
    }
    for (pair, count) in pairCounts { queue.push(.init(count: count, pair: pair)) }
    while tokens.count < tokenCount, let entry = queue.pop() {
      let count = pairCounts[entry.pair] ?? 0
      guard count == entry.count else {
        // Out of date: other merges have used this pair's symbols up.
        if count > 0 { queue.push(.init(count: count, pair: entry.pair)) }
        continue
      }
      guard count >= minimumCount else { break }
      merge(entry.pair)
    }
  }

  private mutating func merge(_ pair: UInt64) {
    let (left, right) = Self.symbols(of: pair)
    let bytes = Array((tokens[Int(left)] ?? []) + (tokens[Int(right)] ?? []))
    // Two merges may spell the same token ("ab" + "c", "a" + "bc"): it keeps its first id.
    let result = Int32(tokens.number(of: bytes) ?? tokens.count)
    _ = tokens.insert(bytes, number: Int(result))
    merges.append(left: left, right: right, result: result)
    var changed = Set<UInt64>()
    for number in places.removeValue(forKey: pair) ?? [] {
      let old = words[number]
      let new = Self.merged(old, left, right, result)
      guard new.count < old.count else { continue }
      for pair in Self.pairs(of: old) { pairCounts[pair, default: 0] -= wordCounts[number] }
      for pair in Self.pairs(of: new) {
        pairCounts[pair, default: 0] += wordCounts[number]
        let (first, second) = Self.symbols(of: pair)
        if first == result || second == result {
          changed.insert(pair)
          notePlace(number, of: pair)
        }
      }
      words[number] = new
    }
    pairCounts[pair] = nil
    for pair in changed {
      if let count = pairCounts[pair], count > 0 { queue.push(.init(count: count, pair: pair)) }
    }
  }

  private mutating func notePlace(_ number: Int, of pair: UInt64) {
    if places[pair]?.last != number { places[pair, default: []].append(number) }
  }

  private static func merged(
    _ word: [Int32], _ left: Int32, _ right: Int32, _ result: Int32
  ) -> [Int32] {
    var merged: [Int32] = []
    merged.reserveCapacity(word.count)
    var index = 0
    while index < word.count {
      if word[index] == left, index + 1 < word.count, word[index + 1] == right {
        merged.append(result)
        index += 2
      } else {
        merged.append(word[index])
        index += 1
      }
    }
    return merged
  }

  private static func pairs(of word: [Int32]) -> some Sequence<UInt64> {
    zip(word, word.dropFirst()).lazy.map { UInt64($0) << 32 | UInt64($1) }
  }

  private static func symbols(of pair: UInt64) -> (Int32, Int32) {
    (Int32(pair >> 32), Int32(pair & 0xFFFF_FFFF))
  }
}

/// A heap of pairs: the highest count first, then the lowest pair.
private struct PairQueue {
  struct Entry {
    var count: Int
    var pair: UInt64

    func isBefore(_ other: Entry) -> Bool {
      count == other.count ? pair < other.pair : count > other.count
    }
  }

  private var entries: [Entry] = []

  mutating func push(_ entry: Entry) {
    entries.append(entry)
    var child = entries.count - 1
    while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
      entries.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func pop() -> Entry? {
    guard let top = entries.first else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return top }
    entries[0] = last
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < entries.count else { return top }
      if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
      guard entries[child].isBefore(entries[hole]) else { return top }
      entries.swapAt(hole, child)
      hole = child
    }
  }
}
