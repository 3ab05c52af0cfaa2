public import HoneJSON

/// Something that happened in a run, told as it happens.
///
/// Training code does not print; it reports here, and the command line decides what a person sees.
public enum ProgressEvent: Sendable {
  /// What a step is busy with.
  public enum Phase: String, Sendable {
    /// Sampling completions: done counts completions.
    case rollout
    /// Grading completions: done counts completions.
    case grade
    /// Forward and backward passes: done counts groups.
    case train
    /// Evaluating: done counts completions.
    case evaluate
  }

  /// One completion shown to a person.
  public struct Excerpt: Sendable, Hashable {
    /// The question.
    public var question: String
    /// What the policy wrote: hostile text, to be escaped before it is shown.
    public var completion: String
    /// The reference answer, if there is one.
    public var answer: String?
    /// Its reward.
    public var reward: Double
    /// Whether its verdict is correct.
    public var isCorrect: Bool
  }

  /// A stage begins (or is resumed) before its step `firstStep`, counted over all stages.
  case stageStarted(
    index: Int, kind: String, firstStep: Int, lastStep: Int, summary: [(String, String)])
  /// Part of a step is done.
  case progress(step: Int, phase: Phase, done: Int, total: Int)
  /// A step is done; the row of `metrics.jsonl`, and one good and one bad completion if any.
  case stepFinished(row: JSONObject, good: Excerpt?, bad: Excerpt?)
  /// The policy was probed before the first step.
  case probed(row: JSONObject)
  /// An evaluation is done; the row of `evaluations.jsonl`.
  case evaluated(row: JSONObject)
  /// A checkpoint is on disk.
  case checkpointSaved(path: String, step: Int, isBest: Bool)
  /// Something a person should know, with what to do about it.
  case note(String)
}

/// Receives what happens in a run, on the thread that trains.
public protocol ProgressSink: AnyObject {
  /// Called for each event, in order; must return soon.
  func handle(_ event: ProgressEvent)
}
