extension Expression {
  /// The expression in plain notation, with brackets around everything that has parts.
  ///
  /// For explanations; every operation is shown as it was understood.
  var plain: String {
    func joined(_ parts: [Expression], _ separator: String) -> String {
      parts.prefix(20).map(\.plain).joined(separator: separator) + (parts.count > 20 ? " …" : "")
    }
    switch self {
    case .number(let literal): return literal.value.description
    case .symbol(let name): return name
    case .constant(let constant): return constant.plain
    case .sum(let terms): return "(" + joined(terms, " + ") + ")"
    case .product(let factors): return joined(factors, "*")
    case .power(let base, let exponent): return "\(base.plain)^\(exponent.plain)"
    case .apply(let function, let arguments): return "\(function.plain)(\(joined(arguments, ", ")))"
    case .plusMinus(let value, let startsNegative):
      return (startsNegative ? "-+" : "+-") + value.plain
    case .bound(let binder, let variable, let lower, let upper, let body):
      return "\(binder)(\(variable) = \(lower.plain) to \(upper.plain), \(body.plain))"
    case .unit(let unit): return "[\(unit.spelling)]"
    case .list(let members, let separators):
      let word = separators.contains(.or) ? " or " : separators.contains(.and) ? " and " : ", "
      return joined(members, word)
    case .bracketed(let open, let members, let close):
      return open.opening + joined(members, ", ") + close.closing
    case .relation(let members, let relations):
      var text = members.first?.plain ?? ""
      for (relation, member) in zip(relations, members.dropFirst()) {
        text += " \(relation.plain) \(member.plain)"
      }
      return text
    case .congruence(let left, let right, let modulus):
      return "\(left.plain) = \(right.plain) (mod \(modulus.plain))"
    case .setOperation(let operation, let members): return joined(members, " \(operation) ")
    case .setBuilder(let element, let condition): return "{\(element.plain) | \(condition.plain)}"
    case .matrix(let rows, _):
      return "[" + rows.prefix(20).map { joined($0, ", ") }.joined(separator: "; ") + "]"
    case .ratio(let members): return joined(members, " : ")
    case .text(let words): return "'\(words)'"
    }
  }
}

extension Bracket {
  fileprivate var opening: String {
    switch self {
    case .round: "("
    case .square: "["
    case .brace: "{"
    case .angle: "<"
    }
  }

  fileprivate var closing: String {
    switch self {
    case .round: ")"
    case .square: "]"
    case .brace: "}"
    case .angle: ">"
    }
  }
}

extension Relation {
  /// The sign in plain notation.
  var plain: String {
    switch self {
    case .equal: "="
    case .notEqual: "!="
    case .less: "<"
    case .lessEqual: "<="
    case .greater: ">"
    case .greaterEqual: ">="
    case .approximately: "~"
    case .member: "in"
    case .congruent: "=="
    }
  }
}
