/// Reads the unit behind a number: `cm^2`, `\text{miles per hour}`, `km/h`, `square feet`.
struct UnitReader {
  /// A piece of a unit and the token it comes from.
  private struct Piece {
    enum Kind: Equatable {
      case name(String, isUpright: Bool)
      case times, per, power(Int)
    }
    var kind: Kind
    /// The token behind the one that holds this piece.
    var next: Int
    var endsToken: Bool
  }

  /// A unit and the index of the token behind it.
  typealias Reading = (unit: UnitExpression, next: Int)

  let lexemes: [Lexeme]
  let table: UnitTable
  /// Whether plain words that are no unit may be things that are counted.
  let allowsAnyNoun: Bool

  /// The unit that starts at a token, or nil.
  func unit(at start: Int) -> Reading? {
    let pieces = pieces(from: start)
    return measure(pieces) ?? noun(at: start)
  }

  /// The unit that `\frac{\text{km}}{\text{h}}` is, or nil.
  func fraction(at start: Int) -> Reading? {
    guard let (top, middle) = names(at: start + 1), let (bottom, end) = names(at: middle) else {
      return nil
    }
    let line = UnitReader(
      lexemes: top + [Lexeme(token: .sign("/"))] + bottom, table: table, allowsAnyNoun: false)
    guard let (unit, next) = line.measure(line.pieces(from: 0)), next == line.lexemes.count else {
      return nil
    }
    return (unit, end)
  }

  /// The names of units in braces, and the index behind them.
  private func names(at start: Int) -> ([Lexeme], Int)? {
    guard start < lexemes.count, lexemes[start].token == .groupOpen else { return nil }
    var index = start + 1
    while index < lexemes.count, index - start < 10 {
      switch lexemes[index].token {
      case .text, .upright, .word, .sign("^"), .number: index += 1
      case .groupClose where index > start + 1:
        return (Array(lexemes[(start + 1)..<index]), index + 1)
      default: return nil
      }
    }
    return nil
  }

  // MARK: - Measures

  private func measure(_ pieces: [Piece]) -> Reading? {
    var unit = UnitExpression(factor: .one, dimensions: [], spelling: "")
    var found: Reading?
    var index = 0
    var sign = 1
    while index < pieces.count {
      var power = 1
      // "square" and "cubic" stand in front.
      if case .name(let word, _) = pieces[index].kind, let raised = Self.raisings[word],
        index + 1 < pieces.count
      {
        power = raised
        index += 1
      }
      guard case .name(let name, let isUpright) = pieces[index].kind,
        isUpright || found != nil || name.utf8.count > 1,
        let next = table.unit(name)
      else { break }
      var last = pieces[index]
      index += 1
      if index < pieces.count {
        if case .power(let exponent) = pieces[index].kind {
          power *= exponent
          last = pieces[index]
          index += 1
        } else if case .name(let word, _) = pieces[index].kind, let raised = Self.trailing[word] {
          power *= raised
          last = pieces[index]
          index += 1
        }
      }
      let separator = unit.spelling.isEmpty ? "" : sign < 0 ? "/" : " "
      let spelling = unit.spelling + separator + name + (power == 1 ? "" : "^\(power)")
      guard let product = unit.multiplied(by: next, power: power * sign, spelling: spelling) else {
        return nil
      }
      unit = product
      if last.endsToken { found = (unit, last.next) } else { found = found ?? nil }
      // Behind a division everything up to the next one divides, as in J/kg K.
      guard index < pieces.count else { break }
      switch pieces[index].kind {
      case .per:
        sign = -1
        index += 1
      case .times: index += 1
      default: break
      }
    }
    return found
  }

  private static let raisings: [String: Int] = [
    "square": 2, "sq": 2, "Square": 2, "cubic": 3, "cu": 3, "Cubic": 3,
  ]
  private static let trailing: [String: Int] = ["squared": 2, "cubed": 3]

  /// The pieces of the tokens from a place on, until one that no unit holds.
  private func pieces(from start: Int) -> [Piece] {
    var pieces: [Piece] = []
    var index = start
    while index < lexemes.count, pieces.count < 24 {
      var next = index + 1
      switch lexemes[index].token {
      case .text(let content):
        guard appendWords(of: content, next: next, to: &pieces) else { return pieces }
      case .word(let word):
        pieces.append(
          Piece(
            kind: word == "per" ? .per : .name(word, isUpright: false), next: next, endsToken: true)
        )
      case .upright(let letter):
        pieces.append(Piece(kind: .name(letter, isUpright: true), next: next, endsToken: true))
      case .symbol(let letter) where !pieces.isEmpty && letter.utf8.count == 1:
        pieces.append(Piece(kind: .name(letter, isUpright: false), next: next, endsToken: true))
      case .sign("/") where !pieces.isEmpty:
        pieces.append(Piece(kind: .per, next: next, endsToken: true))
      case .sign("*") where !pieces.isEmpty:
        pieces.append(Piece(kind: .times, next: next, endsToken: true))
      case .sign("^") where !pieces.isEmpty:
        guard let (exponent, end) = exponent(at: index + 1) else { return pieces }
        next = end
        pieces.append(Piece(kind: .power(exponent), next: next, endsToken: true))
      case .sign(".") where index > start: break
      default: return pieces
      }
      index = next
    }
    return pieces
  }

