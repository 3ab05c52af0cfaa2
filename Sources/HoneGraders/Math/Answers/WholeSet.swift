import BigInt

/// The whole numbers of a set of real numbers: what `0 \le x \le 4, x \in \mathbb{Z}` says.
struct WholeSet: Sendable, Equatable {
  /// Whole numbers in a row; no end stands for infinity.
  struct Range: Sendable, Equatable {
    var low: BigInt?
    var high: BigInt?
  }

  /// In order, with a gap between each two.
  private(set) var ranges: [Range] = []

  /// Takes the whole numbers of intervals with constant ends.
  init(of set: RealSet, meter: Meter) throws(MathTrouble) {
    guard set.pieces.count <= 200 else { throw .limit("members") }
    var found: [Range] = []
    for piece in set.pieces {
      let low = try piece.low.value.map { (value) throws(MathTrouble) in
        try Self.floor(value, isNegated: piece.low.isClosed, meter)
      }
      let high = try piece.high.value.map { (value) throws(MathTrouble) in
        try Self.floor(value, isNegated: !piece.high.isClosed, meter)
      }
      // From above: the ceiling where the end belongs to it, else what follows the floor.
      let range = Range(
        low: low.map { piece.low.isClosed ? -$0 : $0 + 1 },
        high: high.map { piece.high.isClosed ? $0 : -$0 - 1 })
      if let low = range.low, let high = range.high, low > high { continue }
      found.append(range)
    }
    found.sort { first, second in
      guard let low = second.low else { return false }
      return first.low.map { $0 < low } ?? true
    }
    for range in found {
      if let last = ranges.last, Self.touches(last.high, range.low) {
        ranges[ranges.count - 1].high = last.high.flatMap { high in range.high.map { max(high, $0) }
        }
      } else {
        ranges.append(range)
      }
    }
  }

  private static func touches(_ high: BigInt?, _ low: BigInt?) -> Bool {
    guard let high, let low else { return true }
    return low <= high + 1
  }

  private static func floor(
    _ value: Expression, isNegated: Bool, _ meter: Meter
  ) throws(MathTrouble) -> BigInt {
    let algebra = Algebra(meter)
    let plain = try algebra.normalize(value)
    let number = isNegated ? -plain : plain
    if let constant = number.constant {
      try meter.spend(10 + constant.bits / 64)
      return constant.floor
    }
    return try Evaluator(algebra).floor(of: number)
  }

  /// Whether all numbers are above zero, so that it does not matter which numbers are natural.
  var isPositive: Bool { ranges.allSatisfy { range in range.low.map { $0 > 0 } ?? false } }

  /// The members one by one, or nil for infinitely many or more than a limit.
  func members(limit: Int) -> [BigInt]? {
    var members: [BigInt] = []
    for range in ranges {
      guard let low = range.low, let high = range.high, high - low < limit,
        members.count <= limit
      else { return nil }
      var member = low
      while member <= high {
        members.append(member)
        member += 1
      }
    }
    return members
  }
}
