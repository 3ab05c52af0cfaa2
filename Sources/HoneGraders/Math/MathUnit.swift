import BigInt

/// The words that may follow a number.
enum MathUnit {
  /// Reads words behind a number into its unit and, for `million` and the like, its value.
  ///
  /// - Parameters:
  ///   - words: The words, without white space.
  ///   - number: The number they follow.
  ///   - allowsAnyNoun: Whether words that are no known unit may be one.
  /// - Returns: False where the words change what the number means, or are no unit.
  static func apply(_ words: [String], to number: inout MathNumber, allowsAnyNoun: Bool) -> Bool {
    var rest = words.map { $0.lowercased() }
    if let first = rest.first, let factor = multipliers[first] {
      number.value = number.value * Rational(factor)
      number.decimals = nil
      rest.removeFirst()
    }
    if rest == ["percent"], !number.isPercent {
      number.isPercent = true
      return true
    }
    guard !rest.isEmpty else { return true }
    guard rest.count <= 4, !number.isPercent else { return false }
    for word in rest {
      guard word.allSatisfy({ $0.isLetter || $0 == "/" || $0 == "-" }) else { return false }
      guard !operators.contains(word) else { return false }
    }
    let spelled = rest.map { synonyms[$0] ?? singular($0) }
    if !allowsAnyNoun {
      guard spelled.allSatisfy({ known.contains($0) || connectors.contains($0) }) else {
        return false
      }
    }
    number.unit = spelled.joined(separator: " ")
    return true
  }

  private static func singular(_ word: String) -> String {
    let isPlural = word.count > 3 && word.hasSuffix("s") && !word.hasSuffix("ss")
    let stem = isPlural ? String(word.dropLast()) : word
    return synonyms[stem] ?? stem
  }

  private static let multipliers: [String: BigInt] = [
    "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
  ]

  /// Words that calculate, compare, negate or offer a choice: never units.
  private static let operators: Set<String> = [
    "and", "or", "not", "nor", "either", "to", "plus", "minus", "times", "over", "by", "mod",
    "modulo", "choose", "factorial", "squared", "cubed", "less", "more", "than", "least",
    "most", "about", "around", "approximately", "roughly", "half", "halves", "third", "thirds",
    "quarter", "quarters", "fourths", "fifths", "sixths", "tenths", "hundredths", "dozen",
    "dozens", "percent", "if", "unless", "but", "except", "maybe", "wrong", "incorrect",
    "divided", "multiplied", "pi", "sqrt", "log", "sin", "cos", "tan", "ln", "exp", "th", "st",
    "nd", "rd", "hundred", "thousand", "million", "billion", "trillion", "base",
  ]

  private static let connectors: Set<String> = ["per", "square", "cubic", "of", "a", "an"]

  private static let synonyms: [String: String] = [
    "cm": "centimeter", "centimetre": "centimeter", "mm": "millimeter",
    "millimetre": "millimeter", "km": "kilometer", "kilometre": "kilometer", "metre": "meter",
    "m": "meter", "ft": "foot", "feet": "foot", "inch": "inch", "inches": "inch", "in": "inch",
    "yd": "yard", "mi": "mile", "kg": "kilogram", "kilo": "kilogram", "mg": "milligram",
    "g": "gram", "lb": "pound", "lbs": "pound", "oz": "ounce", "sec": "second", "s": "second",
    "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "l": "liter",
    "litre": "liter", "ml": "milliliter", "sq": "square", "cu": "cubic", "mph": "mile per hour",
    "deg": "degree", "usd": "dollar", "eur": "euro", "dollar": "dollar",
  ]

  private static let known: Set<String> = [
    "centimeter", "millimeter", "kilometer", "meter", "foot", "inch", "yard", "mile",
    "kilogram", "milligram", "gram", "pound", "ounce", "ton", "second", "minute", "hour", "day",
    "week", "month", "year", "liter", "milliliter", "gallon", "quart", "pint", "degree",
    "radian", "dollar", "cent", "euro", "unit", "point", "mile per hour", "acre", "watt",
    "volt", "joule", "newton", "hertz", "calorie", "kelvin", "celsius", "fahrenheit",
  ]
}