  private func exponent(at start: Int) -> (Int, Int)? {
    var index = start
    let isGrouped = index < lexemes.count && lexemes[index].token == .groupOpen
    if isGrouped { index += 1 }
    var sign = 1
    if index < lexemes.count, lexemes[index].token == .sign("-") {
      sign = -1
      index += 1
    }
    guard index < lexemes.count, let value = lexemes[index].literal?.value.integer,
      (1...9).contains(value)
    else { return nil }
    index += 1
    if isGrouped {
      guard index < lexemes.count, lexemes[index].token == .groupClose else { return nil }
      index += 1
    }
    return (sign * value, index)
  }

  /// Splits the content of `\text{…}`; false where it is no unit.
  private func appendWords(of content: String, next: Int, to pieces: inout [Piece]) -> Bool {
    var made: [Piece] = []
    var word = ""
    var isExponent = false
    func flush() -> Bool {
      guard !word.isEmpty else { return true }
      if isExponent {
        guard let power = Int(word), (1...9).contains(abs(power)) else { return false }
        made.append(Piece(kind: .power(power), next: next, endsToken: false))
      } else if word == "per" {
        made.append(Piece(kind: .per, next: next, endsToken: false))
      } else {
        made.append(Piece(kind: .name(word, isUpright: true), next: next, endsToken: false))
      }
      word = ""
      isExponent = false
      return true
    }
    for scalar in Self.withoutCommands(content).unicodeScalars {
      switch scalar {
      case "-" where isExponent: word.unicodeScalars.append(scalar)
      case "/", " ", "*", ".", "^", "{", "}", "-":
        if isExponent, word.isEmpty { continue }
        guard flush() else { return false }
        if scalar == "/" { made.append(Piece(kind: .per, next: next, endsToken: false)) }
        if scalar == "*" { made.append(Piece(kind: .times, next: next, endsToken: false)) }
        if scalar == "^" { isExponent = true }
      default:
        if scalar.properties.numericType != nil, !isExponent {
          guard flush() else { return false }
          isExponent = true
        }
        word.unicodeScalars.append(scalar)
      }
      if made.count > 24 { return false }
    }
    guard flush(), !made.isEmpty else { return false }
    made[made.count - 1].endsToken = true
    pieces += made
    return true
  }

  /// `km\,h^{-1}` and `kg\cdot m` without commands.
  private static func withoutCommands(_ content: String) -> String {
    guard content.utf8.contains(UInt8(ascii: "\\")) else { return content }
    var plain = ""
    for (index, part) in content.split(separator: "\\", omittingEmptySubsequences: false)
      .enumerated()
    {
      if index == 0 {
        plain += part
      } else if part.hasPrefix("cdot") || part.hasPrefix("times") {
        plain += "*" + part.dropFirst(part.hasPrefix("cdot") ? 4 : 5)
      } else if let first = part.first, ",;: ".contains(first) {
        plain += " " + part.dropFirst()
      } else {
        return content
      }
    }
    return plain
  }

  // MARK: - Things that are counted

  /// Words that calculate, compare, negate or offer a choice are never things.
  private static let operators: Set<String> = [
    "and", "or", "not", "nor", "either", "to", "plus", "minus", "times", "over", "by", "mod",
    "modulo", "choose", "factorial", "squared", "cubed", "less", "more", "than", "least", "most",
    "about", "around", "approximately", "roughly", "half", "halves", "third", "thirds", "quarter",
    "quarters", "fourths", "fifths", "sixths", "tenths", "hundredths", "dozen", "dozens",
    "percent", "if", "unless", "but", "except", "maybe", "wrong", "incorrect", "divided",
    "multiplied", "pi", "sqrt", "th", "st", "nd", "rd", "hundred", "thousand", "million",
    "billion", "trillion", "base", "when", "where", "for", "otherwise", "is", "are", "per",
    "possibly", "perhaps", "instead", "only", "no", "degrees", "degree", "true", "false", "yes",
    "times", "minus", "negative", "cis", "thereof", "rather", "else", "versus", "vs", "both",
  ]

  private func noun(at start: Int) -> Reading? {
    var words: [String] = []
    var index = start
    while index < lexemes.count, words.count <= 4 {
      switch lexemes[index].token {
      case .text(let content): words += content.split(separator: " ").map(String.init)
      case .word(let word) where allowsAnyNoun: words.append(word)
      default: return nounReading(words, index)
      }
      index += 1
    }
    return nounReading(words, index)
  }

  private func nounReading(_ words: [String], _ next: Int) -> Reading? {
    var words = words
    if let per = words.firstIndex(of: "per"), per > 0, per + 1 < words.count {
      // `18 apples per day` are apples.
      words.removeSubrange(per...)
    }
    guard (1...4).contains(words.count) else { return nil }
    let plain = words.map { $0.lowercased().filter { $0 != "." } }
    for word in plain {
      guard word.utf8.count > 1 || word == "a", !Self.operators.contains(word),
        word.allSatisfy({ $0.isLetter || $0 == "-" })
      else { return nil }
    }
    return (UnitExpression(noun: plain.map(Self.singular).joined(separator: " ")), next)
  }

  private static func singular(_ word: String) -> String {
    word.utf8.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss")
      ? String(word.dropLast()) : word
  }
}
