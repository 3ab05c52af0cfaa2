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
  /// Whether no answer was found in it.
  public var lacksAnswer: Bool
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
    lacksAnswer: Bool = false, reward: Double? = nil, tokens: Int, isTruncated: Bool = false,
    execution: ExecutionFindings? = nil
  ) {
    self.text = text
    self.verdict = verdict
    self.extracted = extracted
    self.reason = reason
    self.lacksAnswer = lacksAnswer
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
  public let samples: [EvaluatedSample]
  /// For each sample the number of the first sample that gave the same answer; nil where it gave none or
  /// was not scored.
  public let votes: [Int?]

  /// A problem with its samples.
  ///
  /// - Parameter votes: Which samples gave the same answer; those with the same text unless given.
  public init(problem: Problem, samples: [EvaluatedSample], votes: [Int?]? = nil) {
    precondition(votes?.count ?? samples.count == samples.count, "one vote a sample")
    self.problem = problem
    self.samples = samples
    self.votes =
      votes
      ?? AnswerVotes.count(
        samples.map { AnswerVotes.Answer(text: $0.extracted, verdict: $0.verdict) })
  }
}
