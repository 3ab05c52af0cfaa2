import BigInt

extension BallArithmetic {
  private func fixedPoint(extra: Int = 0) -> FixedPoint? {
    let places = bits + extra + FixedPoint.guardBits
    return places <= FixedPoint.constantBits ? FixedPoint(places: places) : nil
  }

  /// The midpoint with so many bits behind the point, cut off.
  private func fixed(_ value: Ball, _ places: Int) -> BigInt {
    let shift = value.exponent + places
    return shift >= 0 ? value.mantissa << shift : value.mantissa >> -shift
  }

  /// A result of a series, whose error the guard bits cover.
  private func ball(_ value: BigInt, _ point: FixedPoint, _ radius: Magnitude) -> Ball {
    rounded(
      Ball(
        mantissa: value, exponent: -point.places,
        radius: radius + Magnitude(powerOfTwo: FixedPoint.guardBits - 16 - point.places)))
  }

  var pi: Ball? { fixedPoint().map { ball($0.pi, $0, .zero) } }

  /// The base of the natural logarithm.
  var euler: Ball? { fixedPoint().map { ball($0.euler, $0, .zero) } }

  func exponential(_ value: Ball) -> Ball? {
    guard value.radius < Magnitude(powerOfTwo: -1), value.scale <= 40 else { return nil }
    if value.isExactZero { return .one }
    guard let point = fixedPoint(extra: max(0, value.scale)) else { return nil }
    let argument = fixed(value, point.places)
    let turns = argument / point.logarithmOfTwo
    let rest = argument - turns * point.logarithmOfTwo
    guard let shift = Int(exactly: turns) else { return nil }
    let power = point.exponential(rest)
    // e^(x + d) is within 2 d e^x of e^x for d below one half; e^x is below 2^2 here.
    let result = ball(power, point, value.radius.shifted(by: 3))
    return result.shifted(by: shift)
  }

  /// The natural logarithm, or nil where the ball may hold a number that is not positive.
  func logarithm(_ value: Ball) -> Ball? {
    guard value.sign == 1, value.radius < value.lower, let point = fixedPoint(extra: 16) else {
      return nil
    }
    // m 2^k with m in 1/2..<1.
    let exponent = value.scale
    guard abs(exponent) < 1 << 40 else { return nil }
    let scaled = value.shifted(by: -exponent)
    let log = point.logarithm(fixed(scaled, point.places)) + BigInt(exponent) * point.logarithmOfTwo
    let spread = Magnitude(
      powerOfTwo: exponent.magnitude == 0
        ? 0 : Int.bitWidth - exponent.magnitude.leadingZeroBitCount)
    let error =
      value.radius / value.lower + spread.shifted(by: FixedPoint.guardBits - 16 - point.places)
    return ball(log, point, error)
  }

  func circle(_ value: Ball) -> (sin: Ball, cos: Ball)? {
    guard value.scale <= 128, let point = fixedPoint(extra: max(0, value.scale)) else { return nil }
    let argument = fixed(value, point.places)
    let half = point.pi >> 1
    // The nearest multiple of a right angle.
    let turns = (2 * argument + half) / (2 * half) - (argument.sign == .minus ? 1 : 0)
    let rest = argument - turns * half
    guard rest.magnitude < (point.one << 1).magnitude else { return nil }
    let (sin, cos) = point.circle(rest)
    let quarter = Int(turns - (turns >> 2) << 2)
    let values = [(sin, cos), (cos, -sin), (-sin, -cos), (-cos, sin)][quarter & 3]
    return (ball(values.0, point, value.radius), ball(values.1, point, value.radius))
  }

  func arctangent(_ value: Ball) -> Ball? {
    guard let point = fixedPoint() else { return nil }
    if value.scale > 1 {
      // arctan x = ±pi/2 - arctan(1/x)
      guard let inverse = invert(value), let pi, let sign = value.sign,
        let small = arctangent(inverse)
      else { return nil }
      let right = pi.shifted(by: -1)
      return subtract(sign > 0 ? right : -right, small)
    }
    return ball(point.arctangent(fixed(value, point.places)), point, value.radius)
  }

  /// A root of a positive number.
  func root(_ value: Ball, _ index: Int) -> Ball? {
    if value.isExactZero { return value }
    if index == 2 { return squareRoot(value) }
    guard let log = logarithm(value) else { return nil }
    return exponential(multiply(log, ball(Rational(1, index))))
  }
}
