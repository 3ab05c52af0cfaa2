/// Finds the program in a completion.
///
/// In this order:
/// 1. What follows the last `</think>`; a `<think>` that is never closed holds no program.
/// 2. Where a line begins with `<answer>`, what follows the last such line's tag, up to the last
///    `</answer>` that ends a line.
/// 3. The last fenced block that is tagged with the language, or else the last one without a tag.
///    Where the end of the text closes it, it counts, unless the text was cut off at its longest
///    length: then the program is not what the policy meant, and no earlier block is either.
/// 4. For tests of kind humaneval, without such a block: the whole text, up to a line of bare
///    marks (the end of a block that the prompt has begun).
///
/// A humaneval program that does not define the function goes behind the prompt; one that does
/// goes behind what the prompt has before the function. With `mode` `answer` the completion is
/// the program as it stands (a humaneval continuation as well). One pass over the text.
package struct ProgramExtraction: Sendable, Hashable {
  /// The program, or nil.
  package var program: String?
  /// The rule that found it, or why there is none.
  package var rule: String

  /// Looks for the program.
  ///
  /// - Parameters:
  ///   - completion: The text, without the prompt.
  ///   - task: What is wanted of it.
  ///   - isTruncated: Whether the text was cut off at its longest length.
  ///   - beginsInReasoning: Whether the prompt has opened `<think>` already.
  package init(
    _ completion: String, task: CodeTask, isTruncated: Bool = false,
    beginsInReasoning: Bool = false
  ) {
    self = Self.found(
      in: Array(completion.utf8), task: task, isTruncated: isTruncated,
      beginsInReasoning: beginsInReasoning)
  }

  private init(program: String?, rule: String) {
    self.program = program
    self.rule = rule
  }

  private static func found(
    in text: [UInt8], task: CodeTask, isTruncated: Bool, beginsInReasoning: Bool
  ) -> ProgramExtraction {
    if task.mode == .answer { return whole(text, "the whole text", task) }
    guard let rest = afterReasoning(text, isOpen: beginsInReasoning) else {
      return missing("the reasoning is never closed")
    }
    let answer = answer(text[rest...])
    let blocks = FencedBlock.all(in: answer)
    let tagged = blocks.last { task.language.tags.contains($0.tag) }
    let isContinuation = task.tests.kind == .humaneval
    let bare = blocks.last {
      // Bare marks behind a continuation end a block that the prompt has begun.
      $0.tag.isEmpty && ($0.isClosed || !isContinuation || isBlank(answer[..<$0.start]))
    }
    if let block = tagged ?? bare {
      let name = block.tag.isEmpty ? "the last block without a tag" : "the last \(block.tag) block"
      guard block.isClosed || !isTruncated else { return missing("\(name) is cut off") }
      return whole(block.content, name, task, isBlock: true)
    }
    return isContinuation
      ? whole(beforeBareMarks(answer), "the text", task)
      : missing("no block of \(task.language.name)")
  }

  private static func missing(_ reason: String) -> ProgramExtraction {
    ProgramExtraction(program: nil, rule: "no program: \(reason)")
  }

  private static func whole(
    _ body: [UInt8], _ rule: String, _ task: CodeTask, isBlock: Bool = false
  ) -> ProgramExtraction {
    var (source, rule) = (body, rule)
    if case .humaneval(let prompt, let entryPoint, _) = task.tests.content {
      let continuation = Continuation(prompt: prompt, entryPoint: entryPoint)
      let (whole, how) = continuation.program(body, isBlock: isBlock)
      (source, rule) = (whole, "\(rule), \(how)")
    }
    guard source.count <= CodeTask.Bounds.programBytes else {
      return missing(
        "it has \(source.count) bytes, at most \(CodeTask.Bounds.programBytes) are taken")
    }
    return ProgramExtraction(program: String(decoding: source, as: UTF8.self), rule: rule)
  }

  // MARK: - The parts of a text

  /// Where the text behind the reasoning begins; nil where reasoning is still open.
  private static func afterReasoning(_ text: [UInt8], isOpen: Bool) -> Int? {
    var start = 0
    var isOpen = isOpen
    for place in Tag.all(in: text) {
      switch place.tag {
      case .thinkOpen: isOpen = true
      case .thinkClose: (start, isOpen) = (place.range.upperBound, false)
      case .answerOpen, .answerClose: break
      }
    }
    return isOpen ? nil : start
  }

  /// The content of the last `<answer>` at the beginning of a line, or the whole text.
  private static func answer(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let opening = Array(Tag.answerOpen.rawValue.utf8)
    let closing = Array(Tag.answerClose.rawValue.utf8)
    var start: Int?
    var end: Int?
    var reader = LineReader(text)
    while let line = reader.next() {
      let words = trimmed(text[line.start..<line.end])
      if words.starts(with: opening) {
        start = words.startIndex + opening.count
        end = nil
      }
      if let start, words.endIndex - closing.count >= start,
        words.suffix(closing.count) == closing[...]
      {
        end = words.endIndex - closing.count
      }
    }
    guard let start else { return text }
    return text[start..<(end ?? text.endIndex)]
  }

  private static func beforeBareMarks(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var reader = LineReader(text)
    while let line = reader.next() {
      let words = trimmed(text[line.start..<line.end])
      if words.count >= 3, words.allSatisfy({ $0 == UInt8(ascii: "`") }) {
        return Array(text[..<line.start])
      }
    }
    return Array(text)
  }

  private static func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy(isSpace) }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = bytes.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return [] }
    return start[...last]
  }
}
