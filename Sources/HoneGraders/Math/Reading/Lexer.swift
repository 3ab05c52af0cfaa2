/// Cuts an answer into tokens, in one pass over its folded bytes.
///
/// Nothing is looked at more than a bounded number of times and nothing is computed: a token is a
/// symbol, a sign, a word or a number of bounded size.
struct Lexer {
  /// How numbers are read.
  struct Options {
    /// Whether `1,234` at the top level is one number rather than a list.
    var groupsThousands = true
    var limits = MathLimits.standard
  }

  let bytes: [UInt8]
  let options: Options
  var index = 0
  var lexemes: [Lexeme] = []
  var isSpaced = false
  /// Open brackets: inside them a comma always separates.
  var bracketDepth = 0
  /// Open environments of rows and columns, innermost last.
  private var environments: [String] = []
  private let isDollarAlone: Bool
  private var textDepth = 0
  /// Digits that exponents stand for, over all numbers so far.
  var impliedDigits = 0
  /// Closing braces by their opening ones, once they are asked for.
  private var closings: [Int: Int]?

  /// The tokens of an answer.
  static func lexemes(of text: String, options: Options) throws(MathTrouble) -> [Lexeme] {
    guard text.utf8.count <= options.limits.bytes else { throw .limit("bytes") }
    guard let bytes = Folding.fold(text) else {
      throw .unreadable("control characters, which no answer holds")
    }
    var lexer = Lexer(bytes, options: options)
    try lexer.run()
    return lexer.lexemes
  }

