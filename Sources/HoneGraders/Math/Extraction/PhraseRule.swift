/// Sentences that state the answer.
///
/// "The answer is 42." and "**Final Answer:** 42" anywhere, "The total is 42." at the end.
enum PhraseRule {
  static func answer(in bytes: ArraySlice<UInt8>) -> AnswerExtraction? {
    named("answer", in: bytes, onlyAtEnd: false)
      ?? Self.results.lazy.compactMap { named($0, in: bytes, onlyAtEnd: true) }.first
  }

  /// Names of a result that count in the last sentence only.
  private static let results = [
    "result", "total", "solution", "value", "sum", "probability", "option", "choice",
  ]

  /// What says that the answer follows.
  private static let verbs = [
    "is", "are", "equals", "would be", "will be", "should be", "must be", "comes to", "was",
  ]

  /// Candidates from the last occurrence of a noun backwards, until one is followed by a verb or a
  /// colon.
  private static func named(
    _ noun: String, in bytes: ArraySlice<UInt8>, onlyAtEnd: Bool
  ) -> AnswerExtraction? {
    var end = bytes.endIndex
    var (attempts, supposed) = (0, 0)
    // An answer that is offered as another one, while there is an earlier one to be found.
    var offered: ArraySlice<UInt8>?
    while attempts < 1000, let after = bytes[..<end].endOfLast(noun) {
      attempts += 1
      end = after - 1
      let rest =
        behindVerb(bytes[after...])
        ?? (onlyAtEnd
          ? nil
          : behindHeading(bytes, noun: end - noun.utf8.count + 1..<after)
            ?? behindComplement(bytes[after...]))
      guard let rest else {
        if onlyAtEnd { return nil }
        continue
      }
      let before = SentenceWords.before(after - noun.utf8.count, in: bytes)
      if before.supposeWhatFollows || before.nameAWrongOne {
        supposed += 1
        // Who supposes that often gives no answer.
        if onlyAtEnd || supposed > 50 { return nil }
        continue
      }
      let sentence = firstSentence(rest)
      if onlyAtEnd, !bytes[sentence.endIndex...].dropFirst().trimmed.isEmpty { return nil }
      let answer = withoutReason(sentence).trimmed
      guard !answer.isEmpty else { continue }
      if let offered {
        return answer.elementsEqual(offered)
          ? .found(answer, "answer phrase") : .missing("two answers, one offered beside the other")
      }
      guard before.offerAnother else { return .found(answer, "answer phrase") }
      offered = answer
    }
    return offered.map { .found($0, "answer phrase") }
  }

  /// What follows the verb or colon behind a noun, or nil where there is neither.
  private static func behindVerb(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = bytes.skipping(" *_\"")
    if rest.starts(with: "(s)".utf8) { rest = rest.dropFirst(3).skipping(" ") }
    if let first = rest.first, first == UInt8(ascii: ":") || first == UInt8(ascii: "=") {
      return value(rest.dropFirst().skipping(" *_\""))
    }
    for verb in verbs where rest.starts(with: verb.utf8) {
      let behind = rest.dropFirst(verb.utf8.count)
      guard behind.first.map(isWordEnd) ?? true else { continue }
      return value(behind.skipping(" :*_\""))
    }
    return nil
  }

  /// What is said without the words that may stand in front of it; the line below where the verb
  /// ends its own.
  private static func value(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    if rest.first == newline {
      let line = rest.drop(while: isSpace)
      // A line of prose is no answer.
      let words = SentenceWords(line.prefix(80).prefix { $0 != newline }).words.filter { $0 != "#" }
      if !line.isEmpty, words.count <= 3 { rest = line.skipping(" *_") }
    }
    var taken = 0
    while taken < 4 {
      let start = rest.skipping(" ,:")
      guard
        let word = adverbs.first(where: { word in
          start.starts(with: word.utf8)
            && (start.dropFirst(word.utf8.count).first.map(isWordEnd) ?? false)
        })
      else { break }
      rest = start.dropFirst(word.utf8.count).skipping(" ,:*_")
      taken += 1
    }
    return rest
  }

  /// Words between the verb and the answer.
  private static let adverbs = [
    "therefore", "thus", "hence", "simply", "indeed", "then", "just", "clearly", "exactly",
    "precisely", "actually", "equal to", "given by", "found to be", "now", "also", "again",
    "obviously", "finally",
  ]

