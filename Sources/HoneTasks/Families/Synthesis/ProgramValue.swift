import HoneJSON

/// What the small programs of the synthesis family take and return: a number or a list of numbers.
package enum ProgramValue: Sendable, Hashable {
  case number(Int)
  case list([Int])

  /// The literal in Python, without spaces: `12`, `[3,1,2]`.
  package var python: String {
    switch self {
    case .number(let number): String(number)
    case .list(let list): "[" + Self.joined(list) + "]"
    }
  }

  /// The value in a trace: `12`, `3,1,2`, and `-` for an empty list.
  package var trace: String {
    switch self {
    case .number(let number): String(number)
    case .list(let list): list.isEmpty ? "-" : Self.joined(list)
    }
  }

  /// The value in the cases of a test.
  package var json: JSON {
    switch self {
    case .number(let number): .integer(number)
    case .list(let list): .array(list.map { .integer($0) })
    }
  }

  /// Whether this is a list.
  package var isList: Bool {
    if case .list = self { true } else { false }
  }

  private static func joined(_ list: [Int]) -> String {
    list.map(String.init).joined(separator: ",")
  }
}

extension QuestionReader {
  /// Reads a whole number that may have a minus sign.
  mutating func signedNumber() -> Int? {
    let isNegative = take("-")
    return number().map { isNegative ? -$0 : $0 }
  }

  /// Reads the literal of a value.
  mutating func programValue() -> ProgramValue? {
    guard take("[") else { return signedNumber().map { .number($0) } }
    if take("]") { return .list([]) }
    var list: [Int] = []
    repeat {
      guard let number = signedNumber() else { return nil }
      list.append(number)
    } while take(",")
    return take("]") ? .list(list) : nil
  }
}
