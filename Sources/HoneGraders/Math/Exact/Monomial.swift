/// A product of powers of atoms, in the order of the atoms.
///
/// Exponents are fractions of machine words: `2^{1/2} x^3`. The empty product is one.
struct Monomial: Equatable, Comparable {
  /// An atom, by its number in the ``AtomTable``, and its power.
  struct Factor: Equatable {
    var atom: Int
    var exponent: Rational
  }

  var factors: [Factor]

  static let one = Monomial(factors: [])

  init(factors: [Factor]) { self.factors = factors }

  /// A power of one atom.
  init(_ atom: Int, _ exponent: Rational = .one) {
    factors = exponent.isZero ? [] : [Factor(atom: atom, exponent: exponent)]
  }

  var isOne: Bool { factors.isEmpty }

  /// The product: exponents of equal atoms add up.
  static func * (left: Monomial, right: Monomial) -> Monomial {
    if left.isOne { return right }
    if right.isOne { return left }
    var product: [Factor] = []
    product.reserveCapacity(left.factors.count + right.factors.count)
    var (i, j) = (0, 0)
    while i < left.factors.count, j < right.factors.count {
      let (a, b) = (left.factors[i], right.factors[j])
      if a.atom < b.atom {
        product.append(a)
        i += 1
      } else if a.atom > b.atom {
        product.append(b)
        j += 1
      } else {
        let exponent = a.exponent + b.exponent
        if !exponent.isZero { product.append(Factor(atom: a.atom, exponent: exponent)) }
        i += 1
        j += 1
      }
    }
    product += left.factors[i...]
    product += right.factors[j...]
    return Monomial(factors: product)
  }

  /// The power: every exponent is multiplied.
  func power(_ exponent: Rational) -> Monomial {
    if exponent.isZero { return .one }
    return Monomial(
      factors: factors.map { Factor(atom: $0.atom, exponent: $0.exponent * exponent) })
  }

  /// Lexicographic, by atoms and then exponents.
  static func < (left: Monomial, right: Monomial) -> Bool {
    for (a, b) in zip(left.factors, right.factors) {
      if a.atom != b.atom { return a.atom < b.atom }
      if a.exponent != b.exponent { return a.exponent < b.exponent }
    }
    return left.factors.count < right.factors.count
  }
}
