import BigInt

/// A real number known to lie within a radius of a binary fraction.
///
/// The true value of every operation on the true arguments lies in the result: a ball that does not
/// hold zero proves that its number is not zero.
struct Ball {
  /// The midpoint is `mantissa * 2^exponent`.
  var mantissa: BigInt
  var exponent: Int
  var radius: Magnitude

  static let zero = Ball(mantissa: 0, exponent: 0, radius: .zero)
  static let one = Ball(mantissa: 1, exponent: 0, radius: .zero)

  init(mantissa: BigInt, exponent: Int, radius: Magnitude) {
    self.mantissa = mantissa
    self.exponent = exponent
    self.radius = radius
  }

  init(_ value: Int) { self.init(mantissa: BigInt(value), exponent: 0, radius: .zero) }

  private var width: Int { mantissa.magnitude.bitWidth }

  /// A bound that no number of the ball exceeds in size.
  var upper: Magnitude {
    mantissa.isZero ? radius : Magnitude(powerOfTwo: width + exponent) + radius
  }

  /// The size of the midpoint, from below.
  private var middle: Magnitude { Magnitude(powerOfTwo: width - 1 + exponent) }

  /// Whether zero is certainly no number of the ball.
  var excludesZero: Bool { !mantissa.isZero && radius < middle }

  var isExactZero: Bool { mantissa.isZero && radius.isZero }

  /// The sign of all numbers of the ball, or nil where it holds zero.
  var sign: Int? { excludesZero ? (mantissa.sign == .minus ? -1 : 1) : nil }

  /// The whole number that the ball is exactly, or nil.
  var wholeNumber: BigInt? {
    guard radius.isZero else { return nil }
    if exponent >= 0 { return exponent > 4096 ? nil : mantissa << exponent }
    guard -exponent < width || mantissa.isZero else { return nil }
    let whole = mantissa >> -exponent
    return whole << -exponent == mantissa ? whole : nil
  }

  /// The logarithm of the size to the base of two, roughly; for choosing precisions.
  var scale: Int { mantissa.isZero ? radius.exponent : width + exponent }

  static prefix func - (value: Ball) -> Ball {
    Ball(mantissa: -value.mantissa, exponent: value.exponent, radius: value.radius)
  }

  /// The value times a power of two.
  func shifted(by bits: Int) -> Ball {
    Ball(mantissa: mantissa, exponent: exponent + bits, radius: radius.shifted(by: bits))
  }

  /// A lower bound of the size of every number of the ball that excludes zero.
  var lower: Magnitude {
    // Half the midpoint, where the radius is at most that; else a quarter step is enough to divide.
    let half = middle.shifted(by: -1)
    return radius < half ? half : middle.shifted(by: -30)
  }
}

/// Arithmetic on balls with midpoints of so many bits.
struct BallArithmetic {
  let bits: Int

  /// The midpoint cut to the precision; what is cut off goes to the radius.
  func rounded(_ value: Ball) -> Ball {
    let excess = value.mantissa.magnitude.bitWidth - bits
    guard excess > 0 else { return value }
    return Ball(
      mantissa: value.mantissa >> excess, exponent: value.exponent + excess,
      radius: value.radius + Magnitude(powerOfTwo: value.exponent + excess))
  }

  func ball(_ value: Rational) -> Ball {
    let top = value.numerator
    let bottom = value.denominator
    if bottom == 1 { return rounded(Ball(mantissa: top, exponent: 0, radius: .zero)) }
    let shift = max(0, bits + 2 + bottom.bitWidth - top.bitWidth)
    return rounded(
      Ball(
        mantissa: (top << shift) / bottom, exponent: -shift,
        radius: Magnitude(powerOfTwo: -shift)))
  }

  func add(_ left: Ball, _ right: Ball) -> Ball {
    if left.isExactZero { return right }
    if right.isExactZero { return left }
    let (low, high) = left.exponent <= right.exponent ? (left, right) : (right, left)
    let shift = high.exponent - low.exponent
    let radius = left.radius + right.radius
    // Far apart: the small one is an error of the large one.
    if shift > 4 * bits + 64 + low.mantissa.magnitude.bitWidth, !high.mantissa.isZero {
      return Ball(mantissa: high.mantissa, exponent: high.exponent, radius: high.radius + low.upper)
    }
    guard shift < 1 << 16 else {
      return Ball(mantissa: 0, exponent: 0, radius: left.upper + right.upper)
    }
    return rounded(
      Ball(
        mantissa: low.mantissa + (high.mantissa << shift), exponent: low.exponent, radius: radius))
  }

  func subtract(_ left: Ball, _ right: Ball) -> Ball { add(left, -right) }

  func multiply(_ left: Ball, _ right: Ball) -> Ball {
    var radius = left.radius * right.radius
    if !left.radius.isZero { radius = radius + left.radius * bound(right) }
    if !right.radius.isZero { radius = radius + right.radius * bound(left) }
    return rounded(
      Ball(
        mantissa: left.mantissa * right.mantissa, exponent: left.exponent + right.exponent,
        radius: radius))
  }

  private func bound(_ value: Ball) -> Magnitude {
    value.mantissa.isZero
      ? .zero : Magnitude(powerOfTwo: value.mantissa.magnitude.bitWidth + value.exponent)
  }

  /// One over a ball, or nil where it may hold zero.
  func invert(_ value: Ball) -> Ball? {
    guard value.excludesZero, value.radius < value.lower else { return nil }
    let width = value.mantissa.magnitude.bitWidth
    let mantissa = (BigInt(1) << (width + bits)) / value.mantissa
    let exponent = -value.exponent - width - bits
    // |1/a - 1/b| is |a - b| over |a b|.
    let error = value.radius / (value.lower * value.lower)
    return rounded(
      Ball(
        mantissa: mantissa, exponent: exponent,
        radius: error + Magnitude(powerOfTwo: exponent)))
  }

  /// A whole power by repeated squaring; the exponent is positive.
  func power(_ base: Ball, _ exponent: BigInt) -> Ball {
    var result = Ball.one
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = multiply(result, square) }
      rest >>= 1
      if rest > 0 { square = multiply(square, square) }
    }
    return result
  }

  /// The square root, or nil where the ball may hold a negative number.
  func squareRoot(_ value: Ball) -> Ball? {
    if value.isExactZero { return value }
    guard value.sign == 1, value.radius < value.lower else { return nil }
    var shift = max(0, 2 * bits - value.mantissa.bitWidth)
    if (value.exponent - shift) % 2 != 0 { shift += 1 }
    let root = FixedPoint.squareRoot(value.mantissa << shift)
    let exponent = (value.exponent - shift) / 2
    let lowest = Magnitude(powerOfTwo: (value.scale - 3) / 2 - 1)
    return rounded(
      Ball(
        mantissa: root, exponent: exponent,
        radius: value.radius / lowest + Magnitude(powerOfTwo: exponent + 2)))
  }
}
