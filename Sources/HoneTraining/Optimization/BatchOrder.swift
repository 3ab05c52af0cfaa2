/// A place in the endless sequence of problems that a run goes through.
public struct BatchCursor: Sendable, Hashable {
  /// Passes over the problems that are finished.
  public var epoch: Int
  /// Problems of the current pass that are used.
  public var position: Int

  /// A place; the default is the beginning.
  public init(epoch: Int = 0, position: Int = 0) {
    self.epoch = epoch
    self.position = position
  }
}

/// The order in which a run goes through its problems: a function of seed and epoch alone.
///
/// Every epoch is a permutation of its own; a batch that reaches the end of one goes on in the
/// next, so that the number of problems need not be a multiple of anything. The cursor after each
/// batch is all that a resumed run needs.
public struct BatchOrder: Sendable, Hashable {
  /// The number of problems, at least 1.
  public let count: Int
  /// The run's seed; stages of one run differ by their salt.
  public let seed: Int
  /// Tells orders of the same seed apart, a stage's index for instance.
  public let salt: Int

  /// An order over problems 0 to count - 1.
  public init(count: Int, seed: Int, salt: Int = 0) {
    precondition(count >= 1, "an order over \(count) problems; at least 1 is needed")
    self.count = count
    self.seed = seed
    self.salt = salt
  }

  /// The order of one epoch: a Fisher-Yates shuffle without bias.
  ///
  /// - Complexity: O(count)
  public func permutation(epoch: Int) -> [Int] {
    var bits = SplitMix64(seed: seed, salt, epoch)
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(index, bits.next(below: index + 1))
    }
    return order
  }

  /// The next problems, and the cursor moved past them.
  ///
  /// - Parameter size: Problems wanted, any number; more than `count` goes through several epochs.
  /// - Returns: Problem numbers.
  public func batch(_ size: Int, from cursor: inout BatchCursor) -> [Int] {
    precondition(size >= 0, "a batch of \(size) problems")
    precondition(
      cursor.position >= 0 && cursor.position <= count,
      "position \(cursor.position) in an epoch of \(count) problems")
    var result: [Int] = []
    result.reserveCapacity(size)
    var order = permutation(epoch: cursor.epoch)
    while result.count < size {
      if cursor.position == count {
        cursor = BatchCursor(epoch: cursor.epoch + 1)
        order = permutation(epoch: cursor.epoch)
      }
      let taken = min(size - result.count, count - cursor.position)
      result += order[cursor.position..<cursor.position + taken]
      cursor.position += taken
    }
    return result
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014), started from a few numbers.
struct SplitMix64 {
  private var state: UInt64

  init(seed: Int, _ parts: Int...) {
    state = UInt64(bitPattern: Int64(seed))
    for part in parts {
      // Each part goes through the mixer, so that (1, 2) and (2, 1) have nothing in common.
      state = next() ^ UInt64(bitPattern: Int64(part))
    }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }

  /// A number from 0 to bound - 1, all equally likely (Lemire 2019).
  mutating func next(below bound: Int) -> Int {
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }
}
