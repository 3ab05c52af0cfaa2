import BigInt

extension Algebra {
  /// A power, by the kind of its exponent.
  func power(_ base: Quotient, _ exponent: Quotient) throws(MathTrouble) -> Quotient {
    guard let constant = exponent.constant else { return try symbolicPower(base, exponent) }
    if constant.isInteger { return try wholePower(base, constant) }
    guard let words = constant.words else { throw .unsupported("a root of such an index") }
    guard (2...64).contains(words.denominator) else {
      return try quotient(.power(base: base, exponent: exponent))
    }
    // The whole part first: x^{7/3} is x^2 x^{1/3}.
    let whole = constant.floor
    let rest = constant - Rational(whole)
    let top = rest.words?.numerator ?? 1
    let root = try root(base, words.denominator)
    let fraction = try wholePower(root, Rational(top))
    return try multiply(try wholePower(base, Rational(whole)), fraction)
  }

  // MARK: - Whole exponents

  func wholePower(_ base: Quotient, _ exponent: Rational) throws(MathTrouble) -> Quotient {
    if exponent.isZero {
      guard !base.isZero else { throw .undefined("zero to the power of zero") }
      return .one
    }
    if exponent.isOne { return base }
    if base.isZero {
      guard !exponent.isNegative else { throw .undefined("division by zero") }
      return .zero
    }
    if exponent.isNegative { return try wholePower(try invert(base), -exponent) }
    let top = try wholePower(base.numerator, exponent)
    if base.isPolynomial { return Quotient(top) }
    let bottom = try wholePower(base.denominator, exponent)
    return try multiply(Quotient(top), try invert(Quotient(bottom)))
  }

  private func wholePower(
    _ base: Polynomial, _ exponent: Rational
  ) throws(MathTrouble) -> Polynomial {
    if base == .one { return base }
    if let single = base.single {
      guard exponent.digits <= 24 else { throw .limit("exponent") }
      let monomial = Polynomial(single.monomial.power(exponent))
      let scale = try constantPower(single.coefficient, exponent)
      // Multiplied once, so that powers of atoms come into their ranges.
      return try multiply(scale, try multiply(monomial, .one))
    }
    if let small = exponent.integer, small <= meter.limits.exponent,
      Self.terms(base.terms.count, small) <= meter.limits.terms / 4
    {
      return try raise(base, small)
    }
    return try keep(base, exponent)
  }

  /// The most terms that a power of a sum of so many terms has.
  private static func terms(_ count: Int, _ exponent: Int) -> Int {
    var result = 1
    for step in 1..<max(2, count) {
      let (product, overflow) = result.multipliedReportingOverflow(by: exponent + step)
      guard !overflow else { return .max }
      result = product / step
    }
    return result
  }

  /// A rational number to a power, written out where its digits allow.
  private func constantPower(_ base: Rational, _ exponent: Rational) throws(MathTrouble)
    -> Polynomial
  {
    if base.isOne { return .one }
    if base.magnitude.isOne {
      return Polynomial(exponent.numerator % 2 == 0 ? .one : base)
    }
    if let small = exponent.integer, small <= 20_000,
      base.digits * small <= meter.limits.digits * 2
    {
      return Polynomial(try power(base, exponent))
    }
    let sign = base.isNegative && exponent.numerator % 2 != 0 ? Rational(-1) : .one
    let top = Polynomial(Rational(base.magnitude.numerator))
    let bottom = Polynomial(Rational(base.denominator))
    var kept = top == .one ? Polynomial.one : try keep(top, exponent)
    if bottom != .one { kept = try multiply(kept, try keep(bottom, -exponent)) }
    return kept.scaled(by: sign)
  }

  /// A power of a sum or number that is too large to write out: the sum becomes an atom.
  private func keep(_ base: Polynomial, _ exponent: Rational) throws(MathTrouble) -> Polynomial {
    guard exponent.digits <= 24 else { throw .limit("exponent") }
    if base.constant != nil {
      return Polynomial(Monomial(try atom(.kept(base)), exponent))
    }
    let content = base.content
    let primitive = base.scaled(by: content.inverse ?? .one)
    let power = Polynomial(Monomial(try atom(.kept(primitive)), exponent))
    return try multiply(try constantPower(content, exponent), power)
  }

  // MARK: - Roots

  /// The root of a whole index: real where there is a real one, else the principal one.
  func root(_ value: Quotient, _ index: Int) throws(MathTrouble) -> Quotient {
    if value.isZero { return .zero }
    guard value.isPolynomial else {
      // Of a positive number above and below each by itself.
      if let bottom = value.denominator.single,
        bottom.monomial.factors.allSatisfy({ table.isPositive($0.atom) })
      {
        let top = try root(Quotient(value.numerator), index)
        return try multiply(top, try invert(try root(Quotient(value.denominator), index)))
      }
      return try opaqueRoot(value, index)
    }
    guard let single = value.numerator.single else { return try rootOfSum(value, index) }
    return try rootOfTerm(single, index)
  }

