/// Exact arithmetic on normal forms, within the bounds of a meter.
final class Algebra {
  let table = AtomTable()
  let meter: Meter

  init(_ meter: Meter) { self.meter = meter }

  func atom(_ atom: Atom) throws(MathTrouble) -> Int {
    try table.number(of: atom, meter: meter)
  }

  /// An atom as a value.
  func quotient(_ atom: Atom) throws(MathTrouble) -> Quotient {
    Quotient(Polynomial(Monomial(try self.atom(atom))))
  }

  /// The imaginary unit, with its square.
  func imaginaryUnit() throws(MathTrouble) -> Quotient {
    let atom = try atom(.imaginaryUnit)
    if table.relations[atom] == nil { table.relate(atom, degree: 2, Polynomial(Rational(-1))) }
    return Quotient(Polynomial(Monomial(atom)))
  }

  // MARK: - Polynomials

  func add(_ left: Polynomial, _ right: Polynomial) throws(MathTrouble) -> Polynomial {
    try meter.spend(10 + 4 * (left.terms.count + right.terms.count))
    try chargeSums(left, right)
    return left + right
  }

  /// Charges the sums of coefficients of equal monomials, where these are large.
  private func chargeSums(_ left: Polynomial, _ right: Polynomial) throws(MathTrouble) {
    guard
      left.terms.contains(where: { $0.coefficient.bits > 64 })
        || right.terms.contains(where: { $0.coefficient.bits > 64 })
    else { return }
    var place = 0
    for term in left.terms {
      while place < right.terms.count, right.terms[place].monomial < term.monomial { place += 1 }
      guard place < right.terms.count else { return }
      if right.terms[place].monomial == term.monomial {
        try meter.spendSum(term.coefficient, right.terms[place].coefficient)
      }
    }
  }

  func multiply(_ left: Polynomial, _ right: Polynomial) throws(MathTrouble) -> Polynomial {
    if left.isZero || right.isZero { return .zero }
    let count = left.terms.count * right.terms.count
    guard count <= meter.limits.terms * 8 else { throw .limit("terms") }
    try meter.spend(60 + count * 60)
    var products: [Polynomial.Term] = []
    products.reserveCapacity(count)
    for a in left.terms {
      for b in right.terms {
        try meter.spendProduct(a.coefficient.bits, b.coefficient.bits)
        try meter.spendDivisors(a.coefficient, b.coefficient)
        let coefficient = a.coefficient * b.coefficient
        guard coefficient.digits <= meter.limits.digits * 2 + 64 else { throw .limit("digits") }
        // Those of equal monomials are added afterwards.
        if count > 1, coefficient.bits > 64 { try meter.spendSum(coefficient, coefficient) }
        try append(a.monomial * b.monomial, coefficient, to: &products)
      }
    }
    let product =
      products.count == 1 ? Polynomial(terms: products) : Polynomial.collecting(products)
    guard product.terms.count <= meter.limits.terms else { throw .limit("terms") }
    return product
  }

  /// Adds a product with the powers of its atoms brought into their ranges.
  private func append(
    _ monomial: Monomial, _ coefficient: Rational, to terms: inout [Polynomial.Term]
  ) throws(MathTrouble) {
    var coefficient = coefficient
    var factors = monomial.factors
    var extra: Polynomial?
    var index = 0
    while index < factors.count {
      let factor = factors[index]
      if case .radical(let base, _) = table.atoms[factor.atom] {
        let whole = factor.exponent.floor
        if whole != 0 {
          let rest = factor.exponent - Rational(whole)
          coefficient = coefficient * (try power(base, Rational(whole)))
          factors[index].exponent = rest
          if rest.isZero {
            factors.remove(at: index)
            continue
          }
        }
      } else if let (degree, replacement) = table.relations[factor.atom],
        let exponent = factor.exponent.integer, exponent >= degree || exponent < 0 && degree == 2
      {
        let times = exponent >= 0 ? exponent / degree : (exponent - degree + 1) / degree
        if case .imaginaryUnit = table.atoms[factor.atom] {
          if times % 2 != 0 { coefficient = -coefficient }
        } else if times > 0 {
          let power = try raise(replacement, times)
          extra = try extra.map { (part) throws(MathTrouble) in try multiply(part, power) } ?? power
        } else {
          index += 1
          continue
        }
        let rest = exponent - times * degree
        if rest == 0 {
          factors.remove(at: index)
          continue
        }
        factors[index].exponent = Rational(rest)
      }
      index += 1
    }
    let own = Monomial(factors: factors)
    if let extra {
      let product = try multiply(Polynomial(own, coefficient), extra)
      terms += product.terms
    } else {
      terms.append(Polynomial.Term(monomial: own, coefficient: coefficient))
    }
  }

