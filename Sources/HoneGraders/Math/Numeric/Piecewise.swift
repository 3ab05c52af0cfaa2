import Foundation

/// Where the formula of a value changes: at zeros of what is in absolute values, signs, extrema and
/// even roots, and where what is rounded is a whole number.
///
/// Between these places a value is analytic, so that agreement at one point that nobody could choose
/// says enough; across them it says nothing, and `x^2 + |x-100| + x - 100` is `x^2` up to 100.
struct Piecewise {
  /// Polynomials in the variables whose zeros separate the formulas.
  private(set) var switches: [Polynomial] = []
  /// Linear polynomials that jump, rounded, where they are whole.
  private(set) var steps: [Polynomial] = []
  /// Whether the formula can change anywhere.
  private(set) var isPiecewise = false
  /// Whether all places where it changes are known.
  private(set) var isCovered = true
  /// Whether there are values on the places that are not those of either side.
  private(set) var hasJumps = false
  /// Whether it also changes where a sine or cosine does something.
  private(set) var hasWaves = false

  private static let mostSwitches = 10
  private static let mostSteps = 6

  /// Looks through all atoms of a value.
  init(of value: Quotient, _ algebra: Algebra) throws(MathTrouble) {
    var hasVariablePower = false
    for atom in algebra.atoms(in: value)
    where atom.parts.contains(where: { algebra.hasVariables($0) }) {
      switch atom {
      case .function(.absolute, let arguments): try add(arguments[0], algebra)
      case .function(.sign, let arguments):
        hasJumps = true
        try add(arguments[0], algebra)
      case .function(.maximum, let arguments), .function(.minimum, let arguments):
        for (index, argument) in arguments.prefix(8).enumerated() {
          for other in arguments[..<index] {
            try add(try algebra.subtract(argument, other), algebra)
          }
        }
        if arguments.count > 8 { isCovered = false }
      case .function(.floor, let arguments), .function(.ceiling, let arguments):
        try addStep(arguments[0], algebra)
      case .function(.modulo, let arguments):
        try addStep(try algebra.multiply(arguments[0], try algebra.invert(arguments[1])), algebra)
      case .function(.gcd, _), .function(.lcm, _): isPiecewise = true
      case .function(.arcsin, let arguments), .function(.arccos, let arguments),
        .function(.arctan, let arguments):
        // The arc sine of a sine is a zigzag.
        let isZigzag = algebra.contains(arguments[0]) { inner in
          switch inner {
          case .function(.sin, _), .function(.cos, _): true
          default: false
          }
        }
        if isZigzag {
          isPiecewise = true
          isCovered = false
        }
      case .power(let base, let exponent)
      where algebra.hasVariables(exponent) && algebra.hasVariables(base):
        hasVariablePower = true
      case .root(let inside, let index) where index % 2 == 0: try addRadicand(inside, algebra)
      default: break
      }
    }
    // Negative numbers have such powers where the exponent is whole, which no point shows.
    if hasVariablePower { isCovered = false }
    if switches.count > Self.mostSwitches || steps.count > Self.mostSteps {
      switches.removeLast(max(0, switches.count - Self.mostSwitches))
      steps.removeLast(max(0, steps.count - Self.mostSteps))
      isCovered = false
    }
  }

  // MARK: - Switches

  private mutating func add(_ value: Quotient, _ algebra: Algebra) throws(MathTrouble) {
    isPiecewise = true
    for part in [value.numerator, value.denominator] { try add(part, algebra, depth: 0) }
  }

  /// Adds the factors of a term, or a sum without absolute values in it.
  private mutating func add(
    _ sum: Polynomial, _ algebra: Algebra, depth: Int
  ) throws(MathTrouble) {
    if let single = sum.single {
      for factor in single.monomial.factors {
        switch algebra.table.atoms[factor.atom] {
        case .symbol: append(Polynomial(Monomial(factor.atom)))
        // Their own arguments are looked at by themselves.
        case .function(.absolute, _), .function(.sign, _), .root: continue
        case .function(.sin, _), .function(.cos, _): hasWaves = true
        case .kept(let inside): try add(inside, algebra, depth: depth + 1)
        default:
          let part = Quotient(Polynomial(Monomial(factor.atom)))
          if algebra.hasVariables(part), !algebra.table.isPositive(factor.atom) {
            isCovered = false
          }
        }
      }
      return
    }
    guard depth < 6 else { return isCovered = false }
    guard let branches = try plain(sum, algebra) else { return }
    for branch in branches { append(branch) }
  }

