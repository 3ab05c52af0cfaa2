/// What a normal form is made of beside rational numbers.
enum Atom: Equatable {
  case symbol(String)
  case imaginaryUnit
  case pi
  case euler
  /// A positive whole number under a root: exponents lie in 0..<1. `isPrime` where that is known,
  /// in which case different products of such roots are linearly independent.
  case radical(Rational, isPrime: Bool)
  /// A root that cannot be split, of an even or odd index.
  case root(Quotient, Int)
  /// A power whose exponent is no rational number.
  case power(base: Quotient, exponent: Quotient)
  /// A sum that is not multiplied out, to carry large exponents.
  case kept(Polynomial)
  case function(Function, [Quotient])
  /// A sum or product over a range without a closed form here.
  case series(Expression)
}

/// The atoms of one comparison, by number.
///
/// Both sides share a table, so that equal atoms have
/// equal numbers.
final class AtomTable {
  private(set) var atoms: [Atom] = []
  /// For some atoms, a power that is a polynomial of others: `i^2 = -1`, `sin^2 = 1 - cos^2`.
  private(set) var relations: [(degree: Int, replacement: Polynomial)?] = []

  /// The number of an atom, which is added if it is new.
  func number(of atom: Atom, meter: Meter) throws(MathTrouble) -> Int {
    try meter.spend(10 + 4 * atoms.count)
    if let index = atoms.firstIndex(of: atom) { return index }
    guard atoms.count < 64 else { throw .limit("terms") }
    atoms.append(atom)
    relations.append(nil)
    return atoms.count - 1
  }

  func relate(_ atom: Int, degree: Int, _ replacement: Polynomial) {
    relations[atom] = (degree, replacement)
  }

  /// Whether the atom is a positive number wherever it is defined.
  func isPositive(_ atom: Int) -> Bool {
    switch atoms[atom] {
    case .pi, .euler, .radical: true
    case .power(let base, _):
      base.constant.map { $0 > .zero }
        ?? (base.numerator.single.map { term in
          base.isPolynomial && term.coefficient > .zero
            && term.monomial.factors.allSatisfy { isPositive($0.atom) }
        } ?? false)
    case .function(.absolute, _): true
    default: false
    }
  }
}
