import BigInt

/// Reads a number in any of its notations, with its percent sign, currency and unit.
///
/// The value may be written with the four operations, powers with whole exponents, fractions
/// and mixed numbers; everything is exact.
struct NumberReader {
  private let lexemes: ArraySlice<MathLexer.Lexeme>
  private let policy: MathPolicy
  private let limits: MathLimits
  private var index: Int
  /// Digits that powers have made so far; each costs work that the text's length does not bound.
  private var spentDigits = 0

  init(_ lexemes: ArraySlice<MathLexer.Lexeme>, policy: MathPolicy, limits: MathLimits) {
    self.lexemes = lexemes
    self.policy = policy
    self.limits = limits
    index = lexemes.startIndex
  }

  /// The number that the tokens are as a whole, or nil.
  mutating func number() -> MathNumber? {
    var currency: Character?
    let isNegated = currencySignAfterMinus()
    if case .currency(let sign) = next { currency = take(sign) }
    let start = index
    guard let value = sum() else { return nil }
    var number = MathNumber(isNegated ? -value : value)
    if let (decimals, significant) = plainDecimal(start..<index) {
      number.decimals = decimals
      number.significantDigits = significant
    }
    if case .currency(let sign) = next, currency == nil { currency = take(sign) }
    number.currency = currency
    guard suffix(&number) else { return nil }
    return index == lexemes.endIndex ? number : nil
  }

  // MARK: - Around the value

  /// `-$5`: the sign stands before the currency.
  private mutating func currencySignAfterMinus() -> Bool {
    guard next == .sign("-"), index + 1 < lexemes.endIndex,
      case .currency = lexemes[index + 1].token
    else { return false }
    index += 1
    return true
  }

  private mutating func take(_ sign: Character) -> Character {
    index += 1
    return sign
  }

  /// Reads the percent sign, the multiplier and the unit; false for anything else.
  private mutating func suffix(_ number: inout MathNumber) -> Bool {
    var words: [String] = []
    while let token = next {
      switch token {
      case .sign("%") where words.isEmpty && !number.isPercent: number.isPercent = true
      case .degree where words.isEmpty: words.append("degree")
      case .text(let text):
        words += text.split(whereSeparator: { " .~".contains($0) }).map(String.init)
      case .word(let word): words.append(word)
      // A single letter is a variable, unless \text{…} says otherwise.
      default: return false
      }
      index += 1
    }
    guard !words.isEmpty else { return true }
    let isText = lexemes[..<index].contains { if case .text = $0.token { true } else { false } }
    return MathUnit.apply(
      words, to: &number, allowsAnyNoun: isText || policy.allowsAnyNoun)
  }

  /// Whether a range of tokens is one decimal with an optional sign; its digits.
  private func plainDecimal(_ range: Range<Int>) -> (decimals: Int, significant: Int)? {
    var tokens = lexemes[range].map(\.token)
    if let first = tokens.first, first == .sign("-") || first == .sign("+") { tokens.removeFirst() }
    guard tokens.count == 1, case .number(let digits) = tokens[0] else { return nil }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let significant = digits.drop { $0 == "0" || $0 == "." }.filter { $0 != "." }.count
    return (parts.count > 1 ? parts[1].count : 0, significant)
  }

  // MARK: - The value

  private var next: MathToken? { index < lexemes.endIndex ? lexemes[index].token : nil }

  private mutating func take(_ token: MathToken) -> Bool {
    guard next == token else { return false }
    index += 1
    return true
  }

  private mutating func sum() -> Rational? {
    guard var total = product() else { return nil }
    while let token = next, token == .sign("+") || token == .sign("-") {
      index += 1
      guard let term = product() else { return nil }
      total = token == .sign("+") ? total + term : total - term
    }
    return total
  }

  private mutating func product() -> Rational? {
    guard var result = signed() else { return nil }
    while let token = next, token == .sign("*") || token == .sign("/") {
      index += 1
      guard let factor = signed() else { return nil }
      if token == .sign("*") {
        result = result * factor
      } else {
        guard let quotient = result / factor else { return nil }
        result = quotient
      }
    }
    return result
  }

  private mutating func signed() -> Rational? {
    var isNegative = false
    while let token = next, token == .sign("+") || token == .sign("-") {
      index += 1
      if token == .sign("-") { isNegative.toggle() }
    }
    guard let value = power() else { return nil }
    return isNegative ? -value : value
  }

