import BigInt

extension Algebra {
  /// The value of a function, in normal form.
  func apply(_ function: Function, _ arguments: [Quotient]) throws(MathTrouble) -> Quotient {
    switch function {
    case .root: return try root(of: arguments)
    case .log: return try logarithm(of: arguments)
    case .sin, .cos, .tan, .cot, .sec, .csc: return try trigonometric(function, arguments[0])
    case .cis:
      let circle = try circle(of: arguments[0])
      return try add(circle.cos, try multiply(circle.sin, imaginaryUnit()))
    case .sinh, .cosh, .tanh, .coth, .sech, .csch: return try hyperbolic(function, arguments[0])
    case .percent: return try multiply(arguments[0], Quotient(Rational(1, 100)))
    case .degrees:
      return try multiply(arguments[0], try multiply(try quotient(.pi), Quotient(Rational(1, 180))))
    case .absolute: return try absolute(arguments[0])
    case .sign, .floor, .ceiling: return try rounded(function, arguments[0])
    case .factorial, .doubleFactorial, .binomial, .permutations:
      return try combinatorial(function, arguments)
    case .gcd, .lcm, .modulo: return try divisibility(function, arguments)
    case .maximum, .minimum: return try extremum(function, arguments)
    case .arcsin, .arccos, .arctan:
      if let known = try special(function, arguments[0]) { return known }
      return try opaque(function, arguments)
    case .arccot: return try inverse(.arctan, of: arguments[0])
    case .arcsec: return try inverse(.arccos, of: arguments[0])
    case .arccsc: return try inverse(.arcsin, of: arguments[0])
    case .realPart, .imaginaryPart, .conjugate: return try part(function, arguments[0])
    default: return try opaque(function, arguments)
    }
  }

  /// A function as an atom.
  func opaque(_ function: Function, _ arguments: [Quotient]) throws(MathTrouble) -> Quotient {
    try quotient(.function(function, arguments))
  }

  private func inverse(_ function: Function, of argument: Quotient) throws(MathTrouble) -> Quotient
  {
    try opaque(function, [try invert(argument)])
  }

  private func root(of arguments: [Quotient]) throws(MathTrouble) -> Quotient {
    guard let index = arguments[1].constant?.integer, (1...64).contains(index) else {
      return try power(arguments[0], try invert(arguments[1]))
    }
    return index == 1 ? arguments[0] : try root(arguments[0], index)
  }

  // MARK: - Logarithms

  private func logarithm(of arguments: [Quotient]) throws(MathTrouble) -> Quotient {
    let top = try naturalLogarithm(arguments[0])
    guard arguments.count > 1 else { return top }
    return try multiply(top, try invert(try naturalLogarithm(arguments[1])))
  }

  /// A logarithm, split over the factors that are known to be positive.
  private func naturalLogarithm(_ value: Quotient) throws(MathTrouble) -> Quotient {
    guard !value.isZero else { throw .undefined("the logarithm of zero") }
    guard value.isPolynomial, let single = value.numerator.single,
      single.coefficient.digits <= 400
    else { return try opaque(.log, [value]) }
    var result = Quotient.zero
    var rest = Monomial.one
    for factor in single.monomial.factors {
      switch table.atoms[factor.atom] {
      case .euler: result = try add(result, Quotient(factor.exponent))
      case .radical(let base, _):
        let log = try opaque(.log, [Quotient(base)])
        result = try add(result, try multiply(log, Quotient(factor.exponent)))
      case .power(let base, let exponent) where table.isPositive(factor.atom):
        let log = try multiply(try naturalLogarithm(base), exponent)
        result = try add(result, try multiply(log, Quotient(factor.exponent)))
      case .pi:
        let log = try opaque(.log, [try quotient(.pi)])
        result = try add(result, try multiply(log, Quotient(factor.exponent)))
      default: rest = rest * Monomial(factor.atom, factor.exponent)
      }
    }
    for (part, sign) in [
      (single.coefficient.magnitude.numerator, 1), (single.coefficient.denominator, -1),
    ] where part != 1 {
      for factor in try PrimeFactors.of(part, meter: meter) {
        let log = try opaque(.log, [Quotient(factor.base)])
        result = try add(result, try multiply(log, Quotient(Rational(sign * factor.power))))
      }
    }
    let isNegative = single.coefficient.isNegative
    if rest.isOne {
      guard isNegative else { return result }
      return try add(result, try multiply(try quotient(.pi), try imaginaryUnit()))
    }
    let inner = Polynomial(rest, isNegative ? Rational(-1) : .one)
    return try add(result, try opaque(.log, [Quotient(inner)]))
  }

  // MARK: - Trigonometry

  private func trigonometric(_ function: Function, _ argument: Quotient) throws(MathTrouble)
    -> Quotient
  {
    let circle = try circle(of: argument)
    switch function {
    case .sin: return circle.sin
    case .cos: return circle.cos
    case .tan: return try multiply(circle.sin, try invert(circle.cos))
    case .cot: return try multiply(circle.cos, try invert(circle.sin))
    case .sec: return try invert(circle.cos)
    default: return try invert(circle.sin)
    }
  }

