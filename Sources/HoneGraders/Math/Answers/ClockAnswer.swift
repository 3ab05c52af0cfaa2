/// A time of day: `3:45`, `3{:}45\text{ PM}`, `12:00:30`.
struct ClockAnswer: Equatable {
  var hours: Int
  /// Minutes, and seconds where they are written.
  var parts: [Int]
  /// Whether it is after noon, where that is said.
  var isAfternoon: Bool?

  /// The time that tokens are, or nil.
  static func read(_ lexemes: [Lexeme]) -> (clock: ClockAnswer, isCertain: Bool)? {
    let tokens = lexemes.filter { $0.token != .groupOpen && $0.token != .groupClose }
    guard (2...7).contains(tokens.count), let hours = number(tokens[0]), hours <= 24 else {
      return nil
    }
    var parts: [Int] = []
    var index = 1
    while index + 1 < tokens.count, tokens[index].token == .sign(":"), parts.count < 2 {
      guard let digits = tokens[index + 1].literal?.digits, digits.utf8.count == 2,
        let value = Int(digits), value < 60
      else { return nil }
      parts.append(value)
      index += 2
    }
    let isFullHour = parts.isEmpty
    if isFullHour { parts = [0] }
    var half: Bool?
    if index < tokens.count {
      var suffix = ""
      for lexeme in tokens[index...] {
        switch lexeme.token {
        case .text(let word), .word(let word), .symbol(let word), .upright(let word): suffix += word
        case .sign("."): break
        default: return nil
        }
      }
      switch suffix.lowercased().filter({ $0 != "." && $0 != " " }) {
      case "am": half = false
      case "pm": half = true
      default: return nil
      }
    }
    // Ten alone is a number; `10 a.m.` is a time.
    guard !isFullHour || half != nil && (1...12).contains(hours) else { return nil }
    let isReduced =
      parts.count == 1
      && Rational.greatestCommonDivisor(UInt(hours), UInt(parts[0])) == 1
    let hasLeadingZero = parts.contains { $0 < 10 }
    let isCertain = half != nil || parts.count > 1 || hasLeadingZero || !isReduced
    return (ClockAnswer(hours: hours, parts: parts, isAfternoon: half), isCertain)
  }

  private static func number(_ lexeme: Lexeme) -> Int? {
    guard let digits = lexeme.literal?.digits, digits.utf8.count <= 2 else { return nil }
    return Int(digits)
  }

  /// Whether this counts to twenty-four what the other writes with its half of the day.
  private func isDaytime(of other: ClockAnswer) -> Bool {
    guard isAfternoon == nil, let half = other.isAfternoon, (1...12).contains(other.hours) else {
      return false
    }
    return hours == other.hours % 12 + (half ? 12 : 0)
  }

  /// Whether two times are the same; a half of the day may be left out.
  func isSame(as other: ClockAnswer) -> Bool {
    guard parts == other.parts else { return false }
    guard hours == other.hours else { return isDaytime(of: other) || other.isDaytime(of: self) }
    guard let mine = isAfternoon, let theirs = other.isAfternoon else { return true }
    return mine == theirs
  }
}
