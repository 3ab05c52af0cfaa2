/// Whether a difference of two values is zero, by what is certain about it.
enum Zero: Equatable {
  /// Zero by exact arithmetic.
  case exactly
  /// Not zero: proved by an exact form or by an enclosure that excludes it.
  case not(String)
  /// Zero to so many digits wherever it was looked at.
  case numerically(String)
  case unknown(String)
}

/// Decides whether normal forms are zero, exactly where that is possible and else by enclosures.
struct Prober {
  let algebra: Algebra
  /// What the points are drawn from.
  let seed: String
  /// Digits written in the two answers; the arithmetic is at least that precise.
  var digits = 0

  private var limits: MathLimits { algebra.meter.limits }

  /// Whether a difference is zero.
  ///
  /// - Parameter value: The difference of the two answers, normalised together.
  func isZero(_ value: Quotient) throws(MathTrouble) -> Zero {
    let variables = algebra.variables(of: value).sorted()
    if value.isZero { return .exactly }
    if isIndependent(value.numerator) {
      return .not(value.constant.map { "by \($0)" } ?? "as polynomials")
    }
    if let single = value.numerator.single, single.monomial.factors.allSatisfy(isNonzero) {
      return .not("by a factor that is not zero")
    }
    return variables.isEmpty ? try constant(value) : try probe(value, variables)
  }

  /// Whether different products of these atoms are linearly independent over the rationals.
  private func isIndependent(_ value: Polynomial) -> Bool {
    var hasPi = false
    var hasEuler = false
    for index in value.atoms {
      switch algebra.table.atoms[index] {
      case .symbol, .imaginaryUnit, .radical(_, isPrime: true): break
      case .pi: hasPi = true
      case .euler: hasEuler = true
      default: return false
      }
    }
    // Nobody knows whether pi and e are independent of each other.
    return !(hasPi && hasEuler)
  }

  /// Whether a factor is certainly a number other than zero.
  private func isNonzero(_ factor: Monomial.Factor) -> Bool {
    switch algebra.table.atoms[factor.atom] {
    case .pi, .euler, .imaginaryUnit, .radical: true
    case .kept(let polynomial): polynomial.constant != nil
    case .function(.factorial, let arguments): arguments[0].constant?.isInteger ?? false
    default: false
    }
  }

  // MARK: - Constants

  private func constant(_ value: Quotient) throws(MathTrouble) -> Zero {
    let evaluator = Evaluator(algebra)
    // Values that differ only behind all the digits that are written need more precision.
    var last = digits <= 50 ? 384 : min(limits.precision, 384 + digits * 4)
    var bits = 128
    while true {
      evaluator.refine(to: bits)
      do {
        try requireDefined(value.denominator, evaluator)
        let (ball, scale) = try evaluator.value(of: value.numerator)
        if ball.excludesZero { return .not("by enclosures of \(bits) bits") }
        if bits >= last {
          guard isSmall(ball, scale, bits) else { return .unknown("too close to tell") }
          guard let needed = evaluator.precisionForSmallest, needed > bits else {
            return .numerically("to more than 60 digits")
          }
          // A term far below the others may be all that differs.
          guard needed <= limits.precision else {
            return .unknown("terms too small for the precision")
          }
          last = needed
        }
      } catch {
        if bits >= last { throw error }
      }
      bits = bits == 128 ? 384 : last
    }
  }

  private func requireDefined(
    _ denominator: Polynomial, _ evaluator: Evaluator
  ) throws(MathTrouble) {
    if denominator == .one { return }
    guard try evaluator.value(of: denominator).value.excludesZero else {
      throw .undefined("a division by what is not told from zero")
    }
  }

  /// Whether what is left is below the last sixty digits of the terms.
  private func isSmall(_ ball: ComplexBall, _ scale: Magnitude, _ bits: Int) -> Bool {
    ball.upper < scale.shifted(by: -min(bits * 5 / 8, 220))
  }

  // MARK: - Variables

