/// `<answer>…</answer>`.
enum AnswerTagRule {
  static func answer(
    in bytes: ArraySlice<UInt8>, _ tags: [Tag.Place], _ policy: ExtractionPolicy
  ) -> AnswerExtraction? {
    var contents: [ArraySlice<UInt8>] = []
    for (open, close) in zip(tags, tags.dropFirst())
    where open.tag == .answerOpen && close.tag == .answerClose {
      contents.append(bytes[open.range.upperBound..<close.range.lowerBound].trimmed)
    }
    guard let last = contents.last else { return nil }
    guard contents.allSatisfy({ $0.elementsEqual(last) }) else {
      return .missing("\(contents.count) answer tags that disagree")
    }
    // A box or a phrase inside the tag is the answer proper.
    if let inner = AnswerExtraction.inside(last, policy) {
      return AnswerExtraction(text: inner.text, reason: "answer tag, \(inner.reason)")
    }
    return .found(last, "answer tag")
  }
}

/// The last box, or those of the same sentence, and those it is offered beside, as a list.
enum BoxRule {
  static func answer(in bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    let boxes = BoxScanner.boxes(in: bytes)
    guard let last = boxes.last else { return nil }
    var together: [ArraySlice<UInt8>] = []
    func add(_ box: BoxScanner.Box) {
      let content = bytes[box.content].trimmed
      guard !isDenied(box, in: bytes), !together.contains(where: { $0.elementsEqual(content) })
      else {
        return
      }
      together.append(content)
    }
    add(last)
    var later = last
    var count = 1
    for box in boxes.dropLast().reversed() {
      guard
        isSameSentence(bytes[box.whole.upperBound..<later.whole.lowerBound])
          || isOffered(later, beside: box, in: bytes)
      else { break }
      add(box)
      count += 1
      // A hundred boxes are a hedge as much as a thousand are.
      guard count < 100 else { break }
      later = box
    }
    guard let first = together.first else { return .missing("the last box is denied") }
    guard together.count > 1 else { return .found(first, "box") }
    let list = together.reversed().map { String(decoding: $0, as: UTF8.self) }
    return AnswerExtraction(
      text: list.joined(separator: ", "), reason: "\(together.count) boxes side by side")
  }

  /// Whether the sentence says that what is in the box is not the answer, only supposes it, or asks.
  private static func isDenied(_ box: BoxScanner.Box, in bytes: ArraySlice<UInt8>) -> Bool {
    let before = SentenceWords.before(box.whole.lowerBound, in: bytes, reach: 60)
    if before.denyWhatFollows || before.supposeDirectly { return true }
    let (behind, end) = SentenceWords.behind(box.whole.upperBound, in: bytes)
    if behind.rejectWhatPrecedes { return true }
    if end == UInt8(ascii: "?"),
      let first = SentenceWords.before(box.whole.lowerBound, in: bytes).words.first,
      questions.contains(first)
    {
      return true
    }
    let claim = before.dropping(["is", "equals", "was", "were", "would", "be", "equal", "to"])
    guard claim.count < before.words.count, let subject = claim.last, subjects.contains(subject)
    else { return false }
    return SentenceWords(words: claim.dropLast()).supposeWhatFollows
  }

  private static let subjects: Set<String> = ["answer", "it", "this", "that", "result", "value"]
  private static let questions: Set<String> = [
    "is", "could", "can", "might", "does", "would", "should", "was", "are", "isn't",
  ]

  /// Whether a box is one of several that are offered: nothing stands between the two, or only a word
  /// that joins them, or its sentence says that it is another possibility.
  private static func isOffered(
    _ box: BoxScanner.Box, beside earlier: BoxScanner.Box, in bytes: ArraySlice<UInt8>
  ) -> Bool {
    let gap = bytes[earlier.whole.upperBound..<box.whole.lowerBound]
    if gap.count < 70, SentenceWords(gap).onlyJoin || gap.allSatisfy({ isLabel($0) }) {
      return true
    }
    let start = SentenceWords.start(
      of: box.whole.lowerBound, in: bytes, from: earlier.whole.upperBound)
    let lead = SentenceWords(bytes[start..<box.whole.lowerBound])
    if lead.offerAnother { return true }
    let other = SentenceWords.before(earlier.whole.lowerBound, in: bytes)
    return lead.words.first == "if" && other.words.first == "if"
      || isPart(bytes[start..<box.whole.lowerBound])
  }

  /// Whether a character can be part of a number in front of an item of a list.
  private static func isLabel(_ byte: UInt8) -> Bool {
    isSpace(byte) || "0123456789.)(*_$:-".utf8.contains(byte)
  }

  /// Whether this begins with the letter of a part: `(b)`.
  private static func isPart(_ text: ArraySlice<UInt8>) -> Bool {
    let text = text.skipping(" *_\n")
    guard text.count >= 3, let letter = text.dropFirst().first else { return false }
    return text.first == UInt8(ascii: "(") && text.dropFirst(2).first == UInt8(ascii: ")")
      && (UInt8(ascii: "b")...UInt8(ascii: "h")).contains(letter)
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
}

/// `#### 42`.
enum HashLineRule {
  static func answer(in bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    guard let start = bytes.endOfLast("####") else { return nil }
    let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
    return line.trimmed.isEmpty ? nil : .found(line, "#### line")
  }
}

/// A formula on a line of its own at the end.
enum DisplayMathRule {
  static func answer(in bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    var rest = bytes.trimmed
    while let last = rest.last, last == UInt8(ascii: ".") || last == UInt8(ascii: "*") {
      rest.removeLast()
    }
    for (open, close) in [("\\[", "\\]"), ("$$", "$$")] {
      let ending = Array(close.utf8)
      guard rest.count > ending.count, rest.suffix(ending.count).elementsEqual(ending) else {
        continue
      }
      let body = rest.dropLast(ending.count)
      guard let start = body.endOfLast(open) else { continue }
      let content = body[start...].trimmed
      if !content.isEmpty { return .found(content, "display math at the end") }
    }
    return nil
  }
}

/// The last run of digits with its sign, separators and decimal point.
enum LastNumberRule {
  static func answer(in bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard let last = bytes.lastIndex(where: isDigit) else { return nil }
    var start = last
    while start > bytes.startIndex {
      let before = bytes[start - 1]
      let joins =
        before == UInt8(ascii: ",") || before == UInt8(ascii: ".") || before == UInt8(ascii: "/")
      guard isDigit(before) || joins && start - 2 >= bytes.startIndex && isDigit(bytes[start - 2])
      else { break }
      start -= 1
    }
    if start > bytes.startIndex, bytes[start - 1] == UInt8(ascii: "-"),
      start - 1 == bytes.startIndex || !isDigit(bytes[start - 2])
    {
      start -= 1
    }
    return .found(bytes[start...last], "last number")
  }
}
