/// Finds the part of a response that is its answer.
///
/// In this order, on what follows the reasoning:
/// 1. `<answer>…</answer>`; several must agree;
/// 2. the last `\boxed{…}` or `\fbox{…}`; boxes of the same sentence are taken together, as a
///    list, since picking one of several is what a hedge hopes for;
/// 3. the rest of the line behind the last `####`;
/// 4. what follows the last "answer is" or "answer:".
///
/// Reasoning that is never closed holds no answer. The last number of a text is not an answer.
struct AnswerExtraction: Hashable {
  /// The rule that found the answer.
  enum Rule: String {
    case bare = "the whole text"
    case tag = "answer tag"
    case box
    case hash = "#### line"
    case phrase = "answer phrase"
  }

  /// The answer's text, or nil.
  var text: String?
  /// The rule that found it, or why none did.
  var reason: String

  private static func found(_ bytes: ArraySlice<UInt8>, _ rule: Rule) -> AnswerExtraction {
    AnswerExtraction(
      text: String(decoding: trimmed(bytes), as: UTF8.self), reason: rule.rawValue)
  }

  private static func missing(_ reason: String) -> AnswerExtraction {
    AnswerExtraction(text: nil, reason: reason)
  }

  /// The answer of a bare answer: all of it, without a box around the whole.
  static func bare(_ text: String) -> AnswerExtraction {
    let bytes = trimmed(Array(text.utf8)[...])
    let boxes = BoxScanner.boxes(in: bytes)
    if boxes.count == 1, boxes[0].whole == bytes.indices {
      return found(bytes[boxes[0].content], .box)
    }
    return found(bytes, .bare)
  }

  /// The answer of a response.
  static func response(_ text: String) -> AnswerExtraction {
    let bytes = Array(text.utf8)
    let tags = Tag.all(in: bytes)
    let closings = tags.filter { $0.tag == .thinkClose }
    guard closings.count <= 1 else {
      return missing("malformed reasoning: </think> occurs \(closings.count) times")
    }
    let start = closings.last?.range.upperBound ?? 0
    let after = tags.filter { $0.range.lowerBound >= start }
    if after.contains(where: { $0.tag == .thinkOpen }) {
      return missing("the reasoning is never closed")
    }
    let rest = bytes[start...]
    if let answer = tagged(rest, after) { return answer }
    return unmarked(rest) ?? missing("no answer tag, box, #### line or answer phrase")
  }

  // MARK: - The rules

  private static func tagged(
    _ bytes: ArraySlice<UInt8>, _ tags: [Tag.Place]
  ) -> AnswerExtraction? {
    var contents: [ArraySlice<UInt8>] = []
    for (open, close) in zip(tags, tags.dropFirst())
    where open.tag == .answerOpen && close.tag == .answerClose {
      contents.append(trimmed(bytes[open.range.upperBound..<close.range.lowerBound]))
    }
    guard let last = contents.last else { return nil }
    guard contents.allSatisfy({ $0.elementsEqual(last) }) else {
      return missing("\(contents.count) answer tags that disagree")
    }
    // A box or a phrase inside the tag is the answer proper.
    if let inner = unmarked(last) {
      return AnswerExtraction(
        text: inner.text, reason: "\(Rule.tag.rawValue), \(inner.reason)")
    }
    return found(last, .tag)
  }

  private static func unmarked(_ bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    boxed(bytes) ?? hashed(bytes) ?? phrased(bytes)
  }

  private static func boxed(_ bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    let boxes = BoxScanner.boxes(in: bytes)
    guard let last = boxes.last else { return nil }
    var together = [trimmed(bytes[last.content])]
    var start = last.whole.lowerBound
    for box in boxes.dropLast().reversed() {
      guard isSameSentence(bytes[box.whole.upperBound..<start]) else { break }
      let content = trimmed(bytes[box.content])
      if !together.contains(where: { $0.elementsEqual(content) }) { together.append(content) }
      // A hundred boxes are a hedge as much as a thousand are.
      guard together.count < 100 else { break }
      start = box.whole.lowerBound
    }
    guard together.count > 1 else { return found(together[0], .box) }
    let list = together.reversed().map { String(decoding: $0, as: UTF8.self) }
    return AnswerExtraction(
      text: list.joined(separator: ", "), reason: "\(together.count) boxes in one sentence")
  }

  /// Whether the text between two boxes is short and ends no sentence.
  private static func isSameSentence(_ gap: ArraySlice<UInt8>) -> Bool {
    guard gap.count < 70 else { return false }
    for (index, byte) in zip(gap.indices, gap) where ".!?\n".utf8.contains(byte) {
      let next = index + 1 < gap.endIndex ? gap[index + 1] : UInt8(ascii: " ")
      if byte == UInt8(ascii: "\n") ? next == byte : isSpace(next) { return false }
    }
    return true
  }

  private static func hashed(_ bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    guard let start = lastEnd(of: "####", in: bytes) else { return nil }
    let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
    return trimmed(line).isEmpty ? nil : found(line, .hash)
  }

  private static func phrased(_ bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    // Candidates from the last "answer" backwards, until one is followed by "is" or a colon.
    var end = bytes.endIndex
    while let after = lastEnd(of: "answer", in: bytes[..<end]) {
      end = after - 1
      var rest = skipping(" *_\"", bytes[after...])
      let hasColon = rest.first == UInt8(ascii: ":")
      if hasColon {
        rest = rest.dropFirst()
      } else if rest.starts(with: "is".utf8), rest.dropFirst(2).first.map(isWordEnd) ?? true {
        rest = skipping(" :", rest.dropFirst(2))
      } else {
        continue
      }
      rest = skipping(" *_\"", rest)
      let answer = trimmed(firstSentence(rest))
      if !answer.isEmpty { return found(answer, .phrase) }
    }
    return nil
  }

  // MARK: - Bytes

  /// Up to the end of the line or of the sentence; a point between digits ends nothing.
  private static func firstSentence(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for (index, byte) in zip(bytes.indices, bytes) {
      let next = index + 1 < bytes.endIndex ? bytes[index + 1] : UInt8(ascii: "\n")
      if byte == UInt8(ascii: "\n") { return bytes[..<index] }
      if ".!".utf8.contains(byte), isSpace(next) || "*_\"".utf8.contains(next) {
        return bytes[..<index]
      }
    }
    return bytes
  }

  private static func isWordEnd(_ byte: UInt8) -> Bool {
    !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func skipping(
    _ characters: String, _ bytes: ArraySlice<UInt8>
  ) -> ArraySlice<UInt8> {
    bytes.drop { characters.utf8.contains($0) }
  }

  /// The place behind the last occurrence of a word, in any letter case.
  private static func lastEnd(of word: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let wanted = Array(word.utf8)
    guard bytes.count >= wanted.count else { return nil }
    var start = bytes.endIndex - wanted.count
    while start >= bytes.startIndex {
      var length = 0
      while length < wanted.count {
        let byte = bytes[start + length]
        let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        guard (isLetter ? byte | 0x20 : byte) == wanted[length] else { break }
        length += 1
      }
      if length == wanted.count { return start + length }
      start -= 1
    }
    return nil
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = bytes.drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice.removeLast() }
    return slice
  }
}