  /// A sum with every absolute value replaced by what is in it, with either sign, with roundings
  /// left out and constants as fractions; nil where other functions remain.
  private mutating func plain(
    _ sum: Polynomial, _ algebra: Algebra
  ) throws(MathTrouble) -> [Polynomial]? {
    var branches = [sum]
    for _ in 0..<12 {
      guard
        let atom = branches.lazy.flatMap(\.atoms).first(where: { atom in
          if case .symbol = algebra.table.atoms[atom] { false } else { true }
        })
      else { return branches }
      let values: [Polynomial]
      switch algebra.table.atoms[atom] {
      case .function(.absolute, let arguments) where arguments[0].isPolynomial:
        values = [arguments[0].numerator, -arguments[0].numerator]
      case .function(.floor, let arguments), .function(.ceiling, let arguments):
        guard arguments[0].isPolynomial else {
          isCovered = false
          return nil
        }
        values = [arguments[0].numerator]
      case .function(.maximum, let arguments), .function(.minimum, let arguments):
        values = arguments.filter(\.isPolynomial).map(\.numerator)
        guard values.count == arguments.count else {
          isCovered = false
          return nil
        }
      case .function(.sin, _), .function(.cos, _):
        // What oscillates is met on both sides by any points, unless a number is chosen so that it is
        // hardly ever reached.
        hasWaves = true
        if branches.contains(where: { $0.terms.contains { $0.coefficient.significantBits > 10 } }) {
          isCovered = false
        }
        return nil
      default:
        let single = Polynomial(Monomial(atom))
        guard !algebra.hasVariables(Quotient(single)),
          let value = try constant(single, algebra)
        else {
          isCovered = false
          return nil
        }
        values = [Polynomial(value)]
      }
      var replaced: [Polynomial] = []
      for branch in branches {
        for value in values { replaced.append(try replace(atom, by: value, in: branch, algebra)) }
      }
      guard replaced.count <= 16 else {
        isCovered = false
        return nil
      }
      branches = replaced
    }
    isCovered = false
    return nil
  }

  /// A fraction that is very close to a real constant.
  private func constant(
    _ value: Polynomial, _ algebra: Algebra
  ) throws(MathTrouble) -> Rational? {
    let ball = try Evaluator(algebra).value(of: value).value
    guard ball.isReal, abs(ball.real.exponent) < 1000 else { return nil }
    let (mantissa, exponent) = (Rational(ball.real.mantissa), ball.real.exponent)
    return Rational(2).power(exponent).map { mantissa * $0 }
  }

  private mutating func replace(
    _ atom: Int, by value: Polynomial, in sum: Polynomial, _ algebra: Algebra
  ) throws(MathTrouble) -> Polynomial {
    var result = Polynomial.zero
    for term in sum.terms {
      let exponent = term.monomial.factors.first { $0.atom == atom }?.exponent ?? .zero
      let rest = Polynomial(
        Monomial(factors: term.monomial.factors.filter { $0.atom != atom }), term.coefficient)
      var power = Polynomial.one
      if let constant = value.constant, !exponent.isInteger || exponent.isNegative {
        // A radical's fraction of a power: only its size matters here.
        guard let base = constant.approximation,
          let top = exponent.approximation, base > 0,
          let near = Rational(near: pow(base, top))
        else {
          isCovered = false
          continue
        }
        power = Polynomial(near)
      } else if let whole = exponent.integer, whole >= 0 {
        power = try algebra.raise(value, whole)
      } else {
        isCovered = false
        continue
      }
      result = try algebra.add(result, try algebra.multiply(rest, power))
    }
    return result
  }

  private mutating func append(_ sum: Polynomial) {
    guard !sum.isDefinite, sum.constant == nil else { return }
    guard sum.hasSmallCoefficients else { return isCovered = false }
    let primitive = sum.scaled(by: sum.content.inverse ?? .one)
    if !switches.contains(primitive) { switches.append(primitive) }
  }

  // MARK: - Roots

  /// A root of even index changes its formula only where what is below it may be a square, and its
  /// domain where that changes its sign.
  private mutating func addRadicand(
    _ value: Quotient, _ algebra: Algebra
  ) throws(MathTrouble) {
    isPiecewise = true
    for part in [value.numerator, value.denominator] {
      let isPlain = part.atoms.allSatisfy { atom in
        if case .symbol = algebra.table.atoms[atom] { true } else { false }
      }
      if isPlain {
        try add(part, algebra, depth: 0)
      } else if part.terms.count == 1 {
        try add(part, algebra, depth: 0)
      } else if part.mayBeSquare {
        try add(part, algebra, depth: 0)
      }
    }
  }

  // MARK: - Steps

