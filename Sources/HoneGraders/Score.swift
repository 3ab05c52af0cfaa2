import HoneJSON

/// What a grader found.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
  /// Right.
  case correct
  /// Right in part; the value says how much.
  case partial
  /// Wrong, or no answer at all.
  case incorrect
  /// Not judged: the reference, the row or the grader is at fault, not the completion.
  case unscored
}

/// A grader's judgement of one completion.
///
/// An unscored completion is not a wrong one: it leaves its group's mean and is counted apart,
/// so that a fault of the data or of the grader never becomes a training signal.
public struct Score: Sendable, Hashable {
  /// The judgement.
  public var verdict: Verdict
  /// 0...1, or -1...0 for penalties; 0 and without meaning when unscored.
  public var value: Double
  /// The part of the completion that was judged, if one was found.
  public var extracted: String?
  /// Why, in words; the rule that decided comes first.
  public var reason: String
  /// Whether no answer was found in the completion: nothing is marked as one.
  ///
  /// Not that an answer is wrong or cannot be read.
  public var lacksAnswer: Bool
  /// Whether it is unscored because the machine lacks something, whatever the row: a sandbox, an
  /// interpreter, a compiler.
  public var isMachineFault: Bool = false
  /// How long the grading took.
  ///
  /// The one field that differs from run to run.
  public var seconds: Double
  /// More findings, as the grader names them.
  public var details: JSONObject

  /// Makes a score.
  public init(
    verdict: Verdict, value: Double, extracted: String? = nil, reason: String,
    lacksAnswer: Bool = false, seconds: Double = 0, details: JSONObject = [:]
  ) {
    self.verdict = verdict
    self.value = value
    self.extracted = extracted
    self.reason = reason
    self.lacksAnswer = lacksAnswer
    self.seconds = seconds
    self.details = details
  }

  /// Right, value 1.
  public static func correct(_ reason: String, extracted: String? = nil) -> Score {
    Score(verdict: .correct, value: 1, extracted: extracted, reason: reason)
  }

  /// Wrong, value 0.
  public static func incorrect(_ reason: String, extracted: String? = nil) -> Score {
    Score(verdict: .incorrect, value: 0, extracted: extracted, reason: reason)
  }

  /// No answer, and so wrong, value 0.
  public static func unanswered(_ reason: String) -> Score {
    Score(verdict: .incorrect, value: 0, reason: reason, lacksAnswer: true)
  }

  /// Right in part.
  public static func partial(_ value: Double, _ reason: String, extracted: String? = nil) -> Score {
    Score(verdict: .partial, value: value, extracted: extracted, reason: reason)
  }

  /// Not judged.
  public static func unscored(_ reason: String) -> Score {
    Score(verdict: .unscored, value: 0, reason: reason)
  }

  /// Whether there is a value to learn from.
  public var isScored: Bool { verdict != .unscored }
}
