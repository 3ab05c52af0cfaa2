import BigInt

/// An exact fraction of integers of any size.
///
/// Not kept in lowest terms: comparing by cross products needs no greatest common divisor,
/// which is the one slow operation on large numbers. ``description`` reduces what it shows.
struct Rational: Sendable {
  let numerator: BigInt
  /// Always positive.
  let denominator: BigInt

  init(_ numerator: BigInt) {
    self.numerator = numerator
    denominator = 1
  }

  /// A fraction, or nil for a denominator of zero.
  init?(_ numerator: BigInt, over denominator: BigInt) {
    guard denominator != 0 else { return nil }
    let isNegative = denominator < 0
    self.numerator = isNegative ? -numerator : numerator
    self.denominator = isNegative ? -denominator : denominator
  }

  private init(unchecked numerator: BigInt, _ denominator: BigInt) {
    self.numerator = numerator
    self.denominator = denominator
  }

  var isNegative: Bool { numerator < 0 }
  var isZero: Bool { numerator == 0 }

  /// Whether the value is a whole number.
  var isInteger: Bool { denominator == 1 || numerator % denominator == 0 }

  var magnitude: Rational { Rational(unchecked: abs(numerator), denominator) }

  /// A bound on the digits of numerator and denominator together.
  var digits: Int { (numerator.bitWidth + denominator.bitWidth) * 31 / 100 + 2 }

  static prefix func - (value: Rational) -> Rational {
    Rational(unchecked: -value.numerator, value.denominator)
  }

  static func + (left: Rational, right: Rational) -> Rational {
    if left.denominator == right.denominator {
      return Rational(unchecked: left.numerator + right.numerator, left.denominator)
    }
    return Rational(
      unchecked: left.numerator * right.denominator + right.numerator * left.denominator,
      left.denominator * right.denominator)
  }

  static func - (left: Rational, right: Rational) -> Rational { left + -right }

  static func * (left: Rational, right: Rational) -> Rational {
    Rational(
      unchecked: left.numerator * right.numerator, left.denominator * right.denominator)
  }

  /// The quotient, or nil for a division by zero.
  static func / (left: Rational, right: Rational) -> Rational? {
    Rational(left.numerator * right.denominator, over: left.denominator * right.numerator)
  }

  /// The power, or nil for zero to a negative exponent.
  ///
  /// The caller bounds the exponent.
  func power(_ exponent: Int) -> Rational? {
    let numerator = numerator.power(abs(exponent))
    let denominator = denominator.power(abs(exponent))
    return exponent >= 0
      ? Rational(unchecked: numerator, denominator) : Rational(denominator, over: numerator)
  }

  /// Whether the decimal expansion ends: no prime factors of the reduced denominator but 2, 5.
  ///
  /// Numbers of more than 400 digits are taken to end, without looking: nobody rounds those.
  var terminates: Bool {
    guard digits <= 400 else { return true }
    var rest = denominator / numerator.greatestCommonDivisor(with: denominator)
    while rest % 10 == 0 { rest /= 10 }
    while rest % 5 == 0 { rest /= 5 }
    while rest % 2 == 0 { rest /= 2 }
    return rest == 1
  }
}

extension Rational: Equatable, Comparable {
  static func == (left: Rational, right: Rational) -> Bool {
    left.numerator * right.denominator == right.numerator * left.denominator
  }

  static func < (left: Rational, right: Rational) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }
}

extension Rational: CustomStringConvertible {
  /// `-7/3` in lowest terms; numbers beyond 60 digits are described by their size.
  var description: String {
    guard digits <= 120 else { return "a number of about \(digits) digits" }
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let (top, bottom) = (numerator / divisor, denominator / divisor)
    return bottom == 1 ? "\(top)" : "\(top)/\(bottom)"
  }
}
