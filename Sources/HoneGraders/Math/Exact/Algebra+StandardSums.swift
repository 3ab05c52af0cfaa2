extension Algebra {
  /// Infinite sums whose values are known: `1/k^2`, `1/k^4`, `x^k/k!` and `1/(k(k+1))`, and their
  /// multiples, from any early start; nil for all others.
  ///
  /// What the terms are is proved by exact forms: the term times what it is divided by is constant.
  func standardSum(
    _ variable: String, _ lower: Expression, _ body: Expression
  ) throws(MathTrouble) -> Quotient? {
    guard let start = try normalize(lower).constant?.integer, (0...20).contains(start) else {
      return nil
    }
    let index = Expression.symbol(variable)
    if let whole = try exponentialSum(variable, body) {
      return try subtract(whole, try partialSum(variable, 0..<start, body))
    }
    guard start >= 1 else { return nil }
    for (power, divisor) in [(2, 6), (4, 90)] {
      guard let factor = try constantFactor(variable, body, .power(index, .integer(power))) else {
        continue
      }
      let pi = try self.power(try quotient(.pi), Quotient(Rational(power)))
      let whole = try multiply(try multiply(factor, pi), Quotient(Rational(1, divisor)))
      return try subtract(whole, try partialSum(variable, 1..<start, body))
    }
    let neighbours = Expression.product([index, .sum([index, .integer(1)])])
    guard let factor = try constantFactor(variable, body, neighbours) else { return nil }
    return try multiply(factor, Quotient(Rational(1, start)))
  }

  /// The sum from zero of terms whose ratio is `r/(k+1)`: the first one times `e^r`.
  private func exponentialSum(
    _ variable: String, _ body: Expression
  ) throws(MathTrouble) -> Quotient? {
    let following = Expression.sum([.symbol(variable), .integer(1)])
    let current = try normalize(body)
    guard !current.isZero else { return nil }
    let next = try normalize(body.substituting(following, for: variable))
    let first = try normalize(body.substituting(.integer(1), for: variable))
    let second = try normalize(body.substituting(.integer(2), for: variable))
    guard !first.isZero else { return nil }
    // The second term is the first one times r/2.
    let ratio = try multiply(try multiply(second, try invert(first)), Quotient(Rational(2)))
    let rest = try subtract(
      try multiply(next, try normalize(following)), try multiply(ratio, current))
    guard rest.isZero else { return nil }
    let start = try normalize(body.substituting(.integer(0), for: variable))
    return try multiply(start, try power(try quotient(.euler), ratio))
  }

  private func partialSum(
    _ variable: String, _ range: Range<Int>, _ body: Expression
  ) throws(MathTrouble) -> Quotient {
    var sum = Quotient.zero
    for index in range {
      sum = try add(sum, try normalize(body.substituting(.integer(index), for: variable)))
    }
    return sum
  }

  /// The constant that the term times a divisor is, or nil where it is none.
  private func constantFactor(
    _ variable: String, _ body: Expression, _ divisor: Expression
  ) throws(MathTrouble) -> Quotient? {
    let product = Expression.product([body, divisor])
    let factor = try normalize(product.substituting(.integer(1), for: variable))
    guard !factor.isZero, try subtract(try normalize(product), factor).isZero else { return nil }
    return factor
  }
}
