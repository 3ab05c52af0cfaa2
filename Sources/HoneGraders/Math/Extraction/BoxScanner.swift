/// Finds `\boxed{…}` and `\fbox{…}` in one pass.
package struct BoxScanner {
  /// One box: where it stands and what is in it, as ranges of bytes.
  struct Box: Hashable {
    var whole: Range<Int>
    var content: Range<Int>
  }

  private static let commands: [[UInt8]] = [
    Array("\\boxed".utf8), Array("\\fbox".utf8), Array("\\framebox".utf8),
  ]

  /// The closed boxes that lie in no other closed box, in order.
  ///
  /// Braces are matched with a stack and escaped braces are skipped, so thousands of unclosed
  /// boxes cost no more than plain text. `\boxed 42` without braces holds the next word.
  static func boxes(in bytes: ArraySlice<UInt8>) -> [Box] {
    var closed: [Box] = []
    // One entry for each open brace: where its box began, or nil for a brace of something else.
    var open: [(start: Int, content: Int)?] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "\\"):
        guard let command = commands.first(where: { bytes[index...].starts(with: $0) }) else {
          index += 2
          continue
        }
        let start = index
        index += command.count
        var next = index
        while next < bytes.endIndex, isSpace(bytes[next]) { next += 1 }
        guard next < bytes.endIndex else { continue }
        if bytes[next] == UInt8(ascii: "{") {
          open.append((start, next + 1))
          index = next + 1
        } else if next > index {
          let end = endOfWord(in: bytes, from: next)
          append(Box(whole: start..<end, content: next..<end), to: &closed)
          index = end
        }
      case UInt8(ascii: "{"):
        open.append(nil)
        index += 1
      case UInt8(ascii: "}"):
        if let top = open.popLast(), let box = top {
          append(
            Box(whole: box.start..<(index + 1), content: box.content..<index), to: &closed)
        }
        index += 1
      default:
        index += 1
      }
    }
    return closed
  }

  /// The content of the last box of a text, or nil.
  package static func lastBox(in text: String) -> String? {
    let bytes = Array(text.utf8)
    return boxes(in: bytes[...]).last.map { String(decoding: bytes[$0.content], as: UTF8.self) }
  }

  /// Adds a box and drops those that lie inside it; each is dropped once, so this stays linear.
  private static func append(_ box: Box, to closed: inout [Box]) {
    while let last = closed.last, last.whole.lowerBound > box.whole.lowerBound {
      closed.removeLast()
    }
    closed.append(box)
  }

  private static func endOfWord(in bytes: ArraySlice<UInt8>, from start: Int) -> Int {
    var end = start
    while end < bytes.endIndex, !isSpace(bytes[end]), bytes[end] != UInt8(ascii: "$") { end += 1 }
    return end
  }
}
