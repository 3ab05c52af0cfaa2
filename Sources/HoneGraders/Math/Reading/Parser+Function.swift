extension Parser {
  // MARK: - Behind an operand

  /// An exponent, factorial, percent sign, degree sign or prime behind an operand.
  mutating func postfix(_ base: Expression) throws(MathTrouble) -> Expression {
    var base = base
    var count = 0
    while let token = next {
      count += 1
      // Each of these nests the expression once more.
      guard count <= 16 else { throw .limit("nesting") }
      switch token {
      case .sign("^"):
        index += 1
        if let marked = try mark(on: base) {
          base = marked
        } else {
          base = .power(base, try exponent())
        }
      case .sign("!"):
        index += 1
        base = .apply(take(.sign("!")) ? .doubleFactorial : .factorial, [base])
      case .percent:
        index += 1
        base = .apply(.percent, [base])
      case .degree:
        index += 1
        base = degrees(base)
      case .prime:
        index += 1
        guard case .symbol(let name) = base else { throw .unreadable("a prime behind no symbol") }
        base = .symbol(name + "'")
      default: return base
      }
    }
    return base
  }

  /// `^\circ` and `^\prime`, which are no exponents.
  private mutating func mark(on base: Expression) throws(MathTrouble) -> Expression? {
    let start = index
    let isGrouped = take(.groupOpen)
    if take(.degree), !isGrouped || take(.groupClose) { return degrees(base) }
    if base.isLiteral {
      // `30^o` is thirty degrees and `5^{\text{th}}` the fifth.
      if take(.symbol("o")), !isGrouped || take(.groupClose) { return degrees(base) }
      if isOrdinal {
        index += 1
        if !isGrouped || take(.groupClose) { return base }
      }
    }
    var primes = ""
    while take(.prime) { primes += "'" }
    if !primes.isEmpty, !isGrouped || take(.groupClose), case .symbol(let name) = base {
      return .symbol(name + primes)
    }
    index = start
    return nil
  }

  /// Whether the suffix of an ordinal number is next.
  private var isOrdinal: Bool {
    switch next {
    case .text(let word), .word(let word): Parser.ordinals.contains(word.lowercased())
    default: false
    }
  }

  /// Degrees with the minutes and seconds that follow: `22^\circ 30' 15''`.
  private mutating func withMinutes(_ degrees: Expression) -> Expression {
    var terms = [degrees]
    for marks in 1...2 {
      guard next == .number, let part = lexemes[index].literal, part.value < Rational(60) else {
        break
      }
      var end = index + 1
      while token(at: end) == .prime { end += 1 }
      guard end - index - 1 == marks else { continue }
      index = end
      terms.append(
        .product([.number(part), Expression.integer(marks == 1 ? 60 : 3600).reciprocal]))
    }
    return terms.count == 1 ? degrees : .sum(terms)
  }

  /// An angle, or a temperature where a scale follows.
  private mutating func degrees(_ base: Expression) -> Expression {
    let scale: String
    switch next {
    case .upright("C"), .symbol("C"), .text("Celsius"), .word("Celsius"): scale = "celsius"
    case .upright("F"), .symbol("F"), .text("Fahrenheit"), .word("Fahrenheit"): scale = "fahrenheit"
    default: return .apply(.degrees, [base.isLiteral ? withMinutes(base) : base])
    }
    index += 1
    let unit = UnitExpression(
      factor: .one, dimensions: [.init(base: scale, power: 1)], spelling: "degrees \(scale)")
    return .product([base, .unit(unit)])
  }

  private mutating func exponent() throws(MathTrouble) -> Expression {
    var isNegative = false
    while let next, next == .sign("-") || next == .sign("+") {
      if next == .sign("-") { isNegative.toggle() }
      index += 1
    }
    // Right to left: a^b^c is a^(b^c).
    var value = try oneArgument(splitsDigits: false)
    if next == .sign("^") {
      guard token(at: index + 1) != .degree else { throw .unreadable("degrees in an exponent") }
      index += 1
      try nested { (parser) throws(MathTrouble) in
        value = .power(value, try parser.exponent())
      }
    }
    return isNegative ? value.negated : value
  }

  // MARK: - Arguments

  /// The argument of `\frac` and its kin: a group, or a single digit or symbol.
  mutating func argument() throws(MathTrouble) -> Expression {
    try oneArgument(splitsDigits: true)
  }

  private mutating func oneArgument(splitsDigits: Bool) throws(MathTrouble) -> Expression {
    if splitsDigits, next == .number, let digits = lexemes[index].literal?.digits,
      digits.utf8.count > 1
    {
      // `\frac12` is one half: without braces each argument is one digit.
      lexemes[index].literal = literal(String(digits.dropFirst()))
      return .number(literal(String(digits.prefix(1))))
    }
    if let letter = takeFirstLetter() { return letter }
    guard next != .command(.over), next != .sign("-") else {
      throw .unreadable("\(shown) where an argument is missing")
    }
    var value = Expression.integer(0)
    try nested { (parser) throws(MathTrouble) in value = try parser.operand() }
    return value
  }

  /// The first letter of a word: without braces an argument is one letter, as in `e^xe^y`.
  private mutating func takeFirstLetter() -> Expression? {
    guard case .word(let word) = next, word.utf8.count > 1, word.utf8.allSatisfy({ $0 < 0x80 })
    else { return nil }
    let rest = String(word.dropFirst())
    lexemes[index].token = rest.utf8.count == 1 ? Lexer.letter(rest) : .word(rest)
    lexemes[index].isSpaced = false
    switch Lexer.letter(String(word.prefix(1))) {
    case .constant(let constant): return .constant(constant)
    default: return .symbol(String(word.prefix(1)))
    }
  }

  func literal(_ digits: String) -> NumberLiteral {
    var literal = NumberLiteral(FixedDigits.integer(digits) ?? .zero)
    literal.digits = digits
    literal.significantDigits = digits.utf8.drop { $0 == UInt8(ascii: "0") }.count
    return literal
  }

  /// Members in round, square or TeX brackets, or nil where none follow.
  mutating func argumentList() throws(MathTrouble) -> [Expression] {
    let close: Token
    switch next {
    case .sign("("): close = .sign(")")
    case .sign("["): close = .sign("]")
    case .groupOpen: close = .groupClose
    case .setOpen: close = .setClose
    default: throw .unreadable("\(shown) where arguments are missing")
    }
    index += 1
    let inner = try outsideSet { (parser) throws(MathTrouble) in try parser.list() }
    try expect(close)
    if case .list(let members, _) = inner { return members }
    return [inner]
  }

  // MARK: - Functions

  /// A function with its power, base and argument: `\sin^2 x`, `\log_2 48`, `\gcd(84,126)`.
  mutating func apply(_ function: Function) throws(MathTrouble) -> Expression {
    var base: Expression?
    var power: Expression?
    while next == .sign("_") || next == .sign("^") {
      let isBase = next == .sign("_")
      index += 1
      if isBase { base = try oneArgument(splitsDigits: false) } else { power = try exponent() }
    }
    let arguments = try functionArguments(function)
    var function = function
    if let exponent = power, case .number(let literal) = exponent, literal.value == Rational(-1),
      let inverse = function.inverse
    {
      function = inverse
      power = nil
    }
    let value = try application(function, arguments, base)
    return power.map { .power(value, $0) } ?? value
  }

  private func application(
    _ function: Function, _ arguments: [Expression], _ base: Expression?
  ) throws(MathTrouble) -> Expression {
    switch function {
    case .named("ln"): return .apply(.log, [try one(arguments)])
    case .named("log"), .named("lg"):
      return .apply(.log, [try one(arguments), base ?? .integer(10)])
    case .named("exp"): return .power(.constant(.euler), try one(arguments))
    case .named("cbrt"): return .apply(.root, [try one(arguments), .integer(3)])
    case .gcd, .lcm, .maximum, .minimum:
      guard base == nil else { throw .unreadable("a subscript below \(function.plain)") }
      return .apply(function, arguments)
    case .binomial:
      guard arguments.count == 2 else { throw .unreadable("binomial of \(arguments.count)") }
      return .apply(function, arguments)
    case .named("det"):
      if arguments.count == 1, case .matrix(let rows, .brackets) = arguments[0] {
        return .matrix(rows, .bars)
      }
      return .apply(function, arguments)
    case .named(let name): return .apply(.named(name), arguments)
    default:
      guard base == nil else { throw .unreadable("a subscript below \(function.plain)") }
      return .apply(function, [try one(arguments)])
    }
  }

  private func one(_ arguments: [Expression]) throws(MathTrouble) -> Expression {
    guard arguments.count == 1 else { throw .unreadable("\(arguments.count) arguments, wanted 1") }
    return arguments[0]
  }

  /// Brackets with everything in them; without brackets the factors up to the next function.
  private mutating func functionArguments(_ function: Function) throws(MathTrouble) -> [Expression]
  {
    switch next {
    case .sign("("), .sign("["), .groupOpen: return try argumentList()
    case .setOpen where [.maximum, .minimum, .gcd, .lcm].contains(function):
      return try argumentList()
    default: break
    }
    var isNegative = false
    while take(.sign("-")) { isNegative.toggle() }
    var factors: [Expression] = []
    var product = Expression.integer(1)
    try nested { (parser) throws(MathTrouble) in
      factors = [try parser.parse(.power)]
      let isLogarithm = [.named("ln"), .named("log"), .named("lg")].contains(function)
      while let token = parser.next,
        parser.continuesArgument(token, isOpen: factors.last?.isLiteral == true && !isLogarithm)
      {
        if token == .sign("*") { parser.index += 1 }
        factors.append(try parser.parse(.power))
      }
      product = factors.count == 1 ? factors[0] : .product(factors)
    }
    return [isNegative ? product.negated : product]
  }

  /// Whether a token goes on with an argument without brackets.
  ///
  /// - Parameter isOpen: Whether the argument so far is a coefficient alone. A sign of
  ///   multiplication ends any other: `\sin x \cdot 2` is twice the sine.
  private func continuesArgument(_ token: Token, isOpen: Bool) -> Bool {
    switch token {
    case .symbol, .constant: true
    case .command(.root), .command(.fraction), .command(.accent): true
    case .sign("*"):
      switch self.token(at: index + 1) {
      case .symbol, .constant: isOpen
      default: false
      }
    default: false
    }
  }

  /// Counts one more level of nesting around what is read.
  mutating func nested(
    _ body: (inout Parser) throws(MathTrouble) -> Void
  ) throws(MathTrouble) {
    level += 1
    defer { level -= 1 }
    guard level <= options.limits.nesting else { throw .limit("nesting") }
    try body(&self)
  }

  // MARK: - Commands

  /// `\frac`, `\sqrt`, `\binom`, accents and the signs that bind a variable.
  mutating func command(_ command: Command) throws(MathTrouble) -> Expression {
    switch command {
    case .fraction: return try fraction()
    case .root:
      var degree = Expression.integer(2)
      if take(.sign("[")) {
        degree = try outsideSet { (parser) throws(MathTrouble) in try parser.parse(.sum) }
        try expect(.sign("]"))
      }
      return .apply(.root, [try oneArgument(splitsDigits: false), degree])
    case .binomial:
      let upper = try argument()
      return .apply(.binomial, [upper, try argument()])
    case .accent(let name): return try accent(name)
    case .sum: return try boundSum(.sum)
    case .product: return try boundSum(.product)
    case .integral: return try integral()
    case .limit: return try limit()
    default: throw .unreadable("\(command) where a value is missing")
    }
  }

  /// A fraction; `\frac{dM}{dt}` is a rate of change.
  private mutating func fraction() throws(MathTrouble) -> Expression {
    let top = try argument()
    let bottom = try argument()
    if let changing = top.withoutDifferential, case .product(let factors) = bottom,
      bottom.withoutDifferential != nil, factors.count <= 3
    {
      return .apply(.derivative, [changing, bottom])
    }
    return .product([top, bottom.reciprocal])
  }

  /// Wide accents by the narrow ones that mean the same.
  private static let accents = [
    "overline": "bar", "widehat": "hat", "widetilde": "tilde", "overrightarrow": "vec",
  ]

  /// `\vec{v}`, `\overline{AB}`: another symbol; `\overline{2+i}` is a conjugate.
  private mutating func accent(_ name: String) throws(MathTrouble) -> Expression {
    let inner = try oneArgument(splitsDigits: false)
    let name = Self.accents[name] ?? name
    if name == "bar", inner.isConstant, inner.holds(.constant(.imaginaryUnit)) {
      return .apply(.conjugate, [inner])
    }
    let letters: String
    switch inner {
    case .symbol(let symbol): letters = symbol
    case .constant(let constant) where constant.letter != nil: letters = constant.letter ?? ""
    case .product(let factors):
      let symbols = factors.compactMap { if case .symbol(let name) = $0 { name } else { nil } }
      guard symbols.count == factors.count else { throw .unreadable("an accent on no symbol") }
      letters = symbols.joined()
    default: throw .unreadable("an accent on no symbol")
    }
    return try symbol("\(name) \(letters)")
  }
}

extension Expression {
  /// What is behind the `d` of a differential, or nil if this is none.
  fileprivate var withoutDifferential: Expression? {
    func isDifferential(_ factor: Expression) -> Bool {
      switch factor {
      case .symbol("d"), .symbol("partial"): true
      case .power(let base, .number): isDifferential(base)
      default: false
      }
    }
    if isDifferential(self) { return self }
    guard case .product(let factors) = self, let first = factors.first, isDifferential(first)
    else { return nil }
    return self
  }
}
