extension Algebra {
  /// The normal form of an expression that is one value.
  ///
  /// The recursion is as deep as the expression, which the parser bounds.
  func normalize(_ expression: Expression) throws(MathTrouble) -> Quotient {
    try meter.spend(20)
    switch expression {
    case .number(let literal): return Quotient(literal.value)
    case .symbol(let name): return try quotient(.symbol(name))
    case .constant(let constant): return try value(of: constant)
    case .sum(let terms): return try sum(terms)
    case .product(let factors): return try product(factors)
    case .power(let base, let exponent):
      if case .number(let literal) = exponent {
        return try power(try normalize(base), Quotient(literal.value))
      }
      return try power(try normalize(base), try normalize(exponent))
    case .apply(let function, let arguments):
      var values: [Quotient] = []
      for argument in arguments { values.append(try normalize(argument)) }
      return try apply(function, values)
    case .matrix(let rows, .bars): return try determinant(rows)
    case .bound(let binder, let variable, let lower, let upper, let body):
      return try bound(binder, variable, lower, upper, body)
    case .unit: throw .unsupported("a unit inside an expression")
    case .plusMinus: throw .unsupported("a plus-minus sign inside an expression")
    default: throw .unreadable("something that is no single value")
    }
  }

  private func value(of constant: Constant) throws(MathTrouble) -> Quotient {
    switch constant {
    case .pi: try quotient(.pi)
    case .euler: try quotient(.euler)
    case .imaginaryUnit: try imaginaryUnit()
    case .infinity: throw .unsupported("infinity inside an expression")
    default: throw .unreadable("a set where a value is wanted")
    }
  }

  /// A sum; the numbers in it are added without any polynomial.
  private func sum(_ terms: [Expression]) throws(MathTrouble) -> Quotient {
    var constant = Rational.zero
    var result = Quotient.zero
    for term in terms {
      if case .number(let literal) = term {
        try meter.spend(1 + constant.bits / 512)
        try meter.spendSum(constant, literal.value)
        constant = constant + literal.value
        guard constant.digits <= meter.limits.digits * 2 else { throw .limit("digits") }
        continue
      }
      let value = try normalize(term)
      result = result.isZero ? value : try add(result, value)
    }
    if constant.isZero { return result }
    return result.isZero ? Quotient(constant) : try add(result, Quotient(constant))
  }

  private func product(_ factors: [Expression]) throws(MathTrouble) -> Quotient {
    var constant = Rational.one
    var result: Quotient?
    for factor in factors {
      switch factor {
      case .number(let literal):
        try meter.spendProduct(constant.bits, literal.value.bits)
        try meter.spendDivisors(constant, literal.value)
        constant = constant * literal.value
        guard constant.digits <= meter.limits.digits * 2 else { throw .limit("digits") }
      case .power(let base, .number(let exponent)) where exponent.value == Rational(-1):
        let divisor = try normalize(base)
        let inverse = try invert(divisor)
        if let value = inverse.constant {
          try meter.spendProduct(constant.bits, value.bits)
          try meter.spendDivisors(constant, value)
          constant = constant * value
          guard constant.digits <= meter.limits.digits * 2 else { throw .limit("digits") }
        } else {
          result =
            try result.map { (left) throws(MathTrouble) in try multiply(left, inverse) }
            ?? inverse
        }
      default:
        let value = try normalize(factor)
        result = try result.map { (left) throws(MathTrouble) in try multiply(left, value) } ?? value
      }
    }
    guard let result else { return Quotient(constant) }
    return constant.isOne ? result : try multiply(result, Quotient(constant))
  }

  /// A determinant by Gaussian elimination without pivoting for size: expansion by minors of at
  /// most six rows.
  private func determinant(_ rows: [[Expression]]) throws(MathTrouble) -> Quotient {
    guard (1...6).contains(rows.count), rows.allSatisfy({ $0.count == rows.count }) else {
      throw .unsupported("a determinant of more than six rows or not square")
    }
    var values: [[Quotient]] = []
    for row in rows {
      var entries: [Quotient] = []
      for entry in row { entries.append(try normalize(entry)) }
      values.append(entries)
    }
    return try minor(values, Array(0..<rows.count), row: 0)
  }

  private func minor(
    _ values: [[Quotient]], _ columns: [Int], row: Int
  ) throws(MathTrouble) -> Quotient {
    guard row < values.count else { return .one }
    var result = Quotient.zero
    for (position, column) in columns.enumerated() {
      let entry = values[row][column]
      if entry.isZero { continue }
      let rest = try minor(values, columns.filter { $0 != column }, row: row + 1)
      let term = try multiply(entry, rest)
      result = try add(result, position % 2 == 0 ? term : -term)
    }
    return result
  }
}