  /// Inverse functions of the values that special angles have, by their squares.
  private func special(_ function: Function, _ value: Quotient) throws(MathTrouble) -> Quotient? {
    guard value.isPolynomial, value.numerator.terms.count <= 1, !hasVariables(value),
      let square = try multiply(value, value).constant
    else { return nil }
    let turns: [(square: Rational, turn: Rational)] =
      function == .arctan
      ? [
        (.zero, .zero), (Rational(1, 3), Rational(1, 6)), (.one, Rational(1, 4)),
        (Rational(3), Rational(1, 3)),
      ]
      : [
        (.zero, .zero), (Rational(1, 4), Rational(1, 6)), (Rational(1, 2), Rational(1, 4)),
        (Rational(3, 4), Rational(1, 3)), (.one, Rational(1, 2)),
      ]
    guard var turn = turns.first(where: { $0.square == square })?.turn else { return nil }
    if value.numerator.single?.coefficient.isNegative ?? false { turn = -turn }
    if function == .arccos { turn = Rational(1, 2) - turn }
    return try multiply(try quotient(.pi), Quotient(turn))
  }

  private func hyperbolic(_ function: Function, _ argument: Quotient) throws(MathTrouble)
    -> Quotient
  {
    let euler = try quotient(.euler)
    let up = try power(euler, argument)
    let down = try invert(up)
    let half = Quotient(Rational(1, 2))
    let sinh = try multiply(try subtract(up, down), half)
    let cosh = try multiply(try add(up, down), half)
    switch function {
    case .sinh: return sinh
    case .cosh: return cosh
    case .tanh: return try multiply(sinh, try invert(cosh))
    case .coth: return try multiply(cosh, try invert(sinh))
    case .sech: return try invert(cosh)
    default: return try invert(sinh)
    }
  }

  // MARK: - Size and sign

  /// Whether anything but constants occurs.
  func hasVariables(_ value: Quotient) -> Bool {
    !variables(of: value).isEmpty
  }

  private func absolute(_ value: Quotient) throws(MathTrouble) -> Quotient {
    if let constant = value.constant { return Quotient(constant.magnitude) }
    if !hasVariables(value) {
      if !value.isPolynomial {
        let top = try absolute(Quotient(value.numerator))
        return try multiply(top, try invert(try absolute(Quotient(value.denominator))))
      }
      guard let sign = try Evaluator(self).sign(of: value) else {
        let squares = try modulusSquared(value)
        return try root(squares, 2)
      }
      return sign < 0 ? -value : value
    }
    // |-2x| is 2|x|.
    let content = value.isPolynomial ? value.numerator.content : .one
    let primitive = try multiply(value, Quotient(content.inverse ?? .one))
    return try multiply(Quotient(content.magnitude), try opaque(.absolute, [primitive]))
  }

  /// The square of a complex number's modulus, from its conjugate.
  private func modulusSquared(_ value: Quotient) throws(MathTrouble) -> Quotient {
    try multiply(value, try part(.conjugate, value))
  }

  private func rounded(_ function: Function, _ value: Quotient) throws(MathTrouble) -> Quotient {
    guard !hasVariables(value) else {
      return function == .sign
        ? try opaque(function, [value]) : try roundedFormula(value, isCeiling: function == .ceiling)
    }
    if function == .sign {
      if value.isZero { return .zero }
      guard let sign = try Evaluator(self).sign(of: value) else { throw .unsupported("a sign") }
      return Quotient(Rational(sign))
    }
    let isCeiling = function == .ceiling
    let argument = isCeiling ? -value : value
    let floor: BigInt
    if let constant = argument.constant {
      floor = constant.floor
    } else {
      floor = try Evaluator(self).floor(of: argument)
    }
    return Quotient(Rational(isCeiling ? -floor : floor))
  }

  /// A rounded formula: ceilings as floors, and whole numbers taken out of them.
  private func roundedFormula(_ value: Quotient, isCeiling: Bool) throws(MathTrouble) -> Quotient {
    var inside = isCeiling ? -value : value
    var whole = Quotient.zero
    if inside.isPolynomial, let first = inside.numerator.terms.first, first.monomial.isOne {
      try meter.spend(10 + first.coefficient.bits / 64)
      whole = Quotient(Rational(first.coefficient.floor))
      inside = try subtract(inside, whole)
    }
    let floor = try add(try opaque(.floor, [inside]), whole)
    return isCeiling ? -floor : floor
  }

  private func extremum(_ function: Function, _ arguments: [Quotient]) throws(MathTrouble)
    -> Quotient
  {
    guard let first = arguments.first else { throw .unreadable("an extremum of nothing") }
    var best = first
    for argument in arguments.dropFirst() {
      let difference = try subtract(argument, best)
      if difference.isZero { continue }
      guard !hasVariables(difference) else { return try opaque(function, arguments) }
      guard let sign = try Evaluator(self).sign(of: difference) else {
        throw .unsupported("which of two values is larger")
      }
      if (sign > 0) == (function == .maximum) { best = argument }
    }
    return best
  }

  private func part(_ function: Function, _ value: Quotient) throws(MathTrouble) -> Quotient {
    guard !hasVariables(value), value.isPolynomial,
      value.numerator.atoms.allSatisfy({
        switch table.atoms[$0] {
        case .imaginaryUnit, .pi, .euler, .radical: true
        default: false
        }
      })
    else { return try opaque(function, [value]) }
    var (real, imaginary): ([Polynomial.Term], [Polynomial.Term]) = ([], [])
    for term in value.numerator.terms {
      let rest = term.monomial.factors.filter { table.atoms[$0.atom] != .imaginaryUnit }
      if rest.count == term.monomial.factors.count {
        real.append(term)
      } else {
        imaginary.append(
          Polynomial.Term(monomial: Monomial(factors: rest), coefficient: term.coefficient))
      }
    }
    let (re, im) = (
      Quotient(Polynomial.collecting(real)), Quotient(Polynomial.collecting(imaginary))
    )
    switch function {
    case .realPart: return re
    case .imaginaryPart: return im
    default: return try subtract(re, try multiply(im, try imaginaryUnit()))
    }
  }
}
