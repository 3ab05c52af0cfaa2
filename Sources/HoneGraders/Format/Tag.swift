/// The four tags of R1-Zero's format.
enum Tag: String, CaseIterable, Sendable {
  case thinkOpen = "<think>"
  case thinkClose = "</think>"
  case answerOpen = "<answer>"
  case answerClose = "</answer>"

  /// One occurrence, as a range of UTF-8 bytes.
  struct Place: Sendable, Hashable {
    var tag: Tag
    var range: Range<Int>
  }

  private static let spellings: [(tag: Tag, bytes: [UInt8])] = allCases.map {
    ($0, Array($0.rawValue.utf8))
  }

  /// All tags of a text, in order; one pass.
  static func all(in text: String) -> [Place] {
    all(in: Array(text.utf8))
  }

  /// All tags of UTF-8 bytes, in order; one pass.
  static func all(in bytes: [UInt8]) -> [Place] {
    var places: [Place] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"),
        let (tag, spelling) = spellings.first(where: { bytes[index...].starts(with: $0.bytes) })
      {
        places.append(Place(tag: tag, range: index..<(index + spelling.count)))
        index += spelling.count
      } else {
        index += 1
      }
    }
    return places
  }
}
