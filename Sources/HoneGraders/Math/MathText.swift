/// Answers that are compared as text.
enum MathText {
  /// One spelling for each text: without white space between tokens and without the commands
  /// that only change the looks, since those are no tokens.
  static func normalized(_ lexemes: ArraySlice<MathLexer.Lexeme>) -> String {
    var tokens = lexemes.map(\.token)
    // A single letter in brackets is a choice, as the letter alone is.
    if tokens.count == 3, tokens.first == .sign("("), tokens.last == .sign(")"),
      isChoice(tokens[1])
    {
      tokens = [tokens[1]]
    }
    tokens = braced(tokens)
    let isProse = tokens.allSatisfy(isWord)
    return tokens.map { spelling($0, isProse: isProse) }.joined(separator: isProse ? " " : "")
  }

  /// Puts braces around arguments of one character that have none: `x^2` as `x^{2}`.
  private static func braced(_ tokens: [MathToken]) -> [MathToken] {
    var result: [MathToken] = []
    for token in tokens {
      let isArgument =
        switch result.last {
        case .sign("^"), .sign("_"), .command("sqrt"): true
        default: false
        }
      switch token {
      case .number(let digits) where isArgument && digits.count == 1:
        result += [.sign("{"), token, .sign("}")]
      case .symbol where isArgument:
        result += [.sign("{"), token, .sign("}")]
      default: result.append(token)
      }
    }
    return result
  }

  private static func spelling(_ token: MathToken, isProse: Bool) -> String {
    switch token {
    case .number(let text), .symbol(let text): return text
    case .word(let text), .text(let text):
      let words = text.split(separator: " ").joined(separator: " ")
      // The case of letters matters in formulas (2ab is not 2AB), and for single letters.
      return isProse && words.count > 1 ? words.lowercased() : words
    case .sign(let sign): return String(sign)
    case .setOpen: return "\\{"
    case .setClose: return "\\}"
    case .command(let name): return "\\\(name) "
    case .currency(let sign): return String(sign)
    case .degree: return "°"
    }
  }

  private static func isWord(_ token: MathToken) -> Bool {
    switch token {
    case .word, .text: true
    case .symbol(let name): name.count == 1
    default: false
    }
  }

  private static func isChoice(_ token: MathToken) -> Bool {
    switch token {
    case .symbol(let text), .text(let text):
      text.count == 1 && text.first.map { ("A"..."J").contains($0) } ?? false
    default: false
    }
  }
}
