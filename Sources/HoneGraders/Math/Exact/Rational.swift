import BigInt

/// An exact fraction of integers of any size.
///
/// Fractions whose parts fit a machine word are kept in lowest terms and cost no allocation. Larger
/// ones are reduced while that is cheap, and compared by cross products: the greatest common
/// divisor is the one slow operation on large numbers.
package struct Rational: Sendable {
  private enum Storage: Sendable {
    /// In lowest terms, the denominator positive, neither part `Int.min`.
    case small(Int, Int)
    /// The denominator is positive.
    indirect case big(BigInt, BigInt)
  }

  private var storage: Storage

  private static let unit = BigInt(1)
  /// Fractions whose parts have at most so many bits are kept in lowest terms.
  static let reducedBits = 512

  /// Zero.
  static let zero = Rational(0)
  /// One.
  static let one = Rational(1)

  /// A whole number.
  init(_ value: Int) {
    storage = value == .min ? .big(BigInt(value), 1) : .small(value, 1)
  }

  /// A whole number of any size.
  init(_ value: BigInt) {
    if let small = Int(exactly: value), small != .min {
      storage = .small(small, 1)
    } else {
      storage = .big(value, 1)
    }
  }

  /// A fraction, or nil for a denominator of zero.
  init?(_ numerator: BigInt, over denominator: BigInt) {
    guard denominator != 0 else { return nil }
    self.init(reducing: numerator, denominator)
  }

  /// A fraction of machine words; the denominator is not zero.
  init(_ numerator: Int, _ denominator: Int) {
    if numerator != .min, denominator > 0 {
      self = Self.reduced(numerator, denominator)
    } else {
      self.init(reducing: BigInt(numerator), BigInt(denominator))
    }
  }

  private init(small numerator: Int, _ denominator: Int) {
    storage = .small(numerator, denominator)
  }

  /// Reduces where that is cheap; the denominator is not zero.
  private init(reducing numerator: BigInt, _ denominator: BigInt) {
    var (top, bottom) =
      denominator.sign == .minus ? (-numerator, -denominator) : (numerator, denominator)
    if bottom != Self.unit, top.bitWidth <= Self.reducedBits, bottom.bitWidth <= Self.reducedBits {
      let divisor = BigInt(CommonDivisor.of(top.magnitude, bottom.magnitude))
      if divisor > Self.unit {
        top /= divisor
        bottom /= divisor
      }
    }
    if top.bitWidth <= Int.bitWidth, bottom.bitWidth <= Int.bitWidth,
      let small = Int(exactly: top), let below = Int(exactly: bottom), small != .min
    {
      storage = .small(small, below)
    } else {
      storage = .big(top, bottom)
    }
  }

  // MARK: - Parts

  var numerator: BigInt {
    switch storage {
    case .small(let top, _): Self.unit.times(top)
    case .big(let top, _): top
    }
  }

  /// Always positive.
  var denominator: BigInt {
    switch storage {
    case .small(_, let bottom): Self.unit.times(bottom)
    case .big(_, let bottom): bottom
    }
  }

  /// Numerator and denominator in lowest terms, where both fit a machine word.
  var words: (numerator: Int, denominator: Int)? {
    if case .small(let top, let bottom) = storage { return (top, bottom) }
    return nil
  }

  /// The value, where it is a whole number that fits a machine word.
  var integer: Int? {
    switch storage {
    case .small(let top, let bottom): return bottom == 1 ? top : nil
    case .big(let top, let bottom):
      guard abs(top.bitWidth - bottom.bitWidth) <= 66, isInteger else { return nil }
      return Int(exactly: top / bottom)
    }
  }

  var isZero: Bool {
    if case .small(let top, _) = storage { return top == 0 }
    return false
  }

  var isOne: Bool {
    switch storage {
    case .small(let top, let bottom): top == 1 && bottom == 1
    case .big(let top, let bottom): top == bottom
    }
  }

  var isNegative: Bool {
    switch storage {
    case .small(let top, _): top < 0
    case .big(let top, _): top.sign == .minus
    }
  }

  /// Whether the value is a whole number.
  var isInteger: Bool {
    switch storage {
    case .small(_, let bottom): return bottom == 1
    case .big(let top, let bottom):
      if bottom == Self.unit { return true }
      // What is in lowest terms needs no division.
      guard max(top.bitWidth, bottom.bitWidth) > Self.reducedBits, top.bitWidth >= bottom.bitWidth
      else { return false }
      return top % bottom == 0
    }
  }

  /// Whether no denominator is written: certainly a whole number, known without a division.
  var isWhole: Bool {
    switch storage {
    case .small(_, let bottom): bottom == 1
    case .big(_, let bottom): bottom == Self.unit
    }
  }

  var magnitude: Rational { isNegative ? -self : self }

  /// The largest whole number that is not above the value.
  var floor: BigInt {
    let (quotient, rest) = numerator.quotientAndRemainder(dividingBy: denominator)
    return rest < 0 ? quotient - 1 : quotient
  }

  /// The bits of numerator and denominator together: what an operation on this costs.
  var bits: Int {
    switch storage {
    case .small: 64
    case .big(let top, let bottom): top.bitWidth + bottom.bitWidth
    }
  }

  /// The bits that are written in numerator and denominator together: what a power grows from.
  var significantBits: Int {
    switch storage {
    case .small(let top, let bottom):
      128 - top.magnitude.leadingZeroBitCount - bottom.leadingZeroBitCount
    case .big(let top, let bottom): top.bitWidth + bottom.bitWidth
    }
  }

  /// A bound on the digits of numerator and denominator together.
  var digits: Int { significantBits * 31 / 100 + 2 }

  /// Whether the decimal expansion ends: no prime factors of the reduced denominator but 2, 5.
  ///
  /// Numbers of more than 400 digits are taken to end, without looking: nobody rounds those.
  var terminates: Bool { decimalPlaces != nil }

  /// The decimals that the exact value needs, or nil where its expansion never ends.
  var decimalPlaces: Int? {
    guard digits <= 400 else { return digits }
    var rest = denominator / numerator.greatestCommonDivisor(with: denominator)
    var twos = 0
    var fives = 0
    while rest % 5 == 0 {
      rest /= 5
      fives += 1
    }
    while rest % 2 == 0 {
      rest /= 2
      twos += 1
    }
    return rest == 1 ? max(twos, fives) : nil
  }

  // MARK: - Arithmetic

  static prefix func - (value: Rational) -> Rational {
    switch value.storage {
    case .small(let top, let bottom): Rational(small: -top, bottom)
    case .big(let top, let bottom): Rational(reducing: -top, bottom)
    }
  }

  static func + (left: Rational, right: Rational) -> Rational {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      if b == 1, d == 1 {
        let (sum, overflow) = a.addingReportingOverflow(c)
        if !overflow, sum != .min { return Rational(small: sum, 1) }
      }
      let (first, o1) = a.multipliedReportingOverflow(by: d)
      let (second, o2) = c.multipliedReportingOverflow(by: b)
      let (bottom, o3) = b.multipliedReportingOverflow(by: d)
      let (top, o4) = first.addingReportingOverflow(second)
      if !o1, !o2, !o3, !o4, top != .min { return reduced(top, bottom) }
    }
    let (a, b, c, d) = (left.numerator, left.denominator, right.numerator, right.denominator)
    if right.isWhole { return Rational(reducing: a + b * c, b) }
    if left.isWhole { return Rational(reducing: a * d + c, d) }
    return b == d ? Rational(reducing: a + c, b) : Rational(reducing: a * d + c * b, b * d)
  }

  static func - (left: Rational, right: Rational) -> Rational { left + -right }

  static func * (left: Rational, right: Rational) -> Rational {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      let (top, o1) = a.multipliedReportingOverflow(by: c)
      let (bottom, o2) = b.multipliedReportingOverflow(by: d)
      if !o1, !o2, top != .min { return reduced(top, bottom) }
    }
    if case .small(let factor, 1) = right.storage {
      return Rational(reducing: left.numerator.times(factor), left.denominator)
    }
    if case .small(let factor, 1) = left.storage {
      return Rational(reducing: right.numerator.times(factor), right.denominator)
    }
    let top = left.numerator * right.numerator
    if left.isWhole { return Rational(reducing: top, right.denominator) }
    if right.isWhole { return Rational(reducing: top, left.denominator) }
    return Rational(reducing: top, left.denominator * right.denominator)
  }

  /// The quotient, or nil for a division by zero.
  static func / (left: Rational, right: Rational) -> Rational? {
    right.inverse.map { left * $0 }
  }

  /// One over the value, or nil for zero.
  var inverse: Rational? {
    switch storage {
    case .small(let top, let bottom):
      if top == 0 { return nil }
      return top < 0 ? Rational(small: -bottom, -top) : Rational(small: bottom, top)
    case .big(let top, let bottom): return Rational(bottom, over: top)
    }
  }

  /// The power, or nil for zero to a negative exponent.
  ///
  /// The caller bounds the exponent.
  func power(_ exponent: Int) -> Rational? {
    if exponent == 1 { return self }
    let top = numerator.power(abs(exponent))
    let bottom = denominator.power(abs(exponent))
    return exponent >= 0 ? Rational(top, over: bottom) : Rational(bottom, over: top)
  }

  private static func reduced(_ top: Int, _ bottom: Int) -> Rational {
    if bottom == 1 { return Rational(small: top, 1) }
    let divisor = Int(greatestCommonDivisor(top.magnitude, bottom.magnitude))
    return Rational(small: top / divisor, bottom / divisor)
  }

  /// Euclid's algorithm; never zero where one argument is not.
  static func greatestCommonDivisor(_ first: UInt, _ second: UInt) -> UInt {
    var (a, b) = (first, second)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

extension Rational: Comparable {
  package static func == (left: Rational, right: Rational) -> Bool {
    if case .small(let a, let b) = left.storage, case .small(let c, let d) = right.storage {
      return a == c && b == d
    }
    let (bottom, other) = (left.denominator, right.denominator)
    if bottom == other { return left.numerator == right.numerator }
    return left.numerator * other == right.numerator * bottom
  }

  package static func < (left: Rational, right: Rational) -> Bool {
    if case .small(let a, 1) = left.storage, case .small(let c, 1) = right.storage { return a < c }
    return left.numerator * right.denominator < right.numerator * left.denominator
  }
}

extension Rational: CustomStringConvertible {
  /// `-7/3` in lowest terms; numbers beyond 60 digits are described by their size.
  package var description: String {
    if case .small(let top, let bottom) = storage {
      return bottom == 1 ? "\(top)" : "\(top)/\(bottom)"
    }
    guard digits <= 120 else { return "a number of about \(digits) digits" }
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let (top, bottom) = (numerator / divisor, denominator / divisor)
    return bottom == 1 ? "\(top)" : "\(top)/\(bottom)"
  }
}

extension BigInt {
  private static let one = BigInt(1)

  /// A machine word, made faster than by the initialiser.
  static func word(_ value: Int) -> BigInt { one.times(value) }

  /// The product with a machine word, without making a large number of the word first.
  func times(_ word: Int) -> BigInt {
    var product = magnitude
    product.multiply(byWord: word.magnitude)
    return BigInt(sign: (sign == .minus) != (word < 0) ? .minus : .plus, magnitude: product)
  }
}
