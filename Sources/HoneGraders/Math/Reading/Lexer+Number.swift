import BigInt

extension Lexer {
  /// A number in any notation: separators of thousands, decimals, periods, exponents.
  mutating func number() throws(MathTrouble) {
    if plainNumber() { return }
    if try basedNumber() || prefixedNumber() { return }
    var digits = integerPart()
    var decimals: Int?
    if let (thousands, fraction) = continental() {
      decimals = fraction.isEmpty ? nil : fraction.utf8.count
      digits += thousands + fraction
    } else if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      if isDigit(at: index + 1) || startsRepetition(at: index + 1) {
        index += 1
        let fraction = digitRun()
        decimals = fraction.utf8.count
        digits += fraction
      } else if index + 1 < bytes.count, ")/*^}-+".utf8.contains(bytes[index + 1]) {
        // `1./3`: a whole number in the notation of a program.
        index += 1
      }
    }
    guard digits.utf8.count <= options.limits.digits else { throw .limit("digits") }
    if let decimals, let repeating = try repetition(digits, decimals) {
      return append(.number, NumberLiteral(repeating))
    }
    // `0.2857142857…`: the decimal as it is written, where that is precise enough to be meant.
    if let decimals, decimals >= 6, let width = ellipsisWidth() { index += width }
    let shift = try exponent()
    // Digits that nobody wrote cost as much as written ones: `28e-3204` has thousands of them.
    impliedDigits += abs(shift ?? 0)
    guard impliedDigits <= options.limits.digits else { throw .limit("digits") }
    var literal = NumberLiteral(try Self.value(digits, decimals: decimals ?? 0, shift: shift ?? 0))
    if decimals == nil, shift == nil { literal.digits = digits }
    if decimals != nil || shift != nil { literal.decimals = (decimals ?? 0) - (shift ?? 0) }
    literal.significantDigits = digits.utf8.drop { $0 == UInt8(ascii: "0") }.count
    append(.number, literal)
  }

  /// Digits that nothing follows which could belong to the number: the usual case.
  private mutating func plainNumber() -> Bool {
    var end = index
    var value = 0
    while end < bytes.count, case let digit = bytes[end] &- UInt8(ascii: "0"), digit < 10 {
      guard end - index < 18 else { return false }
      value = value * 10 + Int(digit)
      end += 1
    }
    if end < bytes.count {
      switch bytes[end] {
      case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "{"), UInt8(ascii: "\\"),
        UInt8(ascii: " "), UInt8(ascii: "~"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "_"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        return false
      default: break
      }
    }
    guard end > index else { return false }
    let digits = String(decoding: bytes[index..<end], as: UTF8.self)
    var literal = NumberLiteral(value)
    literal.digits = digits
    literal.significantDigits = digits.utf8.drop { $0 == UInt8(ascii: "0") }.count
    index = end
    append(.number, literal)
    return true
  }

  private static func value(
    _ digits: String, decimals: Int, shift: Int
  ) throws(MathTrouble) -> Rational {
    let places = decimals - shift
    if digits.utf8.count <= 18, let small = Int(digits), places == 0 { return Rational(small) }
    guard let whole = BigInt(digits) else { throw .unreadable("digits without a value") }
    if places <= 0 { return Rational(whole * BigInt(10).power(-places)) }
    return Rational(whole, over: BigInt(10).power(places)) ?? .zero
  }

  mutating func digitRun() -> String {
    let start = index
    while isDigit(at: index) { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  // MARK: - Separators

  /// The digits before the decimal point, without their separators.
  private mutating func integerPart() -> String {
    let digits = digitRun()
    guard (1...3).contains(digits.utf8.count), digits.utf8.first != UInt8(ascii: "0"),
      index < bytes.count, Self.separatorStarts.contains(bytes[index])
    else { return digits }
    for separator in Self.separators {
      guard starts(with: separator, at: index) else { continue }
      let isPlainComma = separator == [UInt8(ascii: ",")]
      let isSpace = separator == [UInt8(ascii: " ")]
      if isPlainComma, bracketDepth > 0 || !options.groupsThousands { continue }
      if let (grouped, end) = groups(after: digits, separator), !(isSpace && isFraction(at: end)) {
        index = end
        return grouped
      }
    }
    return digits
  }

  private static let separatorStarts = Array(",{\\ ~".utf8)
  private static let separators: [[UInt8]] = [
    ",\\!", "{,}", "\\!,", "\\text{,}", "\\,", "\\!", "\\;", "\\:", "\\ ", ",", " ", "~",
  ].map { Array($0.utf8) }

  /// Groups of exactly three digits with one kind of separator, up to what is no group; nil where
  /// the last group is followed by more digits, or where there are more than any number has.
  private func groups(after first: String, _ separator: [UInt8]) -> (digits: String, end: Int)? {
    var position = index
    var count = 0
    while starts(with: separator, at: position), isDigit(at: position + separator.count) {
      let start = position + separator.count
      guard isDigit(at: start + 1), isDigit(at: start + 2), !isDigit(at: start + 3), count < 64
      else { return nil }
      position = start + 3
      count += 1
    }
    guard count > 0 else { return nil }
    let digits = bytes[index..<position].filter {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    return (first + String(decoding: digits, as: UTF8.self), position)
  }

  /// Whether a division follows: `2 100/3` is a mixed number, not 2100 thirds.
  private func isFraction(at position: Int) -> Bool {
    position < bytes.count && bytes[position] == UInt8(ascii: "/")
  }

  /// Reads `.234,50` behind 1: points between thousands and a comma before the decimals.
  ///
  /// Only where the whole can mean nothing else. Moves behind them.
  private mutating func continental() -> (thousands: String, fraction: String)? {
    guard options.groupsThousands, bracketDepth == 0, isDigit(at: index - 1),
      let (thousands, end) = groups(after: "", [UInt8(ascii: ".")])
    else { return nil }
    let first = bytes[..<index].suffix(4)
    guard first.count < 4 || !isDigit(at: index - 4),
      first.contains(where: { $0 != UInt8(ascii: "0") })
    else { return nil }
    var decimals = end
    if starts(with: [UInt8(ascii: ",")], at: end), isDigit(at: end + 1) {
      decimals += 1
      while isDigit(at: decimals) { decimals += 1 }
      guard (2...3).contains(decimals - end) else { return nil }
    } else if thousands.utf8.count < 6 {
      return nil
    }
    index = decimals
    let fraction = bytes[min(end + 1, decimals)..<decimals]
    return (thousands, String(decoding: fraction, as: UTF8.self))
  }

  func starts(with wanted: [UInt8], at position: Int) -> Bool {
    guard position >= 0, position + wanted.count <= bytes.count else { return false }
    for (offset, byte) in wanted.enumerated() where bytes[position + offset] != byte {
      return false
    }
    return true
  }

  // MARK: - Periods

  private static let bars: [[UInt8]] = ["\\overline{", "\\bar{", "\\dot{", "\\overline", "("].map {
    Array($0.utf8)
  }

  /// Whether the mark of a repeating decimal starts here.
  func startsRepetition(at position: Int) -> Bool {
    Self.bars.dropLast(2).contains { starts(with: $0, at: position) }
      || starts(with: [UInt8(ascii: "(")], at: position) && isDigit(at: position + 1)
  }

  /// The value of `0.1\overline{6}`, `0.(45)` and `0.333…`, or nil for an ordinary decimal.
  private mutating func repetition(_ digits: String, _ decimals: Int) throws(MathTrouble)
    -> Rational?
  {
    if let (period, end) = dottedPeriod() {
      guard digits.utf8.count + period.utf8.count <= options.limits.digits else {
        throw .limit("digits")
      }
      index = end
      return Self.repeating(digits, decimals: decimals, period: period)
    }
    if let bar = Self.bars.first(where: { starts(with: $0, at: index) }) {
      var end = index + bar.count
      let start = end
      while isDigit(at: end) { end += 1 }
      let period = String(decoding: bytes[start..<end], as: UTF8.self)
      let closing = bar == [UInt8(ascii: "(")] ? UInt8(ascii: ")") : UInt8(ascii: "}")
      guard !period.isEmpty, end < bytes.count, bytes[end] == closing else { return nil }
      guard digits.utf8.count + period.utf8.count <= options.limits.digits else {
        throw .limit("digits")
      }
      index = end + 1
      return Self.repeating(digits, decimals: decimals, period: period)
    }
    guard let width = ellipsisWidth(), let period = Self.period(of: digits.suffix(decimals)) else {
      return nil
    }
    index += width
    return Self.repeating(digits, decimals: decimals, period: period)
  }

  /// The period of `\dot{1}4\dot{2}`, dots on its first and last digit, and the place behind it.
  private func dottedPeriod() -> (String, Int)? {
    let dot = Array("\\dot{".utf8)
    func dotted(at place: Int) -> UInt8? {
      let digit = place + dot.count
      guard starts(with: dot, at: place), isDigit(at: digit),
        starts(with: [UInt8(ascii: "}")], at: digit + 1)
      else { return nil }
      return bytes[digit]
    }
    guard let first = dotted(at: index) else { return nil }
    var (period, place) = ([first], index + dot.count + 2)
    while isDigit(at: place) {
      period.append(bytes[place])
      place += 1
    }
    guard let last = dotted(at: place) else { return nil }
    period.append(last)
    return (String(decoding: period, as: UTF8.self), place + dot.count + 2)
  }

  private static let ellipses = ["...", "\\ldots", "\\dots", "\\cdots"].map { Array($0.utf8) }

  private func ellipsisWidth() -> Int? {
    Self.ellipses.first { starts(with: $0, at: index) }?.count
  }

  /// What repeats at the end of `333` or `4545`: at least twice, three times for a single digit.
  private static func period(of decimals: Substring) -> String? {
    let digits = Array(decimals.utf8)
    for length in 1...max(1, min(12, digits.count / 2)) {
      let times = length == 1 ? 3 : 2
      guard digits.count >= length * times else { return nil }
      let last = digits.suffix(length)
      let repeats = (1..<times).allSatisfy {
        digits.dropLast(length * $0).suffix(length).elementsEqual(last)
      }
      if repeats { return String(decoding: last, as: UTF8.self) }
    }
    return nil
  }

  /// The value of digits with a period: their value, plus the period over 99…9.
  private static func repeating(_ digits: String, decimals: Int, period: String) -> Rational? {
    guard let whole = BigInt(digits.isEmpty ? "0" : digits), let cycle = BigInt(period) else {
      return nil
    }
    let nines = BigInt(10).power(period.utf8.count) - 1
    return Rational(whole * nines + cycle, over: nines * BigInt(10).power(decimals))
  }

  // MARK: - Exponents and bases

  /// `e5` and `E-4` directly behind digits.
  private mutating func exponent() throws(MathTrouble) -> Int? {
    guard index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") else { return nil }
    var position = index + 1
    var isNegative = false
    if position < bytes.count,
      bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
    {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    let start = position
    while isDigit(at: position) { position += 1 }
    guard position > start, position >= bytes.count || !isLetter(bytes[position]) else {
      return nil
    }
    guard position - start <= 9,
      let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)),
      value <= options.limits.digits
    else { throw .limit("digits") }
    index = position
    return isNegative ? -value : value
  }

  /// `0x2F`, `0b1011`, `0o17`.
  private mutating func prefixedNumber() -> Bool {
    guard bytes[index] == UInt8(ascii: "0"), index + 2 < bytes.count else { return false }
    let radix: Int
    switch bytes[index + 1] | 0x20 {
    case UInt8(ascii: "x"): radix = 16
    case UInt8(ascii: "b"): radix = 2
    case UInt8(ascii: "o"): radix = 8
    default: return false
    }
    var end = index + 2
    while end < bytes.count, isDigit(at: end) || isLetter(bytes[end]) { end += 1 }
    let digits = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
    guard digits.utf8.count <= 64, let value = BigInt(digits, radix: radix) else { return false }
    index = end
    append(.number, NumberLiteral(Rational(value)))
    return true
  }

  /// `2F_{16}`: digits and capital letters with a base above ten.
  mutating func basedNumber() throws(MathTrouble) -> Bool {
    var end = index
    var hasLetter = false
    while end < bytes.count, end - index <= 64,
      isDigit(at: end) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(bytes[end])
    {
      hasLetter = hasLetter || !isDigit(at: end)
      end += 1
    }
    guard hasLetter, end - index <= 64 else { return false }
    return try basedNumber(digits: Array(bytes[index..<end]), end: end)
  }

  /// `\text{2F}_{16}`: the same in words, whose end is known.
  mutating func basedNumber(digits: [UInt8], end: Int) throws(MathTrouble) -> Bool {
    guard (1...64).contains(digits.count), end + 1 < bytes.count, bytes[end] == UInt8(ascii: "_"),
      digits.contains(where: isLetter),
      digits.allSatisfy({
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
      })
    else { return false }
    let isBraced = bytes[end + 1] == UInt8(ascii: "{")
    let start = end + (isBraced ? 2 : 1)
    guard isDigit(at: start), isDigit(at: start + 1), !isDigit(at: start + 2),
      !isBraced || starts(with: [UInt8(ascii: "}")], at: start + 2),
      let radix = Int(String(decoding: bytes[start..<(start + 2)], as: UTF8.self)),
      (11...35).contains(radix),
      let value = BigInt(String(decoding: digits, as: UTF8.self), radix: radix)
    else { return false }
    index = start + (isBraced ? 3 : 2)
    append(.number, NumberLiteral(Rational(value)))
    return true
  }
}
