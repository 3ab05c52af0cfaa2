import HoneJSON
import HonePolicy
import HoneTasks

/// Evaluates and probes the policy of a stage, while it trains.
struct StageEvaluator {
  private let context: StageContext
  /// What is evaluated on: a draw where the recipe sets a limit.
  private let held: [Problem]
  private let draw: ProblemDraw
  private let heldCount: Int
  private let rewards: [GroupRelativeSettings.Reward]
  private let memory: MemoryChoice

  init(
    _ context: StageContext, held: [Problem], rewards: [GroupRelativeSettings.Reward],
    memory: MemoryChoice
  ) {
    self.context = context
    self.memory = memory
    draw = ProblemDraw(limit: context.stage.evaluation.limit)
    heldCount = held.count
    self.held = draw(held)
    self.rewards = rewards
  }

  /// Whether there is nothing to evaluate on.
  var isEmpty: Bool { held.isEmpty }

  /// Refuses an evaluation that could not work, before anything is trained.
  func validate() throws {
    let settings = context.stage.evaluation
    _ = try StagePreflight.longestPrompt(
      held, context, length: settings.maximumCompletionLength,
      setting: "evaluation.max_completion_length")
    try Grading(
      rewards: [], problems: held, workers: 1, maximumTokens: settings.maximumCompletionLength,
      graders: context.graders, own: rewards
    ).prepare()
  }

  /// Evaluates on the held-out problems, by their own graders as the rewards have set them; a row of
  /// `evaluations.jsonl`.
  ///
  /// - Parameter model: what is measured: a checkpoint's name, or what the run starts from.
  func evaluate(
    step: Int, model: String, progress: (Int, Int) -> Void
  ) throws -> JSONObject {
    let settings = context.stage.evaluation
    let evaluator = evaluator(
      Evaluator.Settings(
        samples: settings.samples, sampling: SamplingOptions(temperature: settings.temperature),
        maximumTokens: settings.maximumCompletionLength, seed: context.recipe.seed,
        stopStrings: context.stopStrings, ownGraders: rewards))
    let problems = try measured(evaluator, held, step: step, progress: progress)
    var row = JSONObject([
      ("step", .integer(step)), ("stage", .integer(context.index)),
      ("model", .string(model)),
    ])
    row.merge(evaluator.summary(problems, tasks: "eval"))
    draw.write(to: &row, count: heldCount)
    return row
  }

  /// Measures; a policy whose predictions are no numbers ends the run.
  private func measured(
    _ evaluator: Evaluator, _ problems: [Problem], step: Int, progress: (Int, Int) -> Void
  ) throws -> [EvaluatedProblem] {
    do {
      return try evaluator.evaluate(problems, progress: progress)
    } catch let error as PolicyError where error.kind == .badData {
      throw TrainingError(.stopped, "evaluation after step \(step): \(error.description)")
    }
  }

  private func evaluator(_ settings: Evaluator.Settings) -> Evaluator {
    var settings = settings
    settings.rows = { [memory] in memory.evaluationRows($0) }
    return Evaluator(
      model: context.model, template: context.template, settings: settings,
      graders: context.graders)
  }

  /// Samples groups of some training problems as a step would, and says what there is to learn from:
  /// pass@1, pass@k, the share of groups whose rewards differ, the mean reward and its standard error.
  func probe(
    _ settings: GroupRelativeSettings, step: Int, progress: (Int, Int) -> Void
  ) throws -> JSONObject {
    let draw = ProblemDraw(limit: settings.probeProblems, seed: context.recipe.seed)
    let problems = draw(context.problems)
    let evaluator = evaluator(
      Evaluator.Settings(
        samples: settings.groupSize,
        sampling: SamplingOptions(temperature: settings.sampling.temperature),
        maximumTokens: settings.sampling.maximumCompletionLength, seed: context.recipe.seed,
        stopStrings: context.stopStrings, rewards: rewards))
    let results = try measured(evaluator, problems, step: step, progress: progress)
    let rewards = results.map { $0.samples.map(\.reward) }
    let learnable = rewards.count { Set($0.compactMap { $0 }).count > 1 }
    var row = JSONObject([("step", .integer(step))])
    row.merge(evaluator.summary(results, tasks: "train"))
    draw.write(to: &row, count: context.problems.count)
    row["learnable_groups"] = .number(Double(learnable) / Double(max(1, results.count)))
    let spread = RewardSpread(rewards)
    row["reward"] = .number(spread.mean)
    row["reward_se"] = .number(spread.standardError)
    return row
  }
}
