extension Parser {
  /// `\sum_{k=1}^{n}` and `\prod`, with the product that follows.
  mutating func boundSum(_ binder: Binder) throws(MathTrouble) -> Expression {
    var variable: String?
    var lower = Expression.integer(0)
    var upper: Expression?
    while let token = next, token == .sign("_") || token == .sign("^") {
      index += 1
      let range = try argument()
      if token == .sign("^") {
        upper = range
      } else if case .relation(let members, [.equal]) = range, let name = members[0].variableName {
        variable = name
        lower = members[1]
      }
    }
    guard let variable, let upper else { throw .unreadable("a sum without its range") }
    let body = try binderBody(.product)
    return .bound(
      binder, variable: variable, lower: lower, upper: upper, body: body.binding(variable))
  }

  /// `\int_a^b f\,dx` with both ends.
  mutating func integral() throws(MathTrouble) -> Expression {
    var lower: Expression?
    var upper: Expression?
    while let token = next, token == .sign("_") || token == .sign("^") {
      index += 1
      if token == .sign("_") { lower = try argument() } else { upper = try argument() }
    }
    guard let lower, let upper else { throw .unreadable("an integral without its ends") }
    let (body, variable) = try (binderBody(.sum)).splittingDifferential()
    return .bound(.integral, variable: variable, lower: lower, upper: upper, body: body)
  }

  /// `\lim_{x\to a} f`.
  mutating func limit() throws(MathTrouble) -> Expression {
    try expect(.sign("_"))
    guard case .ratio(let members) = try argument(), members.count == 2,
      let variable = members[0].variableName
    else { throw .unreadable("a limit without its variable") }
    let body = try binderBody(.product)
    return .bound(
      .limit, variable: variable, lower: members[1], upper: members[1],
      body: body.binding(variable))
  }

  private mutating func binderBody(_ precedence: Precedence) throws(MathTrouble) -> Expression {
    var body = Expression.integer(0)
    try nested { (parser) throws(MathTrouble) in body = try parser.parse(precedence) }
    return body
  }
}

extension Expression {
  /// The name of a plain variable; `i` counts where it is bound.
  var variableName: String? {
    switch self {
    case .symbol(let name): name
    case .constant(.imaginaryUnit): "i"
    default: nil
    }
  }

  /// This with `i` as a variable, where that is what is bound.
  fileprivate func binding(_ variable: String) -> Expression {
    guard variable == "i" else { return self }
    return mapped { $0 == .constant(.imaginaryUnit) ? .symbol("i") : nil }
  }

  /// Splits `x^2 dx` into the integrand and its variable.
  fileprivate func splittingDifferential() throws(MathTrouble) -> (Expression, String) {
    switch self {
    case .product(let factors):
      let flat = factors.flatMap { factor -> [Expression] in
        if case .product(let inner) = factor { inner } else { [factor] }
      }
      guard flat.count >= 2, flat[flat.count - 2] == .symbol("d"),
        let variable = flat[flat.count - 1].variableName
      else { break }
      let rest = Array(flat.dropLast(2))
      return (rest.isEmpty ? .integer(1) : .product(rest), variable)
    case .sum(let terms):
      guard let last = terms.last else { break }
      let (term, variable) = try last.splittingDifferential()
      return (.sum(terms.dropLast() + [term]), variable)
    default: break
    }
    throw .unreadable("an integral without its differential")
  }

  /// The expression with every part for which a replacement is given replaced.
  func mapped(_ replacement: (Expression) -> Expression?) -> Expression {
    if let replaced = replacement(self) { return replaced }
    func each(_ parts: [Expression]) -> [Expression] { parts.map { $0.mapped(replacement) } }
    switch self {
    case .number, .symbol, .constant, .unit, .text: return self
    case .sum(let terms): return .sum(each(terms))
    case .product(let factors): return .product(each(factors))
    case .power(let base, let exponent):
      return .power(base.mapped(replacement), exponent.mapped(replacement))
    case .apply(let function, let arguments): return .apply(function, each(arguments))
    case .plusMinus(let value, let startsNegative):
      return .plusMinus(value.mapped(replacement), startsNegative: startsNegative)
    case .bound(let binder, let variable, let lower, let upper, let body):
      return .bound(
        binder, variable: variable, lower: lower.mapped(replacement),
        upper: upper.mapped(replacement), body: body.mapped(replacement))
    case .list(let members, let separators): return .list(each(members), separators)
    case .bracketed(let open, let members, let close):
      return .bracketed(open: open, each(members), close: close)
    case .relation(let members, let relations): return .relation(each(members), relations)
    case .congruence(let left, let right, let modulus):
      return .congruence(
        left.mapped(replacement), right.mapped(replacement), modulus: modulus.mapped(replacement))
    case .setOperation(let operation, let members): return .setOperation(operation, each(members))
    case .setBuilder(let element, let condition):
      return .setBuilder(element.mapped(replacement), condition: condition.mapped(replacement))
    case .matrix(let rows, let style): return .matrix(rows.map(each), style)
    case .ratio(let members): return .ratio(each(members))
    }
  }
}