  private mutating func addStep(_ value: Quotient, _ algebra: Algebra) throws(MathTrouble) {
    isPiecewise = true
    hasJumps = true
    let isLinear = value.numerator.terms.allSatisfy { term in
      term.monomial.factors.allSatisfy { factor in
        guard case .symbol = algebra.table.atoms[factor.atom] else { return false }
        return term.monomial.factors.count == 1 && factor.exponent.isOne
      }
    }
    guard value.isPolynomial, isLinear, value.numerator.hasSmallCoefficients else {
      return isCovered = false
    }
    if !steps.contains(value.numerator) { steps.append(value.numerator) }
  }

  // MARK: - Lines

  /// Where the formula changes along a line parallel to an axis: the other variables have values.
  mutating func places(
    along variable: Int, at point: [Int: Rational], steps numbers: [Int], meter: Meter
  ) throws(MathTrouble) -> [Rational] {
    var places: [Rational] = []
    for polynomial in switches {
      try meter.spend(20 + polynomial.lineCost * max(1, point.count))
      guard let line = polynomial.line(along: variable, at: point) else {
        isCovered = false
        continue
      }
      try meter.spend(20 * line.degree * line.degree * max(1, line.degree))
      guard let zeros = line.places else {
        isCovered = false
        continue
      }
      places += zeros
    }
    for step in steps {
      guard let line = step.line(along: variable, at: point), line.degree <= 1 else {
        isCovered = false
        continue
      }
      guard line.degree == 1 else { continue }
      for number in numbers {
        if let place = (Rational(number) - line.coefficients[0]) / line.coefficients[1] {
          places.append(place)
        }
      }
    }
    places.sort()
    return places.enumerated().filter { $0.offset == 0 || $0.element != places[$0.offset - 1] }
      .map(\.element)
  }
}

extension Polynomial {
  /// What a line through a point costs for each variable: large coefficients are reduced each time.
  fileprivate var lineCost: Int {
    let isLarge = terms.contains { $0.coefficient.words == nil }
    return terms.count * (isLarge ? 120 : 16)
  }

  /// Whether the arithmetic on every place where this changes is cheap.
  fileprivate var hasSmallCoefficients: Bool { terms.allSatisfy { $0.coefficient.bits <= 1200 } }

  /// Whether no sign can change: only even powers, with coefficients of one sign.
  fileprivate var isDefinite: Bool {
    let isPositive = terms.first.map { !$0.coefficient.isNegative } ?? true
    return terms.count > 1
      && terms.contains(where: { $0.monomial.isOne })
      && terms.allSatisfy { term in
        term.coefficient.isNegative != isPositive
          && term.monomial.factors.allSatisfy { $0.exponent.integer.map { $0 % 2 == 0 } ?? false }
      }
  }

  /// Whether this may be the square of a sum: its first and last term, by the powers of the atoms in
  /// their order, must be squares.
  fileprivate var mayBeSquare: Bool {
    guard terms.count >= 3 else { return false }
    // Nobody's square is that long; not knowing is no harm.
    guard terms.count <= 40 else { return true }
    let order = atoms.sorted()
    func key(_ term: Term) -> [Rational] {
      order.map { atom in
        term.monomial.factors.first { $0.atom == atom }?.exponent ?? .zero
      }
    }
    func isSquare(_ term: Term?) -> Bool {
      guard let term else { return false }
      return !term.coefficient.isNegative && Algebra.exactRoot(term.coefficient) != nil
        && key(term).allSatisfy { ($0 * Rational(1, 2)).isInteger }
    }
    func isBefore(_ first: Term, _ second: Term) -> Bool {
      key(first).lexicographicallyPrecedes(key(second))
    }
    return isSquare(terms.min(by: isBefore)) && isSquare(terms.max(by: isBefore))
  }

  /// The polynomial in one variable where all others have values; nil for powers that are not whole
  /// or too large.
  fileprivate func line(along variable: Int, at point: [Int: Rational]) -> LinePolynomial? {
    var coefficients = [Rational](repeating: .zero, count: LinePolynomial.largestDegree + 1)
    for term in terms {
      var value = term.coefficient
      var degree = 0
      for factor in term.monomial.factors {
        guard let exponent = factor.exponent.integer,
          (0...LinePolynomial.largestDegree).contains(exponent)
        else { return nil }
        if factor.atom == variable {
          degree = exponent
        } else {
          guard let power = point[factor.atom]?.power(exponent) else { return nil }
          value = value * power
        }
      }
      coefficients[degree] = coefficients[degree] + value
    }
    return LinePolynomial(coefficients)
  }
}
