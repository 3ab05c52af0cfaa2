/// The letter of a multiple-choice question: `C`, `(C)`, `C.`, `\textbf{(C)}\ 37`.
struct ChoiceAnswer {
  /// A letter from A to J.
  var letter: String
  /// The tokens behind the letter: the text of the option.
  var rest: ArraySlice<Lexeme>
  /// Whether brackets or a point say that the letter is a label.
  var isMarked: Bool

  /// The choice that tokens are, or nil; a hedge or a negation is none.
  ///
  /// - Parameter isReference: A reference must be a capital letter; an answer may be small.
  static func read(_ lexemes: [Lexeme], isReference: Bool) -> ChoiceAnswer? {
    var tokens = lexemes.filter { $0.token != .groupOpen && $0.token != .groupClose }[...]
    if case .text(let words) = tokens.first?.token, (2...40).contains(words.utf8.count),
      let inner = try? Lexer.lexemes(of: words, options: Lexer.Options())
    {
      // `\text{Option B}`, `\text{B) }24`
      tokens = (inner + tokens.dropFirst())[...]
    }
    if !isReference, let first = tokens.first, isIntroduction(first.token) { tokens.removeFirst() }
    let isBracketed = tokens.first?.token == .sign("(")
    if isBracketed { tokens.removeFirst() }
    guard let first = tokens.popFirst(), var letter = letter(first.token) else { return nil }
    if letter != letter.uppercased() {
      let isClosed = tokens.count == 1 && tokens.first?.token == .sign(")")
      guard !isReference, tokens.isEmpty || isClosed else { return nil }
      letter = letter.uppercased()
      // A bare `i` is a number and `h` a variable; nobody has so many options.
      guard isBracketed || isClosed || letter <= "E" else { return nil }
    }
    guard ("A"..."J").contains(letter) else { return nil }
    var isMarked = isBracketed
    if isBracketed {
      guard tokens.popFirst()?.token == .sign(")") else { return nil }
    }
    if let next = tokens.first?.token,
      next == .sign(".") || next == .sign(":") || next == .sign(")")
    {
      guard !isBracketed || next != .sign(")") else { return nil }
      isMarked = true
      tokens.removeFirst()
    }
    if let excluded = exclusion(tokens) {
      return excluded.contains(letter)
        ? nil : ChoiceAnswer(letter: letter, rest: [], isMarked: true)
    }
    guard tokens.isEmpty || isMarked, !offersAnother(tokens) else { return nil }
    return ChoiceAnswer(letter: letter, rest: tokens, isMarked: isMarked)
  }

  private static func isIntroduction(_ token: Token) -> Bool {
    switch token {
    case .word(let word), .text(let word):
      ["option", "choice", "answer"].contains(word.lowercased())
    default: false
    }
  }

  private static func letter(_ token: Token) -> String? {
    switch token {
    case .symbol(let letter), .upright(let letter): letter.utf8.count == 1 ? letter : nil
    case .text(let letter): letter.utf8.count == 1 ? letter : nil
    case .constant(.euler): "e"
    case .constant(.imaginaryUnit): "i"
    default: nil
    }
  }

  /// The letters of `, not B`, or nil where nothing is excluded.
  private static func exclusion(_ tokens: ArraySlice<Lexeme>) -> Set<String>? {
    var tokens = tokens
    if tokens.first?.token == .sign(",") { tokens.removeFirst() }
    guard tokens.popFirst()?.token == .keyword(.not) else { return nil }
    var letters: Set<String> = []
    for lexeme in tokens {
      if let letter = letter(lexeme.token) {
        letters.insert(letter.uppercased())
      } else if lexeme.token != .keyword(.or), lexeme.token != .sign(","),
        lexeme.token != .sign("("), lexeme.token != .sign(")")
      {
        return nil
      }
    }
    return letters.isEmpty ? nil : letters
  }

  /// Whether what follows names another choice.
  private static func offersAnother(_ tokens: ArraySlice<Lexeme>) -> Bool {
    switch tokens.first?.token {
    case .keyword, .sign(","), .sign(";"), .sign("/"), .sign("("): return true
    default: break
    }
    // A second label in brackets anywhere.
    let list = Array(tokens)
    for index in list.indices.dropLast(2)
    where list[index].token == .sign("(") && list[index + 2].token == .sign(")") {
      if let letter = letter(list[index + 1].token), ("A"..."J").contains(letter) { return true }
    }
    return false
  }
}
