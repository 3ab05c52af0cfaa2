public import HoneGraders
public import HoneJSON
import HoneNumerics
public import HonePolicy
public import HoneTasks
public import HoneText

/// Measures a policy on problems: samples, grades, counts.
public struct Evaluator {
  /// How a policy is measured.
  public struct Settings: Sendable {
    /// Samples a problem; 1 is greedy unless a temperature is given.
    public var samples: Int
    /// How tokens are chosen.
    public var sampling: SamplingOptions
    /// Most tokens of a completion.
    public var maximumTokens: Int
    /// The seed of the samples.
    public var seed: Int
    /// Texts that end a completion beside the stop token.
    public var stopStrings: [String]
    /// A text that every completion is made to begin with; empty leaves the policy free.
    public var prefix: String
    /// Graders and weights; empty means each problem's own grader.
    public var rewards: [GroupRelativeSettings.Reward]
    /// How the problems' own graders are set, each by the first entry that names it; empty means the
    /// graders' defaults.
    public var ownGraders: [GroupRelativeSettings.Reward]
    /// Chooses how many completions are at work at once, for a sampling of as many as is usual.
    ///
    /// A matter of memory and speed alone. Nil takes the usual.
    var rows: (@Sendable (MemoryPlan.Sampling) -> Int)?

    /// Settings; greedy with one sample, temperature 1 with more, unless told otherwise.
    public init(
      samples: Int = 1, sampling: SamplingOptions? = nil, maximumTokens: Int = 128, seed: Int = 0,
      stopStrings: [String] = [], prefix: String = "",
      rewards: [GroupRelativeSettings.Reward] = [],
      ownGraders: [GroupRelativeSettings.Reward] = []
    ) {
      self.samples = samples
      self.sampling = sampling ?? SamplingOptions(temperature: samples == 1 ? 0 : 1)
      self.maximumTokens = maximumTokens
      self.seed = seed
      self.stopStrings = stopStrings
      self.prefix = prefix
      self.rewards = rewards
      self.ownGraders = ownGraders
    }
  }

  /// The model that is measured.
  public let model: LoadedModel
  /// How problems become prompts.
  public let template: PromptTemplate
  /// How it is measured.
  public let settings: Settings
  /// How programs of the policy may be run.
  public let graders: GraderOptions

  /// An evaluator.
  public init(
    model: LoadedModel, template: PromptTemplate, settings: Settings,
    graders: GraderOptions = GraderOptions()
  ) {
    self.model = model
    self.template = template
    self.settings = settings
    self.graders = graders
  }

  private func grading(_ problems: [Problem]) throws -> Grading {
    try Grading(
      rewards: settings.rewards, problems: problems, workers: model.policy.compute.team.workers,
      maximumTokens: settings.maximumTokens, graders: graders, own: settings.ownGraders)
  }

  /// Refuses problems of which not one can be graded, before anything is sampled.
  ///
  /// - Throws: `TrainingError` of kind `badData` with the first problem's place and reason.
  public func requireGradable(_ problems: [Problem], as name: String) throws {
    _ = try grading(problems).requireGradable(problems, as: name)
  }

