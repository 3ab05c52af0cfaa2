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
  ///   - own: how the problems' own graders are set, each by the first entry that names it; default: as
  ///     they come.
  public init(
    rewards: [GroupRelativeSettings.Reward], problems: [Problem], workers: Int, maximumTokens: Int,
    graders: GraderOptions, own settings: [GroupRelativeSettings.Reward] = []
  ) throws {
    pool = GradingPool(workers: workers)
    self.maximumTokens = maximumTokens
    if rewards.isEmpty {
      rubric = nil
      var own: [String: Rubric] = [:]
      for problem in problems where own[problem.grader] == nil {
        let name = (try? Graders.named(problem.grader))?.name ?? problem.grader
        let setting = settings.first { $0.grader == name }
        own[problem.grader] = Rubric(
          try setting?.makeGrader(graders) ?? Graders.named(name, options: graders))
      }
      self.own = own
    } else {
      own = [:]
      rubric = try Rubric(
        rewards.map {
          Rubric.Entry(try $0.makeGrader(graders), weight: $0.weight, name: $0.name)
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

  /// Which samples of a problem gave the same answer, by the grader that leads; see ``AnswerVotes``.
  ///
  /// - Returns: For each problem the votes of its samples, in order.
  package func votes(_ problems: [(problem: Problem, scores: [RubricScore])]) -> [[Int?]] {
    let (rubric, own) = (rubric, own)
    return pool.map(problems) { problem, scores in
      guard let rubric = rubric ?? own[problem.grader] else {
        preconditionFailure("no rubric for grader '\(problem.grader)'")
      }
      let grader = rubric.entries[rubric.leadingIndex].grader
      let submission = problem.submission(completion: "")
      let answers = scores.map {
        AnswerVotes.Answer(text: $0.leading.extracted, verdict: $0.verdict)
      }
      return AnswerVotes.count(answers) { grader.isSameAnswer($0, $1, in: submission) }
    }
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
    var submission = ended.prompt.problem.submission(
      completion: ended.text, tokens: completion.tokens.count, maximumTokens: maximumTokens,
      isTruncated: completion.finishReason == .length)
    submission.beginsInReasoning = Submission.opensReasoning(ended.prompt.text)
    ongoing.add(Grading.Item(grader: ended.prompt.problem.grader, submission: submission))
  }

  /// Waits for one score for each completion of each group, in order.
  ///
  /// All of them have been added.
  ///
  /// - Parameter isGivenUp: asked now and then; where it says so, the wait ends.
  /// - Returns: the scores; nil where the wait ended before a group had all of its.
  public func scores(
    of groups: [RolloutGroup], unless isGivenUp: () -> Bool = { false }
  ) -> [[RubricScore]?] {
    let results = ongoing.results(unless: isGivenUp)
    return groups.enumerated().map { index, group in
      var scores: [RubricScore] = []
      for completion in group.completions {
        guard let place = places[Place(group: index, sample: completion.sample)] else {
          preconditionFailure("sample \(completion.sample) of group \(index) was never graded")
        }
        guard let score = results[place] else { return nil }
        scores.append(score)
      }
      return scores
    }
  }
}
