import BigInt

/// Reads and evaluates an expression of whole numbers, `+ - * /` and parentheses.
///
/// Nothing else is admitted: no powers, no signs in front of numbers, no juxtaposition of
/// digits from different numbers. Also reads `×`, `·`, `÷`, `−` and LaTeX's `\times`, `\cdot`
/// and `\div`.
struct FormulaReader {
  /// What an expression says.
  struct Formula {
    /// The numbers used, from left to right.
    var numbers: [Int]
    /// The exact value, or nil for a division by zero.
    var value: Rational?
  }

  private static let maximumLength = 1000
  private static let maximumDepth = 64
  private static let maximumDigits = 9

  private let characters: [Character]
  private var index = 0
  private var depth = 0
  private var numbers: [Int] = []
  private var dividesByZero = false

  /// The expression that a text is as a whole, or nil.
  static func read(_ text: String) -> Formula? {
    guard text.utf8.count <= maximumLength else { return nil }
    var plain = text
    for (command, sign) in [("\\times", "*"), ("\\cdot", "*"), ("\\div", "/"), ("$", "")] {
      plain = plain.split(separator: command, omittingEmptySubsequences: false)
        .joined(separator: sign)
    }
    var reader = FormulaReader(plain)
    guard let value = reader.sum(), reader.next == nil else { return nil }
    return Formula(numbers: reader.numbers, value: reader.dividesByZero ? nil : value)
  }

  private init(_ text: String) {
    characters = text.compactMap { character in
      switch character {
      case "×", "·", "∙", "⋅": "*"
      case "÷": "/"
      case "−", "–": "-"
      default: character
      }
    }
  }

  /// The next character that is not white space.
  private var next: Character? {
    mutating get {
      while index < characters.count, characters[index].isWhitespace { index += 1 }
      return index < characters.count ? characters[index] : nil
    }
  }

  private mutating func sum() -> Rational? {
    guard var total = product() else { return nil }
    while let sign = next, sign == "+" || sign == "-" {
      index += 1
      guard let term = product() else { return nil }
      total = sign == "+" ? total + term : total - term
    }
    return total
  }

  private mutating func product() -> Rational? {
    guard var result = operand() else { return nil }
    while let sign = next, sign == "*" || sign == "/" {
      index += 1
      guard let factor = operand() else { return nil }
      if sign == "*" {
        result = result * factor
      } else if let quotient = result / factor {
        result = quotient
      } else {
        dividesByZero = true
      }
    }
    return result
  }

  private mutating func operand() -> Rational? {
    guard let first = next else { return nil }
    if first == "(" {
      guard depth < Self.maximumDepth else { return nil }
      index += 1
      depth += 1
      guard let value = sum(), next == ")" else { return nil }
      index += 1
      depth -= 1
      return value
    }
    var digits = ""
    while index < characters.count, ("0"..."9").contains(characters[index]) {
      digits.append(characters[index])
      index += 1
    }
    guard digits.count <= Self.maximumDigits, let number = Int(digits) else { return nil }
    numbers.append(number)
    return Rational(BigInt(number))
  }
}
