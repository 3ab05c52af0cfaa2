/// Where the answer is looked for in a response, in which order.
///
/// Only what follows the reasoning counts: the text behind `</think>`. Reasoning that is never
/// closed, or closed twice, holds no answer, and neither does an echo of the prompt at the start.
/// The rules are then tried in their order and the first that finds something decides. What it found
/// is the answer, whether or not it can be read: no rule is tried because another answer was bad.
public struct ExtractionPolicy: Sendable, Hashable {
  /// One way of marking an answer.
  public enum Rule: String, Sendable, Hashable, CaseIterable {
    /// `<answer>…</answer>`; several must agree. Boxes and phrases inside are looked into.
    case answerTag
    /// The last `\boxed{…}`, `\fbox{…}` or `\framebox{…}`. Boxes of the same sentence, and those that
    /// are offered as alternatives over several, are taken together, as a list, since picking one of
    /// several is what a hedge hopes for. A box that its sentence denies or supposes is none.
    case box
    /// The rest of the line behind the last `####`.
    case hashLine
    /// What follows the last "the answer is", "Answer:" or the like, to the end of the sentence;
    /// or "the total is" and its kin in the last sentence.
    case answerPhrase
    /// `$$…$$` or `\[…\]` at the very end.
    case displayMath
    /// The last number. It rewards answers that were never given: for evaluation of texts in loose
    /// formats only, never for training.
    case lastNumber

    /// The name that reasons and recipes use: `answer-tag`.
    public var name: String {
      switch self {
      case .answerTag: "answer-tag"
      case .box: "box"
      case .hashLine: "hash-line"
      case .answerPhrase: "answer-phrase"
      case .displayMath: "display-math"
      case .lastNumber: "last-number"
      }
    }

    /// The rule of a name, or nil.
    public init?(name: String) {
      guard let rule = Self.allCases.first(where: { $0.name == name }) else { return nil }
      self = rule
    }
  }

  /// The rules, in the order in which they are tried.
  public var rules: [Rule]
  /// Whether only what follows `</think>` counts.
  public var skipsReasoning: Bool

  /// Makes a policy.
  ///
  /// - Parameters:
  ///   - rules: The rules in order; by default all but the last number.
  ///   - skipsReasoning: Whether only what follows the reasoning counts.
  public init(
    rules: [Rule] = [.answerTag, .box, .hashLine, .answerPhrase, .displayMath],
    skipsReasoning: Bool = true
  ) {
    self.rules = rules
    self.skipsReasoning = skipsReasoning
  }

  /// All rules but the last number: the default.
  public static let standard = ExtractionPolicy()

  /// All rules, the last number as the last resort; for evaluation only.
  public static let lenient = ExtractionPolicy(rules: Rule.allCases)
}
