import HoneJSON

/// A completion on its way to a grader, with everything that may bear on its judgement.
public struct Submission: Sendable, Hashable {
  /// The name of the sample.
  public var id: String
  /// The text to judge, without the prompt.
  public var completion: String
  /// The right answer, for graders that compare with one.
  public var reference: String?
  /// The question or prompt, for graders that look at it.
  public var prompt: String
  /// Settings and data of the row, such as `mode`, `policy` and `tests`.
  public var fields: JSONObject
  /// The length in tokens, if known; the stop token counts.
  public var completionTokens: Int?
  /// The longest completion allowed, in tokens, if there was a bound.
  public var maximumTokens: Int?
  /// Whether the completion ended at that bound rather than by itself.
  public var isTruncated: Bool
  /// Whether the prompt ended by opening `<think>`, so that the completion begins inside the reasoning.
  public var beginsInReasoning: Bool
  /// Why there is no reference, where a row has tried to give one.
  var referenceDefect: String?

  /// Makes a submission.
  public init(
    id: String = "", completion: String, reference: String? = nil, prompt: String = "",
    fields: JSONObject = [:], completionTokens: Int? = nil, maximumTokens: Int? = nil,
    isTruncated: Bool = false, beginsInReasoning: Bool = false
  ) {
    self.id = id
    self.completion = completion
    self.reference = reference
    self.prompt = prompt
    self.fields = fields
    self.completionTokens = completionTokens
    self.maximumTokens = maximumTokens
    self.isTruncated = isTruncated
    self.beginsInReasoning = beginsInReasoning
  }

  /// Whether a prompt ends by opening `<think>`.
  public static func opensReasoning(_ prompt: String) -> Bool {
    let text = Array(prompt.utf8)[...]
    guard let last = text.lastIndex(where: { !isSpace($0) }) else { return false }
    return text[...last].suffix(Tag.thinkOpen.rawValue.utf8.count)
      .elementsEqual(Tag.thinkOpen.rawValue.utf8)
  }

  /// What to say where a grader needs a reference and there is none.
  var missingReference: String { referenceDefect ?? "no reference answer" }
}
