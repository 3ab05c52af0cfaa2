public import HoneJSON

/// Whether a completion is exactly one block of reasoning followed by exactly one answer.
///
/// The whole text must be `<think>…</think><answer>…</answer>` with white space allowed around
/// the blocks, something other than white space within both, and none of the four tags inside
/// them. The rule is open-r1's, without its holes: there, text may follow the answer and more
/// tags may sit inside. Value 1 or 0.
public struct FormatGrader: Grader {
  /// Whether the prompt already ended with the opening `<think>`, so that the completion
  /// begins inside the reasoning; nil takes what the submission says.
  public var beginsInReasoning: Bool?

  /// Makes the grader.
  public init(beginsInReasoning: Bool? = nil) {
    self.beginsInReasoning = beginsInReasoning
  }

  /// `format`.
  public var name: String { "format" }

  /// It judges form.
  public var judgesCorrectness: Bool { false }

  /// `begins_in_reasoning`.
  public var settings: [GraderSetting] { [.beginsInReasoning] }

  /// The grader with values of its settings.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    return FormatGrader(
      beginsInReasoning: values["begins_in_reasoning"]?.bool ?? beginsInReasoning)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    var tags = Tag.all(in: submission.completion)
    let text = Array(submission.completion.utf8)
    if beginsInReasoning ?? submission.beginsInReasoning {
      tags.insert(Tag.Place(tag: .thinkOpen, range: 0..<0), at: 0)
    }
    let wanted: [Tag] = [.thinkOpen, .thinkClose, .answerOpen, .answerClose]
    guard tags.map(\.tag) == wanted else {
      let seen = tags.isEmpty ? "none" : tags.map(\.tag.rawValue).prefix(8).joined(separator: " ")
      return .incorrect(
        "tags: saw \(seen), wanted \(wanted.map(\.rawValue).joined(separator: " "))")
    }
    let gaps = [
      (0..<tags[0].range.lowerBound, "before <think>"),
      (tags[1].range.upperBound..<tags[2].range.lowerBound, "between </think> and <answer>"),
      (tags[3].range.upperBound..<text.count, "after </answer>"),
    ]
    for (range, place) in gaps where !text[range].allSatisfy(isSpace) {
      return .incorrect("text \(place)")
    }
    let blocks = [
      (tags[0].range.upperBound..<tags[1].range.lowerBound, "reasoning"),
      (tags[2].range.upperBound..<tags[3].range.lowerBound, "answer"),
    ]
    for (range, block) in blocks where text[range].allSatisfy(isSpace) {
      return .incorrect("empty \(block)")
    }
    return .correct("reasoning, then answer, and nothing else")
  }
}

/// A quarter for each of the four tags that occurs exactly once.
///
/// Denser than ``FormatGrader`` and weaker: order and content do not matter, except that a
/// block without content earns nothing (open-r1 pays in full for empty blocks).
public struct TagCountGrader: Grader {
  /// Whether the prompt already ended with the opening `<think>`, which then counts as the completion's;
  /// nil takes what the submission says.
  public var beginsInReasoning: Bool?

  /// Makes the grader.
  public init(beginsInReasoning: Bool? = nil) {
    self.beginsInReasoning = beginsInReasoning
  }

  /// `tag-count`.
  public var name: String { "tag-count" }

  /// It judges form.
  public var judgesCorrectness: Bool { false }

  /// `begins_in_reasoning`.
  public var settings: [GraderSetting] { [.beginsInReasoning] }

  /// The grader with values of its settings.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    return TagCountGrader(
      beginsInReasoning: values["begins_in_reasoning"]?.bool ?? beginsInReasoning)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    var places = Tag.all(in: submission.completion)
    if beginsInReasoning ?? submission.beginsInReasoning {
      places.insert(Tag.Place(tag: .thinkOpen, range: 0..<0), at: 0)
    }
    let text = Array(submission.completion.utf8)
    var single: [Tag] = []
    for tag in Tag.allCases where places.filter({ $0.tag == tag }).count == 1 {
      single.append(tag)
    }
    for (open, close) in [(Tag.thinkOpen, Tag.thinkClose), (.answerOpen, .answerClose)] {
      guard single.contains(open), single.contains(close),
        let first = places.first(where: { $0.tag == open })?.range.upperBound,
        let last = places.first(where: { $0.tag == close })?.range.lowerBound
      else { continue }
      if first <= last, text[first..<last].allSatisfy(isSpace) {
        single.removeAll { $0 == open || $0 == close }
      }
    }
    let value = Double(single.count) / 4
    let reason = "\(single.count) of 4 tags occur once, around some content"
    switch single.count {
    case 4: return .correct(reason)
    case 0: return .incorrect(reason)
    default: return .partial(value, reason)
    }
  }
}

extension GraderSetting {
  /// Whether completions begin inside the reasoning.
  fileprivate static let beginsInReasoning = GraderSetting(
    "begins_in_reasoning", .flag, standard: "as the prompt ends",
    "whether the prompt has opened <think> already")
}

func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0D).contains(byte)
}
