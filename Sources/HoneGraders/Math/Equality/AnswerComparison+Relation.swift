extension AnswerComparison {
  // MARK: - Names

  /// Answers with names on at least one side.
  func compareNamed(_ reference: Answer, _ prediction: Answer) throws(MathTrouble) -> MathEquality {
    switch (reference, prediction) {
    case (.labelled(let label, let wanted), .labelled(let other, let seen)):
      return try compareLabelled(label, wanted, other, seen)
    case (.record(let wanted), .record(let seen)): return try compareRecords(wanted, seen)
    case (.record(let entries), _): return try compareRecord(entries, with: prediction)
    case (_, .record(let entries)): return try compareRecord(entries, with: reference)
    case (.labelled(let label, let value), .relation(let members, let relations)):
      return try compareLocus(label, value, members, relations)
    case (.relation(let members, let relations), .labelled(let label, let value)):
      guard isFormula(value) else { return .different("a value, wanted an equation") }
      return try compareLocus(label, value, members, relations)
    case (.labelled(let label, let value), .realSet(_, let variable?)) where label.name != variable:
      return .different("values of \(variable), wanted \(value.kind) of \(label.name)")
    case (.labelled(_, .collection), .tuple), (.tuple, .labelled(_, .collection)):
      return .different("values of one variable and the members of a tuple")
    case (.labelled(_, let value), _): return try compare(value, prediction)
    case (_, .labelled(_, let value)): return try compare(reference, value)
    default: return .different("\(prediction.kind), wanted \(reference.kind)")
    }
  }

  private func compareLabelled(
    _ label: Label, _ wanted: Answer, _ other: Label, _ seen: Answer
  ) throws(MathTrouble) -> MathEquality {
    if label.name != other.name, label.parameters.isEmpty, other.parameters.isEmpty,
      case .quantity(let left) = wanted, case .quantity(let right) = seen,
      left.expression == .symbol(other.name), right.expression == .symbol(label.name)
    {
      // `b = a` for `a = b`
      return .equal("the same equation")
    }
    guard label.name == other.name else {
      // `x = 3 \text{ or } x_1 = …` keep their own names; a base name covers numbered ones.
      return .different("a value of \(other.name), wanted one of \(label.name)")
    }
    guard label.parameters.count == other.parameters.count else {
      return .different("another number of arguments")
    }
    var value = seen
    if label.parameters != other.parameters, case .quantity(var quantity) = seen {
      // The names of arguments are free: f(t) = 3t is f(x) = 3x.
      var temporary = quantity.expression
      // A free variable that has the name of one of the reference's arguments stays another one.
      for name in label.parameters where !other.parameters.contains(name) {
        temporary = temporary.substituting(.symbol("free \(name)"), for: name)
      }
      for (index, name) in other.parameters.enumerated() {
        temporary = temporary.substituting(.symbol("argument \(index)"), for: name)
      }
      for (index, name) in label.parameters.enumerated() {
        temporary = temporary.substituting(.symbol(name), for: "argument \(index)")
      }
      quantity.expression = temporary
      value = .quantity(quantity)
    }
    return try compare(wanted, value)
  }

  private func compareRecords(
    _ wanted: [(label: Label, value: Answer)], _ seen: [(label: Label, value: Answer)]
  ) throws(MathTrouble) -> MathEquality {
    guard wanted.count == seen.count else { return .different("the number of named values") }
    for entry in wanted {
      guard let other = seen.first(where: { $0.label == entry.label }) else {
        return .different("no value of \(entry.label.name)")
      }
      let verdict = try compare(entry.value, other.value)
      guard verdict.isEqual else { return verdict }
    }
    return .equal("the same named values")
  }

  /// Named values and values in the same order.
  private func compareRecord(
    _ entries: [(label: Label, value: Answer)], with other: Answer
  ) throws(MathTrouble) -> MathEquality {
    switch other {
    case .tuple(let members, .round, .round), .collection(let members, isBraced: false):
      guard !members.contains(where: { if case .labelled = $0 { true } else { false } }) else {
        return .different("alternatives and \(entries.count) named values")
      }
      return try compareInOrder(Self.inAxisOrder(entries).map(\.value), members)
    default: return .different("\(other.kind) and \(entries.count) named values")
    }
  }

  /// Coordinates in their usual order, whatever the order in which they are named.
  private static func inAxisOrder(
    _ entries: [(label: Label, value: Answer)]
  ) -> [(label: Label, value: Answer)] {
    guard entries.allSatisfy({ ["x", "y", "z"].contains($0.label.name) }) else { return entries }
    return entries.sorted { $0.label.name < $1.label.name }
  }

  // MARK: - Equations

  /// Whether a value holds variables, so that its equation describes a curve.
  private func isFormula(_ value: Answer) -> Bool {
    guard case .quantity(let quantity) = value else { return false }
    return !quantity.expression.isConstant
  }

  /// `y = 2x - 5` and an equation of the same line; a solved value needs a solved answer.
  private func compareLocus(
    _ label: Label, _ value: Answer, _ members: [Expression], _ relations: [Relation]
  ) throws(MathTrouble) -> MathEquality {
    guard label.parameters.isEmpty, case .quantity(let quantity) = value, isFormula(value) else {
      return .different("an equation that is not solved for \(label.name)")
    }
    return try compareRelations(
      [.symbol(label.name), quantity.expression], [.equal], members, relations)
  }

  /// Equations are equal where one is a multiple of the other; inequalities by a positive number.
  func compareRelations(
    _ wanted: [Expression], _ signs: [Relation], _ seen: [Expression], _ others: [Relation]
  ) throws(MathTrouble) -> MathEquality {
    var (first, firstSigns) = Self.ascending(wanted, signs)
    let (second, secondSigns) = Self.ascending(seen, others)
    guard firstSigns == secondSigns else { return .different("other relations") }
    if wanted.count > 2 || !signs.allSatisfy({ $0 == .equal || $0.isOrder }) {
      let verdict = try compareMembers(first, second)
      if verdict.isEqual || signs.count != 1 || signs[0].isOrder { return verdict }
      first.reverse()
      firstSigns.reverse()
      return try compareMembers(first, second)
    }
    return try compareSides(first, second, isOrder: signs[0].isOrder)
  }

  /// `c > b > a` as `a < b < c`.
  private static func ascending(
    _ members: [Expression], _ relations: [Relation]
  ) -> ([Expression], [Relation]) {
    guard relations.allSatisfy({ $0 == .greater || $0 == .greaterEqual }) else {
      return (members, relations)
    }
    return (members.reversed(), relations.reversed().map(\.flipped))
  }

  private func compareMembers(
    _ wanted: [Expression], _ seen: [Expression]
  ) throws(MathTrouble) -> MathEquality {
    guard wanted.count == seen.count else { return .different("the number of members") }
    for (a, b) in zip(wanted, seen) {
      let verdict = try compareValues(a, b)
      guard verdict.isEqual else { return verdict }
    }
    return .equal("the same relation")
  }

  private func compareSides(
    _ wanted: [Expression], _ seen: [Expression], isOrder: Bool
  ) throws(MathTrouble) -> MathEquality {
    let algebra = Algebra(meter)
    let left = try algebra.subtract(
      try algebra.normalize(wanted[0]), try algebra.normalize(wanted[1]))
    let right = try algebra.subtract(try algebra.normalize(seen[0]), try algebra.normalize(seen[1]))
    guard !left.isZero, !right.isZero else {
      return left.isZero && right.isZero
        ? .equal("identities") : .different("an identity and an equation")
    }
    // Sides over another denominator are the same curve; an inequality keeps its own.
    let tops =
      isOrder
      ? (left, right)
      : (Quotient(Self.cleared(left.numerator)), Quotient(Self.cleared(right.numerator)))
    guard let scale = Self.scale(tops.0.numerator, tops.1.numerator) else {
      return .different("no multiple of the reference")
    }
    if isOrder, scale.isNegative { return .different("the direction of the inequality") }
    let difference = try algebra.subtract(
      tops.0, try algebra.multiply(tops.1, Quotient(scale)))
    switch try Prober(algebra: algebra, seed: seed, digits: digits).isZero(difference) {
    case .exactly: return .equal("the same relation up to a factor of \(scale)")
    case .numerically(let how): return .equal("the same relation, numerically \(how)")
    case .not(let how): return .different("the relations differ \(how)")
    case .unknown(let why): return .unknown(why)
    }
  }

  /// A sum without negative powers: `xy - 6` for `y - 6/x`.
  private static func cleared(_ sum: Polynomial) -> Polynomial {
    var lowest: [Int: Rational] = [:]
    for factor in sum.terms.flatMap(\.monomial.factors) where factor.exponent.isNegative {
      lowest[factor.atom] = min(lowest[factor.atom] ?? .zero, factor.exponent)
    }
    guard !lowest.isEmpty else { return sum }
    let divisors = lowest.sorted { $0.key < $1.key }.map { atom, exponent in
      Monomial.Factor(atom: atom, exponent: -exponent)
    }
    let scale = Monomial(factors: divisors)
    let terms = sum.terms.map { term in
      Polynomial.Term(monomial: term.monomial * scale, coefficient: term.coefficient)
    }
    return Polynomial(terms: terms.sorted { $0.monomial < $1.monomial })
  }

  /// The factor between the terms of one monomial that both have.
  private static func scale(_ wanted: Polynomial, _ seen: Polynomial) -> Rational? {
    for term in wanted.terms {
      if let other = seen.terms.first(where: { $0.monomial == term.monomial }) {
        return term.coefficient / other.coefficient
      }
    }
    return nil
  }

  func compareCongruences(
    _ wanted: (Expression, Expression, Expression), _ seen: (Expression, Expression, Expression)
  ) throws(MathTrouble) -> MathEquality {
    for (a, b) in [(wanted.0, seen.0), (wanted.2, seen.2)] {
      let verdict = try compareValues(a, b)
      guard verdict.isEqual else { return verdict }
    }
    let difference = Expression.sum([wanted.1, seen.1.negated])
    let verdict = try compareValues(.apply(.modulo, [difference, wanted.2]), .integer(0))
    return verdict.isEqual ? .equal("congruent") : verdict
  }
}
