extension AnswerReader {
  /// Takes unit, percent and degree signs off a value.
  func quantity(_ expression: Expression) throws(MathTrouble) -> Quantity {
    var quantity = Quantity(expression)
    switch expression {
    case .apply(.percent, let arguments):
      quantity.expression = arguments[0]
      quantity.isPercent = true
    case .apply(.degrees, let arguments):
      quantity.expression = arguments[0]
      quantity.isAngle = true
    case .product(let factors): quantity = try product(factors)
    case .sum(let terms): quantity = try sum(terms)
    default: break
    }
    guard !quantity.expression.holdsUnit else { throw Self.unitInFormula }
    quantity.literal = quantity.expression.plainNumber
    return quantity
  }

  private func product(_ factors: [Expression]) throws(MathTrouble) -> Quantity {
    var rest: [Expression] = []
    var quantity = Quantity(.product(factors))
    var isFraction = false
    for factor in factors {
      switch factor {
      case .unit(let unit):
        if let known = quantity.unit {
          quantity.unit = known.multiplied(
            by: unit, power: 1, spelling: "\(known.spelling) \(unit.spelling)")
        } else {
          quantity.unit = unit
        }
      // `-28\%`, `-75^\circ` and `-\$5`: the sign is a factor before.
      case .apply(.percent, let arguments) where rest.allSatisfy({ $0 == .integer(-1) }):
        rest.append(arguments[0])
        quantity.isPercent = true
      case .apply(.degrees, let arguments) where rest.allSatisfy({ $0 == .integer(-1) }):
        rest.append(arguments[0])
        quantity.isAngle = true
      // `1/2\%` is half a percent.
      case .power(.apply(.percent, let arguments), .number(let exponent))
      where exponent.value == Rational(-1) && rest.allSatisfy({ $0.isLiteral })
        && arguments[0].isLiteral:
        rest.append(arguments[0].reciprocal)
        quantity.isPercent = true
        isFraction = true
      case .product(let inner) where inner.contains(where: { $0.isUnit }):
        let part = try product(inner)
        rest.append(part.expression)
        quantity.unit = part.unit
      default: rest.append(factor)
      }
    }
    guard !(quantity.isPercent && quantity.unit != nil), !rest.isEmpty else {
      throw .unreadable("a unit without a value")
    }
    // A sign of percent or degrees counts for the whole only if nothing else follows it.
    if quantity.isPercent || quantity.isAngle, !isFraction,
      rest.dropLast().contains(where: { $0 != .integer(-1) })
    {
      return Quantity(.product(factors))
    }
    quantity.expression = rest.count == 1 ? rest[0] : .product(rest)
    return quantity
  }

  /// `3 hours 20 minutes` and `5 cm + 2 mm`: terms of one dimension, in the unit of the first.
  private func sum(_ terms: [Expression]) throws(MathTrouble) -> Quantity {
    guard terms.contains(where: { $0.holdsUnit }) else { return Quantity(.sum(terms)) }
    var parts: [Expression] = []
    var unit: UnitExpression?
    for term in terms {
      let part = try quantity(term)
      guard let own = part.unit else { throw Self.unitInSum }
      let first = unit ?? own
      unit = first
      guard own.dimensions == first.dimensions, let ratio = own.factor / first.factor else {
        throw .unreadable("a sum of different units")
      }
      parts.append(
        ratio.isOne ? part.expression : .product([part.expression, .number(NumberLiteral(ratio))]))
    }
    var quantity = Quantity(.sum(parts))
    quantity.unit = unit
    return quantity
  }
}

extension Expression {
  fileprivate var isUnit: Bool { if case .unit = self { true } else { false } }

  /// Whether a unit occurs anywhere.
  fileprivate var holdsUnit: Bool {
    switch self {
    case .unit: true
    case .number, .symbol, .constant, .text: false
    default: parts.contains { $0.holdsUnit }
    }
  }

  /// The number that this is as it stands: digits with a sign and at most one power of ten.
  var plainNumber: NumberLiteral? {
    switch self {
    case .number(let literal): return literal
    case .product(let factors) where factors.count <= 3:
      guard factors.contains(where: { if case .number = $0 { true } else { false } }) else {
        return nil
      }
      var result: NumberLiteral?
      var shift = 0
      var isNegative = false
      for factor in factors {
        if factor == .integer(-1) {
          isNegative.toggle()
        } else if case .number(let literal) = factor, result == nil {
          result = literal
        } else if case .power(.number(let ten), .number(let exponent)) = factor,
          ten.value == Rational(10), shift == 0, let power = exponent.value.integer,
          abs(power) < 400
        {
          shift = power
        } else {
          return nil
        }
      }
      guard var literal = result else { return nil }
      if shift != 0 {
        guard let scale = Rational(10).power(shift) else { return nil }
        literal.value = literal.value * scale
        literal.decimals = (literal.decimals ?? 0) - shift
        literal.digits = nil
      }
      if isNegative { literal.value = -literal.value }
      return literal
    default: return nil
    }
  }
}