  /// Samples and grades every problem.
  ///
  /// - Parameter progress: completions that have ended, and how many there will be.
  /// - Returns: each problem with its samples, in order. A problem's samples are a function of the
  ///   policy, the seed and the problem's id alone.
  /// - Throws: `Interrupted` where the compute's interruption was raised.
  public func evaluate(
    _ problems: [Problem], progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [EvaluatedProblem] {
    let evaluated = try evaluateUntilInterrupted(problems, progress: progress)
    // It stays raised: nothing of a result can have been skipped if it is not raised now.
    try model.policy.compute.team.requireUninterrupted()
    return evaluated
  }

  /// Samples and grades problems until all are done, or the compute's interruption is raised.
  ///
  /// - Returns: the problems all of whose samples were graded, as ``evaluate(_:progress:)`` gives them.
  /// - Throws: `PolicyError` of kind `badData` where a prediction is no number.
  public func evaluateUntilInterrupted(
    _ problems: [Problem], progress: (Int, Int) -> Void = { _, _ in }
  ) throws -> [EvaluatedProblem] {
    // First of all: nothing is sampled for a grader that refuses to work.
    let grading = try grading(problems)
    try grading.prepare()
    let prompts = try prompts(problems)
    let total = problems.count * settings.samples
    let interruption = model.policy.compute.team.interruption
    let completionGrading = grading.begin()
    let sampled: [RolloutGroup]
    do throws(NonFinitePrediction) {
      sampled = try rollout.sample(
        prompts, size: settings.samples, step: 0, generator: generator(prompts)
      ) {
        var ended = $0
        ended.text = settings.prefix + ended.text
        completionGrading.add(ended)
        progress(ended.count, total)
        return true
      }
    } catch {
      let problem = prompts[error.request].problem.id
      throw PolicyError(error, model: model.path, what: "problem '\(problem)'")
    }
    // Scores are found by a group's place, so those that are not whole are left out after.
    let graded = zip(
      sampled, completionGrading.scores(of: sampled, unless: { interruption.isRaised })
    ).compactMap { group, scores in
      group.completions.count == settings.samples ? scores.map { (group: group, scores: $0) } : nil
    }
    let votes = grading.votes(graded.map { (problem: $0.group.prompt.problem, scores: $0.scores) })
    return zip(graded, votes).map { evaluated($0.group, $0.scores, votes: $1) }
  }

  /// The prompts of problems, with what completions are made to begin with.
  private func prompts(_ problems: [Problem]) throws(TrainingError) -> [Prompt] {
    let forced = model.tokenizer.encode(settings.prefix)
    var prompts: [Prompt] = []
    for problem in problems {
      var prompt = Prompt(problem, template: template, tokenizer: model.tokenizer)
      prompt.tokens += forced
      let defect = model.policy.configuration.defect(
        ofPrompt: prompt.tokens.count, maximumTokens: settings.maximumTokens,
        setting: "--max-tokens")
      if let defect { throw TrainingError(.usage, "\(problem.place): \(defect)") }
      prompts.append(prompt)
    }
    return prompts
  }

  private func generator(_ prompts: [Prompt]) -> Generator {
    let sampling = MemoryPlan.Sampling.groups(
      prompts.count, of: settings.samples,
      rows: Generator.defaultRows(
        model.policy.configuration, maximumTokens: settings.maximumTokens),
      promptLength: prompts.map(\.tokens.count).max() ?? 1,
      completionLength: settings.maximumTokens)
    return Generator(policy: model.policy, rows: settings.rows?(sampling) ?? sampling.rows)
  }

  private var rollout: Rollout {
    Rollout(
      tokenizer: model.tokenizer, options: settings.sampling,
      stop: model.stopRule(maximumTokens: settings.maximumTokens, strings: settings.stopStrings),
      seed: settings.seed, purpose: .evaluation)
  }

  /// A problem with its graded samples.
  private func evaluated(
    _ group: RolloutGroup, _ scores: [RubricScore], votes: [Int?]
  ) -> EvaluatedProblem {
    EvaluatedProblem(
      problem: group.prompt.problem,
      samples: group.completions.indices.map { index in
        let completion = group.completions[index]
        let leading = scores[index].leading
        return EvaluatedSample(
          text: settings.prefix + group.texts[index], verdict: scores[index].verdict,
          extracted: leading.extracted, reason: scores[index].unscoredReason ?? leading.reason,
          lacksAnswer: leading.lacksAnswer, reward: scores[index].total,
          tokens: completion.tokens.count,
          isTruncated: completion.finishReason == .length,
          execution: ExecutionFindings([scores[index]]))
      }, votes: votes)
  }

  /// The counts of an evaluation, as `results.json` and `evaluations.jsonl` hold them.
  public func summary(_ problems: [EvaluatedProblem], tasks: String) -> JSONObject {
    var row = EvaluationStatistics(problems).json
    ExecutionFindings(problems.flatMap(\.samples).compactMap(\.execution))?.write(to: &row)
    row["tasks"] = .string(tasks)
    var entries = JSONObject([
      ("samples", .integer(settings.samples)),
      ("temperature", .number(settings.sampling.temperature)),
      ("max_tokens", .integer(settings.maximumTokens)), ("seed", .integer(settings.seed)),
      ("template", .string(template.name)), ("prefix", .string(settings.prefix)),
    ])
    let policies = policies(of: problems.map(\.problem))
    if !policies.isEmpty { entries["policies"] = .object(policies) }
    let modes = modes(of: problems.map(\.problem))
    if !modes.isEmpty { entries["modes"] = .object(modes) }
    let options = graderOptions(of: problems.map(\.problem))
    if !options.isEmpty { entries["grader_options"] = .object(options) }
    row["settings"] = .object(entries)
    return row
  }

  /// The names of the policies that judged, by grader; graders with but one way are left out.
  private func policies(of problems: [Problem]) -> JSONObject {
    var row = JSONObject()
    for reward in judges(of: problems) {
      guard let policy = reward.policy else { continue }
      // A row's own policy goes before that of the grader.
      row[reward.name] = Self.words("policy", of: judged(by: reward, problems), otherwise: policy)
    }
    return row
  }

  /// The modes that judged, by grader, where one was asked for.
  private func modes(of problems: [Problem]) -> JSONObject {
    var row = JSONObject()
    for reward in judges(of: problems) {
      let judged = judged(by: reward, problems)
      guard reward.mode != nil || judged.contains(where: { $0.settings["mode"] != nil }) else {
        continue
      }
      row[reward.name] = Self.words("mode", of: judged, otherwise: reward.mode ?? "response")
    }
    return row
  }

  /// The settings that graders were given, by grader.
  private func graderOptions(of problems: [Problem]) -> JSONObject {
    JSONObject(
      judges(of: problems).filter { !$0.options.isEmpty }.map { ($0.name, .object($0.options)) })
  }

  /// The rewards, or the problems' own graders as they were set.
  private func judges(of problems: [Problem]) -> [GroupRelativeSettings.Reward] {
    if !settings.rewards.isEmpty { return settings.rewards }
    return Set(problems.map(\.grader)).sorted().map { name in
      settings.ownGraders.first { $0.grader == name }.map {
        var reward = $0
        reward.name = name
        return reward
      } ?? GroupRelativeSettings.Reward(grader: name)
    }
  }

  private func judged(
    by reward: GroupRelativeSettings.Reward, _ problems: [Problem]
  ) -> [Problem] {
    problems.filter { !settings.rewards.isEmpty || $0.grader == reward.grader }
  }

  private static func words(
    _ key: String, of problems: [Problem], otherwise standard: String
  ) -> JSON {
    .array(Set(problems.map { $0.settings[key]?.string ?? standard }).sorted().map { .string($0) })
  }
}