  /// Splits a term into what has a root by itself and what stays below the root.
  private func rootOfTerm(_ term: Polynomial.Term, _ index: Int) throws(MathTrouble) -> Quotient {
    var outside = Monomial.one
    var inside = Monomial.one
    for factor in term.monomial.factors {
      let share = factor.exponent * Rational(1, index)
      if table.isPositive(factor.atom) || index % 2 == 1 && share.isInteger {
        outside = outside * Monomial(factor.atom, share)
      } else {
        inside = inside * Monomial(factor.atom, factor.exponent)
      }
    }
    var result = Quotient(try multiply(Polynomial(outside), .one))
    result = try multiply(result, try rootOfPositive(term.coefficient.magnitude, index))
    if inside.isOne {
      guard term.coefficient.isNegative else { return result }
      if index % 2 == 1 { return -result }
      if index == 2 { return try multiply(result, try imaginaryUnit()) }
      return try multiply(result, try opaqueRoot(Quotient(Rational(-1)), index))
    }
    let rest = Polynomial(inside, term.coefficient.isNegative ? Rational(-1) : .one)
    return try multiply(result, try opaqueRoot(Quotient(rest), index))
  }

  /// A root of a positive fraction: prime factors with fractional exponents.
  private func rootOfPositive(_ value: Rational, _ index: Int) throws(MathTrouble) -> Quotient {
    if value.isOne { return .one }
    guard value.digits <= 400 else {
      return try opaqueRoot(Quotient(value), index)
    }
    var result = Polynomial.one
    for (part, sign) in [(value.numerator, 1), (value.denominator, -1)] where part != 1 {
      for factor in try PrimeFactors.of(part, meter: meter) {
        let atom = try atom(.radical(factor.base, isPrime: factor.isPrime))
        let exponent = Rational(sign * factor.power, index)
        result = try multiply(result, Polynomial(Monomial(atom, exponent)))
      }
    }
    return Quotient(result)
  }

  private func rootOfSum(_ value: Quotient, _ index: Int) throws(MathTrouble) -> Quotient {
    if index == 2, let plain = try denested(value.numerator) { return plain }
    let content = value.numerator.content.magnitude
    let primitive = Quotient(value.numerator.scaled(by: content.inverse ?? .one))
    return try multiply(
      try rootOfPositive(content, index), try opaqueRoot(primitive, index))
  }

  /// A root as an atom; its power is what stands below the root.
  private func opaqueRoot(_ value: Quotient, _ index: Int) throws(MathTrouble) -> Quotient {
    let atom = try atom(.root(value, index))
    if value.isPolynomial, table.relations[atom] == nil {
      table.relate(atom, degree: index, value.numerator)
    }
    return Quotient(Polynomial(Monomial(atom)))
  }

  /// `\sqrt{a + b\sqrt c}` as `\sqrt d + \sqrt e`, where `a^2 - b^2 c` is a square.
  private func denested(_ value: Polynomial) throws(MathTrouble) -> Quotient? {
    guard value.terms.count == 2, value.terms[0].monomial.isOne else { return nil }
    let a = value.terms[0].coefficient
    let surd = value.terms[1]
    guard a > .zero, a.digits <= 40, surd.coefficient.digits <= 40,
      surd.monomial.factors.allSatisfy({ factor in
        if case .radical = table.atoms[factor.atom] { return factor.exponent == Rational(1, 2) }
        return false
      })
    else { return nil }
    let square = try multiply(
      Polynomial(surd.monomial, surd.coefficient), Polynomial(surd.monomial, surd.coefficient))
    guard let bc = square.constant else { return nil }
    let rest = a * a - bc
    guard !rest.isNegative, let root = Self.exactRoot(rest) else { return nil }
    let half = Rational(1, 2)
    let first = try rootOfPositive((a + root) * half, 2)
    let difference = (a - root) * half
    guard difference > .zero else { return nil }
    let second = try rootOfPositive(difference, 2)
    return try add(first, surd.coefficient.isNegative ? -second : second)
  }

  /// The square root of a fraction that is a square, or nil.
  static func exactRoot(_ value: Rational) -> Rational? {
    guard !value.isNegative else { return nil }
    let top = value.numerator.magnitude.squareRoot()
    let bottom = value.denominator.magnitude.squareRoot()
    guard top * top == value.numerator.magnitude, bottom * bottom == value.denominator.magnitude
    else { return nil }
    return Rational(BigInt(top), over: BigInt(bottom))
  }

