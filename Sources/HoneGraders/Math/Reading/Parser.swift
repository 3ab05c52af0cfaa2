/// Reads tokens into an ``Expression``: a Pratt parser with a bounded depth.
///
/// Operators bind by their ``Precedence``; sums, products, lists and chains of relations are
/// gathered in loops, so that only brackets, fractions and exponents nest. The whole text must be
/// an expression: a part that cannot be read makes the whole unreadable.
struct Parser {
  /// How tightly an operator binds, from loosest to tightest.
  enum Precedence: Int, Comparable {
    case relation, ratio, setOperation, sum, product, power

    static func < (left: Precedence, right: Precedence) -> Bool { left.rawValue < right.rawValue }
  }

  /// How an answer is read.
  struct Options {
    var limits = MathLimits.standard
    var units = UnitTable.standard
    var allowsAnyNoun = false
    /// Whether plain letters behind a number may be a unit: `15 cm`.
    var readsPlainUnits = true
  }

  var lexemes: [Lexeme]
  let options: Options
  var index = 0
  private var depth = 0
  /// Levels of arguments and exponents.
  var level = 0
  /// Open absolute value bars: the next bar in an operator's place closes one.
  var openBars = 0
  /// Whether a bar or colon separates an element of a set from its condition.
  var isInSet = false

  init(_ lexemes: [Lexeme], options: Options) {
    self.lexemes = lexemes
    self.options = options
  }

  /// The expression that all tokens are together.
  static func parse(_ lexemes: [Lexeme], options: Options) throws(MathTrouble) -> Expression {
    var parser = Parser(lexemes, options: options)
    var expression = try parser.list()
    if parser.take(.command(.over)) {
      // `5 \over 12` without braces
      expression = .product([expression, try parser.list().reciprocal])
    }
    guard parser.next == nil else { throw .unreadable("\(parser.shown) is in the way") }
    return expression
  }

  // MARK: - Tokens

  var next: Token? { index < lexemes.count ? lexemes[index].token : nil }

  func token(at index: Int) -> Token? { index < lexemes.count ? lexemes[index].token : nil }

  mutating func take(_ token: Token) -> Bool {
    guard next == token else { return false }
    index += 1
    return true
  }

  mutating func expect(_ token: Token) throws(MathTrouble) {
    guard take(token) else { throw .unreadable("\(shown) where \(token) is missing") }
  }

  /// The next token, for reasons.
  var shown: String { next.map { "\($0)" } ?? "the end" }

  // MARK: - Lists

  /// Expressions between separators; a single one is no list.
  mutating func list() throws(MathTrouble) -> Expression {
    var members = [try parse(.relation)]
    var separators: [Separator] = []
    while let separator = takeSeparator() {
      // A trailing comma or line break separates nothing.
      guard let next, !isClosing(next) else { break }
      guard members.count < options.limits.members else { throw .limit("members") }
      members.append(try parse(.relation))
      separators.append(separator)
    }
    return separators.isEmpty ? members[0] : .list(members, separators)
  }

  private mutating func takeSeparator() -> Separator? {
    var separator: Separator?
    // ", and" is one separator, as the last of its words says.
    while let next {
      switch next {
      case .sign(","): separator = separator ?? .comma
      case .sign(";"): separator = .semicolon
      case .keyword(.or): separator = .or
      case .keyword(.and): separator = .and
      case .newline: separator = separator ?? .newline
      case .text(let word) where Self.conditions.contains(word),
        .word(let word) where Self.conditions.contains(word):
        separator = separator ?? .comma
      default: return separator
      }
      index += 1
    }
    return separator
  }

  /// Words in front of a condition.
  static let conditions: Set<String> = ["where", "for", "with"]

  func isClosing(_ token: Token) -> Bool {
    switch token {
    case .sign(")"), .sign("]"), .groupClose, .setClose, .sign("⟩"), .end, .column: true
    default: false
    }
  }

  // MARK: - Operators

