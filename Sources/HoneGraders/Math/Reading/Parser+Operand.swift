extension Parser {
  /// One operand: a number, a symbol, brackets, a function with its argument.
  mutating func operand() throws(MathTrouble) -> Expression {
    guard let token = next else { throw .unreadable("the end where a value is missing") }
    switch token {
    case .number: return try number()
    case .symbol(let name), .upright(let name):
      index += 1
      return try symbol(name)
    case .constant(let constant):
      index += 1
      // `e_1` and `i_0` are variables; so is `\Delta_{\pi}` but not pi itself.
      if next == .sign("_"), let letter = constant.letter { return try symbol(letter) }
      return .constant(constant)
    case .word(let word): return try self.word(word)
    case .text(let text):
      index += 1
      if next == .sign("_") { return try symbol(text) }
      return .text(text)
    case .ellipsis:
      index += 1
      return .symbol("…")
    case .currency(let sign): return try money(sign)
    case .function(let function):
      index += 1
      return try apply(function)
    case .command(let command):
      index += 1
      return try self.command(command)
    case .begin(let name):
      index += 1
      return try matrix(name)
    default: return try brackets(token)
    }
  }

  // MARK: - Numbers

  /// A number; `4\frac{3}{5}` and `4 3/5` are mixed, `1213_4` is written in another base.
  private mutating func number() throws(MathTrouble) -> Expression {
    guard let literal = lexemes[index].literal else { throw .unreadable(shown) }
    index += 1
    if let based = try based(.number(literal)) { return based }
    guard literal.digits != nil else { return .number(literal) }
    if let part = try properFraction() {
      return .sum([.number(literal), part])
    }
    return .number(literal)
  }

  /// The number that digits are in the base that stands below them, or nil where none does.
  mutating func based(_ digits: Expression) throws(MathTrouble) -> Expression? {
    guard next == .sign("_"), case .number(let literal) = digits, let digits = literal.digits
    else { return nil }
    index += 1
    return .number(try based(digits, base: try base()))
  }

  /// The base below a number, in digits or as a word.
  private mutating func base() throws(MathTrouble) -> Int {
    let name = try subscriptName()
    guard let base = Int(name) ?? NumberWords.value(of: name).flatMap(\.integer),
      (2...35).contains(base)
    else { throw .unreadable("base \(name), wanted 2 to 35") }
    return base
  }

  private func based(_ digits: String, base: Int) throws(MathTrouble) -> NumberLiteral {
    guard digits.utf8.count <= 1000, let value = FixedDigits.integer(digits, radix: base) else {
      throw .unreadable("\(digits.prefix(40)) in base \(base)")
    }
    return NumberLiteral(value)
  }

  /// The fraction of a mixed number, below one, of plain whole numbers.
  private mutating func properFraction() throws(MathTrouble) -> Expression? {
    if next == .command(.fraction) {
      guard let (above, below, end) = plainFraction(at: index + 1), !above.value.isZero,
        above.value < below.value
      else { return nil }
      index = end
      return .product([.number(above), Expression.number(below).reciprocal])
    }
    guard index + 2 < lexemes.count, lexemes[index].isSpaced,
      let above = lexemes[index].literal, let below = lexemes[index + 2].literal,
      lexemes[index + 1].token == .sign("/"), above.digits != nil, below.digits != nil,
      !above.value.isZero, above.value < below.value
    else { return nil }
    index += 3
    return .product([.number(above), Expression.number(below).reciprocal])
  }

  /// Two whole numbers as the arguments of a fraction, and the place behind them.
  ///
  /// They are looked at and not parsed: whoever parsed them twice would do so at every level of
  /// `2\frac{2\frac{2…`.
  private func plainFraction(at place: Int) -> (NumberLiteral, NumberLiteral, Int)? {
    if token(at: place) == .number, let digits = lexemes[place].literal?.digits,
      digits.utf8.count == 2
    {
      let parts = digits.map { literal(String($0)) }
      return (parts[0], parts[1], place + 1)
    }
    guard let (above, middle) = plainArgument(at: place),
      let (below, end) = plainArgument(at: middle)
    else { return nil }
    return (above, below, end)
  }

  /// A digit, or a whole number in braces, and the place behind it.
  private func plainArgument(at place: Int) -> (NumberLiteral, Int)? {
    var place = place
    var depth = 0
    while token(at: place) == .groupOpen, depth < 8 {
      depth += 1
      place += 1
    }
    guard token(at: place) == .number, let literal = lexemes[place].literal,
      let digits = literal.digits, depth > 0 || digits.utf8.count == 1
    else { return nil }
    for step in 0..<depth {
      guard token(at: place + 1 + step) == .groupClose else { return nil }
    }
    return (literal, place + 1 + depth)
  }

  /// `$5`: the number that follows, with its currency as unit.
  private mutating func money(_ sign: Unicode.Scalar) throws(MathTrouble) -> Expression {
    index += 1
    let amount = try parse(.power)
    let money = Expression.product([amount, .unit(Self.currency(sign))])
    guard amount.isLiteral, let next, index < lexemes.count, !lexemes[index].isSpaced,
      let multiplier = Self.shortMultipliers[next]
    else { return money }
    // `$5M`
    index += 1
    return .product([money, .integer(multiplier)])
  }

  private static let shortMultipliers: [Token: Int] = [
    .symbol("K"): 1000, .symbol("k"): 1000, .symbol("M"): 1_000_000, .symbol("B"): 1_000_000_000,
  ]

  static func currency(_ sign: Unicode.Scalar) -> UnitExpression {
    let name = String(Character(sign))
    return UnitExpression(
      factor: .one, dimensions: [.init(base: name, power: 1)], spelling: name)
  }

  // MARK: - Symbols and words

  /// A variable with its subscript and primes, or an unknown function with its argument.
  mutating func symbol(_ name: String) throws(MathTrouble) -> Expression {
    var name = name
    if take(.sign("_")) { name += "_" + (try subscriptName()) }
    while take(.prime) { name += "'" }
    let base = name.prefix { $0 != "_" && $0 != "'" }
    let isFunction = ["f", "g", "h"].contains(base) || isLabel || isAtZero
    if isFunction, next == .sign("("), index < lexemes.count, !lexemes[index].isSpaced {
      let argument = try argumentList()
      return .apply(.named(name), argument)
    }
    return .symbol(name)
  }

  /// Whether `(0)` follows: nobody multiplies by zero, so that `I(0)` is a value of a function.
  private var isAtZero: Bool {
    next == .sign("(") && token(at: index + 2) == .sign(")")
      && lexemes[index + 1].literal?.value.isZero ?? false
  }

  /// Whether brackets follow that an equals sign follows, at the very start: `P(A) = …`.
  private var isLabel: Bool {
    guard index == 1, next == .sign("(") else { return false }
    var position = index
    while position < lexemes.count, position < index + 12 {
      if lexemes[position].token == .sign(")") {
        return token(at: position + 1) == .relation(.equal)
      }
      position += 1
    }
    return false
  }

  /// The name that a subscript adds: the spelling of its tokens.
  mutating func subscriptName() throws(MathTrouble) -> String {
    var name = ""
    var depth = 0
    repeat {
      guard let token = next, name.utf8.count < 64 else { throw .unreadable("a subscript") }
      switch token {
      case .groupOpen: depth += 1
      case .groupClose: depth -= 1
      case .number:
        let literal = lexemes[index].literal
        name += literal?.digits ?? literal?.value.description ?? ""
      case .symbol(let part), .upright(let part), .word(let part), .text(let part): name += part
      case .constant(let constant): name += constant.letter ?? constant.plain
      case .sign(let sign): name += String(Character(sign))
      case .relation(let relation): name += relation.plain
      case .keyword(let keyword): name += keyword.rawValue
      case .function(let function): name += function.plain
      case .prime: name += "'"
      default: throw .unreadable("\(token) in a subscript")
      }
      index += 1
    } while depth > 0
    return name
  }

  /// A plain word where a value is expected: letters to multiply, unless it is too long for that.
  private mutating func word(_ word: String) throws(MathTrouble) -> Expression {
    index += 1
    if next == .sign("_"), word.utf8.count > 2 { return try symbol(word) }
    return try letters(of: word)
  }

  /// The product of the letters; what stands behind belongs to the last: `ab^2` is `a b^2`.
  mutating func letters(of word: String) throws(MathTrouble) -> Expression {
    guard word.utf8.count <= 4, word.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw .unreadable("the word '\(word.prefix(40))'")
    }
    var factors: [Expression] = word.map { letter in
      switch Lexer.letter(String(letter)) {
      case .constant(let constant): .constant(constant)
      default: .symbol(String(letter))
      }
    }
    if next == .sign("_") {
      factors[factors.count - 1] = try symbol(String(word.suffix(1)))
    }
    factors[factors.count - 1] = try postfix(factors[factors.count - 1])
    return .product(factors)
  }
}

extension Constant {
  /// The letter that is a variable's name where it has a subscript.
  var letter: String? {
    switch self {
    case .euler: "e"
    case .imaginaryUnit: "i"
    case .pi: "pi"
    default: nil
    }
  }
}
