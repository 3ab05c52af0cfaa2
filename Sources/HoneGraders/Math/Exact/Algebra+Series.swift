extension Algebra {
  /// A sum, product, integral or limit: by its terms, by a closed form, or as an atom.
  func bound(
    _ binder: Binder, _ variable: String, _ lower: Expression, _ upper: Expression,
    _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    switch binder {
    case .integral: return try integral(variable, lower, upper, body)
    case .limit: return try limit(variable, lower, body)
    case .sum, .product: break
    }
    let start = try normalize(lower)
    if upper == .constant(.infinity) {
      guard binder == .sum else { throw .unsupported("an infinite product") }
      return try infiniteSum(variable, lower, body)
    }
    let end = try normalize(upper)
    if let first = start.constant?.integer, let last = end.constant?.integer {
      let (distance, overflow) = last.subtractingReportingOverflow(first)
      guard !overflow else { throw .limit("iterations") }
      if distance < 0 { return binder == .sum ? .zero : .one }
      if distance < meter.limits.iterations {
        return try unrolled(binder, variable, first...last, body)
      }
    }
    if binder == .sum {
      if let closed = try powerSum(variable, lower, start, end, body) { return closed }
      if let closed = try geometricSum(variable, lower, start, end, body) { return closed }
    }
    guard start.constant?.integer == nil || end.constant?.integer == nil else {
      throw .limit("iterations")
    }
    guard hasVariables(start) || hasVariables(end) else {
      throw .undefined("a sum whose ends are no whole numbers")
    }
    return try quotient(
      .series(
        .bound(binder, variable: variable, lower: lower, upper: upper, body: body)))
  }

  private func unrolled(
    _ binder: Binder, _ variable: String, _ range: ClosedRange<Int>, _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    var result = binder == .sum ? Quotient.zero : .one
    let size = body.size
    for index in range {
      // Every part of the body is written anew.
      try meter.spend(4 * size)
      let value = try normalize(body.substituting(.integer(index), for: variable))
      result = binder == .sum ? try add(result, value) : try multiply(result, value)
    }
    return result
  }

  /// Newton's forward differences sum any polynomial in the index.
  private func powerSum(
    _ variable: String, _ lower: Expression, _ start: Quotient, _ end: Quotient, _ body: Expression
  ) throws(MathTrouble) -> Quotient? {
    let general = try normalize(body)
    guard let degree = try degree(of: general, in: variable) else { return nil }
    var values: [Quotient] = []
    for step in 0...degree {
      let place = Expression.sum([lower, .integer(step)])
      values.append(try normalize(body.substituting(place, for: variable)))
    }
    let count = try add(try subtract(end, start), .one)
    var result = Quotient.zero
    for order in 0...degree {
      // The leading difference of this order times the count choose order + 1.
      let binomial = try apply(.binomial, [count, Quotient(Rational(order + 1))])
      result = try add(result, try multiply(values[0], binomial))
      for index in 0..<(values.count - 1) {
        values[index] = try subtract(values[index + 1], values[index])
      }
      values.removeLast()
      if values.isEmpty { break }
    }
    return result
  }

  /// The degree in a variable, or nil where the value is no polynomial in it.
  private func degree(of value: Quotient, in variable: String) throws(MathTrouble) -> Int? {
    let index = try atom(.symbol(variable))
    guard !variables(of: Quotient(value.denominator)).contains(variable) else { return nil }
    for atom in value.numerator.atoms where atom != index {
      let single = Quotient(Polynomial(Monomial(atom)))
      if variables(of: single).contains(variable) { return nil }
    }
    var degree = 0
    for term in value.numerator.terms {
      for factor in term.monomial.factors where factor.atom == index {
        guard let power = factor.exponent.integer, (0...12).contains(power) else { return nil }
        degree = max(degree, power)
      }
    }
    return degree
  }

  /// The first term and the constant ratio of neighbours, or nil where there is none.
  private func geometric(
    _ variable: String, _ lower: Expression, _ body: Expression
  ) throws(MathTrouble) -> (first: Quotient, ratio: Quotient)? {
    let current = try normalize(body)
    guard !current.isZero else { return nil }
    let next = try normalize(
      body.substituting(.sum([.symbol(variable), .integer(1)]), for: variable))
    let ratio = try multiply(next, try invert(current))
    guard !variables(of: ratio).contains(variable) else { return nil }
    return (try normalize(body.substituting(lower, for: variable)), ratio)
  }

  private func geometricSum(
    _ variable: String, _ lower: Expression, _ start: Quotient, _ end: Quotient, _ body: Expression
  ) throws(MathTrouble) -> Quotient? {
    guard let (first, ratio) = try geometric(variable, lower, body) else { return nil }
    let count = try add(try subtract(end, start), .one)
    if ratio == .one { return try multiply(first, count) }
    let power = try power(ratio, count)
    let top = try multiply(first, try subtract(power, .one))
    return try multiply(top, try invert(try subtract(ratio, .one)))
  }

  private func infiniteSum(
    _ variable: String, _ lower: Expression, _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    guard let (first, ratio) = try geometric(variable, lower, body) else {
      if let value = try standardSum(variable, lower, body) { return value }
      throw .unsupported("an infinite sum that is not geometric")
    }
    if let constant = ratio.constant {
      guard constant.magnitude < .one else { throw .undefined("a sum that does not converge") }
    } else if hasVariables(ratio) {
      // Where it converges.
    } else {
      let inside = try subtract(.one, try multiply(ratio, ratio))
      guard try Evaluator(self).sign(of: inside) == 1 else {
        throw .undefined("a sum that does not converge")
      }
    }
    return try multiply(first, try invert(try subtract(.one, ratio)))
  }
}
