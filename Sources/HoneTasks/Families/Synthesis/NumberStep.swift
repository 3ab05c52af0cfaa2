/// One operation on a number, with Python's meaning.
package enum NumberStep: Sendable, Hashable {
  case add(Int)
  case subtract(Int)
  case multiply(Int)
  /// Rounds down, as `//` does.
  case divide(Int)
  /// Has the sign of the divisor, as `%` does.
  case remainder(Int)
  case square
  case absolute
  case negate
  case atMost(Int)
  case atLeast(Int)
  /// Rounds towards zero, as many languages do: never asked for, a mistake to be caught.
  case divideTowardsZero(Int)
  /// Has the sign of the number, as in many languages: never asked for, a mistake to be caught.
  case remainderTowardsZero(Int)

  /// The largest magnitude that a program may reach: far from `Int`'s end, and exact in a double.
  package static let bound: Int = 1_000_000_000_000

  /// The result, or nil beyond ``bound`` or for a divisor of 0.
  package func apply(_ x: Int) -> Int? {
    let result: Int?
    switch self {
    case .add(let k): result = x + k
    case .subtract(let k): result = x - k
    case .multiply(let k): result = Self.product(x, k)
    case .square: result = Self.product(x, x)
    case .divide(let k): result = k == 0 ? nil : (x - Self.floorRemainder(x, k)) / k
    case .remainder(let k): result = k == 0 ? nil : Self.floorRemainder(x, k)
    case .absolute: result = abs(x)
    case .negate: result = -x
    case .atMost(let k): result = min(x, k)
    case .atLeast(let k): result = max(x, k)
    case .divideTowardsZero(let k): result = k == 0 ? nil : x / k
    case .remainderTowardsZero(let k): result = k == 0 ? nil : x % k
    }
    return result.flatMap { abs($0) <= Self.bound ? $0 : nil }
  }

  private static func product(_ x: Int, _ y: Int) -> Int? {
    let (product, overflow) = x.multipliedReportingOverflow(by: y)
    return overflow ? nil : product
  }

  private static func floorRemainder(_ x: Int, _ k: Int) -> Int {
    let remainder = x % k
    return remainder != 0 && (remainder < 0) != (k < 0) ? remainder + k : remainder
  }

  /// The expression in Python, for a variable: `x+4`.
  package func python(_ x: String) -> String {
    switch self {
    case .add(let k): "\(x)+\(k)"
    case .subtract(let k): "\(x)-\(k)"
    case .multiply(let k): "\(x)*\(k)"
    case .divide(let k): "\(x)//\(k)"
    case .remainder(let k): "\(x)%\(k)"
    case .square: "\(x)*\(x)"
    case .absolute: "abs(\(x))"
    case .negate: "-\(x)"
    case .atMost(let k): "min(\(x),\(k))"
    case .atLeast(let k): "max(\(x),\(k))"
    case .divideTowardsZero(let k): "int(\(x)/\(k))"
    case .remainderTowardsZero(let k): "\(x)-int(\(x)/\(k))*\(k)"
    }
  }

  /// The number in the operation, if it has one.
  package var constant: Int? {
    switch self {
    case .add(let k), .subtract(let k), .multiply(let k), .divide(let k), .remainder(let k),
      .atMost(let k), .atLeast(let k), .divideTowardsZero(let k), .remainderTowardsZero(let k):
      k
    case .square, .absolute, .negate: nil
    }
  }

  /// The same operation with another number; operations without a number stay as they are.
  package func with(constant k: Int) -> NumberStep {
    switch self {
    case .add: .add(k)
    case .subtract: .subtract(k)
    case .multiply: .multiply(k)
    case .divide: .divide(k)
    case .remainder: .remainder(k)
    case .atMost: .atMost(k)
    case .atLeast: .atLeast(k)
    case .divideTowardsZero: .divideTowardsZero(k)
    case .remainderTowardsZero: .remainderTowardsZero(k)
    case .square, .absolute, .negate: self
    }
  }
}
