extension Parser {
  /// Factors, with or without a sign of multiplication, divisions, and the units behind them.
  mutating func product(_ first: Expression) throws(MathTrouble) -> Expression {
    var factors = [first]
    // A number behind a number is no product: `5 5` is two answers.
    var endsInNumber = first.isLiteral
    // Each remainder or binomial nests what stands before it once more.
    var nesting = 0
    var units = 0
    while let token = next {
      switch token {
      case .sign("*"):
        index += 1
        factors.append(try factor())
        endsInNumber = false
      case .sign("/"):
        index += 1
        factors.append(try factor().reciprocal)
        endsInNumber = false
      case .command(.modulo):
        index += 1
        nesting += 1
        guard nesting <= 16 else { throw .limit("nesting") }
        let divisor = try parse(.power)
        factors = [.apply(.modulo, [Self.product(factors), divisor])]
      case .command(.plainChoose):
        index += 1
        nesting += 1
        guard nesting <= 16 else { throw .limit("nesting") }
        let lower = try parse(.power)
        factors = [.apply(.binomial, [Self.product(factors), lower])]
      case .command(.fraction) where unitFraction != nil:
        guard let (unit, end) = unitFraction else { return Self.product(factors) }
        factors.append(.unit(unit))
        index = end
      case .text(let word) where Self.conditions.contains(word),
        .word(let word) where Self.conditions.contains(word):
        return Self.product(factors)
      case .text, .word, .upright, .currency:
        let start = index
        units += 1
        guard units <= 8 else { throw .unreadable("more than eight units in a row") }
        guard
          let made = try unit(behindNumber: factors.count > 1 || first.endsInDigits)
        else { return Self.product(factors) }
        factors += made
        guard index > start else { return Self.product(factors) }
        if case .number = next { return try compound(Self.product(factors)) }
      default:
        guard startsFactor(token) else { return Self.product(factors) }
        if token == .number, endsInNumber { throw .unreadable("a number behind a number") }
        let factor = try parse(.power)
        endsInNumber = factor.isLiteral
        factors.append(factor)
      }
    }
    return Self.product(factors)
  }

  private static func product(_ factors: [Expression]) -> Expression {
    factors.count == 1 ? factors[0] : .product(factors)
  }

  /// A factor behind a sign of multiplication, which may have signs of its own.
  private mutating func factor() throws(MathTrouble) -> Expression {
    try parse(.power)
  }

  // MARK: - Units

  /// A unit in the form of a fraction at this place.
  private var unitFraction: UnitReader.Reading? {
    let reader = UnitReader(
      lexemes: lexemes, table: options.units, allowsAnyNoun: options.allowsAnyNoun)
    return reader.fraction(at: index)
  }

  private static let multipliers: [String: Int] = [
    "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000, "dozen": 12, "dozens": 12,
  ]
  static let ordinals: Set<String> = ["th", "st", "nd", "rd"]

  /// The unit, multiplier or ordinal suffix at this place, as factors; letters of a formula
  /// otherwise.
  ///
  /// - Parameter behindNumber: Whether digits stand directly in front.
  private mutating func unit(behindNumber: Bool = true) throws(MathTrouble) -> [Expression]? {
    guard let token = next else { return nil }
    switch token {
    case .currency(let sign):
      index += 1
      return [.unit(Self.currency(sign))]
    case .text(let word), .word(let word):
      let lower = word.lowercased()
      if let multiplier = Self.multipliers[lower] {
        index += 1
        return [.integer(multiplier)]
      }
      if Self.ordinals.contains(lower), !lexemes[index].isSpaced || token == .text(word) {
        index += 1
        return []
      }
      if let space = lower.firstIndex(of: " "), case .text = token,
        let multiplier = Self.multipliers[String(lower[..<space])]
      {
        lexemes[index].token = .text(String(word[word.index(after: space)...]))
        return [.integer(multiplier)] + (try unit() ?? [])
      }
    default: break
    }
    let reader = UnitReader(
      lexemes: lexemes, table: options.units, allowsAnyNoun: options.allowsAnyNoun)
    var isPlain = false
    if case .word = token { isPlain = true }
    // `\frac12mg` is a formula: plain letters are a unit behind a space or a number.
    let mayMeasure =
      !isPlain || options.readsPlainUnits && (lexemes[index].isSpaced || behindNumber)
    if mayMeasure, let (unit, end) = reader.unit(at: index) {
      // A noun is the last word; behind a measure the formula may go on.
      if !unit.isNoun || self.token(at: end).map({ isClosing($0) || isSeparator($0) }) ?? true {
        index = end
        return [.unit(unit)]
      }
    }
    switch token {
    case .word(let word):
      index += 1
      if next == .sign("_"), word.utf8.count > 2 { return [try symbol(word)] }
      return [try letters(of: word)]
    case .upright(let letter):
      index += 1
      return [try symbol(letter)]
    default: throw .unreadable("the words '\(shown.prefix(60))'")
    }
  }

  private func isSeparator(_ token: Token) -> Bool {
    switch token {
    case .sign(","), .sign(";"), .keyword(.or), .keyword(.and), .newline: true
    default: false
    }
  }

  /// `3 hours 20 minutes`: quantities that add up.
  private mutating func compound(_ first: Expression) throws(MathTrouble) -> Expression {
    var terms = [first]
    while case .number = next {
      guard terms.count < 4 else { throw .unreadable("more than four quantities in a row") }
      let amount = try parse(.power)
      guard let units = try unit(), case .unit = units.last else {
        throw .unreadable("a number behind a unit")
      }
      terms.append(.product([amount] + units))
    }
    return .sum(terms)
  }
}

extension Expression {
  /// Whether this is written as digits, not as a fraction or a formula.
  fileprivate var endsInDigits: Bool { if case .number = self { true } else { false } }

  /// Whether this ends with digits, so that digits behind it would be another number.
  var isLiteral: Bool {
    switch self {
    case .number: true
    case .product(let factors): factors.last?.isLiteral ?? false
    case .sum(let terms): terms.last?.isLiteral ?? false
    default: false
    }
  }
}
