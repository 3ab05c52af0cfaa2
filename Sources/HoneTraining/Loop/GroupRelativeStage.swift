import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks

/// Group-relative policy optimisation: GRPO, Shao and others 2024; DeepSeek-AI 2025.
///
/// `step` is the whole algorithm, in the order in which it happens.
final class GroupRelativeStage: StageRunner {
  var optimizer: PolicyOptimizer { update.optimizer }
  let reference: Policy?
  let memory: MemoryChoice
  private let context: StageContext
  private let settings: GroupRelativeSettings
  private let generator: Generator
  private let rollout: Rollout
  private let grading: Grading
  private let rewardRule: RewardRule
  private let advantage: GroupAdvantage
  private let update: GroupRelativeUpdate
  private let order: BatchOrder
  private let forward: ForwardOperations
  var learningRateScale: Double = 1

  init(
    _ context: StageContext, settings: GroupRelativeSettings, reference stored: Policy?
  ) throws {
    self.context = context
    self.settings = settings
    forward = ForwardOperations(context.model.policy.configuration)
    let policy = context.model.policy
    let longest = try StagePreflight.longestPrompt(context, settings.sampling)
    let length = settings.sampling.maximumCompletionLength
    let rows = Self.rows(settings, longestPrompt: longest)
    memory = try Self.memory(context, settings, longestPrompt: longest)
    generator = Generator(
      policy: policy, rows: memory.samplingRows, longestPrompt: longest)
    rollout = Rollout(
      tokenizer: context.model.tokenizer,
      options: SamplingOptions(temperature: settings.sampling.temperature),
      stop: context.model.stopRule(maximumTokens: length, strings: context.stopStrings),
      seed: context.recipe.seed, purpose: .sampling)
    grading = try Grading(
      rewards: settings.rewards, problems: context.problems,
      workers: policy.compute.team.workers, maximumTokens: length, graders: context.graders)
    try grading.prepare()
    for note in settings.rewardNotes { context.sink.handle(.note(note)) }
    rewardRule = RewardRule(divergence: settings.objective.divergence)
    advantage = GroupAdvantage(settings.objective.advantage)
    reference = settings.objective.divergence.beta == 0 ? nil : stored ?? policy.copy()
    let optimizer = PolicyOptimizer(
      layout: policy.layout, precision: policy.precision, seed: context.recipe.seed,
      stage: context.index)
    update = GroupRelativeUpdate(
      policy: policy, optimizer: optimizer,
      workspace: TrainingWorkspace(
        configuration: policy.configuration, maximumRows: rows.rows,
        maximumSegments: rows.segments, maximumParentRows: rows.parentRows,
        precision: policy.precision, recomputes: memory.recomputes),
      gradients: Gradients(policy.layout, precision: policy.precision),
      laneGradients: context.recipe.lanes > 1
        ? Gradients(policy.layout, precision: policy.precision) : nil,
      settings: settings, optimizerSettings: context.stage.optimizer, lanes: context.recipe.lanes)
    policy.spareMemory = update.gradients
    order = BatchOrder(
      count: context.problems.count, seed: context.recipe.seed, salt: context.index)
    if let remark = settings.offPolicyRemark { context.sink.handle(.note(remark)) }
  }

  /// The rows of the largest pass: one group.
  private static func rows(
    _ settings: GroupRelativeSettings, longestPrompt: Int
  ) -> MemoryPlan.Training {
    .group(
      prompt: longestPrompt, completions: settings.groupSize,
      completionLength: settings.sampling.maximumCompletionLength)
  }

  /// How a stage makes do with the recipe's `memory_limit`.
  static func memory(
    _ context: StageContext, _ settings: GroupRelativeSettings, longestPrompt: Int
  ) throws -> MemoryChoice {
    try MemoryChoice(
      context.stage, configuration: context.model.policy.configuration,
      lanes: context.recipe.lanes, limit: context.recipe.memoryLimit,
      longestPrompt: longestPrompt, training: rows(settings, longestPrompt: longestPrompt),
      allowance: .current)
  }

