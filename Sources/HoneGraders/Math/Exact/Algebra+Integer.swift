import BigInt

extension Algebra {
  // MARK: - Factorials and binomials

  func combinatorial(_ function: Function, _ arguments: [Quotient]) throws(MathTrouble) -> Quotient
  {
    switch function {
    case .factorial: return try factorial(arguments[0])
    case .doubleFactorial:
      guard let number = arguments[0].constant?.integer else {
        return try opaque(function, arguments)
      }
      return Quotient(Rational(try product(down: number, step: 2)))
    case .permutations:
      let rest = try factorial(try subtract(arguments[0], arguments[1]))
      return try multiply(try factorial(arguments[0]), try invert(rest))
    default: return try binomial(arguments[0], arguments[1])
    }
  }

  /// `n (n - step) …` down to a positive number.
  private func product(down number: Int, step: Int) throws(MathTrouble) -> BigInt {
    guard number >= -1 else { throw .undefined("the factorial of a negative number") }
    // Digits of n! are below n log10(n); the bound is checked before the work.
    guard number <= Self.largestFactorial, number <= meter.limits.digits else {
      throw .limit("digits")
    }
    try meter.spend(10 + number * (1 + number / 64))
    var product = WordProduct()
    for factor in stride(from: number, through: 2, by: -step) { product.multiply(by: factor) }
    return product.value
  }

  /// `(n+2)!` as `n! (n+1)(n+2)`: whole numbers beside the variables come out.
  private func factorial(_ argument: Quotient) throws(MathTrouble) -> Quotient {
    if let constant = argument.constant {
      guard let number = constant.integer else {
        return try opaque(.factorial, [argument])
      }
      guard number >= 0 else { throw .undefined("the factorial of a negative number") }
      if number > Self.largestFactorial || number > meter.limits.digits {
        return try largeFactorial(number)
      }
      return Quotient(Rational(try product(down: number, step: 1)))
    }
    guard argument.isPolynomial, let first = argument.numerator.terms.first, first.monomial.isOne,
      let offset = Int(exactly: first.coefficient.floor), offset != 0, abs(offset) <= 32
    else { return try opaque(.factorial, [argument]) }
    let base = try subtract(argument, Quotient(Rational(offset)))
    var result = try opaque(.factorial, [base])
    for step in stride(from: 1, through: abs(offset), by: 1) {
      let shift = offset > 0 ? step : 1 - step
      let factor = try add(base, Quotient(Rational(shift)))
      result = try multiply(result, offset > 0 ? factor : try invert(factor))
    }
    return result
  }

  /// The largest number whose factorial is written out.
  private static let largestFactorial = 1_000

  /// A large factorial as that of the next multiple of 32 below and the factors above it, so that
  /// the factorials of neighbours are told apart.
  private func largeFactorial(_ number: Int) throws(MathTrouble) -> Quotient {
    let base = number - number % 32
    var result = try opaque(.factorial, [Quotient(Rational(base))])
    for factor in stride(from: base + 1, through: number, by: 1) {
      result = try multiply(result, Quotient(Rational(factor)))
    }
    return result
  }

  /// The largest k for which n over k is written out as a polynomial in n, whose coefficients are
  /// fractions of as many digits.
  private static let largestExpanded = 24

  private func binomial(_ upper: Quotient, _ lower: Quotient) throws(MathTrouble) -> Quotient {
    var lower = lower
    if let n = upper.constant?.integer, let k = lower.constant?.integer, n >= 0 {
      if k < 0 || k > n { return .zero }
      lower = Quotient(Rational(min(k, n - k)))
    }
    if let k = (try subtract(upper, lower)).constant?.integer, k >= 0, k <= Self.largestExpanded,
      lower.constant == nil
    {
      lower = Quotient(Rational(k))
    }
    guard let k = lower.constant?.integer else {
      let bottom = try multiply(
        try factorial(lower), try factorial(try subtract(upper, lower)))
      return try multiply(try factorial(upper), try invert(bottom))
    }
    guard k >= 0 else { return .zero }
    guard k <= (upper.constant == nil ? Self.largestExpanded : 2_000) else {
      throw .limit("terms")
    }
    if let words = upper.constant?.words { return Quotient(try binomial(words, k)) }
    var result = Quotient.one
    for step in stride(from: 0, to: k, by: 1) {
      let factor = try subtract(upper, Quotient(Rational(step)))
      result = try multiply(result, try multiply(factor, Quotient(Rational(1, step + 1))))
    }
    return result
  }

