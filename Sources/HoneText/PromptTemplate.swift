import HoneJSON

/// Turns a question into the prompt that a policy completes.
///
/// The text holds `{question}` once. All templates that come along end in a newline: in every split
/// pattern a word that starts a line is a word of its own, so that prompt and completion, encoded
/// apart, have the tokens they would have together, whatever the completion's first word is.
public struct PromptTemplate: Sendable, Hashable {
  /// What recipes and model folders call it.
  public var name: String
  /// The prompt with `{question}` in place of the question.
  public let text: String
  /// A completion ends behind the first of these, if the policy does not end it before.
  public var stopStrings: [String]

  private static let placeholder = "{question}"

  /// Makes a template.
  /// - Throws: when `text` does not hold `{question}` exactly once, or a stop string is empty.
  public init(name: String, text: String, stopStrings: [String] = []) throws(TextError) {
    let count = text.ranges(of: Self.placeholder).count
    guard count == 1 else {
      throw TextError(
        "prompt template \"\(name)\": {question} appears \(count) times; wanted once")
    }
    guard !stopStrings.contains("") else {
      throw TextError("prompt template \"\(name)\": a stop string is empty; leave it out")
    }
    self.init(checked: name, text, stopStrings)
  }

  private init(checked name: String, _ text: String, _ stopStrings: [String]) {
    self.name = name
    self.text = text
    self.stopStrings = stopStrings
  }

  /// The prompt for a question, which is taken as it is.
  public func render(question: String) -> String {
    guard let range = text.firstRange(of: Self.placeholder) else { return text }
    return text[..<range.lowerBound] + question + text[range.upperBound...]
  }

  // MARK: - The templates that come along

  /// `think-answer`: the conversation of DeepSeek-R1-Zero (DeepSeek-AI 2025, table 1).
  ///
  /// The policy opens `<think>` itself, so that a completion holds every tag.
  public static let thinkAnswer: PromptTemplate = PromptTemplate(
    checked: "think-answer",
    """
    A conversation between User and Assistant. The user asks a question, and the Assistant solves \
    it. The assistant first thinks about the reasoning process in the mind and then provides the \
    user with the answer. The reasoning process and answer are enclosed within <think> </think> \
    and <answer> </answer> tags, respectively, i.e., <think> reasoning process here </think> \
    <answer> answer here </answer>.
    User: {question}
    Assistant:

    """, ["</answer>"])

  /// `plain`: the question and a newline.
  public static let plain: PromptTemplate = PromptTemplate(checked: "plain", "{question}\n", [])

  /// `tiny`: a few tokens that tell question and answer apart, for tiny policies.
  public static let tiny: PromptTemplate = PromptTemplate(
    checked: "tiny", "Q: {question}\nA:\n", ["\nQ:"])

  /// The templates that have a name.
  public static let all: [PromptTemplate] = [thinkAnswer, plain, tiny]

  /// The template with a name.
  /// - Throws: when there is none; the message lists those that there are.
  public static func named(_ name: String) throws(TextError) -> PromptTemplate {
    guard let template = all.first(where: { $0.name == name }) else {
      throw TextError(
        "no prompt template is called \"\(name)\"; there are "
          + all.map(\.name).joined(separator: ", ") + ", or give a text that holds {question}")
    }
    return template
  }

  // MARK: - hone.json

  /// The form that `hone.json` holds: `name`, `text` and `stop_strings`.
  public var json: JSON {
    [
      "name": .string(name), "text": .string(text),
      "stop_strings": .array(stopStrings.map { .string($0) }),
    ]
  }

  /// Reads the form that `hone.json` holds, or the name of a template alone.
  public init(json: JSON) throws(TextError) {
    if let name = json.string {
      self = try Self.named(name)
      return
    }
    guard let object = json.object else {
      throw TextError("prompt template: found \(json.kindDescription); wanted a name or an object")
    }
    for key in object.keys where !["name", "text", "stop_strings"].contains(key) {
      throw TextError("prompt template: unknown key \"\(key)\"; known are name, text, stop_strings")
    }
    guard let name = object["name"]?.string, let text = object["text"]?.string else {
      throw TextError("prompt template: \"name\" and \"text\" must be strings")
    }
    let stops = object["stop_strings"] ?? []
    guard let strings = stops.array?.compactMap(\.string), strings.count == stops.array?.count
    else {
      throw TextError(
        "prompt template \"\(name)\": stop_strings is \(stops.kindDescription); wanted an array "
          + "of strings")
    }
    try self.init(name: name, text: text, stopStrings: strings)
  }
}
