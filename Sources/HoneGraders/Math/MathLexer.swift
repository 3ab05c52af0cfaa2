/// A piece of an answer: LaTeX and plain notation read into one alphabet.
enum MathToken: Hashable {
  /// Digits with at most one decimal point, without separators: `1234.50`.
  case number(String)
  /// One letter, or a Greek or other command that stands for a symbol.
  case symbol(String)
  /// A run of two or more letters in plain notation.
  case word(String)
  /// The content of `\text{…}` and its like.
  case text(String)
  /// An operator, bracket or separator: `+ - * / ^ _ = ( ) [ ] { } , ; %` and others.
  case sign(Character)
  /// `\{` and `\}`.
  case setOpen, setClose
  /// `\frac`, `\over`, `\sqrt` and other commands with arguments.
  case command(String)
  /// A currency sign.
  case currency(Character)
  /// A degree sign, as a character or as `^\circ`.
  case degree
}

/// Cuts an answer into tokens, in one pass.
struct MathLexer {
  /// A token, and whether white space stands before it.
  struct Lexeme {
    var token: MathToken
    var isSpaced: Bool
  }

  private let scalars: [Unicode.Scalar]
  private let isDollarAlone: Bool
  private var index = 0
  private var lexemes: [Lexeme] = []
  private var isSpaced = false
  /// Open round and square brackets: inside them a comma always separates.
  private var bracketDepth = 0

  /// The tokens of an answer, or nil for characters that no answer holds (NUL and its like).
  static func lexemes(of text: String) -> [Lexeme]? {
    var lexer = MathLexer(text)
    return lexer.run() ? lexer.lexemes : nil
  }

