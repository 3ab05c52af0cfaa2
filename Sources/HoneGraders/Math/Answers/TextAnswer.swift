/// An answer in words: one spelling for every way of writing it.
struct TextAnswer: Sendable, Equatable {
  /// The parts between commas, `and` and `or`, in lower case.
  var parts: [String]
  /// Whether parts are joined by "and", or by "or".
  private(set) var joints: Set<String> = []
  /// The number that the words are.
  private var number: Rational?

  /// The words of `\text{…}` or of a whole answer.
  init(_ words: String) {
    parts = Self.split(words)
    if parts.count > 1 {
      joints = Set(words.lowercased().split(separator: " ").map(String.init))
        .intersection(["and", "or"])
    }
    number = NumberWords.value(of: words)
  }

  /// Plain letters, digits and spaces with at least two words; nil for any other text.
  init?(plain text: String) {
    guard text.utf8.count <= 400, text.utf8.contains(UInt8(ascii: " ")),
      text.unicodeScalars.allSatisfy({
        $0.properties.isAlphabetic || $0.properties.numericType != nil
          || " '’.,!".unicodeScalars.contains($0)
      })
    else { return nil }
    self.init(text)
  }

  /// Tokens that are no mathematics that is understood, spelled in one way.
  init(spelling lexemes: [Lexeme]) {
    var text = ""
    // A description is slow: each different sign is described once.
    var names: [Token: String] = [:]
    for lexeme in lexemes {
      switch lexeme.token {
      case .number: text += lexeme.literal?.digits ?? lexeme.literal?.value.description ?? "?"
      case .symbol(let name), .upright(let name), .word(let name): text += name
      case .text(let words): text += words.lowercased()
      case .sign(let sign): text += String(Character(sign))
      case .groupOpen, .groupClose: continue
      case .unknown(let name): text += "\\\(name)"
      default:
        let name = names[lexeme.token] ?? "\(lexeme.token)"
        names[lexeme.token] = name
        text += name
      }
      text += " "
    }
    parts = [text]
  }

  /// The words of an answer that is nothing but words, or nil.
  static func prose(_ lexemes: [Lexeme]) -> TextAnswer? {
    guard lexemes.count <= 60 else { return nil }
    var text = ""
    var hasWords = false
    var letters = 0
    // Behind an apostrophe: "Fermat's" is one word.
    var isJoined = false
    for (index, lexeme) in lexemes.enumerated() {
      isJoined = !lexeme.isSpaced && index > 0 && lexemes[index - 1].token == .prime
      switch lexeme.token {
      case .text(let words):
        hasWords = true
        append(words)
      case .word(let word):
        // Two letters may be a product; three in a row are a word.
        hasWords =
          hasWords || word.utf8.count > 2 || lexemes.count > 1 || word.lowercased() == "no"
        append(word)
      case .symbol(let letter), .upright(let letter):
        letters += 1
        append(letter)
      case .constant(.imaginaryUnit): append("i")
      case .constant(.infinity) where lexemes.count > 1: append("infinity")
      case .keyword(let keyword) where index > 0 || keyword == .not: append(keyword.rawValue)
      case .sign(","): text += ","
      case .sign(";"): text += ","
      case .sign("-"): text += lexeme.isSpaced ? " " : "-"
      case .sign("."), .prime: break
      case .sign("\""), .groupOpen, .groupClose: break
      case .sign("!"): break
      default: return nil
      }
    }
    func append(_ word: String) {
      if !text.isEmpty, text.last != "-", !isJoined { text += " " }
      text += word
    }
    // `x, y` and `a b` are formulas; one letter among words is an article or a name.
    guard hasWords, letters == 0 || letters < lexemes.count else { return nil }
    let answer = TextAnswer(text)
    return answer.parts.isEmpty ? nil : answer
  }

  private static func split(_ text: String) -> [String] {
    var parts: [String] = []
    for piece in text.lowercased().split(whereSeparator: { ",;/".contains($0) }) {
      var words: [Substring] = []
      let spaced = piece.split(whereSeparator: { $0.isWhitespace || $0 == "~" })
      // `-5` keeps its sign; other hyphens join words.
      for word in spaced.flatMap({ $0.isNegativeNumber ? [$0] : $0.split(separator: "-") }) {
        if word == "and" || word == "or" || word == "&" {
          append(words)
          words = []
        } else {
          words.append(word)
        }
      }
      append(words)
    }
    func append(_ words: [Substring]) {
      var words = words.map(\.withoutPunctuation)
      while words.count > 1, let first = words.first, leading.contains(first) {
        words.removeFirst()
      }
      words.removeAll(where: \.isEmpty)
      if !words.isEmpty { parts.append(words.joined(separator: " ")) }
    }
    return parts
  }

  /// Words that add nothing at the start of an answer.
  private static let leading: Set<String> = [
    "the", "a", "an", "on", "in", "at", "by", "it", "is", "they", "are", "during",
  ]

  /// Whether these are the same words: their parts in any order, never "or" for "and".
  func isSame(as other: TextAnswer) -> Bool {
    canonical.sorted() == other.canonical.sorted()
      && (joints.isEmpty || other.joints.isEmpty || joints == other.joints)
  }

  // MARK: - Words that are mathematics

  /// The mathematics that the words say, or nil.
  var meaning: Answer? {
    if let number {
      var quantity = Quantity(.number(NumberLiteral(number)))
      quantity.literal = NumberLiteral(number)
      return .quantity(quantity)
    }
    guard parts.count == 1, let words = parts.first else { return nil }
    switch words {
    case "no solution", "no solutions", "no real solution", "no real solutions", "empty set",
      "null set", "none", "there is no solution", "there are no solutions":
      return .namedSet(.emptySet)
    case "all real numbers", "all reals", "real numbers", "all real", "any real number":
      return .realSet(.all, variable: nil)
    case "integers", "all integers", "set of integers": return .namedSet(.integers)
    case "rational numbers", "all rational numbers": return .namedSet(.rationals)
    case "natural numbers", "all natural numbers": return .namedSet(.naturals)
    case "complex numbers", "all complex numbers": return .namedSet(.complexes)
    case "negative infinity", "minus infinity":
      return .quantity(Quantity(Expression.constant(.infinity).negated))
    case "positive infinity", "plus infinity": return .quantity(Quantity(.constant(.infinity)))
    default: return nil
    }
  }

  /// Spellings of one thing.
  var canonical: [String] {
    parts.map { part in
      switch part {
      case "dne", "doesnt exist", "not exist": "does not exist"
      case "true statement": "true"
      default: part
      }
    }
  }
}

extension Substring {
  /// Whether this is digits behind a minus sign.
  fileprivate var isNegativeNumber: Bool {
    first == "-" && (dropFirst().first?.isNumber ?? false)
  }

  /// The word without points and quotation marks; a decimal point stays.
  fileprivate var withoutPunctuation: String {
    guard contains(where: \.isNumber) else { return String(filter { !".!?\"'’".contains($0) }) }
    var word = filter { !"!?\"'’".contains($0) }
    while word.last == "." { word.removeLast() }
    return String(word)
  }
}
