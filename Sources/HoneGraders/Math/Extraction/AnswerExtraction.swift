/// The part of a response that is its answer, and the rule that found it.
package struct AnswerExtraction: Hashable {
  /// The answer's text, or nil.
  var text: String?
  /// The rule that found it, or why none did.
  var reason: String

  static func found(_ bytes: ArraySlice<UInt8>, _ reason: String) -> AnswerExtraction {
    AnswerExtraction(
      text: String(
        decoding: Introduction.removed(from: bytes.trimmed.withoutEmphasis), as: UTF8.self),
      reason: reason)
  }

  static func missing(_ reason: String) -> AnswerExtraction {
    AnswerExtraction(text: nil, reason: reason)
  }

  /// The answer of a bare answer: all of it, without a box around the whole.
  static func bare(_ text: String) -> AnswerExtraction {
    let bytes = Array(text.utf8)[...].trimmed
    if bytes.first == UInt8(ascii: "\\") {
      let boxes = BoxScanner.boxes(in: bytes)
      if boxes.count == 1, boxes[0].whole == bytes.indices {
        return found(bytes[boxes[0].content], "box")
      }
    }
    return found(bytes, "the whole text")
  }

  /// The answer of a response.
  ///
  /// - Parameters:
  ///   - text: The response.
  ///   - prompt: The prompt; a response that starts with it is an echo.
  ///   - policy: The rules.
  ///   - custom: Rules of one's own, tried before those of the policy.
  ///   - beginsInReasoning: Whether the prompt has opened `<think>` already.
  static func response(
    _ text: String, prompt: String = "", policy: ExtractionPolicy = .standard,
    custom: [any ExtractionRule] = [], beginsInReasoning: Bool = false
  ) -> AnswerExtraction {
    var text = text
    if !prompt.isEmpty, text.hasPrefix(prompt) { text.removeFirst(prompt.count) }
    let bytes = Array(text.utf8)
    let tags = Tag.all(in: bytes)
    var start = 0
    if policy.skipsReasoning {
      let closings = tags.filter { $0.tag == .thinkClose }
      guard closings.count <= 1 else {
        return missing("malformed reasoning: </think> occurs \(closings.count) times")
      }
      start = closings.last?.range.upperBound ?? 0
      let isOpen = beginsInReasoning && closings.isEmpty
      guard !isOpen, !tags.contains(where: { $0.range.lowerBound >= start && $0.tag == .thinkOpen })
      else {
        return missing("the reasoning is never closed")
      }
    }
    let rest = bytes[start...]
    if !custom.isEmpty {
      let text = String(decoding: rest, as: UTF8.self)
      for rule in custom {
        if let answer = rule.answer(in: text) {
          return AnswerExtraction(text: answer, reason: rule.name)
        }
      }
    }
    for rule in policy.rules {
      if let answer = apply(rule, rest, tags.filter { $0.range.lowerBound >= start }, policy) {
        return answer
      }
    }
    return missing(
      "no answer is marked: looked for \(policy.rules.map(\.name).joined(separator: ", "))")
  }

  private static func apply(
    _ rule: ExtractionPolicy.Rule, _ bytes: ArraySlice<UInt8>, _ tags: [Tag.Place],
    _ policy: ExtractionPolicy
  ) -> AnswerExtraction? {
    switch rule {
    case .answerTag: AnswerTagRule.answer(in: bytes, tags, policy)
    case .box: BoxRule.answer(in: bytes)
    case .hashLine: HashLineRule.answer(in: bytes)
    case .answerPhrase: PhraseRule.answer(in: bytes)
    case .displayMath: DisplayMathRule.answer(in: bytes)
    case .lastNumber: LastNumberRule.answer(in: bytes)
    }
  }

  /// The answer by the rules that need no tags, for what is inside a tag.
  static func inside(_ bytes: ArraySlice<UInt8>, _ policy: ExtractionPolicy) -> AnswerExtraction? {
    for rule in policy.rules where [.box, .hashLine, .answerPhrase].contains(rule) {
      if let answer = apply(rule, bytes, [], policy) { return answer }
    }
    return nil
  }
}

/// A rule of one's own for finding an answer; see ``MathGrader/extractionRules``.
///
/// ```swift
/// struct BracketRule: ExtractionRule {
///   var name: String { "double brackets" }
///   func answer(in response: String) -> String? {
///     guard let start = response.range(of: "[[", options: .backwards),
///       let end = response.range(of: "]]", range: start.upperBound..<response.endIndex)
///     else { return nil }
///     return String(response[start.upperBound..<end.lowerBound])
///   }
/// }
/// ```
public protocol ExtractionRule: Sendable {
  /// The name that reasons and logs use.
  var name: String { get }

  /// The answer, or nil where this rule finds none; must take time linear in the response.
  ///
  /// - Parameter response: What follows the reasoning.
  func answer(in response: String) -> String?
}
