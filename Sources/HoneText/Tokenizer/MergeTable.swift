/// The merges of a tokenizer: which two neighbours become one, and which come first.
struct MergeTable: Sendable {
  /// One merge; lower ranks come first.
  struct Merge: Sendable {
    var rank: UInt32
    var result: Int32
  }

  private static let empty: UInt64 = .max
  /// Left and right symbol of each merge, in order of rank.
  private(set) var pairs: [(left: Int32, right: Int32)] = []
  private var keys: [UInt64]
  private var merges: [Merge]
  private var stored = 0

  init(capacity: Int = 16) {
    let size = max(16, capacity * 2).nextPowerOfTwo
    keys = Array(repeating: Self.empty, count: size)
    merges = Array(repeating: Merge(rank: 0, result: 0), count: size)
  }

  var count: Int { pairs.count }

  /// Adds a merge behind all others; a pair that is there already takes the new rank.
  mutating func append(left: Int32, right: Int32, result: Int32) {
    if stored * 2 >= keys.count { grow() }
    let slot = slot(of: Self.key(left, right))
    if keys[slot] == Self.empty { stored += 1 }
    keys[slot] = Self.key(left, right)
    merges[slot] = Merge(rank: UInt32(pairs.count), result: result)
    pairs.append((left, right))
  }

  /// The merge of two neighbours, if there is one.
  @inline(__always)
  func merge(_ left: Int32, _ right: Int32) -> Merge? {
    let slot = slot(of: Self.key(left, right))
    return keys[slot] == Self.empty ? nil : merges[slot]
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  // Fibonacci hashing, linear probing; at most half of the slots are in use.
  @inline(__always)
  private func slot(of key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[slot] != Self.empty && keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    let (oldKeys, oldMerges) = (keys, merges)
    keys = Array(repeating: Self.empty, count: oldKeys.count * 2)
    merges = Array(repeating: Merge(rank: 0, result: 0), count: keys.count)
    for (key, merge) in zip(oldKeys, oldMerges) where key != Self.empty {
      let slot = slot(of: key)
      keys[slot] = key
      merges[slot] = merge
    }
  }
}
