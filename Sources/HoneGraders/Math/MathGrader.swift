import HoneJSON

/// Judges mathematical answers exactly.
///
/// The answer is extracted by fixed rules, read completely, and compared with the reference in the
/// reference's own kind: a value, a set, an interval, an equation, a matrix, words. Values are
/// compared by exact normal forms, and where those do not decide by enclosures of certified
/// precision. Every bound of ``MathLimits`` is checked before the work, so that no answer makes it
/// hang. A reference that cannot be read, or that does not equal itself, leaves the completion
/// unscored. <doc:MathAnswers> tells all the rules.
///
/// A submission's fields may hold `mode` (see ``AnswerMode``) and `policy`, the name of a preset of
/// ``MathPolicy``.
public struct MathGrader: Grader {
  /// The policy of submissions that name none.
  public var policy: MathPolicy
  /// The mode of submissions that name none.
  public var mode: AnswerMode
  /// The bounds on answers and references.
  public var limits: MathLimits
  /// Rules for finding an answer that are tried before those of the policy.
  public var extractionRules: [any ExtractionRule] = []
  /// Rules of equality that are asked before the usual ones.
  public var comparators: [any MathComparator] = []
  /// Values of ``settings`` that adjust the policy and the bounds, a row's own policy too.
  var adjustments: JSONObject = [:]
  /// Whether scores carry the explanation, under `explanation` in their details.
  public var explains: Bool = false

  /// Makes the grader.
  public init(
    policy: MathPolicy = .strict, mode: AnswerMode = .response, limits: MathLimits = .standard
  ) {
    self.policy = policy
    self.mode = mode
    self.limits = limits
  }

  /// `math`.
  public var name: String { "math" }

  /// The names of the presets of ``MathPolicy``.
  public var policies: [String] { MathPolicy.presets.map(\.name) }

  /// The grader with a preset, for submissions that name none themselves.
  public func with(policy name: String) -> (any Grader)? {
    guard let preset = MathPolicy.preset(name) else { return nil }
    var grader = self
    grader.policy = preset
    return grader
  }

  /// The names of ``AnswerMode``.
  public var modes: [String] { AnswerMode.allCases.map(\.rawValue) }

  /// The grader with a mode for submissions that name none.
  public func with(mode name: String) -> (any Grader)? {
    guard let mode = AnswerMode(rawValue: name) else { return nil }
    var grader = self
    grader.mode = mode
    return grader
  }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    if submission.reference == nil { return submission.missingReference }
    if let field = submission.fields["policy"] {
      guard let name = field.string, MathPolicy.preset(name) != nil else {
        let known = MathPolicy.presets.map(\.name).joined(separator: ", ")
        return "policy is \(field), wanted one of \(known)"
      }
    }
    return submission.defect(ofField: "mode", as: AnswerMode.self)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    if let defect = defect(of: submission) { return .unscored(defect) }
    let explanation = judge(submission, describes: explains)
    var score = explanation.score
    if explains { score.details["explanation"] = .string(explanation.description) }
    return score
  }

  /// Judges a completion and tells how: what was extracted, how both sides were read, and which rule
  /// decided.
  public func explain(_ submission: Submission) -> MathExplanation {
    if let defect = defect(of: submission) { return MathExplanation(referenceDefect: defect) }
    return judge(submission, describes: true)
  }

  /// Why a reference is unusable, or nil: it cannot be read or does not equal itself.
  ///
  /// To be asked when tasks are loaded, before any completion is graded.
  public func defect(ofReference reference: String) -> String? {
    do {
      _ = try judge(policy).reference(reference)
      return nil
    } catch {
      return error.description
    }
  }

  private func judge(_ submission: Submission, describes: Bool) -> MathExplanation {
    let policy = adjusted(policy(of: submission))
    let mode = submission.fields["mode"]?.string.flatMap(AnswerMode.init) ?? mode
    var explanation = MathExplanation(policy: policy.name)
    let judge = judge(policy)
    let reference: MathJudge.Side
    do {
      reference = try judge.reference(submission.reference ?? "")
    } catch {
      explanation.referenceDefect = error.description
      return explanation
    }
    let extraction =
      mode == .answer
      ? AnswerExtraction.bare(submission.completion)
      : AnswerExtraction.response(
        submission.completion, prompt: submission.prompt, policy: policy.extraction,
        custom: extractionRules, beginsInReasoning: submission.beginsInReasoning)
    explanation.extracted = extraction.text.map(Self.shown)
    explanation.rule = extraction.reason
    if describes { explanation.reference = reference.description }
    guard let text = extraction.text else { return explanation }
    let (equality, prediction) = judge.compare(reference, with: text)
    explanation.equality = equality
    if describes { explanation.prediction = prediction }
    return explanation
  }

  /// The policy of a row, or else the grader's.
  private func policy(of submission: Submission) -> MathPolicy {
    submission.fields["policy"]?.string.flatMap(MathPolicy.preset) ?? policy
  }

  private func judge(_ policy: MathPolicy, limits: MathLimits? = nil) -> MathJudge {
    MathJudge(
      policy: adjusted(policy), limits: limits ?? adjusted(self.limits), comparators: comparators)
  }

  /// Whether two answers are equal under the row's policy, either of them taken for the reference.
  ///
  /// Bounded by ``MathLimits/vote``; what that does not decide is taken for another answer.
  public func isSameAnswer(_ first: String, _ second: String, in submission: Submission) -> Bool {
    if first == second { return true }
    let policy = policy(of: submission)
    for (reference, answer) in [(first, second), (second, first)] {
      let judge = judge(policy, limits: .vote)
      if let side = try? judge.reference(reference),
        judge.compare(side, with: answer).equality.isEqual
      {
        return true
      }
    }
    return false
  }

  /// The first thousand bytes, which is enough to see what was judged.
  private static func shown(_ text: String) -> String {
    text.utf8.count <= 1000 ? text : text.prefix(1000) + "…"
  }
}

/// A rule of equality of one's own; see ``MathGrader/comparators``.
///
/// ```swift
/// struct ColourComparator: MathComparator {
///   func compare(reference: String, prediction: String) -> MathEquality? {
///     guard reference == "grey" else { return nil }
///     return ["grey", "gray"].contains(prediction) ? .equal("a colour") : nil
///   }
/// }
/// ```
public protocol MathComparator: Sendable {
  /// The verdict, or nil where this rule has nothing to say and the usual rules decide.
  ///
  /// - Parameters:
  ///   - reference: The reference, without white space around it.
  ///   - prediction: The extracted answer, likewise.
  func compare(reference: String, prediction: String) -> MathEquality?
}