  // MARK: - Exponents with variables

  /// `b^{c_1 m_1 + c_0}` as `(b^{m_1})^{c_1} b^{c_0}`, so that equal powers are equal atoms.
  private func symbolicPower(_ base: Quotient, _ exponent: Quotient) throws(MathTrouble) -> Quotient
  {
    if base == .one { return base }
    guard exponent.isPolynomial, !base.isZero else {
      return try quotient(.power(base: base, exponent: exponent))
    }
    if let value = base.constant { return try power(of: value, exponent.numerator) }
    if let single = base.numerator.single, base.isPolynomial, single.coefficient.isOne,
      single.monomial.factors.count == 1, let factor = single.monomial.factors.first
    {
      let scaled = try multiply(exponent, Quotient(factor.exponent))
      switch table.atoms[factor.atom] {
      case .euler: return try exponential(scaled.numerator)
      case .power(let inner, let power) where table.isPositive(factor.atom):
        return try self.power(inner, try multiply(power, scaled))
      default: break
      }
    }
    return try splitPower(base, exponent.numerator)
  }

  private func splitPower(_ base: Quotient, _ exponent: Polynomial) throws(MathTrouble) -> Quotient
  {
    var result = Quotient.one
    for term in exponent.terms {
      if term.monomial.isOne {
        result = try multiply(result, try power(base, Quotient(term.coefficient)))
      } else {
        // Only whole multiples may leave the exponent of a base that may be negative.
        let outside = term.coefficient.isInteger ? term.coefficient : .one
        let inside = term.coefficient.isInteger ? Rational.one : term.coefficient
        let exponent = Quotient(Polynomial(term.monomial, inside))
        let atom = try atom(.power(base: base, exponent: exponent))
        result = try multiply(result, Quotient(Polynomial(Monomial(atom, outside))))
      }
    }
    return result
  }

  /// A constant to a power with variables: its prime factors to that power.
  private func power(of base: Rational, _ exponent: Polynomial) throws(MathTrouble) -> Quotient {
    var result = Quotient.one
    if base.isNegative {
      let atom = try atom(
        .power(base: Quotient(Rational(-1)), exponent: Quotient(exponent)))
      table.relate(atom, degree: 2, .one)
      result = Quotient(Polynomial(Monomial(atom)))
    }
    guard base.digits <= 100 else {
      return try quotient(
        .power(base: Quotient(base), exponent: Quotient(exponent)))
    }
    for (part, sign) in [(base.magnitude.numerator, 1), (base.denominator, -1)] where part != 1 {
      for factor in try PrimeFactors.of(part, meter: meter) {
        let scaled = exponent.scaled(by: Rational(sign * factor.power))
        result = try multiply(result, try positivePower(Quotient(factor.base), scaled))
      }
    }
    return result
  }

  private func positivePower(_ base: Quotient, _ exponent: Polynomial) throws(MathTrouble)
    -> Quotient
  {
    var result = Quotient.one
    for term in exponent.terms {
      if term.monomial.isOne {
        result = try multiply(result, try power(base, Quotient(term.coefficient)))
      } else {
        let atom = try atom(
          .power(base: base, exponent: Quotient(Polynomial(term.monomial))))
        let power = Monomial(atom, term.coefficient)
        result = try multiply(result, Quotient(Polynomial(power)))
      }
    }
    return result
  }

  /// `e` to a power; logarithms in the exponent come down.
  private func exponential(_ exponent: Polynomial) throws(MathTrouble) -> Quotient {
    let euler = try quotient(.euler)
    var result = Quotient.one
    var rest: [Polynomial.Term] = []
    for term in exponent.terms {
      if term.monomial.factors.count == 1, let factor = term.monomial.factors.first,
        factor.exponent.isOne, case .function(.log, let arguments) = table.atoms[factor.atom]
      {
        result = try multiply(result, try power(arguments[0], Quotient(term.coefficient)))
      } else if let turn = turn(term) {
        let value = try circle(turn)
        result = try multiply(result, try add(value.cos, try multiply(value.sin, imaginaryUnit())))
      } else {
        rest.append(term)
      }
    }
    return try multiply(result, try positivePower(euler, Polynomial(terms: rest)))
  }

  /// The angle of `e^{i \pi r}` as a fraction of pi, where the term is that.
  private func turn(_ term: Polynomial.Term) -> Rational? {
    guard term.monomial.factors.count == 2,
      term.monomial.factors.allSatisfy({ $0.exponent.isOne }),
      term.monomial.factors.contains(where: { table.atoms[$0.atom] == .pi }),
      term.monomial.factors.contains(where: { table.atoms[$0.atom] == .imaginaryUnit })
    else { return nil }
    return term.coefficient
  }
}