  private mutating func power() -> Rational? {
    guard let base = primary() else { return nil }
    guard take(.sign("^")) else { return base }
    let isGrouped = next == .sign("{") || next == .sign("(")
    guard let exponent = isGrouped ? primary() : digitExponent(), exponent.isInteger,
      let whole = Int(exactly: exponent.numerator / exponent.denominator)
    else { return nil }
    // Towers are refused by the size that the result would have, before it is made.
    guard next != .sign("^"), abs(whole) <= limits.digits, spend(base.digits * abs(whole)) else {
      return nil
    }
    return base.power(whole)
  }

  /// Whether another power of so many digits is within the bounds.
  private mutating func spend(_ digits: Int) -> Bool {
    spentDigits += digits
    return spentDigits <= limits.digits * 2
  }

  /// `2^10` in plain notation; in LaTeX it would be `2^1 0`, which nobody means.
  private mutating func digitExponent() -> Rational? {
    let isNegative = take(.sign("-"))
    guard case .number(let digits) = next, let value = Self.rational(digits) else { return nil }
    index += 1
    return isNegative ? -value : value
  }

  private mutating func primary() -> Rational? {
    switch next {
    case .number(let digits):
      index += 1
      guard let value = Self.rational(digits) else { return nil }
      if let scaled = scientific(value) { return scaled }
      return mixed(value, isWhole: !digits.contains("."))
    case .command("frac"):
      index += 1
      return fraction()
    case .sign("("):
      index += 1
      guard let value = sum(), take(.sign(")")) else { return nil }
      return value
    case .sign("{"):
      index += 1
      guard let value = sum() else { return nil }
      if take(.command("over")) {
        guard let lower = sum(), take(.sign("}")) else { return nil }
        return value / lower
      }
      return take(.sign("}")) ? value : nil
    default:
      return nil
    }
  }

  /// `\frac{a}{b}`, `\frac ab`, `\frac12`.
  private mutating func fraction() -> Rational? {
    if case .number(let digits) = next, !digits.contains(".") {
      // Without braces each argument is one digit.
      guard let upper = Self.rational(String(digits.prefix(1))) else { return nil }
      if digits.count == 2 {
        index += 1
        return Self.rational(String(digits.suffix(1))).flatMap { upper / $0 }
      }
      guard digits.count == 1 else { return nil }
      index += 1
      return argument().flatMap { upper / $0 }
    }
    guard next == .sign("{"), let upper = argument(), let lower = argument() else { return nil }
    return upper / lower
  }

  private mutating func argument() -> Rational? {
    if case .number(let digits) = next {
      guard digits.count == 1 else { return nil }
      index += 1
      return Self.rational(digits)
    }
    return next == .sign("{") ? primary() : nil
  }

  /// `3.2e5` and `1E-4`, without spaces; nil where no exponent follows.
  private mutating func scientific(_ mantissa: Rational) -> Rational? {
    guard let letter = next, letter == .symbol("e") || letter == .symbol("E") else { return nil }
    var position = index + 1
    var isNegative = false
    if position < lexemes.endIndex, lexemes[position].token == .sign("-") {
      isNegative = true
      position += 1
    } else if position < lexemes.endIndex, lexemes[position].token == .sign("+") {
      position += 1
    }
    guard position < lexemes.endIndex, case .number(let digits) = lexemes[position].token,
      lexemes[index...position].allSatisfy({ !$0.isSpaced }),
      let exponent = Int(digits), exponent <= limits.digits, spend(exponent)
    else { return nil }
    index = position + 1
    return Rational(10).power(isNegative ? -exponent : exponent).map { mantissa * $0 }
  }

  /// `4\frac{3}{5}` and `4 3/5`: a whole number followed by a fraction below one.
  private mutating func mixed(_ whole: Rational, isWhole: Bool) -> Rational? {
    guard isWhole else { return whole }
    if next == .command("frac") {
      index += 1
      guard let part = fraction(), !part.isNegative else { return nil }
      return whole + part
    }
    if index + 2 < lexemes.endIndex, lexemes[index].isSpaced,
      case .number(let upper) = lexemes[index].token,
      lexemes[index + 1].token == .sign("/"),
      case .number(let lower) = lexemes[index + 2].token,
      !upper.contains("."), !lower.contains("."),
      let above = Self.rational(upper), let below = Self.rational(lower), above < below
    {
      index += 3
      return (above / below).map { whole + $0 }
    }
    return whole
  }

  /// The exact value of digits with an optional decimal point.
  static func rational(_ digits: String) -> Rational? {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = BigInt(parts.joined()) else { return nil }
    guard parts.count == 2 else { return Rational(whole) }
    return Rational(whole, over: BigInt(10).power(parts[1].count))
  }
}
