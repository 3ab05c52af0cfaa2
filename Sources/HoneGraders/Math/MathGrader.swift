import HoneJSON

/// Judges mathematical answers by exact arithmetic.
///
/// The answer is extracted by fixed rules, read completely, and compared with the reference in
/// the reference's own kind: number, tuple, set, or text. Numbers are exact rationals of any
/// size. A reference that cannot be read, or that is not equal to itself, leaves the completion
/// unscored. Bounds are checked before the work, so no answer makes it hang.
///
/// A submission's fields may hold `mode` (see ``AnswerMode``) and `policy` (see ``MathPolicy``).
public struct MathGrader: Grader {
  /// The policy of submissions that name none.
  public var policy: MathPolicy
  /// The mode of submissions that name none.
  public var mode: AnswerMode
  /// The bounds on answers and references.
  public var limits: MathLimits

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

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    if submission.reference == nil { return "no reference answer" }
    return submission.defect(ofField: "mode", as: AnswerMode.self)
      ?? submission.defect(ofField: "policy", as: MathPolicy.self)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    if let defect = defect(of: submission) { return .unscored(defect) }
    let policy = submission.fields["policy"]?.string.flatMap(MathPolicy.init) ?? policy
    let equality = MathEquality(policy: policy)
    let reference: MathValue
    do {
      let text = submission.reference ?? ""
      let bare = AnswerExtraction.bare(text)
      reference = try MathReader.read(bare.text ?? text, policy: policy, limits: limits)
    } catch {
      return .unscored("the reference cannot be read: \(error.reason)")
    }
    let itself = equality.compare(reference: reference, prediction: reference)
    guard itself.isEqual else {
      return .unscored("the reference is not equal to itself: \(itself.reason)")
    }
    let extraction = submission.extraction(mode: mode)
    guard let text = extraction.text else { return .incorrect(extraction.reason) }
    let shown = Self.shown(text)
    do {
      let prediction = try MathReader.read(text, policy: policy, limits: limits)
      let outcome = equality.compare(reference: reference, prediction: prediction)
      return outcome.isEqual
        ? .correct(outcome.reason, extracted: shown)
        : .incorrect(outcome.reason, extracted: shown)
    } catch {
      return .incorrect("the answer cannot be read: \(error.reason)", extracted: shown)
    }
  }

  /// The first thousand characters, which is enough to see what was judged.
  private static func shown(_ text: String) -> String {
    text.utf8.count <= 1000 ? text : text.prefix(1000) + "…"
  }
}
