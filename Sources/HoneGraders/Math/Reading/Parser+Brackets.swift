extension Parser {
  /// Brackets of any kind around one expression or several.
  mutating func brackets(_ token: Token) throws(MathTrouble) -> Expression {
    switch token {
    case .groupOpen:
      if let choice = choice(at: index + 2) { return choice }
      return try group()
    case .sign("_"):
      guard let choice = choice(at: index) else { throw .unreadable("a subscript of nothing") }
      return choice
    case .setOpen: return try set()
    case .sign("("): return try enclosed(.round)
    case .sign("["): return try enclosed(.square)
    // `]2,7[` is open on both sides.
    case .sign("]"): return try enclosed(.round)
    case .sign("⟨"): return try enclosed(.angle)
    case .sign("|"): return try bars()
    case .sign("‖"):
      index += 1
      let inner = try parse(.sum)
      try expect(.sign("‖"))
      return .apply(.named("norm"), [inner])
    case .sign("⌊"), .sign("⌈"):
      index += 1
      let inner = try outsideSet { (parser) throws(MathTrouble) in try parser.parse(.sum) }
      try expect(token == .sign("⌊") ? .sign("⌋") : .sign("⌉"))
      return .apply(token == .sign("⌊") ? .floor : .ceiling, [inner])
    case .sign("^"): return try raisedFraction()
    default: throw .unreadable("\(token) where a value is missing")
    }
  }

  /// `^{11}/_{18}`, which is also `¹¹⁄₁₈`.
  private mutating func raisedFraction() throws(MathTrouble) -> Expression {
    index += 1
    let top = try argument()
    guard take(.sign("/")), take(.sign("_")) else { throw .unreadable("a power of nothing") }
    return .product([top, try argument().reciprocal])
  }

  /// Reads with bars and colons in their usual meaning.
  mutating func outsideSet<Value>(
    _ body: (inout Parser) throws(MathTrouble) -> Value
  ) throws(MathTrouble) -> Value {
    let saved = (openBars, isInSet)
    (openBars, isInSet) = (0, false)
    let value = try body(&self)
    (openBars, isInSet) = saved
    return value
  }

  /// `(…)` and `[…]`: grouping around one member, else a tuple or an interval.
  private mutating func enclosed(_ open: Bracket) throws(MathTrouble) -> Expression {
    if open == .round, let number = lettersInBase() { return number }
    index += 1
    if open == .round, take(.sign(")")) { return .bracketed(open: .round, [], close: .round) }
    let inner = try outsideSet { (parser) throws(MathTrouble) in try parser.list() }
    let close: Bracket
    switch next {
    case .sign(")"): close = .round
    case .sign("]"): close = .square
    case .sign("["): close = .round
    case .sign("⟩"), .sign(">"): close = .angle
    default: throw .unreadable("\(shown) where a bracket is not closed")
    }
    index += 1
    guard case .list(let members, let separators) = inner else {
      guard open == close else { throw .unreadable("brackets that do not match") }
      return try based(inner) ?? inner
    }
    guard separators.allSatisfy({ $0 == .comma || $0 == .semicolon }) else {
      guard open == close else { throw .unreadable("brackets that do not match") }
      return inner
    }
    guard (open == .angle) == (close == .angle) else {
      throw .unreadable("brackets that do not match")
    }
    return .bracketed(open: open, members, close: close)
  }

  /// `{}_nC_k`, `{}_{n}C_{k}` and `{}^{n}P_{k}`: binomials and permutations whose first number
  /// stands in front, below or above nothing; nil where something else is written.
  private mutating func choice(at place: Int) -> Expression? {
    let isBare = place == index
    guard isBare || token(at: index) == .groupOpen && token(at: index + 1) == .groupClose,
      token(at: place) == .sign("_") || !isBare && token(at: place) == .sign("^")
    else { return nil }
    guard let (upper, letter) = plainIndex(at: place + 1, isJoined: true) else { return nil }
    let name: String
    let after: Int
    switch token(at: letter) {
    case .symbol(let text), .upright(let text): (name, after) = (text, letter + 1)
    case .word(let text): (name, after) = (String(text.suffix(1)), letter + 1)
    default: return nil
    }
    guard name == "C" || name == "P", token(at: after) == .sign("_"),
      let (lower, end) = plainIndex(at: after + 1, isJoined: false)
    else { return nil }
    index = end
    return .apply(name == "C" ? .binomial : .permutations, [upper, lower])
  }

  /// A whole number or a letter, in braces or alone, and the place behind it.
  ///
  /// Where a letter is joined to the next one in a word, `nC`, the place is that of the word.
  private func plainIndex(at place: Int, isJoined: Bool) -> (Expression, Int)? {
    let isBraced = token(at: place) == .groupOpen
    let inner = isBraced ? place + 1 : place
    let value: Expression
    switch token(at: inner) {
    case .number:
      guard let literal = lexemes[inner].literal, literal.digits != nil else { return nil }
      value = .number(literal)
    case .symbol(let name), .upright(let name): value = .symbol(name)
    case .word(let text) where isJoined && !isBraced && text.utf8.count == 2:
      return (.symbol(String(text.prefix(1))), inner)
    default: return nil
    }
    guard isBraced else { return (value, inner + 1) }
    return token(at: inner + 1) == .groupClose ? (value, inner + 2) : nil
  }

  /// `(FF)_{16}` and `(1A3)_{12}`: digits, capital letters among them, with a base above ten; nil
  /// where something else is written.
  private mutating func lettersInBase() -> Expression? {
    var digits = ""
    var hasLetter = false
    var place = index + 1
    while let token = token(at: place), token != .sign(")") {
      switch token {
      case .number:
        guard let part = lexemes[place].literal?.digits else { return nil }
        digits += part
      case .symbol(let text), .upright(let text), .word(let text):
        guard text.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
          return nil
        }
        hasLetter = true
        digits += text
      default: return nil
      }
      guard digits.utf8.count <= 100 else { return nil }
      place += 1
    }
    guard hasLetter, token(at: place + 1) == .sign("_") else { return nil }
    let start = index
    index = place + 2
    // Any other subscript is that of a product of variables.
    guard let name = try? subscriptName(), let base = Int(name), (11...35).contains(base),
      let value = FixedDigits.integer(digits, radix: base)
    else {
      index = start
      return nil
    }
    return .number(NumberLiteral(value))
  }

  /// `{…}`: grouping, `{a \over b}`, or a set whose braces are not escaped.
  private mutating func group() throws(MathTrouble) -> Expression {
    if case .symbol = token(at: index + 1), token(at: index + 1) == token(at: index + 3),
      let bar = token(at: index + 2), bar == .sign("|") || bar == .sign(":")
    {
      // `{x | x > 2}`
      return try set(close: .groupClose)
    }
    index += 1
    if take(.groupClose) { throw .unreadable("empty braces") }
    let inner = try outsideSet { (parser) throws(MathTrouble) -> Expression in
      let upper = try parser.list()
      if parser.take(.command(.over)) {
        return .product([upper, try parser.list().reciprocal])
      }
      if parser.take(.command(.chooseInfix)) {
        return .apply(.binomial, [upper, try parser.list()])
      }
      return upper
    }
    try expect(.groupClose)
    if case .list(let members, let separators) = inner, separators.allSatisfy({ $0 == .comma }) {
      return .bracketed(open: .brace, members, close: .brace)
    }
    return try based(inner) ?? inner
  }

  /// `\{…\}`: members, or an element with a condition.
  private mutating func set(close: Token = .setClose) throws(MathTrouble) -> Expression {
    index += 1
    let isGrouped = next == .groupOpen
    if take(close) { return .constant(.emptySet) }
    let saved = (openBars, isInSet)
    (openBars, isInSet) = (0, true)
    let inner = try list()
    (openBars, isInSet) = saved
    if take(.sign("|")) || take(.sign(":")) {
      let condition = try outsideSet { (parser) throws(MathTrouble) in try parser.list() }
      try expect(close)
      return .setBuilder(inner, condition: condition)
    }
    try expect(close)
    if case .list(let members, let separators) = inner,
      separators.allSatisfy({ $0 == .comma || $0 == .semicolon })
    {
      return .bracketed(open: .brace, members, close: .brace)
    }
    // `\left\{ {1,2} \right\}` is one set, not a set of a set.
    if isGrouped, case .bracketed(open: .brace, _, close: .brace) = inner { return inner }
    return .bracketed(open: .brace, [inner], close: .brace)
  }

  /// `|x|`.
  private mutating func bars() throws(MathTrouble) -> Expression {
    index += 1
    openBars += 1
    let inner = try parse(.sum)
    openBars -= 1
    try expect(.sign("|"))
    if case .matrix(let rows, .brackets) = inner { return .matrix(rows, .bars) }
    return .apply(.absolute, [inner])
  }

  /// Rows and columns up to the end of the environment.
  mutating func matrix(_ name: String) throws(MathTrouble) -> Expression {
    var rows: [[Expression]] = [[]]
    var count = 0
    while let token = next {
      switch token {
      case .end:
        index += 1
        if rows.last?.isEmpty == true { rows.removeLast() }
        guard !rows.isEmpty else { throw .unreadable("an empty matrix") }
        let style: MatrixStyle =
          name == "vmatrix" ? .bars : name.hasSuffix("cases") ? .cases : .brackets
        return .matrix(rows, style)
      case .newline:
        index += 1
        rows.append([])
      case .column: index += 1
      case .text(let words) where name.hasSuffix("cases"):
        index += 1
        rows[rows.count - 1].append(.text(words))
      default:
        count += 1
        guard count <= options.limits.members else { throw .limit("members") }
        let entry = try outsideSet { (parser) throws(MathTrouble) in try parser.parse(.relation) }
        rows[rows.count - 1].append(entry)
        // Inside cases a comma parts the value from its condition.
        if name.hasSuffix("cases") { _ = take(.sign(",")) }
      }
    }
    throw .unreadable("a matrix that does not end")
  }
}
