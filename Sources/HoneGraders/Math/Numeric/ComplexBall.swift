import BigInt

/// A complex number in a box of two balls; real where there is no imaginary part.
struct ComplexBall {
  var real: Ball
  var imaginary: Ball?

  init(_ real: Ball, _ imaginary: Ball? = nil) {
    self.real = real
    self.imaginary = imaginary.flatMap { $0.isExactZero ? nil : $0 }
  }

  var isReal: Bool { imaginary == nil }

  static prefix func - (value: ComplexBall) -> ComplexBall {
    ComplexBall(-value.real, value.imaginary.map { -$0 })
  }

  /// A bound that no number of the box exceeds in size.
  var upper: Magnitude { real.upper + (imaginary?.upper ?? .zero) }

  /// Whether zero is certainly not in the box.
  var excludesZero: Bool { real.excludesZero || imaginary?.excludesZero ?? false }
}

extension BallArithmetic {
  func add(_ left: ComplexBall, _ right: ComplexBall) -> ComplexBall {
    let real = add(left.real, right.real)
    switch (left.imaginary, right.imaginary) {
    case (nil, nil): return ComplexBall(real)
    case (let a?, nil): return ComplexBall(real, a)
    case (nil, let b?): return ComplexBall(real, b)
    case (let a?, let b?): return ComplexBall(real, add(a, b))
    }
  }

  func multiply(_ left: ComplexBall, _ right: ComplexBall) -> ComplexBall {
    let (a, b) = (left.real, right.real)
    switch (left.imaginary, right.imaginary) {
    case (nil, nil): return ComplexBall(multiply(a, b))
    case (let c?, nil): return ComplexBall(multiply(a, b), multiply(c, b))
    case (nil, let d?): return ComplexBall(multiply(a, b), multiply(a, d))
    case (let c?, let d?):
      return ComplexBall(
        subtract(multiply(a, b), multiply(c, d)), add(multiply(a, d), multiply(c, b)))
    }
  }

  func invert(_ value: ComplexBall) -> ComplexBall? {
    guard let imaginary = value.imaginary else { return invert(value.real).map { ComplexBall($0) } }
    let square = add(multiply(value.real, value.real), multiply(imaginary, imaginary))
    guard let inverse = invert(square) else { return nil }
    return ComplexBall(multiply(value.real, inverse), -multiply(imaginary, inverse))
  }

  func power(_ base: ComplexBall, _ exponent: BigInt) -> ComplexBall {
    guard !base.isReal else { return ComplexBall(power(base.real, exponent)) }
    var result = ComplexBall(.one)
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = multiply(result, square) }
      rest >>= 1
      if rest > 0 { square = multiply(square, square) }
    }
    return result
  }

  func exponential(_ value: ComplexBall) -> ComplexBall? {
    guard let size = exponential(value.real) else { return nil }
    guard let imaginary = value.imaginary else { return ComplexBall(size) }
    guard let (sin, cos) = circle(imaginary) else { return nil }
    return ComplexBall(multiply(size, cos), multiply(size, sin))
  }

  /// The principal logarithm.
  func logarithm(_ value: ComplexBall) -> ComplexBall? {
    guard let imaginary = value.imaginary else {
      guard let sign = value.real.sign else { return nil }
      if sign > 0 { return logarithm(value.real).map { ComplexBall($0) } }
      guard let log = logarithm(-value.real), let pi else { return nil }
      return ComplexBall(log, pi)
    }
    let square = add(multiply(value.real, value.real), multiply(imaginary, imaginary))
    guard let log = logarithm(square), let angle = argument(value.real, imaginary) else {
      return nil
    }
    return ComplexBall(log.shifted(by: -1), angle)
  }

  /// The angle of a point that is off the real axis.
  private func argument(_ x: Ball, _ y: Ball) -> Ball? {
    guard let pi, let sign = y.sign else { return nil }
    // arctan2 as pi/2 - arctan(x/y) above the axis, mirrored below.
    guard let inverse = invert(y), let angle = arctangent(multiply(x, inverse)) else { return nil }
    let right = pi.shifted(by: -1)
    return subtract(sign > 0 ? right : -right, angle)
  }

  /// The principal root; of a negative real number to an odd index the real one.
  func root(_ value: ComplexBall, _ index: Int) -> ComplexBall? {
    if value.isReal {
      if value.real.isExactZero { return value }
      guard let sign = value.real.sign else { return nil }
      if sign > 0 { return root(value.real, index).map { ComplexBall($0) } }
      if index % 2 == 1 { return root(-value.real, index).map { ComplexBall(-$0) } }
      if index == 2 { return root(-value.real, 2).map { ComplexBall(.zero, $0) } }
    }
    guard let log = logarithm(value) else { return nil }
    return exponential(multiply(log, ComplexBall(ball(Rational(1, index)))))
  }

  /// The modulus.
  func absolute(_ value: ComplexBall) -> Ball? {
    guard let imaginary = value.imaginary else {
      if value.real.isExactZero { return value.real }
      return value.real.sign.map { $0 < 0 ? -value.real : value.real }
    }
    return squareRoot(add(multiply(value.real, value.real), multiply(imaginary, imaginary)))
  }
}
