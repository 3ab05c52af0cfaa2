/// What the characters beyond ASCII mean in an answer.
enum UnicodeNotation {
  /// Characters that are spelled as LaTeX.
  static let spellings: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [
      "×": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*", "÷": "/", "⁄": "/", "∕": "/",
      "√": "\\sqrt ", "∛": "\\sqrt[3]", "∜": "\\sqrt[4]", "∞": "\\infty ", "±": "\\pm ",
      "∓": "\\mp ", "≤": "\\le ", "≥": "\\ge ", "⩽": "\\le ", "⩾": "\\ge ", "≠": "\\ne ",
      "≈": "\\approx ", "≡": "\\equiv ", "∈": "\\in ", "∪": "\\cup ", "∩": "\\cap ",
      "∖": "\\setminus ", "∅": "\\emptyset ", "⌀": "\\emptyset ", "ℝ": "\\mathbb{R}",
      "ℤ": "\\mathbb{Z}", "ℕ": "\\mathbb{N}", "ℚ": "\\mathbb{Q}", "ℂ": "\\mathbb{C}",
      "∨": "\\lor ", "∧": "\\land ", "∣": "|", "‖": "\\|", "⌊": "\\lfloor ", "⌋": "\\rfloor ",
      "⌈": "\\lceil ", "⌉": "\\rceil ", "⟨": "\\langle ", "⟩": "\\rangle ", "〈": "\\langle ",
      "〉": "\\rangle ", "°": "\\degree ", "º": "\\degree ", "℃": "\\degree \\text{C}",
      "℉": "\\degree \\text{F}", "′": "'", "″": "''", "’": "'", "‘": "'", "“": "\"", "”": "\"",
      "…": "\\ldots ", "⋯": "\\ldots ", "∑": "\\sum ", "∏": "\\prod ", "∫": "\\int ",
      "∂": "\\partial ", "∠": "\\angle ", "△": "\\triangle ", "→": "\\to ", "⇒": "\\implies ",
      "€": "\\euro ", "£": "\\pounds ", "¥": "\\yen ", "₹": "\\rupee ", "¢": "\\text{ cents}",
      "ℓ": "\\ell ",
      "ℯ": "e", "ⅇ": "e", "ⅈ": "i", "∶": ":", "％": "%", "‰": "\\permille ", "、": ",", "，": ",",
      "；": ";", "。": ".", "٫": ".", "٬": ",", "¬": "\\neg ", "∝": "\\propto ",
    ]
    let fractions: [(Unicode.Scalar, Int, Int)] = [
      ("½", 1, 2), ("⅓", 1, 3), ("⅔", 2, 3), ("¼", 1, 4), ("¾", 3, 4), ("⅕", 1, 5), ("⅖", 2, 5),
      ("⅗", 3, 5), ("⅘", 4, 5), ("⅙", 1, 6), ("⅚", 5, 6), ("⅐", 1, 7), ("⅛", 1, 8), ("⅜", 3, 8),
      ("⅝", 5, 8), ("⅞", 7, 8), ("⅑", 1, 9), ("⅒", 1, 10),
    ]
    for (scalar, top, bottom) in fractions { table[scalar] = "\\frac{\(top)}{\(bottom)}" }
    let greek: [(UInt32, String)] = [
      (0x3B1, "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi"),
      (0x3BF, "omicron pi rho sigma sigma tau upsilon phi chi psi omega"),
      (0x391, "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi"),
      (0x39F, "Omicron Pi Rho"), (0x3A3, "Sigma Tau Upsilon Phi Chi Psi Omega"),
    ]
    for (start, names) in greek {
      for (offset, name) in names.split(separator: " ").enumerated() {
        guard let scalar = Unicode.Scalar(start + UInt32(offset)) else { continue }
        table[scalar] = "\\\(name) "
      }
    }
    for (scalar, name) in [("ϕ", "phi"), ("ϵ", "epsilon"), ("ϑ", "theta"), ("µ", "mu")]
      as [(Unicode.Scalar, String)]
    {
      table[scalar] = "\\\(name) "
    }
    return table
  }()

  static let raised = script("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿⁱˣ", "0123456789+-()nix")
  static let lowered = script("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₙᵢₓₐₖ", "0123456789+-()nixak")

  private static func script(_ from: String, _ to: String) -> [Unicode.Scalar: UInt8] {
    Dictionary(uniqueKeysWithValues: zip(from.unicodeScalars, to.utf8))
  }

  /// The ASCII counterpart: digits of any script, minus signs, full-width and styled letters.
  static func plain(_ scalar: Unicode.Scalar) -> UInt8? {
    let value = scalar.value
    switch value {
    case 0x2010...0x2015, 0x2212, 0xFE63: return UInt8(ascii: "-")
    case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return UInt8(ascii: " ")
    case 0xFF01...0xFF5E: return UInt8(value - 0xFEE0)
    // Digits of the scripts that models write most.
    case 0x0660...0x0669: return digit(value - 0x0660)
    case 0x06F0...0x06F9: return digit(value - 0x06F0)
    case 0x0966...0x096F: return digit(value - 0x0966)
    case 0x09E6...0x09EF: return digit(value - 0x09E6)
    // Mathematical alphanumerics: bold, italic and other styles of the same letters and digits.
    case 0x1D400...0x1D6A3:
      let letter = (value - 0x1D400) % 52
      return letter < 26
        ? UInt8(ascii: "A") + UInt8(letter) : UInt8(ascii: "a") + UInt8(letter - 26)
    case 0x1D7CE...0x1D7FF: return digit((value - 0x1D7CE) % 10)
    default: return nil
    }
  }

  private static func digit(_ value: UInt32) -> UInt8 { UInt8(ascii: "0") + UInt8(value) }

  /// Characters without width and marks of writing direction.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00AD, 0x061C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F,
      0xFEFF:
      true
    default: false
    }
  }
}
