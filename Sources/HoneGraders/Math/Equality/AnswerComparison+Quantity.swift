extension AnswerComparison {
  /// Compares two values with their units, percent signs and decimals.
  func compare(_ reference: Quantity, _ prediction: Quantity) throws(MathTrouble) -> MathEquality {
    let (reference, prediction) = adjusted(reference, prediction)
    if let wanted = reference.unit, let seen = prediction.unit {
      return try compareUnits(reference, wanted, prediction, seen)
    }
    if reference.unit != nil || prediction.unit != nil, !policy.unitIsOptional {
      return .different("a unit on one side only")
    }
    if reference.unit != nil && prediction.isPercent
      || reference.isPercent && prediction.unit != nil
    {
      return .different("a percentage and a quantity with a unit")
    }
    let verdict = try compareValues(reference.value, prediction.value)
    if verdict.isEqual { return verdict }
    if let percent = try comparePercent(reference, prediction) { return percent }
    if let angle = try compareAngle(reference, prediction) { return angle }
    return try approximate(reference, prediction) ?? verdict
  }

  // MARK: - Units

  private func compareUnits(
    _ reference: Quantity, _ wanted: UnitExpression, _ prediction: Quantity, _ seen: UnitExpression
  ) throws(MathTrouble) -> MathEquality {
    if wanted.dimensions != seen.dimensions {
      guard !policy.comparesCurrency, wanted.isCurrency, seen.isCurrency else {
        return .different("unit \(seen.spelling), wanted \(wanted.spelling)")
      }
    } else if wanted.factor != seen.factor {
      guard let ratio = seen.factor / wanted.factor else { return .different("units") }
      let converted = Expression.product([prediction.expression, .number(NumberLiteral(ratio))])
      let verdict = try compareValues(reference.expression, converted)
      if verdict.isEqual { return .equal("\(seen.spelling) converted to \(wanted.spelling)") }
      var scaled = Quantity(converted)
      scaled.literal = prediction.literal.map { literal in
        var moved = NumberLiteral(literal.value * ratio)
        moved.decimals = moved.value.decimalPlaces
        moved.significantDigits = literal.significantDigits
        return moved
      }
      return try approximate(reference, scaled) ?? verdict
    }
    let verdict = try compareValues(reference.expression, prediction.expression)
    return verdict.isEqual ? verdict : try approximate(reference, prediction) ?? verdict
  }

  /// Reads `15 m` as fifteen metres where the other side says that it is a length, and `j` as the
  /// imaginary unit where the reference is complex.
  private func adjusted(_ reference: Quantity, _ prediction: Quantity) -> (Quantity, Quantity) {
    var (reference, prediction) = (reference, prediction)
    if let letters = Self.letters(reference, like: prediction) {
      reference = letters
    } else if let letters = Self.letters(prediction, like: reference) {
      prediction = letters
    }
    if let unit = reference.unit, prediction.unit == nil {
      prediction = spelledUnit(prediction, like: unit)
    } else if let unit = prediction.unit, reference.unit == nil, !unit.isNoun {
      reference = spelledUnit(reference, like: unit)
    }
    if reference.expression.holds(.constant(.imaginaryUnit)),
      prediction.expression.holds(.symbol("j")),
      !prediction.expression.holds(.constant(.imaginaryUnit))
    {
      prediction.expression = prediction.expression.mapped {
        $0 == .symbol("j") ? .constant(.imaginaryUnit) : nil
      }
    }
    prediction.expression = withConstant(of: reference.expression, in: prediction.expression)
    return (reference, prediction)
  }

  /// Renames the constant of integration of a prediction to the reference's `C`.
  private func withConstant(of reference: Expression, in prediction: Expression) -> Expression {
    let constant = Expression.symbol("C")
    guard case .sum(let wanted) = reference, wanted.contains(constant),
      case .sum(let seen) = prediction, !prediction.holds(constant)
    else { return prediction }
    for name in ["c", "K", "k", "c_1", "C_1"] {
      let other = Expression.symbol(name)
      guard let place = seen.firstIndex(of: other), !reference.holds(other) else { continue }
      var terms = seen
      terms[place] = constant
      let renamed = Expression.sum(terms)
      if !renamed.holds(other) { return renamed }
    }
    return prediction
  }

  /// The unit of a quantity as the variables that its letters are, where the other side has them:
  /// `2mg` as two times m times g.
  private static func letters(_ quantity: Quantity, like other: Quantity) -> Quantity? {
    guard let spelling = quantity.unit?.spelling, other.unit == nil, spelling.utf8.count == 2,
      spelling.allSatisfy({ $0.isLetter && other.expression.holds(.symbol(String($0))) })
    else { return nil }
    return Quantity(
      .product([quantity.expression] + spelling.map { .symbol(String($0)) }))
  }

  /// A single letter behind a number as the unit that it abbreviates, where that measures the same.
  private func spelledUnit(_ quantity: Quantity, like unit: UnitExpression) -> Quantity {
    guard case .product(let factors) = quantity.expression,
      let split = factors.firstIndex(where: { !$0.isConstant }), split > 0,
      factors.count - split <= 3
    else { return quantity }
    var spelled = UnitExpression(factor: .one, dimensions: [], spelling: "")
    let letters = factors[split...].flatMap { factor -> [Expression] in
      // `9.8\frac{m}{s^2}`
      if case .product(let inner) = factor { inner } else { [factor] }
    }
    for factor in letters {
      var (symbol, power) = (factor, 1)
      // Divisors are powers of powers: `m/s^2`.
      while case .power(let base, .number(let exponent)) = symbol {
        guard let whole = exponent.value.integer, abs(whole) <= 9, abs(power) <= 9 else {
          return quantity
        }
        (symbol, power) = (base, power * whole)
      }
      guard case .symbol(let letter) = symbol, let known = policy.units.unit(letter),
        let product = spelled.multiplied(by: known, power: power, spelling: letter)
      else { return quantity }
      spelled = product
    }
    guard spelled.dimensions == unit.dimensions else { return quantity }
    let amount = Array(factors[..<split])
    var result = Quantity(amount.count == 1 ? amount[0] : .product(amount))
    result.unit = spelled
    result.literal = result.expression.plainNumber
    return result
  }

  // MARK: - Percent and degrees

  /// 28 for 28 %, and the reverse, for references of at least one.
  private func comparePercent(
    _ reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    guard policy.percentSignIsOptional, reference.isPercent != prediction.isPercent,
      reference.unit == nil, prediction.unit == nil, !reference.isAngle, !prediction.isAngle
    else { return nil }
    let order = ScalarOrder(meter: meter)
    guard reference.expression.isConstant, prediction.expression.isConstant,
      let above = try? order.compare(.apply(.absolute, [reference.expression]), .integer(1)),
      above >= 0
    else { return nil }
    guard try compareValues(reference.expression, prediction.expression).isEqual else { return nil }
    return .equal("with and without the percent sign")
  }

  /// 75 for 75 degrees, where the reference has the sign; the sign alone makes no angle of a number.
  private func compareAngle(
    _ reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    guard policy.unitIsOptional, reference.isAngle != prediction.isAngle,
      reference.unit == nil, prediction.unit == nil,
      !reference.isPercent, !prediction.isPercent,
      reference.expression.isConstant, prediction.expression.isConstant,
      !reference.expression.holds(.constant(.pi)), !prediction.expression.holds(.constant(.pi))
    else { return nil }
    guard try compareValues(reference.expression, prediction.expression).isEqual else { return nil }
    return .equal("with and without the degree sign")
  }

  // MARK: - Decimals

  /// Where one side is a rounded decimal.
  ///
  /// Whole numbers are never taken for rounded.
  private func approximate(
    _ reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    if let literal = reference.literal, literal.decimals != nil || literal.value.isInteger {
      if let verdict = try rounded(literal, reference, prediction) { return verdict }
      return try measured(literal, reference, prediction)
    }
    guard let literal = prediction.literal, reference.expression.isConstant else { return nil }
    return try approximation(literal, of: reference, prediction)
  }

  /// A prediction that is plainly the value before the reference was rounded.
  private func rounded(
    _ literal: NumberLiteral, _ reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    guard let decimals = literal.decimals, let fewest = policy.decimals.roundedReferenceDecimals,
      decimals >= fewest
        || literal.digits == nil && decimals < 0 && literal.significantDigits > fewest,
      reference.isPercent == prediction.isPercent, prediction.expression.isConstant
    else { return nil }
    if let finer = prediction.literal {
      guard let places = finer.decimals, places > decimals, finer.significantDigits >= 6,
        finer.significantDigits > literal.significantDigits
      else { return nil }
    } else if try exactDecimals(prediction.expression) != nil {
      // A fraction that a decimal writes exactly was not rounded from anything.
      return nil
    }
    let half = Rational(1, 2) * Self.powerOfTen(-decimals)
    return try isWithin(half, prediction.expression, literal.value)
      ? .equal("rounds to the reference \(literal.value)") : nil
  }

  /// The decimals that a rational value needs, or nil for one that no decimal writes.
  private func exactDecimals(_ expression: Expression) throws(MathTrouble) -> Int? {
    try Algebra(meter).normalize(expression).constant?.decimalPlaces
  }

  /// A relative error that the policy allows against a decimal reference.
  private func measured(
    _ literal: NumberLiteral, _ reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    guard let oneIn = policy.measurementOneIn, literal.decimals != nil, !literal.value.isZero,
      reference.isPercent == prediction.isPercent, prediction.expression.isConstant
    else { return nil }
    let bound = literal.value.magnitude * Rational(1, oneIn)
    return try isWithin(bound, prediction.expression, literal.value)
      ? .equal("within one part in \(oneIn) of the reference") : nil
  }

  /// A decimal for an exact value that no decimal of its length writes.
  private func approximation(
    _ literal: NumberLiteral, of reference: Quantity, _ prediction: Quantity
  ) throws(MathTrouble) -> MathEquality? {
    guard let digits = policy.decimals.significantDigits, let places = literal.decimals,
      literal.significantDigits >= digits, !literal.value.isZero
    else { return nil }
    let exact = try Algebra(meter).normalize(reference.value).constant
    // Whole numbers, and decimals that are short enough to be written out, have no approximation.
    if let exact, let needed = exact.decimalPlaces, needed <= max(places, 0) { return nil }
    var value = literal.value
    if prediction.isPercent { value = value * Rational(1, 100) }
    // The error is relative to the exact value: v / (1 + e) <= exact <= v / (1 - e).
    let part = Rational(1, policy.decimals.oneIn)
    guard let low = value / (.one + part), let high = value / (.one - part) else { return nil }
    let center = (low + high) * Rational(1, 2)
    return try isWithin(((high - low) * Rational(1, 2)).magnitude, reference.value, center)
      ? .equal("a decimal of the exact value to \(digits) digits or more") : nil
  }

  /// Whether a value lies within a bound of a number.
  private func isWithin(
    _ bound: Rational, _ expression: Expression, _ center: Rational
  ) throws(MathTrouble) -> Bool {
    let algebra = Algebra(meter)
    let value = try algebra.normalize(expression)
    let distance = try algebra.subtract(value, Quotient(center))
    if let constant = distance.constant { return constant.magnitude <= bound }
    let evaluator = Evaluator(algebra)
    let above = try algebra.subtract(Quotient(bound), distance)
    let below = try algebra.add(Quotient(bound), distance)
    guard let first = try evaluator.sign(of: above), let second = try evaluator.sign(of: below)
    else { return false }
    return first >= 0 && second >= 0
  }

  private static func powerOfTen(_ exponent: Int) -> Rational {
    Rational(10).power(max(-400, min(400, exponent))) ?? .one
  }
}

extension Expression {
  /// Whether a part occurs anywhere.
  func holds(_ part: Expression) -> Bool {
    self == part || parts.contains { $0.holds(part) }
  }
}
