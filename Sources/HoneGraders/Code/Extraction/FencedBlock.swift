/// A fenced block of a Markdown text: the lines between two lines of backticks or tildes.
///
/// As CommonMark has it: three or more marks open a block, as many or more of the same mark on a
/// line of their own close it, and the opening line's indentation is taken off the lines between.
/// One difference: an opening line may be indented by any amount, as blocks in lists are.
struct FencedBlock {
  /// The first word behind the opening marks, in lower case; empty where there is none.
  var tag: String
  /// Whether a closing line was found.
  var isClosed: Bool
  /// Where the opening line begins.
  var start: Int
  private let lines: ArraySlice<UInt8>
  private let indentation: Int

  /// The lines between, without the opening line's indentation.
  var content: [UInt8] {
    guard indentation > 0 else { return Array(lines) }
    var result: [UInt8] = []
    result.reserveCapacity(lines.count)
    var reader = LineReader(lines)
    while let line = reader.next() {
      let blank = lines[line.start..<line.end].prefix(indentation).prefix(while: Fence.isBlank)
      result += lines[blank.endIndex..<line.end]
    }
    return result
  }

  /// The blocks of a text in order; one pass.
  static func all(in bytes: ArraySlice<UInt8>) -> [FencedBlock] {
    var blocks: [FencedBlock] = []
    var open: (fence: Fence, line: (start: Int, end: Int))?
    var reader = LineReader(bytes)
    while let line = reader.next() {
      if let (fence, first) = open {
        guard fence.isClosed(by: bytes[line.start..<line.end]) else { continue }
        blocks.append(
          FencedBlock(fence, at: first.start, lines: bytes[first.end..<line.start], isClosed: true))
        open = nil
      } else if let fence = Fence(bytes[line.start..<line.end]) {
        open = (fence, line)
      }
    }
    if let (fence, first) = open {
      blocks.append(
        FencedBlock(fence, at: first.start, lines: bytes[first.end...], isClosed: false))
    }
    return blocks
  }

  private init(_ fence: Fence, at start: Int, lines: ArraySlice<UInt8>, isClosed: Bool) {
    tag = fence.tag
    self.isClosed = isClosed
    self.start = start
    self.lines = lines
    indentation = fence.indentation
  }

  /// The marks that open a block.
  private struct Fence {
    let mark: UInt8
    let count: Int
    let indentation: Int
    let tag: String

    /// Reads an opening line.
    init?(_ line: ArraySlice<UInt8>) {
      let rest = line.drop(while: Self.isBlank)
      guard let mark = rest.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else {
        return nil
      }
      let marks = rest.prefix { $0 == mark }
      let info = rest[marks.endIndex...]
      guard marks.count >= 3, mark == UInt8(ascii: "~") || !info.contains(mark) else { return nil }
      self.mark = mark
      count = marks.count
      indentation = rest.startIndex - line.startIndex
      tag = Self.tag(info)
    }

    /// `python`, ` Python title="x"`, `{.python}`, `python:main.py` all say `python`.
    private static func tag(_ info: ArraySlice<UInt8>) -> String {
      let word = info.drop { isSpace($0) || $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: ".") }
        .prefix { !isSpace($0) && !"{},:;".utf8.contains($0) }
      return String(decoding: word.prefix(40), as: UTF8.self).lowercased()
    }

    func isClosed(by line: ArraySlice<UInt8>) -> Bool {
      let rest = line.drop(while: Self.isBlank)
      let marks = rest.prefix { $0 == mark }
      // Deeper lines are content, such as a docstring that shows a block of its own.
      return marks.count >= count && rest.startIndex - line.startIndex <= indentation + 3
        && rest[marks.endIndex...].allSatisfy(isSpace)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }
  }
}

/// Cuts a text into lines; each ends behind its newline.
struct LineReader: IteratorProtocol {
  private let bytes: ArraySlice<UInt8>
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    index = bytes.startIndex
  }

  mutating func next() -> (start: Int, end: Int)? {
    guard index < bytes.endIndex else { return nil }
    let start = index
    index = bytes[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
    return (start, index)
  }
}
