public import HoneGraders
public import HoneTasks

/// A sample of an evaluation.
public struct EvaluatedSample: Sendable, Hashable {
  /// What the policy wrote: hostile text.
  public var text: String
  /// What its grader said.
  public var verdict: Verdict
  /// The answer that was read out of it.
  public var extracted: String?
  /// Why the verdict is what it is.
  public var reason: String
  /// The weighted sum of the scores; nil where a grader failed.
  public var reward: Double?
  /// Completion tokens.
  public var tokens: Int
  /// Whether it ended at the longest length allowed.
  public var isTruncated: Bool
  /// What was seen while its program was run; nil where none was.
  public var execution: ExecutionFindings?

  /// A sample.
  public init(
    text: String, verdict: Verdict, extracted: String? = nil, reason: String = "",
    reward: Double? = nil, tokens: Int, isTruncated: Bool = false,
    execution: ExecutionFindings? = nil
  ) {
    self.text = text
    self.verdict = verdict
    self.extracted = extracted
    self.reason = reason
    self.reward = reward
    self.tokens = tokens
    self.isTruncated = isTruncated
    self.execution = execution
  }
}

/// A problem of an evaluation with its samples.
public struct EvaluatedProblem: Sendable {
  /// The problem.
  public var problem: Problem
  /// The samples, in order of number.
  public var samples: [EvaluatedSample]

  /// A problem with its samples.
  public init(problem: Problem, samples: [EvaluatedSample]) {
    self.problem = problem
    self.samples = samples
  }
}