  /// `n (n-1) … (n-k+1)` over k! for a fraction n, numerators and denominators by themselves.
  private func binomial(
    _ upper: (numerator: Int, denominator: Int), _ k: Int
  ) throws(MathTrouble) -> Rational {
    let (n, denominator) = upper
    let (distance, overflow) = denominator.multipliedReportingOverflow(by: k)
    guard !overflow, n.magnitude < 1 << 62, distance < 1 << 62 else { throw .limit("digits") }
    let width = Int.bitWidth - max(n.magnitude, (n - distance).magnitude).leadingZeroBitCount
    // Bits of the two products, before anything is cancelled.
    let bits = k * (width + Int.bitWidth - denominator.leadingZeroBitCount)
    guard bits <= (meter.limits.digits * 4 + 64) * 10 / 3 else { throw .limit("digits") }
    try meter.spend(20 + 4 * k + (bits / 64) * (bits / 64) / 8)
    var (top, bottom) = (WordProduct(), WordProduct())
    for step in stride(from: 0, to: k, by: 1) {
      top.multiply(by: n - step * denominator)
      bottom.multiply(by: step + 1)
      if denominator > 1 { bottom.multiply(by: denominator) }
    }
    let (numerator, divisor) = (top.value, bottom.value)
    try meter.spendProduct(numerator.bitWidth, divisor.bitWidth)
    if denominator == 1 { return Rational(numerator / divisor) }
    return Rational(numerator, over: divisor) ?? .zero
  }

  // MARK: - Divisibility

  func divisibility(_ function: Function, _ arguments: [Quotient]) throws(MathTrouble) -> Quotient {
    var numbers: [Rational] = []
    for argument in arguments {
      guard let constant = argument.constant else { return try opaque(function, arguments) }
      numbers.append(constant)
    }
    guard let first = numbers.first else { throw .unreadable("\(function.plain) of nothing") }
    if function == .modulo {
      guard numbers.count == 2, let ratio = first / numbers[1] else {
        throw .undefined("a remainder by zero")
      }
      return Quotient(first - numbers[1] * Rational(ratio.floor))
    }
    var result = first.numerator.magnitude
    for number in numbers {
      guard number.isInteger else { throw .undefined("a common divisor of fractions") }
      guard number.digits <= 500 else { throw .limit("digits") }
      try meter.spend(number.bits * 4)
      let next = number.numerator.magnitude
      let divisor = result.greatestCommonDivisor(with: next)
      if function == .gcd {
        result = divisor
      } else {
        guard divisor > 0 else { return .zero }
        result = result / divisor * next
      }
    }
    return Quotient(Rational(BigInt(result)))
  }
}

/// A product of many small factors: as many as a machine word holds are multiplied first.
private struct WordProduct {
  private var product = BigUInt(1)
  private var part: UInt = 1
  private var isNegative = false

  mutating func multiply(by factor: Int) {
    if factor < 0 { isNegative.toggle() }
    let (next, overflow) = part.multipliedReportingOverflow(by: factor.magnitude)
    if overflow { product.multiply(byWord: part) }
    part = overflow ? factor.magnitude : next
  }

  var value: BigInt {
    BigInt(sign: isNegative ? .minus : .plus, magnitude: product.multiplied(byWord: part))
  }
}