  private init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    isDollarAlone = scalars.count { $0 == "$" } == 1
  }

  private mutating func run() -> Bool {
    while index < scalars.count {
      let scalar = scalars[index]
      if let (whole, fraction) = Self.vulgarFraction(scalar) {
        index += 1
        append(.command("frac"))
        for part in [whole, fraction] {
          append(.sign("{"))
          append(.number(part))
          append(.sign("}"))
        }
        continue
      }
      let character = Self.plain(scalar)
      switch character {
      case " ", "\t", "\n", "\r", "\u{A0}", "~":
        index += 1
        isSpaced = true
      case "$":
        index += 1
        // "$5" is money, "$5$" is mathematics.
        if isDollarAlone { append(.currency("$")) }
      case "\\": command()
      case "0"..."9": number()
      case "." where index + 1 < scalars.count && Self.isDigit(scalars[index + 1]): number()
      case "a"..."z", "A"..."Z": word()
      case "€", "£", "¥": emit(.currency(character))
      case "²", "³":
        emit(.sign("^"))
        append(.number(character == "²" ? "2" : "3"))
      case "√": emit(.command("sqrt"))
      case "<" where next == "=", ">" where next == "=":
        index += 1
        emit(.sign(character == "<" ? "≤" : "≥"))
      case "°": emit(.degree)
      case "π": emit(.symbol("pi"))
      case "∞": emit(.symbol("infty"))
      case "(", "[":
        bracketDepth += 1
        emit(.sign(character))
      case ")", "]":
        bracketDepth -= 1
        emit(.sign(character))
      case "\u{200B}", "\u{200C}", "\u{200D}", "\u{FEFF}", "\u{200E}", "\u{200F}", "\u{2060}":
        index += 1
      default:
        guard scalar.value >= 0x20, scalar.value != 0x7F else { return false }
        emit(.sign(character))
      }
    }
    return true
  }

  private var next: Unicode.Scalar? { index + 1 < scalars.count ? scalars[index + 1] : nil }

  // MARK: - Tokens

  private mutating func append(_ token: MathToken) {
    lexemes.append(Lexeme(token: token, isSpaced: isSpaced))
    isSpaced = false
  }

  private mutating func emit(_ token: MathToken) {
    index += 1
    append(token)
  }

  private mutating func word() {
    let start = index
    while index < scalars.count, Self.isLetter(scalars[index]) { index += 1 }
    let letters = string(start..<index)
    append(letters.count == 1 ? .symbol(letters) : .word(letters))
  }

  /// Digits with thousands separators (`1,234`, `1{,}234`, `1\,234`) and a decimal point.
  private mutating func number() {
    var digits = digitRun()
    if (1...3).contains(digits.count) {
      while let width = separatorWidth() {
        index += width
        digits += digitRun()
      }
    }
    if index < scalars.count, Self.plain(scalars[index]) == ".",
      index + 1 < scalars.count ? Self.isDigit(scalars[index + 1]) : false
    {
      index += 1
      digits += "." + digitRun()
    }
    append(.number(digits))
  }

  private mutating func digitRun() -> String {
    var digits = ""
    while index < scalars.count, Self.isDigit(scalars[index]) {
      digits.append(Self.plain(scalars[index]))
      index += 1
    }
    return digits
  }

  /// The length of a thousands separator that is followed by exactly three digits.
  private func separatorWidth() -> Int? {
    let separators =
      bracketDepth > 0 ? ["{,}", "\\,", "\\!"] : [",\\!", "{,}", "\\,", "\\!", ","]
    for separator in separators {
      let width = separator.unicodeScalars.count
      let end = index + width + 3
      guard end <= scalars.count,
        scalars[index..<(index + width)].elementsEqual(separator.unicodeScalars),
        scalars[(index + width)..<end].allSatisfy(Self.isDigit),
        end == scalars.count || !Self.isDigit(scalars[end])
      else { continue }
      return width
    }
    return nil
  }

  // MARK: - Commands

  private mutating func command() {
    index += 1
    guard index < scalars.count else { return append(.sign("\\")) }
    guard Self.isLetter(scalars[index]) else { return escaped() }
    let start = index
    while index < scalars.count, Self.isLetter(scalars[index]) { index += 1 }
    let name = string(start..<index)
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac": append(.command("frac"))
    case "cdot", "times", "ast": append(.sign("*"))
    case "div": append(.sign("/"))
    case "le", "leq", "leqslant": append(.sign("≤"))
    case "ge", "geq", "geqslant": append(.sign("≥"))
    case "ne", "neq": append(.sign("≠"))
    case "pm": append(.sign("±"))
    case "lbrace": append(.setOpen)
    case "rbrace": append(.setClose)
    case "left", "right", "displaystyle", "textstyle", "big", "Big", "bigl", "bigr", "Bigl",
      "Bigr", "mathstrut", "limits":
      break
    case "quad", "qquad", "space", "thinspace": isSpaced = true
    case "text", "textbf", "textit", "textrm", "textnormal", "mathrm", "mathbf", "mathit",
      "mathsf", "operatorname", "mbox", "hbox", "rm", "bf", "it":
      if let content = group() { styled(content) }
    case "circ": degree()
    case "degree": append(.degree)
    case "dollar": append(.currency("$"))
    case "pounds": append(.currency("£"))
    case "euro": append(.currency("€"))
    default: append(Self.symbols.contains(name) ? .symbol(name) : .command(name))
    }
  }

  /// The content of `\text{…}` and its like: words, or a formula in another typeface.
  private mutating func styled(_ content: String) {
    let isFormula = !content.unicodeScalars.contains { Self.isLetter($0) }
    guard isFormula, let inner = Self.lexemes(of: content) else { return append(.text(content)) }
    guard !inner.isEmpty else {
      isSpaced = true
      return
    }
    append(.sign("{"))
    lexemes += inner
    append(.sign("}"))
  }

  /// `\$`, `\%`, `\{`, `\,` and the mathematics delimiters `\( \) \[ \]`.
  private mutating func escaped() {
    let character = Self.plain(scalars[index])
    index += 1
    switch character {
    case "$": append(.currency("$"))
    case "{": append(.setOpen)
    case "}": append(.setClose)
    case ",", ";", ":", "!", " ", "\n": isSpaced = true
    case "(", ")", "[", "]": break
    default: append(.sign(character))
    }
  }

  /// `^\circ` and `^{\circ}`: takes back what was read before it.
  private mutating func degree() {
    if lexemes.last?.token == .sign("{"), index < scalars.count, scalars[index] == "}" {
      lexemes.removeLast()
      index += 1
    }
    if lexemes.last?.token == .sign("^") {
      lexemes.removeLast()
      append(.degree)
    } else {
      append(.symbol("circ"))
    }
  }

  /// The plain content of the next braces, or nil if there are none.
  private mutating func group() -> String? {
    var end = index
    while end < scalars.count, scalars[end] == " " { end += 1 }
    guard end < scalars.count, scalars[end] == "{" else { return nil }
    let start = end + 1
    var depth = 0
    while end < scalars.count {
      if scalars[end] == "{" { depth += 1 }
      if scalars[end] == "}" { depth -= 1 }
      if depth == 0 { break }
      end += 1
    }
    guard end < scalars.count else { return nil }
    index = end + 1
    return string(start..<end)
  }

  // MARK: - Characters

  private func string(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    ("0"..."9").contains(plain(scalar))
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
  }

  /// A scalar's plain counterpart: minus signs, full-width forms, multiplication signs.
  private static func plain(_ scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "−", "–", "—", "﹣", "－", "‐", "‑": return "-"
    case "×", "·", "∙", "⋅": return "*"
    case "÷", "⁄", "∕": return "/"
    case "，", "、": return ","
    case "\u{2009}", "\u{202F}", "\u{2002}", "\u{2003}", "\u{3000}": return " "
    default: break
    }
    if (0xFF01...0xFF5E).contains(scalar.value),
      let narrow = Unicode.Scalar(scalar.value - 0xFEE0)
    {
      return Character(narrow)
    }
    return Character(scalar)
  }

  private static func vulgarFraction(_ scalar: Unicode.Scalar) -> (String, String)? {
    switch scalar {
    case "½": ("1", "2")
    case "⅓": ("1", "3")
    case "⅔": ("2", "3")
    case "¼": ("1", "4")
    case "¾": ("3", "4")
    case "⅕": ("1", "5")
    case "⅖": ("2", "5")
    case "⅗": ("3", "5")
    case "⅘": ("4", "5")
    case "⅙": ("1", "6")
    case "⅚": ("5", "6")
    case "⅛": ("1", "8")
    case "⅜": ("3", "8")
    case "⅝": ("5", "8")
    case "⅞": ("7", "8")
    default: nil
    }
  }

  /// Commands that stand for a symbol rather than for an operation.
  private static let symbols: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
    "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "infty", "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi", "Omega", "ell",
    "emptyset", "varnothing",
  ]
}
