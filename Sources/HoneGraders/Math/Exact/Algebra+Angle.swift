extension Algebra {
  /// Sine and cosine of an angle.
  struct Circle {
    var sin: Quotient
    var cos: Quotient
  }

  /// Sine and cosine of a fraction of pi: radicals for multiples of 15 and 18 degrees.
  func circle(_ turn: Rational) throws(MathTrouble) -> Circle {
    // Into 0..<2, then into 0...1/2 by symmetry.
    let whole = Rational((turn * Rational(1, 2)).floor) * Rational(2)
    var angle = turn - whole
    var (sinSign, cosSign) = (false, false)
    if angle >= .one {
      angle = angle - .one
      sinSign = true
      cosSign = true
    }
    if angle > Rational(1, 2) {
      angle = .one - angle
      cosSign.toggle()
    }
    var sin = try quarterSine(angle)
    var cos = try quarterSine(Rational(1, 2) - angle)
    if sinSign { sin = -sin }
    if cosSign { cos = -cos }
    return Circle(sin: sin, cos: cos)
  }

  /// The sine of an angle from 0 to pi/2, as a fraction of pi.
  private func quarterSine(_ angle: Rational) throws(MathTrouble) -> Quotient {
    func surd(_ value: Int) throws(MathTrouble) -> Quotient {
      try root(Quotient(Rational(value)), 2)
    }
    func scaled(_ value: Quotient, _ top: Int, _ bottom: Int) throws(MathTrouble) -> Quotient {
      try multiply(value, Quotient(Rational(top, bottom)))
    }
    switch angle {
    case .zero: return .zero
    case Rational(1, 6): return Quotient(Rational(1, 2))
    case Rational(1, 4): return try scaled(try surd(2), 1, 2)
    case Rational(1, 3): return try scaled(try surd(3), 1, 2)
    case Rational(1, 2): return .one
    case Rational(1, 12): return try scaled(try subtract(try surd(6), try surd(2)), 1, 4)
    case Rational(5, 12): return try scaled(try add(try surd(6), try surd(2)), 1, 4)
    case Rational(1, 10): return try scaled(try subtract(try surd(5), .one), 1, 4)
    case Rational(3, 10): return try scaled(try add(try surd(5), .one), 1, 4)
    default:
      let pi = try quotient(.pi)
      return try sineAtom(try multiply(pi, Quotient(angle)))
    }
  }

  /// The sine of anything else, as an atom whose square is that of one minus the cosine's.
  func sineAtom(_ argument: Quotient) throws(MathTrouble) -> Quotient {
    let sine = try atom(.function(.sin, [argument]))
    if table.relations[sine] == nil {
      let cosine = try atom(.function(.cos, [argument]))
      let square = Polynomial(Monomial(cosine, Rational(2)))
      table.relate(sine, degree: 2, .one + -square)
    }
    return Quotient(Polynomial(Monomial(sine)))
  }

  /// The sine and cosine of any argument.
  func circle(of argument: Quotient) throws(MathTrouble) -> Circle {
    if argument.isZero { return Circle(sin: .zero, cos: .one) }
    if let turn = fractionOfPi(argument) { return try circle(turn) }
    // Odd and even: the sign of the last term decides for a spelling.
    let isNegative = argument.numerator.terms.last?.coefficient.isNegative ?? false
    let plain = isNegative ? -argument : argument
    let sin = try sineAtom(plain)
    let cos = try quotient(.function(.cos, [plain]))
    return Circle(sin: isNegative ? -sin : sin, cos: cos)
  }

  /// The factor of an argument that is a rational multiple of pi.
  private func fractionOfPi(_ argument: Quotient) -> Rational? {
    guard argument.isPolynomial, let single = argument.numerator.single,
      single.monomial.factors.count == 1, let factor = single.monomial.factors.first,
      factor.exponent.isOne, table.atoms[factor.atom] == .pi
    else { return nil }
    return single.coefficient
  }
}