  private init(_ bytes: [UInt8], options: Options) {
    self.bytes = bytes
    self.options = options
    var dollars = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "$") {
      if index == 0 || bytes[index - 1] != UInt8(ascii: "\\") { dollars += 1 }
    }
    isDollarAlone = dollars == 1
    lexemes.reserveCapacity(bytes.count / 2)
  }

  private mutating func run() throws(MathTrouble) {
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\\"): try command()
      case UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
      case UInt8(ascii: ".") where isDigit(at: index + 1) || startsRepetition(at: index + 1):
        try number()
      case UInt8(ascii: "."): point()
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
        if try !basedNumber() { word() }
      default: sign(byte)
      }
    }
  }

  // MARK: - Signs

  private mutating func sign(_ byte: UInt8) {
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    let character = Unicode.Scalar(byte)
    switch character {
    case " ", "\t", "\n", "\r", "~":
      index += 1
      isSpaced = true
    case "$":
      index += 1
      if isDollarAlone { append(.currency("$")) } else { isSpaced = true }
    case "{"
    where ",:;=<>+-".utf8.contains(next) && starts(with: [UInt8(ascii: "}")], at: index + 2):
      // `3{:}8`: braces that only take the space away from a sign.
      index += 1
      sign(next)
      index += 1
    case "{": emit(.groupOpen)
    case "}": emit(.groupClose)
    case "(", "[":
      bracketDepth += 1
      emit(.sign(character))
    case ")", "]":
      bracketDepth -= 1
      emit(.sign(character))
    case "<", ">", "=", "!": comparison(character, next)
    case "%": percent()
    case "+" where starts(with: Array("+/-".utf8), at: index):
      index += 2
      emit(.command(.plusMinus))
    case ":" where next == UInt8(ascii: "="):
      index += 1
      emit(.relation(.equal))
    case "&":
      if environments.isEmpty { index += 1 } else { emit(.column) }
    case "'": emit(.prime)
    case "*" where next == byte:
      index += 1
      emit(.sign("^"))
    default: emit(.sign(character))
    }
  }

  private mutating func comparison(_ character: Unicode.Scalar, _ next: UInt8) {
    let hasEqual = next == UInt8(ascii: "=")
    if hasEqual { index += 1 }
    switch (character, hasEqual) {
    case ("<", true): emit(.relation(.lessEqual))
    case ("<", false): emit(.relation(.less))
    case (">", true): emit(.relation(.greaterEqual))
    case (">", false): emit(.relation(.greater))
    case ("!", true): emit(.relation(.notEqual))
    case ("!", false): emit(.sign("!"))
    default: emit(.relation(.equal))
    }
  }

  /// A percent sign, or TeX's comment: `57 % 58` ends at the sign.
  private mutating func percent() {
    let line = bytes[(index + 1)...].prefix(100).prefix { $0 != UInt8(ascii: "\n") }
    let isComment =
      isSpaced && line.first == UInt8(ascii: " ") && line.count < 100
      && line.contains { !isSpace($0) } && !line.contains { isLetter($0) || $0 == bytes[index] }
    if isComment {
      index = line.endIndex
      isSpaced = true
    } else {
      emit(.percent)
    }
  }

  /// A point that belongs to no number: the end of the sentence, or dots that leave something out.
  private mutating func point() {
    let dots = bytes[index...].prefix { $0 == UInt8(ascii: ".") }.count
    let isLast = bytes[(index + dots)...].allSatisfy {
      isSpace($0) || $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "}")
    }
    index += dots
    if dots >= 3 {
      append(.ellipsis)
    } else if !isLast {
      append(.sign("."))
    }
  }

  /// Letters in a row: a symbol, a known word, or any other word.
  private mutating func word() {
    let start = index
    while index < bytes.count, isLetter(bytes[index]) || bytes[index] >= 0x80 { index += 1 }
    let letters = String(decoding: bytes[start..<index], as: UTF8.self)
    if index == start + 1 {
      append(letters == "x" && isTimes ? .sign("*") : Self.letter(letters))
    } else if letters == "min", isBehindNumber, !starts(with: [UInt8(ascii: "(")], at: index) {
      append(.word(letters))
    } else if letters == "sec", isBehindNumber, isBeforeEnd {
      append(.word(letters))
    } else if letters == "per", starts(with: Array(" cent".utf8), at: index),
      index + 5 >= bytes.count || !isLetter(bytes[index + 5])
    {
      index += 5
      append(.percent)
    } else if let sign = Vocabulary.currencyCodes[letters], isBeforeNumber {
      append(.currency(sign))
    } else if letters == "US", isBeforeDollar {
      // `US$5` is five dollars.
    } else {
      // `Lg` is L times g.
      let spelling = letters == "Lg" ? letters : letters.lowercased()
      append(Vocabulary.words[letters] ?? Vocabulary.words[spelling] ?? .word(letters))
    }
  }

  /// Whether the letter x, just read, is a sign of multiplication: `4.5 x 10^7`.
  private var isTimes: Bool {
    isBehindNumber
      && (starts(with: Array("10^".utf8), at: index)
        || starts(with: Array(" 10^".utf8), at: index))
  }

  /// Whether nothing follows that a function could be applied to.
  private var isBeforeEnd: Bool {
    guard let next = bytes[index...].first(where: { !isSpace($0) }) else { return true }
    return ".,;)]}$".utf8.contains(next)
  }

  private var isBehindNumber: Bool { lexemes.last?.token == .number }

  /// Whether a number follows what was just read.
  private var isBeforeNumber: Bool {
    isDigit(at: index) || starts(with: [UInt8(ascii: " ")], at: index) && isDigit(at: index + 1)
  }

  private var isBeforeDollar: Bool {
    starts(with: Array("\\$".utf8), at: index) || starts(with: [UInt8(ascii: "$")], at: index)
  }

  /// `e` and `i` are numbers, every other letter is a variable.
  static func letter(_ letter: String) -> Token {
    switch letter {
    case "e": .constant(.euler)
    case "i": .constant(.imaginaryUnit)
    default: .symbol(letter)
    }
  }

  // MARK: - Commands

  private mutating func command() throws(MathTrouble) {
    index += 1
    guard index < bytes.count else { return append(.unknown("\\")) }
    guard isLetter(bytes[index]) else { return escaped() }
    let start = index
    while index < bytes.count, isLetter(bytes[index]) { index += 1 }
    let name = String(decoding: bytes[start..<index], as: UTF8.self)
    if let token = Vocabulary.commands[name] { return append(token) }
    if Vocabulary.ignored.contains(name) { return skipDelimiterPoint(name) }
    if Vocabulary.spaces.contains(name) {
      isSpaced = true
    } else if Vocabulary.ignoredWithArgument.contains(name) {
      _ = group()
    } else if Vocabulary.textual.contains(name) {
      try textual(name)
    } else if Vocabulary.accents.contains(name) {
      append(.command(.accent(name)))
    } else if name == "not", let sign = bytes[index...].firstIndex(where: { !isSpace($0) }),
      bytes[sign] == UInt8(ascii: "=")
    {
      index = sign + 1
      append(.relation(.notEqual))
    } else if name == "mathbb" || name == "Bbb" {
      blackboard()
    } else if name == "begin" || name == "end" {
      environment(opens: name == "begin")
    } else {
      append(.unknown(name))
    }
  }

  /// `\left.` and `\right.` stand for no bracket at all.
  private mutating func skipDelimiterPoint(_ name: String) {
    guard name == "left" || name == "right", index < bytes.count else { return }
    if bytes[index] == UInt8(ascii: ".") { index += 1 }
  }

  /// `\$`, `\%`, `\{`, `\,`, `\\` and the delimiters of mathematics.
  private mutating func escaped() {
    let character = Unicode.Scalar(bytes[index])
    index += 1
    switch character {
    case "$": append(.currency("$"))
    case "%": append(.percent)
    case "{":
      bracketDepth += 1
      append(.setOpen)
    case "}":
      bracketDepth -= 1
      append(.setClose)
    case "|": append(.sign("‖"))
    case "\\":
      append(.newline)
      skipRowSpacing()
    case ",", ";", ":", "!", " ", "\n", "\t", "(", ")", "[", "]", "/": isSpaced = true
    default: append(.unknown(String(character)))
    }
  }

  /// `[2pt]` behind `\\\\`: more space between two rows.
  private mutating func skipRowSpacing() {
    guard starts(with: [UInt8(ascii: "[")], at: index),
      let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: "]"))
    else { return }
    let length = bytes[(index + 1)..<end]
    let unit = length.drop { isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    guard unit.count < length.count,
      ["pt", "ex", "em", "mm", "cm", "in"].contains(String(decoding: unit, as: UTF8.self))
    else { return }
    index = end + 1
  }

  private mutating func blackboard() {
    var name = group() ?? ""
    if name.isEmpty, let letter = bytes[index...].first(where: { !isSpace($0) }), isLetter(letter) {
      // `\mathbb R`
      while isSpace(bytes[index]) { index += 1 }
      index += 1
      name = String(decoding: [letter], as: UTF8.self)
    }
    append(Vocabulary.sets[name].map { .constant($0) } ?? .symbol(name))
  }

  /// `\begin{…}` and `\end{…}`; only rows and columns matter.
  private mutating func environment(opens: Bool) {
    let name = group() ?? ""
    guard Vocabulary.matrices.contains(name) else {
      guard Vocabulary.transparent.contains(name) else { return append(.unknown(name)) }
      isSpaced = true
      return
    }
    if opens {
      if name == "array" { _ = group() }
      environments.append(name)
      append(.begin(name))
    } else {
      _ = environments.popLast()
      append(.end(name))
    }
  }

  /// `\text{…}` and its kin: words, a letter in upright type, or a formula after all.
  private mutating func textual(_ command: String) throws(MathTrouble) {
    guard let content = group() else { return }
    let basedEnd = index
    if try basedNumber(digits: Array(content.utf8), end: basedEnd) { return }
    var trimmed = content.split(whereSeparator: { $0.isWhitespace || $0 == "~" })
      .joined(separator: " ")
    while trimmed.utf8.first == UInt8(ascii: "\\"), let second = trimmed.utf8.dropFirst().first,
      ",;: ".utf8.contains(second)
    {
      // `\mathrm{\,kg}`
      trimmed = String(trimmed.dropFirst(2))
    }
    guard let first = trimmed.utf8.first else {
      isSpaced = true
      return
    }
    guard isLetter(first) || first >= 0x80 else { return try inline(trimmed) }
    if trimmed.utf8.count == 1 {
      let token = Self.letter(trimmed)
      if case .constant = token { return append(token) }
      return append(.upright(trimmed))
    }
    if trimmed.utf8.contains(UInt8(ascii: "=")) { return try inline(trimmed) }
    if trimmed == "min", isBehindNumber { return append(.text(trimmed)) }
    if trimmed == "sec", isBehindNumber, isBeforeEnd { return append(.text(trimmed)) }
    if trimmed.lowercased() == "per cent" { return append(.percent) }
    if isBehindNumber, let words = Self.withoutAnd(trimmed) {
      // `2\text{ hours and }30\text{ minutes}`
      append(.text(words))
      return append(.keyword(.and))
    }
    if let scale = Vocabulary.temperatures[trimmed.lowercased()] {
      append(.degree)
      return append(.text(scale))
    }
    let known = Vocabulary.words[trimmed] ?? Vocabulary.words[trimmed.lowercased()]
    switch known {
    case .symbol, nil: append(.text(trimmed))
    case .some(let token): append(token)
    }
  }

  /// The words before an "and" at the end, or nil.
  private static func withoutAnd(_ words: String) -> String? {
    guard words.utf8.count > 4, words.utf8.suffix(4).elementsEqual(" and".utf8) else { return nil }
    return String(words.dropLast(4))
  }

  /// A formula in another typeface: its tokens, as one group.
  private mutating func inline(_ content: String) throws(MathTrouble) {
    guard textDepth < 4 else { throw .limit("nesting") }
    var inner = Lexer(Array(content.utf8), options: options)
    inner.textDepth = textDepth + 1
    try inner.run()
    if inner.lexemes.count == 1, inner.lexemes[0].token != .number {
      // `\text{%}` is the sign alone.
      return append(inner.lexemes[0].token)
    }
    let areSeparators = inner.lexemes.allSatisfy { lexeme in
      switch lexeme.token {
      case .sign(","), .sign(";"), .keyword(.and), .keyword(.or): true
      default: false
      }
    }
    // `1\text{, and }9`
    if areSeparators { return lexemes += inner.lexemes }
    append(.groupOpen)
    lexemes += inner.lexemes
    append(.groupClose)
  }

  /// The content of the next braces, or nil if there are none that close.
  private mutating func group() -> String? {
    var start = index
    while start < bytes.count, isSpace(bytes[start]) { start += 1 }
    guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return nil }
    let known = closings ?? Self.closings(in: bytes)
    closings = known
    guard let end = known[start] else { return nil }
    index = end + 1
    return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
  }

  /// Where each brace that is closed is closed; one pass.
  private static func closings(in bytes: [UInt8]) -> [Int: Int] {
    var closings: [Int: Int] = [:]
    var open: [Int] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "{"): open.append(index)
      case UInt8(ascii: "}"): if let start = open.popLast() { closings[start] = index }
      default: break
      }
      index += 1
    }
    return closings
  }

  // MARK: - Bytes

  mutating func append(_ token: Token, _ literal: NumberLiteral? = nil) {
    lexemes.append(Lexeme(token: token, isSpaced: isSpaced, literal: literal))
    isSpaced = false
  }

  private mutating func emit(_ token: Token) {
    index += 1
    append(token)
  }

  func isDigit(at index: Int) -> Bool {
    bytes.indices.contains(index)
      && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index])
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}
