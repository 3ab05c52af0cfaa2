import BigInt

/// Reads an answer completely, or not at all.
///
/// There is no reading of fragments: an answer that is not a number, a tuple, a set or a list
/// as a whole is text. Recursive descent over tokens; the depth is bounded before it begins.
struct MathReader {
  private typealias Lexemes = ArraySlice<MathLexer.Lexeme>

  private let limits: MathLimits
  private let policy: MathPolicy

  /// Why a text was not read at all.
  struct Refusal: Error, Hashable {
    var reason: String
  }

  /// Reads an answer.
  ///
  /// - Throws: ``Refusal`` for an empty answer, and for one beyond the limits.
  static func read(
    _ text: String, policy: MathPolicy, limits: MathLimits = .standard
  ) throws(Refusal) -> MathValue {
    let size = text.utf8.count
    guard size <= limits.bytes else {
      throw Refusal(reason: "\(size) bytes long, at most \(limits.bytes) are read")
    }
    guard var lexemes = MathLexer.lexemes(of: text).map({ $0[...] }) else {
      throw Refusal(reason: "holds control characters")
    }
    while let last = lexemes.last?.token, last == .sign(".") || last == .sign(",") {
      lexemes.removeLast()
    }
    guard !lexemes.isEmpty else { throw Refusal(reason: "empty") }
    var depth = 0
    for lexeme in lexemes {
      if isOpening(lexeme.token) { depth += 1 }
      if isClosing(lexeme.token) { depth -= 1 }
      guard depth <= limits.nesting else {
        throw Refusal(reason: "nested deeper than \(limits.nesting)")
      }
      if case .number(let digits) = lexeme.token, digits.utf8.count > limits.digits {
        throw Refusal(
          reason: "a number of \(digits.utf8.count) digits, at most \(limits.digits) are read")
      }
    }
    let reader = MathReader(limits: limits, policy: policy)
    return reader.value(of: lexemes)
  }

  // MARK: - Structure

  private func value(of lexemes: Lexemes) -> MathValue {
    let parts = split(lexemes)
    if parts.count > 1 {
      guard parts.allSatisfy({ !$0.isEmpty }) else { return .text(MathText.normalized(lexemes)) }
      return .set(parts.map(member), isBraced: false)
    }
    return member(lexemes)
  }

  /// One answer: a tuple, a set, a number, `x = ` one of these, or text.
  private func member(_ lexemes: Lexemes) -> MathValue {
    var reader = NumberReader(lexemes, policy: policy, limits: limits)
    if let number = reader.number() { return .number(number) }
    if let members = enclosed(lexemes) { return members }
    if let (symbol, rest) = assignment(lexemes) {
      if case .number(var number) = member(rest) {
        number.symbol = symbol
        return .number(number)
      }
    }
    return .text(MathText.normalized(lexemes))
  }

  /// A bracketed list, where the first bracket is closed by the last one.
  private func enclosed(_ lexemes: Lexemes) -> MathValue? {
    guard lexemes.count >= 2, let first = lexemes.first?.token, let last = lexemes.last?.token,
      Self.isOpening(first), Self.isClosing(last), closingIndex(lexemes) == lexemes.endIndex - 1
    else { return nil }
    let inner = lexemes.dropFirst().dropLast()
    let parts = split(inner)
    switch (first, last) {
    case (.setOpen, .setClose):
      guard !inner.isEmpty, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
      return .set(parts.map(member), isBraced: true)
    case (.sign("("), .sign(let close)), (.sign("["), .sign(let close)):
      guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
      let open: Character = first == .sign("(") ? "(" : "["
      return .tuple(open: open, parts.map(member), close: close)
    case (.sign("{"), .sign("}")):
      // Braces that only group.
      return inner.isEmpty ? nil : value(of: inner)
    default: return nil
    }
  }

  /// `x = rest`, where the left side is a single symbol with an optional index or argument.
  private func assignment(_ lexemes: Lexemes) -> (symbol: String, rest: Lexemes)? {
    guard let equals = lexemes.firstIndex(where: { $0.token == .sign("=") }) else { return nil }
    let left = lexemes[..<equals]
    let rest = lexemes[(equals + 1)...]
    guard let first = left.first?.token, !rest.isEmpty,
      !rest.contains(where: { $0.token == .sign("=") })
    else { return nil }
    guard case .symbol(let symbol) = first else { return nil }
    let tail = left.dropFirst()
    let isFunction =
      tail.count == 3 && tail.first?.token == .sign("(") && tail.last?.token == .sign(")")
    let isIndexed = tail.count >= 2 && tail.first?.token == .sign("_")
    guard tail.isEmpty || isFunction || isIndexed else { return nil }
    return (tail.isEmpty ? symbol : MathText.normalized(left), rest)
  }

  /// The parts between commas and semicolons outside brackets, and around "and" and "or".
  private func split(_ lexemes: Lexemes) -> [Lexemes] {
    var parts: [Lexemes] = []
    var start = lexemes.startIndex
    var depth = 0
    for index in lexemes.indices {
      let token = lexemes[index].token
      if Self.isOpening(token) { depth += 1 }
      if Self.isClosing(token) { depth -= 1 }
      guard depth == 0, Self.isSeparator(token) else { continue }
      // "2, 3, and 5" has one separator between 3 and 5.
      if !(start == index && Self.isConjunction(token) && index > lexemes.startIndex) {
        parts.append(lexemes[start..<index])
      }
      start = index + 1
    }
    parts.append(lexemes[start...])
    return parts
  }

  /// The index of the bracket that closes the first one.
  private func closingIndex(_ lexemes: Lexemes) -> Int? {
    var depth = 0
    for index in lexemes.indices {
      if Self.isOpening(lexemes[index].token) { depth += 1 }
      if Self.isClosing(lexemes[index].token) { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  private static func isOpening(_ token: MathToken) -> Bool {
    switch token {
    case .setOpen, .sign("("), .sign("["), .sign("{"): true
    default: false
    }
  }

  private static func isClosing(_ token: MathToken) -> Bool {
    switch token {
    case .setClose, .sign(")"), .sign("]"), .sign("}"): true
    default: false
    }
  }

  private static func isSeparator(_ token: MathToken) -> Bool {
    token == .sign(",") || token == .sign(";") || isConjunction(token)
  }

  private static func isConjunction(_ token: MathToken) -> Bool {
    switch token {
    case .word(let word), .text(let word):
      let plain = word.filter { $0 != " " }.lowercased()
      return plain == "and" || plain == "or"
    default: return false
    }
  }
}
