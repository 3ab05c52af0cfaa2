/// A counter-based random stream for drawing problems.
///
/// The value at position `n` is the SplitMix64 finaliser applied to `key + n * gamma`
/// (Steele, Lea and Flood 2014), where the key is made of everything that names the stream:
/// the seed, some labels and an index. A stream therefore never depends on what was drawn
/// from another one, and the standard library's generators, whose algorithms may change
/// between releases, are not used at all.
public struct TaskRandom: Sendable {
  private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

  private let key: UInt64
  private var counter: UInt64 = 0

  /// Makes the stream that belongs to a seed, labels and an index.
  ///
  /// - Parameters:
  ///   - seed: The user's seed.
  ///   - labels: What the stream is for; their order matters.
  ///   - index: The position of the item that is drawn.
  public init(seed: UInt64, labels: [String], index: Int) {
    var key = Self.mix(seed &+ Self.gamma)
    for label in labels {
      key = Self.mix(key ^ stableHash(label))
    }
    self.key = Self.mix(key ^ UInt64(bitPattern: Int64(index)))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    counter &+= 1
    return Self.mix(key &+ counter &* Self.gamma)
  }

  /// A uniform integer of a closed range, free of bias.
  ///
  /// Lemire's method (2019): the high half of a product, with the few low halves that would
  /// favour some values drawn again.
  ///
  /// - Parameter range: The values; fewer than 2^63 of them.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    let threshold = (0 &- width) % width
    while true {
      let product = next().multipliedFullWidth(by: width)
      if product.low >= threshold {
        return range.lowerBound + Int(product.high)
      }
    }
  }

  /// A uniform number in 0 ..< 1, a multiple of 2^-53.
  public mutating func unit() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform element of a non-empty array.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    precondition(!elements.isEmpty, "TaskRandom.pick: no elements to pick from")
    return elements[integer(in: 0...(elements.count - 1))]
  }

  /// Orders an array uniformly at random (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    for last in stride(from: elements.count - 1, to: 0, by: -1) {
      elements.swapAt(last, integer(in: 0...last))
    }
  }

  /// As many distinct integers of a range as asked for, in random order.
  ///
  /// - Parameters:
  ///   - count: How many; at most the size of the range.
  ///   - range: Where they come from.
  public mutating func distinctIntegers(_ count: Int, in range: ClosedRange<Int>) -> [Int] {
    precondition(count <= range.count, "TaskRandom.distinctIntegers: range is too small")
    var pool = Array(range)
    for position in 0..<count {
      pool.swapAt(position, integer(in: position...(pool.count - 1)))
    }
    return Array(pool[0..<count])
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The 64-bit FNV-1a hash of a string's UTF-8 bytes; the same in every process and release.
package func stableHash(_ text: String) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for byte in text.utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
  return hash
}
