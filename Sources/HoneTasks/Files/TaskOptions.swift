import HoneGraders
public import HoneJSON

/// How a task file is to be read, where its fields do not say it.
public struct TaskOptions: Sendable, Hashable {
  /// How a reference answer is taken from a longer text.
  public enum Extract: String, Sendable, Hashable, CaseIterable {
    /// What follows the last `####` on its line, without thousands commas (GSM8K).
    case hash4
    /// The content of the last `\boxed{}` or `\fbox{}` (MATH).
    case boxed
    /// The last number of the text.
    case lastNumber = "last-number"
    /// What follows `Answer:` on the last line that has it.
    case answerLine = "answer-line"
  }

  /// What to do with a row that cannot be read.
  public enum ErrorPolicy: String, Sendable, Hashable, CaseIterable {
    /// Stop with the file and line.
    case stop
    /// Leave the row out and report it.
    case skip
  }

  /// Our field names to the file's: `["question": "problem"]`.
  ///
  /// A name with points reaches into objects: `reward_model.ground_truth`. Fields that are not
  /// given are found by the file's layout.
  public var fields: [String: String]
  /// How the answer is taken from its field; nil leaves it to the layout.
  public var extract: Extract?
  /// What to do with a row that cannot be read.
  public var onError: ErrorPolicy
  /// The grader of rows that name none.
  public var grader: String
  /// Settings for the grader of rows that do not carry them: `["mode": "answer"]`.
  ///
  /// They become the problem's own (``Problem/settings``), so a row's value wins, and these win over
  /// what a reward sets.
  public var settings: JSONObject

  /// Makes options.
  public init(
    fields: [String: String] = [:], extract: Extract? = nil, onError: ErrorPolicy = .stop,
    grader: String = "math", settings: JSONObject = [:]
  ) {
    self.fields = fields
    self.extract = extract
    self.onError = onError
    self.grader = grader
    self.settings = settings
  }

  /// The modes that ``settings`` may name: where the answer is looked for in a completion.
  public static var modes: [String] { AnswerMode.allCases.map(\.rawValue) }
  /// The policies of the math grader that ``settings`` may name.
  public static var policies: [String] { MathPolicy.presets.map(\.name) }

  /// The field names that ``fields`` may set.
  public static let fieldNames: [String] = [
    "id", "question", "answer", "grader", "family", "difficulty", "tests", "completion", "style",
  ]
}