  /// One step: draw problems, sample groups, grade, compare within groups, update.
  ///
  /// Each completion is graded from when it has ended, while others are still sampled; `time/grade` is
  /// what is left of that when the last one has ended.
  func step(_ step: Int, cursor: inout BatchCursor) throws -> StepResult {
    var watch = Stopwatch()
    let problems = order.batch(settings.promptsPerStep, from: &cursor).map { context.problems[$0] }
    let completionGrading = grading.begin()
    let groups = try sample(problems.map(context.prompt), step: step, grading: completionGrading)
    let rolloutSeconds = watch.lap()

    let scores = try scores(completionGrading, groups)
    let gradeSeconds = watch.lap()

    let references = referenceLogProbabilities(groups)
    let rewards = rewards(groups, scores, references)
    let outcome = advantage.compute(rewards)
    try checkUnscored(outcome, scores, step: step)

    let trainable = trainableGroups(groups, outcome, references)
    let rate =
      learningRateScale
      * context.stage.optimizer.learningRate(
        atStep: step - context.stepsBefore, of: context.stage.steps)
    let updates = try train(trainable, step: step, learningRate: rate)
    let trainSeconds = watch.lap()

    let passes = groups.map {
      forward.group(
        prompt: $0.prompt.tokens.count, completions: $0.completions.map(\.tokens.count))
    }
    let learned = zip(trainable, passes).reduce(0) {
      $1.0.hasGradient(settings.objective) ? $0 + $1.1 : $0
    }
    let report = GroupRelativeReport(
      groups: groups, scores: scores, rewards: rewards, outcome: outcome, updates: updates,
      learningRate: rate, references: references, objective: settings.objective,
      isolation: grading.isolation,
      operations: passes.reduce(0, +) * (reference == nil ? 1 : 2)
        + 3 * learned * Double(settings.updatesPerRollout),
      seconds: (rolloutSeconds, gradeSeconds, trainSeconds))
    if let gap = updates.first?.metrics.maximumLogRatio, gap != 0 {
      context.sink.handle(
        .note("step \(step): sampler and trainer differ by \(gap) nats for the same token"))
    }
    return report.result(step: step)
  }

  private func sample(
    _ prompts: [Prompt], step: Int, grading: CompletionGrading
  ) throws(TrainingError) -> [RolloutGroup] {
    let total = prompts.count * settings.groupSize
    do throws(NonFinitePrediction) {
      return try rollout.sample(
        prompts, size: settings.groupSize, step: step, generator: generator
      ) { [context] ended in
        grading.add(ended)
        context.sink.handle(
          .progress(step: step, phase: .rollout, done: ended.count, total: total))
        return true
      }
    } catch {
      throw TrainingError(
        .stopped,
        "step \(step), problem '\(prompts[error.request].problem.id)', sample \(error.sample), position \(error.position): the sampled log-probability is \(error.value)"
      )
    }
  }

  /// Waits for the graders, unless the step is to be given up.
  private func scores(
    _ grading: CompletionGrading, _ groups: [RolloutGroup]
  ) throws -> [[RubricScore]] {
    let team = context.model.policy.compute.team
    try team.requireUninterrupted()
    let scores = grading.scores(of: groups, unless: { team.interruption.isRaised })
    try team.requireUninterrupted()
    return scores.compactMap { $0 }
  }

  /// The reference policy's log-probabilities of every completion token. [groups][samples][tokens]
  private func referenceLogProbabilities(_ groups: [RolloutGroup]) -> [[[Double]]]? {
    guard let reference else { return nil }
    return groups.map { group in
      let batch = PackedBatch([
        PackedGroup(prompt: group.prompt.tokens, completions: group.completions.map(\.tokens))
      ])
      let scores = reference.score(
        batch, workspace: update.workspace, temperature: Float(settings.sampling.temperature))
      return batch.completions.map { range in scores[range].map { Double($0.logProbability) } }
    }
  }

