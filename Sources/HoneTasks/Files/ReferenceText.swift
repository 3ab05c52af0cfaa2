import HoneGraders

/// Takes a reference answer from a longer text.
enum ReferenceText {
  /// The answer, or nil if the text has none of the kind.
  static func extract(_ rule: TaskOptions.Extract, from text: String) -> String? {
    let answer: String? =
      switch rule {
      case .hash4: afterHashes(text)
      case .boxed: BoxScanner.lastBox(in: text)
      case .lastNumber: lastNumber(text)
      case .answerLine: answerLine(text)
      }
    guard let answer = answer.map(trimmed), !answer.isEmpty else { return nil }
    return answer
  }

  private static func afterHashes(_ text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let line = lines.last(where: { $0.contains("####") }) else { return nil }
    let parts = line.split(separator: "####", omittingEmptySubsequences: false)
    return parts.last.map { $0.filter { $0 != "," } }
  }

  private static func answerLine(_ text: String) -> String? {
    for line in text.split(separator: "\n").reversed() {
      let parts = line.split(separator: "nswer:", omittingEmptySubsequences: false)
      guard parts.count > 1, parts[parts.count - 2].last.map({ "Aa".contains($0) }) ?? false,
        let last = parts.last
      else { continue }
      return String(last)
    }
    return nil
  }

  /// The last run of digits, with its commas, decimal point and sign.
  private static func lastNumber(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard let last = bytes.lastIndex(where: isDigit) else { return nil }
    var start = last
    while start > 0 {
      let before = bytes[start - 1]
      let isInside =
        isDigit(before)
        || (before == UInt8(ascii: ",") || before == UInt8(ascii: "."))
          && start > 1 && isDigit(bytes[start - 2])
      guard isInside else { break }
      start -= 1
    }
    // A minus sign between two numbers is an operation.
    if start > 0, bytes[start - 1] == UInt8(ascii: "-"), start == 1 || !isDigit(bytes[start - 2]) {
      start -= 1
    }
    return String(decoding: bytes[start...last].filter { $0 != UInt8(ascii: ",") }, as: UTF8.self)
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isWhitespace }
    let count = start.reversed().prefix { $0.isWhitespace }.count
    return String(start.dropLast(count))
  }
}