  /// The answer without the reason behind it: "84, since 7 times 12 is 84".
  static func withoutReason(_ sentence: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let reasons = [" because ", " since ", "(because ", "(since "]
    let starts = reasons.compactMap { sentence.startOfFirst($0) }
    guard let start = starts.min(), start > sentence.startIndex else { return sentence }
    let reason = SentenceWords(sentence[start...])
    // A reason that takes the answer back is no reason.
    guard
      !reason.words.contains(where: {
        SentenceWords.negations.contains($0) || ["or", "wrong", "but", "wait", "no"].contains($0)
      })
    else { return sentence }
    var answer = sentence[..<start].trimmed
    while let last = answer.last, last == UInt8(ascii: ",") { answer = answer.dropLast().trimmed }
    return answer
  }

  /// The line below a heading that is nothing but the noun: `### Answer`, `**Final answer**`.
  private static func behindHeading(
    _ bytes: ArraySlice<UInt8>, noun: Range<Int>
  ) -> ArraySlice<UInt8>? {
    let before = bytes[..<noun.lowerBound].reversed().prefix(40).prefix { $0 != newline }
    let words = String(decoding: before.reversed(), as: UTF8.self).lowercased()
      .split(whereSeparator: { " #*_".contains($0) })
    let behind = bytes[noun.upperBound...]
    let rest = behind.skipping(" *_")
    guard before.count < 40, words.allSatisfy({ ["the", "final", "correct"].contains($0) }),
      rest.first == newline
    else { return nil }
    let line = rest.drop(while: isSpace)
    return line.isEmpty ? nil : line.skipping(" *_")
  }

  /// What follows the verb of "the answer to the question is 73".
  private static func behindComplement(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard bytes.starts(with: " to ".utf8) || bytes.starts(with: " for ".utf8) else { return nil }
    let words = bytes.prefix(80).prefix { !".!?,;:\n".utf8.contains($0) }
    guard let verb = words.startOfFirst(" is ") else { return nil }
    return bytes[(verb + 4)...].skipping(" :*_\"")
  }

  private static let newline = UInt8(ascii: "\n")

  /// Up to the end of the line or of the sentence; a point between digits ends nothing.
  ///
  /// A display
  /// formula on the next line belongs to the sentence.
  private static func firstSentence(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var start = bytes.startIndex
    while start < bytes.endIndex, isSpace(bytes[start]) { start += 1 }
    let body = bytes[start...]
    for (open, close) in [("$$", "$$"), ("\\[", "\\]")] where body.starts(with: open.utf8) {
      let inner = body.dropFirst(open.utf8.count)
      if let end = inner.startOfFirst(close) { return bytes[inner.startIndex..<end] }
    }
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
}

/// Words inside an answer that only announce it: `\text{The answer is } 42`.
enum Introduction {
  private static let start = Array("\\text{".utf8)

  /// The answer of `\text{The answer is 73}`, or the bytes as they are.
  private static func removedInside(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.starts(with: start), bytes.last == UInt8(ascii: "}") else { return bytes }
    let words = bytes[(bytes.startIndex + start.count)..<(bytes.endIndex - 1)].trimmed
    guard !words.contains(where: { "{}".utf8.contains($0) }) else { return bytes }
    for opening in ["the final answer is ", "the answer is ", "answer is ", "answer: "]
    where words.prefix(opening.utf8.count).startOfFirst(opening) == words.startIndex {
      return words.dropFirst(opening.utf8.count).trimmed
    }
    return bytes
  }

  /// The answer of `The answer is 73` and `Answer: 73`, or nil.
  private static func removedPlainly(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = bytes.first, "aftAFT".utf8.contains(first) else { return nil }
    for opening in [
      "the final answer is ", "the answer is ", "final answer: ", "answer: ", "answer is ",
    ]
    where bytes.prefix(opening.utf8.count).startOfFirst(opening) == bytes.startIndex {
      let answer = bytes.dropFirst(opening.utf8.count).trimmed
      return answer.isEmpty ? nil : answer
    }
    return nil
  }

  /// The answer without words in front that end in "is" or a colon.
  static func removed(from bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let bytes = removedInside(bytes.withoutBackticks)
    if let answer = removedPlainly(bytes) { return answer }
    guard bytes.starts(with: start),
      let close = bytes.prefix(200).firstIndex(of: UInt8(ascii: "}"))
    else { return bytes }
    let words = bytes[(bytes.startIndex + start.count)..<close].trimmed
    let rest = bytes[(close + 1)...].trimmed
    guard !rest.isEmpty, words.contains(UInt8(ascii: " ")) || words.last == UInt8(ascii: ":"),
      words.last == UInt8(ascii: ":") || words.suffix(3).elementsEqual(" is".utf8)
    else { return bytes }
    return rest
  }
}
