/// A sum of monomials with exact coefficients, sorted, without zeros.
struct Polynomial: Equatable {
  /// One summand.
  struct Term: Equatable {
    var monomial: Monomial
    var coefficient: Rational
  }

  var terms: [Term]

  static let zero = Polynomial(terms: [])
  static let one = Polynomial(.one)

  init(terms: [Term]) { self.terms = terms }

  init(_ constant: Rational) {
    terms = constant.isZero ? [] : [Term(monomial: .one, coefficient: constant)]
  }

  init(_ monomial: Monomial, _ coefficient: Rational = .one) {
    terms = coefficient.isZero ? [] : [Term(monomial: monomial, coefficient: coefficient)]
  }

  var isZero: Bool { terms.isEmpty }

  /// The value, where no atom occurs.
  var constant: Rational? {
    if terms.isEmpty { return .zero }
    return terms.count == 1 && terms[0].monomial.isOne ? terms[0].coefficient : nil
  }

  /// The only term, or nil where there are none or several.
  var single: Term? { terms.count == 1 ? terms[0] : nil }

  /// The atoms that occur.
  var atoms: Set<Int> { Set(terms.flatMap { $0.monomial.factors.map(\.atom) }) }

  static func + (left: Polynomial, right: Polynomial) -> Polynomial {
    if left.isZero { return right }
    if right.isZero { return left }
    var sum: [Term] = []
    sum.reserveCapacity(left.terms.count + right.terms.count)
    var (i, j) = (0, 0)
    while i < left.terms.count, j < right.terms.count {
      let (a, b) = (left.terms[i], right.terms[j])
      if a.monomial == b.monomial {
        let coefficient = a.coefficient + b.coefficient
        if !coefficient.isZero {
          sum.append(Term(monomial: a.monomial, coefficient: coefficient))
        }
        i += 1
        j += 1
      } else if a.monomial < b.monomial {
        sum.append(a)
        i += 1
      } else {
        sum.append(b)
        j += 1
      }
    }
    sum += left.terms[i...]
    sum += right.terms[j...]
    return Polynomial(terms: sum)
  }

  static prefix func - (value: Polynomial) -> Polynomial { value.scaled(by: Rational(-1)) }

  func scaled(by factor: Rational) -> Polynomial {
    if factor.isZero { return .zero }
    if factor.isOne { return self }
    return Polynomial(
      terms: terms.map { Term(monomial: $0.monomial, coefficient: $0.coefficient * factor) })
  }

  /// Sorts terms and adds up those of equal monomials.
  static func collecting(_ terms: [Term]) -> Polynomial {
    let sorted = terms.sorted { $0.monomial < $1.monomial }
    var sum: [Term] = []
    sum.reserveCapacity(sorted.count)
    for term in sorted {
      if let last = sum.last, last.monomial == term.monomial {
        sum[sum.count - 1].coefficient = last.coefficient + term.coefficient
      } else {
        if sum.last?.coefficient.isZero == true { sum.removeLast() }
        sum.append(term)
      }
    }
    if sum.last?.coefficient.isZero == true { sum.removeLast() }
    return Polynomial(terms: sum)
  }

  /// The greatest common measure of the coefficients with the sign of the last term, or one where
  /// they are large.
  var content: Rational {
    guard let last = terms.last else { return .one }
    var top: UInt = 0
    var bottom = 1
    for term in terms {
      guard let (numerator, denominator) = term.coefficient.words else { return .one }
      top = Rational.greatestCommonDivisor(top, numerator.magnitude)
      let divisor = Rational.greatestCommonDivisor(bottom.magnitude, denominator.magnitude)
      let (multiple, overflow) = (bottom / Int(divisor)).multipliedReportingOverflow(
        by: denominator)
      guard !overflow else { return .one }
      bottom = multiple
    }
    guard let numerator = Int(exactly: top) else { return .one }
    let measure = Rational(numerator, bottom)
    return last.coefficient.isNegative ? -measure : measure
  }
}

/// A fraction of polynomials: the normal form of a value.
///
/// The denominator is never zero as a polynomial, its last coefficient is one, and it is one
/// wherever negative exponents can say the same. Fractions are not reduced to lowest terms; two of
/// them are compared by the numerator of their difference.
struct Quotient: Equatable {
  var numerator: Polynomial
  var denominator: Polynomial

  static let zero = Quotient(.zero)
  static let one = Quotient(.one)

  init(_ numerator: Polynomial, _ denominator: Polynomial = .one) {
    self.numerator = numerator
    self.denominator = denominator
  }

  init(_ constant: Rational) { self.init(Polynomial(constant)) }

  var isZero: Bool { numerator.isZero }
  var isPolynomial: Bool { denominator == .one }

  /// The value, where no atom occurs.
  var constant: Rational? { isPolynomial ? numerator.constant : nil }

  static prefix func - (value: Quotient) -> Quotient {
    Quotient(-value.numerator, value.denominator)
  }
}