  /// One reward a sample; nil where a grader failed. [groups][samples]
  private func rewards(
    _ groups: [RolloutGroup], _ scores: [[RubricScore]], _ references: [[[Double]]]?
  ) -> [[Double?]] {
    groups.indices.map { group in
      scores[group].indices.map { sample in
        rewardRule.reward(
          scores[group][sample].components.map {
            RewardRule.Component(
              name: $0.name, weight: $0.weight, value: $0.score.isScored ? $0.score.value : nil)
          },
          logProbabilities: groups[group].completions[sample].logProbabilities.map(Double.init),
          reference: references?[group][sample])
      }
    }
  }

  /// Too many samples that no grader could judge: a fault of the graders, not of the policy.
  private func checkUnscored(
    _ outcome: GroupAdvantage.Outcome, _ scores: [[RubricScore]], step: Int
  ) throws(TrainingError) {
    guard outcome.unscoredRate > settings.unscoredLimit else { return }
    let reason = scores.joined().lazy.compactMap(\.unscoredReason).first ?? "unknown"
    throw TrainingError(
      .stopped,
      "step \(step): \(outcome.unscored) of \(outcome.unscored + outcome.scored) samples could not be graded, more than unscored_limit \(settings.unscoredLimit) allows. The first: \(reason)"
    )
  }

  private func trainableGroups(
    _ groups: [RolloutGroup], _ outcome: GroupAdvantage.Outcome, _ references: [[[Double]]]?
  ) -> [TrainableGroup] {
    return groups.indices.map { index in
      let advantages = outcome.advantages[index]
      let completions = groups[index].completions
      return TrainableGroup(
        prompt: groups[index].prompt.tokens, completions: completions, advantages: advantages,
        participation: zip(completions, advantages).map { completion, advantage in
          if advantage == nil { return .absent }
          let isMasked = settings.masksTruncated && completion.finishReason == .length
          return isMasked ? .masked : .full
        }, reference: references?[index])
    }
  }

  /// The updates of one rollout: `updates_per_rollout` passes of `mini_batches` each.
  private func train(
    _ groups: [TrainableGroup], step: Int, learningRate: Double
  ) throws(TrainingError) -> [GroupRelativeUpdate.Outcome] {
    var outcomes: [GroupRelativeUpdate.Outcome] = []
    let batches = min(settings.miniBatches, groups.count)
    let total = groups.count * settings.updatesPerRollout
    var done = 0
    for _ in 0..<settings.updatesPerRollout {
      for batch in 0..<batches {
        let range = batch * groups.count / batches..<(batch + 1) * groups.count / batches
        let before = done
        outcomes.append(
          try update(
            Array(groups[range]), sampleNumbers: range.map { $0 * settings.groupSize },
            step: step, learningRate: learningRate
          ) { [context] count in
            context.sink.handle(
              .progress(step: step, phase: .train, done: before + count, total: total))
          })
        done += range.count
      }
    }
    return outcomes
  }

  var summary: [(String, String)] {
    let objective = settings.objective
    let rewards =
      settings.rewards.isEmpty
      ? "each problem's own grader"
      : settings.rewards.map { "\($0.name) x \($0.weight)" }.joined(separator: ", ")
    let isolation = grading.isolation.map { [("sandbox", "isolation level \($0) of 3")] } ?? []
    return [
      ("tasks", "\(context.problems.count) problems"),
      ("rewards", rewards),
    ] + isolation + [
      (
        "groups",
        "\(settings.promptsPerStep) prompts x \(settings.groupSize) samples, up to \(settings.sampling.maximumCompletionLength) tokens at temperature \(settings.sampling.temperature)"
      ),
      (
        "loss",
        "\(objective.loss.rawValue), \(objective.aggregation.rawValue), baseline \(objective.advantage.baseline.rawValue), scale \(objective.advantage.scale.rawValue), beta \(objective.divergence.beta)"
      ),
      ("optim", context.stage.optimizer.summary),
      ("numbers", context.stage.precision.summary),
    ] + memory.summary
  }
}
