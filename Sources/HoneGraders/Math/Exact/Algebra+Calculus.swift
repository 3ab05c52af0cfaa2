extension Algebra {
  /// A definite integral of powers, exponentials, sines and cosines, term by term.
  func integral(
    _ variable: String, _ lower: Expression, _ upper: Expression, _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    guard lower != .constant(.infinity), upper != .constant(.infinity) else {
      throw .unsupported("an integral without bounds")
    }
    let integrand = try normalize(body)
    let ends = (try normalize(lower), try normalize(upper))
    let index = try atom(.symbol(variable))
    guard !variables(of: Quotient(integrand.denominator)).contains(variable) else {
      throw .unsupported("an integral of a fraction")
    }
    var result = Quotient.zero
    for term in integrand.numerator.terms {
      var constant: [Monomial.Factor] = []
      var moving: [Monomial.Factor] = []
      for factor in term.monomial.factors {
        let single = Quotient(Polynomial(Monomial(factor.atom)))
        if variables(of: single).contains(variable) {
          moving.append(factor)
        } else {
          constant.append(factor)
        }
      }
      guard moving.count <= 1 else { throw .unsupported("an integral of a product") }
      let value = try primitive(moving.first, index, ends)
      let scale = Polynomial(Monomial(factors: constant), term.coefficient)
      result = try add(result, try multiply(Quotient(scale), value))
    }
    return try multiply(result, try invert(Quotient(integrand.denominator)))
  }

  /// The difference of a factor's antiderivative between two ends.
  private func primitive(
    _ factor: Monomial.Factor?, _ index: Int, _ ends: (Quotient, Quotient)
  ) throws(MathTrouble) -> Quotient {
    guard let factor else { return try subtract(ends.1, ends.0) }
    if factor.atom == index {
      let exponent = factor.exponent + .one
      if exponent.isZero {
        return try subtract(try apply(.log, [ends.1]), try apply(.log, [ends.0]))
      }
      if exponent.isNegative { try requireSameSign(ends) }
      let powers = (
        try power(ends.0, Quotient(exponent)), try power(ends.1, Quotient(exponent))
      )
      return try multiply(
        try subtract(powers.1, powers.0), Quotient(exponent.inverse ?? .one))
    }
    guard factor.exponent.isOne else { throw .unsupported("an integral of such a power") }
    switch table.atoms[factor.atom] {
    case .root(let inside, let root) where inside == Quotient(Polynomial(Monomial(index))):
      let exponent = Rational(root + 1, root)
      let powers = (
        try power(ends.0, Quotient(exponent)), try power(ends.1, Quotient(exponent))
      )
      return try multiply(try subtract(powers.1, powers.0), Quotient(Rational(root, root + 1)))
    case .function(let function, let arguments) where function == .sin || function == .cos:
      let (slope, values) = try line(arguments[0], index, ends)
      let other: Function = function == .sin ? .cos : .sin
      let change = try subtract(try apply(other, [values.1]), try apply(other, [values.0]))
      let scaled = try multiply(change, try invert(slope))
      return function == .sin ? -scaled : scaled
    case .power(let base, let exponent) where base == (try quotient(.euler)):
      let (slope, values) = try line(exponent, index, ends)
      let change = try subtract(try power(base, values.1), try power(base, values.0))
      return try multiply(change, try invert(slope))
    default: throw .unsupported("an integral of such a function")
    }
  }

  /// No pole may lie between the ends.
  private func requireSameSign(_ ends: (Quotient, Quotient)) throws(MathTrouble) {
    let product = try multiply(ends.0, ends.1)
    guard !hasVariables(product), try Evaluator(self).sign(of: product) == 1 else {
      throw .undefined("an integral across a pole")
    }
  }

  /// The slope of a linear argument and its values at both ends.
  private func line(
    _ argument: Quotient, _ index: Int, _ ends: (Quotient, Quotient)
  ) throws(MathTrouble) -> (slope: Quotient, values: (Quotient, Quotient)) {
    guard argument.isPolynomial else { throw .unsupported("an integral by substitution") }
    var slope = Polynomial.zero
    var rest = Polynomial.zero
    for term in argument.numerator.terms {
      if let factor = term.monomial.factors.first(where: { $0.atom == index }) {
        guard factor.exponent.isOne else { throw .unsupported("an integral by substitution") }
        let others = Monomial(factors: term.monomial.factors.filter { $0.atom != index })
        slope = slope + Polynomial(others, term.coefficient)
      } else {
        rest = rest + Polynomial(terms: [term])
      }
    }
    let values = (
      try add(try multiply(Quotient(slope), ends.0), Quotient(rest)),
      try add(try multiply(Quotient(slope), ends.1), Quotient(rest))
    )
    return (Quotient(slope), values)
  }

  /// A limit: the value where there is one, else the leading behaviour of a fraction.
  func limit(
    _ variable: String, _ point: Expression, _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    let isInfinite = point == .constant(.infinity)
    if !isInfinite {
      do {
        return try normalize(body.substituting(point, for: variable))
      } catch {
        guard case .undefined = error else { throw error }
      }
    }
    // x = a + h, or x = 1/h: the quotient of the lowest powers of h.
    let small = Expression.symbol("limit \(variable)")
    let place = isInfinite ? small.reciprocal : .sum([point, small])
    let value = try normalize(body.substituting(place, for: variable))
    let index = try atom(.symbol("limit \(variable)"))
    let (top, bottom) = (
      try lowest(value.numerator, index), try lowest(value.denominator, index)
    )
    let order = top.order - bottom.order
    if order > .zero { return .zero }
    guard order.isZero else { throw .unsupported("an infinite limit") }
    return try multiply(Quotient(top.part), try invert(Quotient(bottom.part)))
  }

  /// The terms of the lowest power of an atom, without it.
  private func lowest(
    _ polynomial: Polynomial, _ index: Int
  ) throws(MathTrouble) -> (order: Rational, part: Polynomial) {
    var order: Rational?
    var part: [Polynomial.Term] = []
    for term in polynomial.terms {
      let power = term.monomial.factors.first { $0.atom == index }?.exponent ?? .zero
      let rest = Monomial(factors: term.monomial.factors.filter { $0.atom != index })
      for factor in rest.factors {
        let single = Quotient(Polynomial(Monomial(factor.atom)))
        guard variables(of: single).allSatisfy({ !$0.hasPrefix("limit ") }) else {
          throw .unsupported("such a limit")
        }
      }
      if let known = order, power > known { continue }
      if order.map({ power < $0 }) ?? true {
        order = power
        part = []
      }
      part.append(Polynomial.Term(monomial: rest, coefficient: term.coefficient))
    }
    return (order ?? .zero, Polynomial.collecting(part))
  }
}
