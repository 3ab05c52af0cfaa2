/// Numbers in English words: `thirteen`, `twenty-one`, `two thirds`.
enum NumberWords {
  private static let units: [String: Int] = {
    let words = [
      "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
      "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
      "nineteen",
    ]
    var table = Dictionary(uniqueKeysWithValues: zip(words, 0...))
    for (word, value) in zip(
      ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
      stride(from: 20, through: 90, by: 10))
    {
      table[word] = value
    }
    return table
  }()

  private static let scales: [String: Int] = [
    "hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000,
  ]

  private static let parts: [String: Int] = [
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
    "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7,
    "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10,
  ]

  /// The value of a text that is nothing but a number in words, or nil.
  static func value(of text: String) -> Rational? {
    guard text.utf8.count <= 200 else { return nil }
    var words = text.lowercased().split(whereSeparator: { " -,".contains($0) }).map(String.init)
    let isNegative = words.first == "minus" || words.first == "negative"
    if isNegative { words.removeFirst() }
    if words.count > 1, words.first == "a" || words.first == "an" { words[0] = "one" }
    guard let last = words.last else { return nil }
    var value: Rational?
    if let divisor = parts[last], words.count > 1 || last == "half" {
      let top = words.count > 1 ? whole(words.dropLast()) : 1
      value = top.flatMap { $0 > 0 && $0 < 100 ? Rational($0, divisor) : nil }
    } else {
      value = whole(words[...]).map { Rational($0) }
    }
    return value.map { isNegative ? -$0 : $0 }
  }

  /// `two hundred and seven`, with descending scales.
  private static func whole(_ words: ArraySlice<String>) -> Int? {
    var total = 0
    var current: Int?
    var smallest = Int.max
    var lastUnit = Int.max
    for (index, word) in words.enumerated() {
      if let unit = units[word] {
        // "twenty one" is a number, "one twenty" and "two three" are not.
        let isTail = unit < 10 && unit > 0 && lastUnit >= 20 && lastUnit < 100
        let isStart = current == nil || lastUnit == Int.max
        guard isTail || isStart else { return nil }
        current = (current ?? 0) + unit
        lastUnit = unit
      } else if word == "hundred", let value = current, (1...99).contains(value) {
        current = value * 100
        lastUnit = .max
      } else if let scale = scales[word], scale > 100, let value = current, scale < smallest {
        total += value * scale
        smallest = scale
        current = nil
        lastUnit = .max
      } else if word == "and", index > 0, index < words.count - 1 {
        continue
      } else {
        return nil
      }
    }
    return current.map { total + $0 } ?? (smallest < .max ? total : nil)
  }
}
