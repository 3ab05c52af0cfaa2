public import HoneGraders
import HonePolicy
public import HoneTasks

/// Grades completions with a stage's graders, or with each problem's own.
public struct Grading: Sendable {
  private let rubric: Rubric?
  private let own: [String: Rubric]
  private let pool: GradingPool
  private let maximumTokens: Int

  /// The graders, each once.
  private var graders: [any Grader] {
    rubric?.entries.map(\.grader) ?? own.values.flatMap { $0.entries.map(\.grader) }
  }

  /// The weakest isolation in which completions are run, 0...3; nil where none is run.
  public var isolation: Int? { graders.compactMap(\.isolation).min() }

  /// The graders that a list of problems needs.
  ///
  /// - Parameters:
  ///   - rewards: graders and weights; empty means each problem's own grader at weight 1.
  ///   - problems: every grader that they name must exist.
  ///   - graders: how programs may be run; graders of the same options share sandboxes.
  ///   - policies: the policies of the problems' own graders, by grader; default: the graders' own.
  public init(
    rewards: [GroupRelativeSettings.Reward], problems: [Problem], workers: Int, maximumTokens: Int,
    graders: GraderOptions, policies: [String: String] = [:]
  ) throws {
    pool = GradingPool(workers: workers)
    self.maximumTokens = maximumTokens
    if rewards.isEmpty {
      rubric = nil
      var own: [String: Rubric] = [:]
      for problem in problems where own[problem.grader] == nil {
        own[problem.grader] = Rubric(
          try Graders.named(
            problem.grader, policy: policies[problem.grader], options: graders))
      }
      self.own = own
    } else {
      own = [:]
      rubric = try Rubric(
        rewards.map {
          Rubric.Entry(
            try Graders.named($0.grader, policy: $0.policy, options: graders), weight: $0.weight)
        })
    }
  }

  /// Makes sure that every grader can work.
  ///
  /// - Throws: `GraderError` of the first that cannot, or must not.
  public func prepare() throws(GraderError) {
    for grader in graders { try grader.prepare() }
  }

  /// One score for each completion of each group, in order.
  public func grade(_ groups: [RolloutGroup]) -> [[RubricScore]] {
    let items = groups.flatMap { group in
      zip(group.completions, group.texts).map { completion, text in
        (
          grader: group.prompt.problem.grader,
          submission: group.prompt.problem.submission(
            completion: text, tokens: completion.tokens.count, maximumTokens: maximumTokens,
            isTruncated: completion.finishReason == .length)
        )
      }
    }
    let scores = grade(items)
    var start = 0
    return groups.map { group in
      defer { start += group.completions.count }
      return Array(scores[start..<start + group.completions.count])
    }
  }

  /// One score for each submission with its problem's own grader, in order.
  package func grade(_ items: [(grader: String, submission: Submission)]) -> [RubricScore] {
    let (rubric, own) = (rubric, own)
    return pool.map(items) { grader, submission in
      guard let rubric = rubric ?? own[grader] else {
        preconditionFailure("no rubric for grader '\(grader)'")
      }
      return rubric.grade(submission)
    }
  }
}
