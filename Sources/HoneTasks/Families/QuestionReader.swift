/// A cursor over a question's bytes, for families that read their own questions back.
struct QuestionReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position == bytes.count }

  /// What has not been read.
  var rest: String { String(decoding: bytes[position...], as: UTF8.self) }

  /// Moves past a literal, or stays where it is.
  mutating func take(_ literal: String) -> Bool {
    let wanted = Array(literal.utf8)
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  /// Reads an unsigned decimal integer of at most nine digits.
  mutating func number() -> Int? {
    let start = position
    var value = 0
    while position < bytes.count, position - start < 9,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      value = value * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    return position == start ? nil : value
  }

  /// Reads a run of ASCII letters.
  mutating func word() -> String? {
    let start = position
    while position < bytes.count,
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[position] | 0x20)
    {
      position += 1
    }
    return position == start ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Reads numbers separated by a literal until something else comes.
  mutating func numbers(separatedBy separator: String) -> [Int] {
    var numbers: [Int] = []
    repeat {
      guard let number = number() else { return [] }
      numbers.append(number)
    } while take(separator)
    return numbers
  }
}