  private func probe(_ value: Quotient, _ variables: [String]) throws(MathTrouble) -> Zero {
    guard variables.count <= 12 else { throw .limit("terms") }
    let isComplex = algebra.contains(value) { $0 == .imaginaryUnit }
    let whole = algebra.wholeVariables(of: value)
    let form = try Piecewise(of: value, algebra)
    var source = PointSource(seed)
    var (agreed, precise) = (0, 0)
    var trouble: MathTrouble?
    for attempt in 0..<(limits.probes * 4) {
      var point: [String: Rational] = [:]
      for (position, name) in variables.enumerated() {
        // The first two points lie where most functions are defined, the others have mixed signs.
        let domain = attempt + (attempt / 2) * position
        point[name] = whole.contains(name) ? source.wholeNumber() : source.value(domain: domain)
      }
      do {
        // A difference shows at low precision; two points of agreement are taken to sixty digits.
        switch try look(value, at: point, isComplex, isPrecise: agreed > 0 && precise < 2) {
        case .differs: return .not("at \(Self.shown(point, variables))")
        case .agrees(let isPrecise):
          agreed += 1
          if isPrecise { precise += 1 }
        case .unclear: continue
        }
      } catch {
        if case .limit = error { throw error }
        trouble = error
      }
      if agreed >= limits.probes, precise >= 2 { break }
    }
    // Few points lie in the domain of both; three say enough.
    guard agreed >= 3, precise >= 1 else {
      return .unknown(trouble?.description ?? "too close to tell at every point")
    }
    guard form.isPiecewise else { return .numerically("at \(agreed) points to 60 digits") }
    return try probeStructure(value, variables, form, source, isComplex, whole)
  }

  /// What is seen at a point.
  private enum Look {
    case differs, agrees(isPrecise: Bool), unclear
  }

  private func look(
    _ value: Quotient, at point: [String: Rational], _ isComplex: Bool, isPrecise: Bool
  ) throws(MathTrouble) -> Look {
    var bits = isPrecise ? 384 : 128
    while true {
      let evaluator = Evaluator(algebra, point: point, isComplex: isComplex, bits: bits)
      try requireDefined(value.denominator, evaluator)
      let (ball, scale) = try evaluator.value(of: value.numerator)
      if ball.excludesZero { return .differs }
      guard isSmall(ball, scale, bits) else { return .unclear }
      let smallest =
        isPrecise ? evaluator.precisionForSmallest : evaluator.precisionToSeeSmallest
      guard let needed = smallest, needed > bits else { return .agrees(isPrecise: isPrecise) }
      // A term far below the others may be all that differs.
      guard needed <= limits.precision else { return .unclear }
      bits = needed
    }
  }

  /// Points on every side of the places where the formula changes.
  private func probeStructure(
    _ value: Quotient, _ variables: [String], _ form: Piecewise, _ source: PointSource,
    _ isComplex: Bool, _ whole: Set<String>
  ) throws(MathTrouble) -> Zero {
    var named: [(name: String, atom: Int)] = []
    for name in variables { named.append((name, try algebra.atom(.symbol(name)))) }
    let staysSmall = algebra.contains(value) { atom in
      switch atom {
      case .series, .function(.factorial, _), .function(.doubleFactorial, _): true
      default: false
      }
    }
    algebra.meter.extend()
    let structure = try StructuralPoints(
      form, variables: named, whole: whole, staysSmall: staysSmall, source: source, limit: 160,
      meter: algebra.meter)
    var agreed = 0
    for point in structure.points {
      do {
        switch try look(value, at: point, isComplex, isPrecise: false) {
        case .differs: return .not("at \(Self.shown(point, variables))")
        case .agrees: agreed += 1
        case .unclear: continue
        }
      } catch {
        if error == .limit("steps") { throw error }
      }
    }
    guard structure.isCovered else {
      return .unknown("equal at the points looked at, but not everywhere where the formula changes")
    }
    return .numerically("at \(agreed) points, on all sides of where the formula changes")
  }

  private static func shown(_ point: [String: Rational], _ variables: [String]) -> String {
    variables.prefix(3).map { name in
      let value = point[name].flatMap(\.words).map { Double($0.numerator) / Double($0.denominator) }
      let rounded = ((value ?? 0) * 1000).rounded() / 1000
      return "\(name) = \(rounded)"
    }.joined(separator: ", ")
  }
}
