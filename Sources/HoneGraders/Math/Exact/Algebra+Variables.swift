extension Algebra {
  /// The names of the variables that occur, inside functions too.
  func variables(of value: Quotient) -> Set<String> {
    var names: Set<String> = []
    collect(value, &names)
    return names
  }

  /// The variables that stand for whole numbers: under a factorial, a sum, a floor.
  func wholeVariables(of value: Quotient) -> Set<String> {
    var names: Set<String> = []
    visit(value) { atom in
      switch atom {
      case .function(.factorial, let arguments), .function(.doubleFactorial, let arguments),
        .function(.gcd, let arguments), .function(.lcm, let arguments),
        .function(.modulo, let arguments):
        for argument in arguments { collect(argument, &names) }
      case .power(let base, let exponent) where base.constant?.isNegative ?? false:
        collect(exponent, &names)
      case .series(let expression): expression.collectSymbols(&names)
      default: break
      }
    }
    return names
  }

  /// Whether an atom of the value satisfies a condition, inside functions too.
  func contains(_ value: Quotient, where condition: (Atom) -> Bool) -> Bool {
    var isFound = false
    visit(value) { isFound = isFound || condition($0) }
    return isFound
  }

  /// The atoms of a value, those inside functions included, each once.
  func atoms(in value: Quotient) -> [Atom] {
    var atoms: [Atom] = []
    visit(value) { atoms.append($0) }
    return atoms
  }

  private func collect(_ value: Quotient, _ names: inout Set<String>) {
    visit(value) { atom in
      switch atom {
      case .symbol(let name): names.insert(name)
      case .series(let expression): expression.collectSymbols(&names)
      default: break
      }
    }
  }

  /// Visits every atom once, those inside functions included.
  private func visit(_ value: Quotient, _ body: (Atom) -> Void) {
    var seen: Set<Int> = []
    var open = Array(value.numerator.atoms) + Array(value.denominator.atoms)
    while let index = open.popLast() {
      guard seen.insert(index).inserted else { continue }
      let atom = table.atoms[index]
      body(atom)
      for part in atom.parts {
        open += part.numerator.atoms
        open += part.denominator.atoms
      }
    }
  }
}

extension Atom {
  /// The normal forms inside the atom.
  var parts: [Quotient] {
    switch self {
    case .symbol, .imaginaryUnit, .pi, .euler, .radical, .series: []
    case .root(let value, _): [value]
    case .power(let base, let exponent): [base, exponent]
    case .kept(let polynomial): [Quotient(polynomial)]
    case .function(_, let arguments): arguments
    }
  }
}

extension Expression {
  /// The variables that occur free.
  func collectSymbols(_ names: inout Set<String>) {
    switch self {
    case .symbol(let name): names.insert(name)
    case .bound(_, let variable, let lower, let upper, let body):
      var inner: Set<String> = []
      body.collectSymbols(&inner)
      inner.remove(variable)
      names.formUnion(inner)
      lower.collectSymbols(&names)
      upper.collectSymbols(&names)
    default: for part in parts { part.collectSymbols(&names) }
    }
  }

  /// The expressions directly inside.
  var parts: [Expression] {
    switch self {
    case .number, .symbol, .constant, .unit, .text: []
    case .sum(let parts), .product(let parts), .apply(_, let parts), .list(let parts, _),
      .bracketed(_, let parts, _), .relation(let parts, _), .setOperation(_, let parts),
      .ratio(let parts):
      parts
    case .power(let base, let exponent): [base, exponent]
    case .plusMinus(let value, _): [value]
    case .bound(_, _, let lower, let upper, let body): [lower, upper, body]
    case .congruence(let left, let right, let modulus): [left, right, modulus]
    case .setBuilder(let element, let condition): [element, condition]
    case .matrix(let rows, _): rows.flatMap { $0 }
    }
  }

  /// The number of parts, this one among them.
  var size: Int { parts.reduce(1) { $0 + $1.size } }

  /// The expression with a variable replaced; variables bound inside keep their meaning.
  func substituting(_ value: Expression, for name: String) -> Expression {
    mapped { part in
      switch part {
      case .symbol(name): value
      case .bound(let binder, name, let lower, let upper, let body):
        .bound(
          binder, variable: name, lower: lower.substituting(value, for: name),
          upper: upper.substituting(value, for: name), body: body)
      default: nil
      }
    }
  }
}