  /// A power by repeated multiplication; the exponent is small.
  func raise(_ base: Polynomial, _ exponent: Int) throws(MathTrouble) -> Polynomial {
    guard exponent <= meter.limits.exponent else { throw .limit("exponent") }
    var result = Polynomial.one
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = try multiply(result, square) }
      rest >>= 1
      if rest > 0 { square = try multiply(square, square) }
    }
    return result
  }

  /// A rational number to a whole power, of bounded size.
  func power(_ base: Rational, _ exponent: Rational) throws(MathTrouble) -> Rational {
    if base.isOne { return base }
    guard let exponent = exponent.integer else { throw .limit("exponent") }
    guard base.magnitude.isOne || base.isZero || abs(exponent) <= 20_000,
      base.magnitude.isOne || base.digits * abs(exponent) <= meter.limits.digits * 2
    else { throw .limit("digits") }
    let bits = base.significantBits * abs(exponent)
    // The last squaring is one of half of the bits; those before cost less together.
    try meter.spendProduct(min(bits, 1 << 20) / 2, min(bits, 1 << 20))
    if base.magnitude.isOne { return exponent % 2 == 0 ? .one : base }
    guard let power = base.power(exponent) else { throw .undefined("division by zero") }
    return power
  }

  // MARK: - Quotients

  func add(_ left: Quotient, _ right: Quotient) throws(MathTrouble) -> Quotient {
    if left.denominator == right.denominator {
      return try quotient(try add(left.numerator, right.numerator), left.denominator)
    }
    let numerator = try add(
      try multiply(left.numerator, right.denominator),
      try multiply(right.numerator, left.denominator))
    return try quotient(numerator, try multiply(left.denominator, right.denominator))
  }

  func subtract(_ left: Quotient, _ right: Quotient) throws(MathTrouble) -> Quotient {
    try add(left, -right)
  }

  func multiply(_ left: Quotient, _ right: Quotient) throws(MathTrouble) -> Quotient {
    let numerator = try multiply(left.numerator, right.numerator)
    if left.isPolynomial, right.isPolynomial { return Quotient(numerator) }
    return try quotient(numerator, try multiply(left.denominator, right.denominator))
  }

  func invert(_ value: Quotient) throws(MathTrouble) -> Quotient {
    guard !value.isZero else { throw .undefined("division by zero") }
    return try quotient(value.denominator, value.numerator)
  }

  /// A fraction in its normal form: a single term is divided by where that loses nothing.
  private func quotient(
    _ numerator: Polynomial, _ denominator: Polynomial
  ) throws(MathTrouble) -> Quotient {
    guard let last = denominator.terms.last else { throw .undefined("division by zero") }
    if denominator == .one { return Quotient(numerator) }
    if numerator.isZero { return .zero }
    var factor = Polynomial(last.coefficient.inverse ?? .one)
    var rest = denominator
    if let single = denominator.single {
      // Atoms with a relation stay below: their negative powers would have two spellings.
      let free = single.monomial.factors.filter { isFree($0.atom) }
      let bound = single.monomial.factors.filter { !isFree($0.atom) }
      factor = Polynomial(
        Monomial(factors: free).power(Rational(-1)), last.coefficient.inverse ?? .one)
      rest = Polynomial(Monomial(factors: bound))
    } else if !last.coefficient.isOne {
      rest = denominator.scaled(by: last.coefficient.inverse ?? .one)
    }
    if rest == numerator, factor == .one { return .one }
    return Quotient(try multiply(numerator, factor), rest)
  }

  private func isFree(_ atom: Int) -> Bool {
    if case .imaginaryUnit = table.atoms[atom] { return true }
    return table.relations[atom] == nil
  }
}
