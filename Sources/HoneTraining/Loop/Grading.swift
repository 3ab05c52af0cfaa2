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

  /// The graders that judge a problem's completions.
  func graders(for problem: Problem) -> [any Grader] {
    (rubric ?? own[problem.grader])?.entries.map(\.grader) ?? []
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

  /// Begins before all completions are there.
  public func begin() -> CompletionGrading {
    CompletionGrading(pool.begin(rubricScore), maximumTokens: maximumTokens)
  }

  /// One score for each submission with its problem's own grader, in order.
  package func grade(_ items: [(grader: String, submission: Submission)]) -> [RubricScore] {
    pool.map(items.map { Item(grader: $0.grader, submission: $0.submission) }, rubricScore)
  }

  /// A submission and its problem's own grader.
  struct Item: Sendable {
    var grader: String
    var submission: Submission
  }

  private var rubricScore: @Sendable (Item) -> RubricScore {
    let (rubric, own) = (rubric, own)
    return { item in
      guard let rubric = rubric ?? own[item.grader] else {
        preconditionFailure("no rubric for grader '\(item.grader)'")
      }
      return rubric.grade(item.submission)
    }
  }
}

/// Grading of completions from when each has ended, while others are still being sampled.
public final class CompletionGrading {
  private let ongoing: OngoingGrading<Grading.Item, RubricScore>
  private let maximumTokens: Int
  /// Where in the order of ending each completion stands, by its group's index and sample number.
  private var places: [Place: Int] = [:]

  private struct Place: Hashable {
    var group: Int
    var sample: Int
  }

  fileprivate init(
    _ ongoing: OngoingGrading<Grading.Item, RubricScore>, maximumTokens: Int
  ) {
    self.ongoing = ongoing
    self.maximumTokens = maximumTokens
  }

  /// Begins to grade a completion; returns at once.
  public func add(_ ended: Rollout.Ended) {
    let completion = ended.completion
    places[Place(group: ended.group, sample: completion.sample)] = places.count
    ongoing.add(
      Grading.Item(
        grader: ended.prompt.problem.grader,
        submission: ended.prompt.problem.submission(
          completion: ended.text, tokens: completion.tokens.count, maximumTokens: maximumTokens,
          isTruncated: completion.finishReason == .length)))
  }

  /// Waits for one score for each completion of each group, in order.
  ///
  /// All of them have been added.
  public func scores(of groups: [RolloutGroup]) -> [[RubricScore]] {
    let results = ongoing.results()
    return groups.enumerated().map { index, group in
      group.completions.map { completion in
        guard let place = places[Place(group: index, sample: completion.sample)] else {
          preconditionFailure("sample \(completion.sample) of group \(index) was never graded")
        }
        return results[place]
      }
    }
  }
}