  /// An expression of operators that bind at least as tightly as asked.
  mutating func parse(_ minimum: Precedence) throws(MathTrouble) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= options.limits.nesting else { throw .limit("nesting") }
    var left = try signedOperand(minimum)
    while let next, let precedence = infix(next), precedence >= minimum {
      let start = index
      switch precedence {
      case .power: left = try postfix(left)
      case .product: left = try product(left)
      case .sum: left = try sum(left)
      case .setOperation: left = try setOperation(left)
      case .ratio: left = try ratio(left)
      case .relation: left = try relation(left)
      }
      // Whatever an operator does with its token, it must take it.
      guard index > start else { throw .unreadable("\(shown) is in the way") }
    }
    return left
  }

  /// What a token does behind an operand, or nil where it ends the expression.
  private func infix(_ token: Token) -> Precedence? {
    switch token {
    case .sign("^"), .sign("!"), .percent, .degree, .prime: .power
    case .sign("+"), .sign("-"), .command(.plusMinus), .command(.minusPlus): .sum
    case .sign("*"), .sign("/"), .command(.modulo), .command(.plainChoose): .product
    case .command(.union), .command(.intersection), .command(.difference): .setOperation
    case .sign(":") where !isInSet: .ratio
    case .keyword(.to): .ratio
    case .relation: .relation
    case .text(let word) where Self.conditions.contains(word): nil
    case .word(let word) where Self.conditions.contains(word): nil
    default: startsFactor(token) ? .product : nil
    }
  }

  /// Whether a token starts a factor without a sign of multiplication.
  func startsFactor(_ token: Token) -> Bool {
    switch token {
    case .number, .symbol, .upright, .word, .text, .constant, .function, .groupOpen, .currency,
      .sign("("), .sign("⌊"), .sign("⌈"), .sign("‖"), .begin:
      true
    case .command(let command):
      switch command {
      case .fraction, .root, .binomial, .sum, .product, .integral, .limit, .accent: true
      default: false
      }
    case .sign("["): opensInterior(self.token(at: index + 1))
    case .sign("|"): openBars == 0 && !isInSet
    default: false
    }
  }

  /// Whether a square bracket before this token opens something, rather than closing `[2,7[`.
  private func opensInterior(_ token: Token?) -> Bool {
    switch token {
    case nil: false
    case .sign("["), .sign("-"): true
    case .some(let token): startsFactor(token)
    }
  }

  /// Signs, then an operand: `-x^2` is the negative of a square, however many signs there are.
  private mutating func signedOperand(_ minimum: Precedence) throws(MathTrouble) -> Expression {
    var isNegative = false
    var hasSign = false
    while let next {
      if next == .sign("-") { isNegative.toggle() } else if next != .sign("+") { break }
      hasSign = true
      index += 1
    }
    if next == .command(.plusMinus) || next == .command(.minusPlus) {
      let startsNegative = next == .command(.minusPlus)
      index += 1
      let value = Expression.plusMinus(
        try parse(max(minimum, .product)), startsNegative: startsNegative)
      return isNegative ? value.negated : value
    }
    guard hasSign else { return try operand() }
    let value = try parse(minimum <= .product ? .product : .power)
    return isNegative ? value.negated : value
  }

  private mutating func sum(_ first: Expression) throws(MathTrouble) -> Expression {
    var terms = [first]
    while let next {
      switch next {
      case .sign("+"), .sign("-"):
        index += 1
        let term = try parse(.product)
        terms.append(next == .sign("-") ? term.negated : term)
      case .command(.plusMinus), .command(.minusPlus):
        index += 1
        terms.append(
          .plusMinus(try parse(.product), startsNegative: next == .command(.minusPlus)))
      default: return .sum(terms)
      }
    }
    return .sum(terms)
  }

  private mutating func setOperation(_ first: Expression) throws(MathTrouble) -> Expression {
    var left = first
    var members = [first]
    var current: SetOperation?
    while let next {
      let operation: SetOperation
      switch next {
      case .command(.union): operation = .union
      case .command(.intersection): operation = .intersection
      case .command(.difference): operation = .difference
      default: return current.map { .setOperation($0, members) } ?? left
      }
      index += 1
      if let current, current != operation {
        guard members.count < options.limits.nesting else { throw .limit("nesting") }
        left = .setOperation(current, members)
        members = [left]
      }
      current = operation
      members.append(try parse(.sum))
    }
    return current.map { .setOperation($0, members) } ?? left
  }

  private mutating func ratio(_ first: Expression) throws(MathTrouble) -> Expression {
    var members = [first]
    while next == .keyword(.to) || next == .sign(":") && !isInSet {
      index += 1
      members.append(try parse(.setOperation))
    }
    return .ratio(members)
  }

  private mutating func relation(_ first: Expression) throws(MathTrouble) -> Expression {
    var members = [first]
    var relations: [Relation] = []
    while case .relation(let relation) = next {
      index += 1
      relations.append(relation)
      members.append(try parse(.ratio))
    }
    if let modulus = try modulus() {
      guard members.count == 2, relations == [.congruent] else {
        throw .unreadable("a modulus without a congruence")
      }
      return .congruence(members[0], members[1], modulus: modulus)
    }
    return .relation(members, relations)
  }

  /// `\pmod 5`, `(\bmod 5)`, `(mod 5)` behind a congruence.
  private mutating func modulus() throws(MathTrouble) -> Expression? {
    if take(.command(.parenthesizedModulo)) { return try argument() }
    if next == .sign("("), token(at: index + 1) == .command(.modulo) {
      index += 2
      let modulus = try parse(.sum)
      try expect(.sign(")"))
      return modulus
    }
    return nil
  }
}
