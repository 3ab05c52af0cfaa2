import HoneJSON
import HonePolicy
import HoneText

// One stage of a run: what happens before its first step, then its steps.

extension TrainingRun {
  /// Makes the steps of a stage that are left.
  ///
  /// - Parameters:
  ///   - model: the policy that the stage begins with, or that its last checkpoint holds.
  ///   - checkpoint: the checkpoint within the stage that it goes on from.
  /// - Returns: the policy that the stage ends with.
  func run(
    stage index: Int, stepsBefore: Int, model: LoadedModel, tasks: StageTasks,
    resumedFrom checkpoint: Checkpoint?
  ) throws -> LoadedModel {
    let stage = recipe.stages[index]
    (stepSnapshot, spikes) = (nil, SpikeWatch())
    if checkpoint == nil { begin(stage: index) }
    for note in tasks.notes { sink.handle(.note(note)) }
    var model = model
    model.template = try stage.prompt.resolved(model.template)
    model.policy.adopt(stage.precision)
    let context = StageContext(
      recipe: recipe, index: index, stepsBefore: stepsBefore, model: model,
      problems: tasks.problems, graders: graders, sink: sink)
    let runner = try makeRunner(context, resumedFrom: checkpoint)
    let last = stepsBefore + stage.steps
    sink.handle(
      .stageStarted(
        index: index, kind: stage.kind.rawValue, firstStep: state.step + 1, lastStep: last,
        summary: runner.summary))
    let evaluator = StageEvaluator(
      context, held: tasks.held, rewards: stage.grpo?.rewards ?? [], memory: runner.memory)
    try evaluator.validate()
    if checkpoint == nil {
      try evaluateBefore(context, evaluator)
      try probe(context, evaluator)
      noteLargeUpdates(context)
    }
    var health = try health(of: context)
    if state.isUnsettled { try afterStep(runner, context, evaluator, health) }
    while state.step < last {
      try step(runner, context, &health)
      try afterStep(runner, context, evaluator, health)
    }
    return model
  }

  /// What a stage's first step finds.
  private func begin(stage index: Int) {
    state.stage = index
    state.cursor = BatchCursor()
    state.optimizerStep = 0
    state.probe = nil
    state.good = nil
    state.learningRateScale = 1
  }

  private func makeRunner(
    _ context: StageContext, resumedFrom checkpoint: Checkpoint?
  ) throws -> any StageRunner {
    let runner: any StageRunner
    switch context.stage.method {
    case .sft(let settings): runner = try SupervisedStage(context, settings: settings)
    case .grpo(let settings):
      var reference: Policy?
      if let checkpoint, settings.objective.divergence.beta != 0 {
        reference = try CheckpointFiles.readReference(
          like: context.model.policy, folder: checkpoint.path)
      }
      runner = try GroupRelativeStage(context, settings: settings, reference: reference)
    }
    if let checkpoint {
      try CheckpointFiles.readOptimizer(
        runner.optimizer, policy: context.model.policy, folder: checkpoint.path)
      runner.optimizer.updates = state.optimizerStep
    }
    runner.learningRateScale = state.learningRateScale
    return runner
  }

  // MARK: - Before the first step

  /// Evaluates the policy that the stage begins with, so that every run tells before and after.
  private func evaluateBefore(_ context: StageContext, _ evaluator: StageEvaluator) throws {
    guard !evaluator.isEmpty else { return }
    let isStart = state.step == 0
    let row = try evaluate(
      evaluator, model: isStart ? origin : Checkpoint.folderName(step: state.step))
    // Before the first step of a run there is no checkpoint that could be the best.
    if try isBest(row, context, hasCheckpoint: !isStart) {
      try settleCheckpoint()
      try folder.checkpoints.pointBest(to: state.step)
    }
  }

  /// Samples before the first step and says whether there is anything to learn from.
  private func probe(_ context: StageContext, _ evaluator: StageEvaluator) throws {
    guard let settings = context.stage.grpo, settings.probeProblems > 0 else { return }
    let row = try evaluator.probe(settings, step: state.step) { [sink, state] done, total in
      sink.handle(.progress(step: state.step, phase: .evaluate, done: done, total: total))
    }
    sink.handle(.probed(row: row))
    state.probe = StageHealth.Probe(row: row, promptsPerStep: settings.promptsPerStep)
    let probe = HealthNotes.judge(row: row)
    guard !probe.hasSignal else { return }
    let hasNoGradient = settings.hasNoGradient(probe: row)
    guard settings.onNoSignal == .stop || settings.onNoSignal == nil && hasNoGradient else {
      return
    }
    throw TrainingError(
      .stopped,
      "stage \(context.index) was not started, for there is nothing to learn from. \(probe.text) 'on_no_signal: note', in a new run, goes on all the same"
        + (state.step > 0 ? lastWhole : "")
    )
  }

  /// A learning rate that no policy survives is told before it is used.
  ///
  /// AdamW moves a weight by about the learning rate, whatever the gradient's size (Kingma and Ba 2015,
  /// section 2.1).
  private func noteLargeUpdates(_ context: StageContext) {
    let rate = context.stage.optimizer.learningRate
    guard rate > 0.01 else { return }
    let size = context.model.policy.typicalWeight
    guard rate > 0.5 * size else { return }
    sink.handle(
      .note(
        "learning_rate \(ShortNumber.text(rate)): an update moves a weight by about that much, and the weights are \(ShortNumber.text(size)) in the mean: this will most likely destroy the policy"
      ))
  }

  /// The health of a stage as the rows tell it that were written so far.
  private func health(of context: StageContext) throws -> StageHealth {
    var health = StageHealth(
      context.stage, probe: state.probe,
      vocabularySize: context.model.policy.sampledTokenCount)
    guard state.step > context.stepsBefore else { return health }
    for row in try folder.metrics.rows() where row["stage"]?.int == context.index {
      _ = spikes.observe(row)
      _ = health.observe(row)
    }
    return health
  }

  // MARK: - One step

  private func step(
    _ runner: any StageRunner, _ context: StageContext, _ health: inout StageHealth
  ) throws {
    var watch = Stopwatch()
    let number = state.step + 1
    var cursor = state.cursor
    let result: StepResult
    let start = try beginning(of: number, runner, context)
    do {
      result = try runner.step(number, cursor: &cursor)
    } catch {
      throw try failed(error, start, runner, context)
    }
    let isSecond = try recompute(start, result, runner, context, &cursor)
    state.cursor = cursor
    state.step = number
    state.tokens += result.tokens.samples
    state.uniqueTokens += result.tokens.unique
    state.optimizerStep = runner.optimizer.updates
    var row = JSONObject([
      ("step", .integer(number)), ("stage", .integer(context.index)),
    ])
    row.merge(result.metrics)
    row["num_tokens"] = .integer(state.tokens)
    row["num_unique_tokens"] = .integer(state.uniqueTokens)
    let seconds = watch.lap()
    row["step_time"] = .number(seconds)
    row["sgemm_share"] = .number(result.operations / max(1e-9, seconds) / multiplyRate)
    if isSecond { row["recomputed"] = .bool(true) }
    let finding = health.observe(row)
    let end = try finding.collapse.flatMap {
      try answer($0, runner, context, &health, row: &row)
    }
    try folder.metrics.append(row)
    try folder.completions.append(
      result.completions.map { completion in
        var row = JSONObject([("stage", .integer(context.index))])
        row.merge(completion)
        return row
      })
    sink.handle(.stepFinished(row: row, good: result.good, bad: result.bad))
    for note in finding.notes { sink.handle(.note(note.text)) }
    if let end { throw end }
  }

  /// Where a run that stopped itself can go on from, for the end of a message.
  var lastWhole: String {
    // One that is being written is whole in a moment, or will be missed.
    try? settleCheckpoint()
    let saved = try? folder.checkpoints.newestWhole().checkpoint
    return saved.map { ". The last whole checkpoint is \($0.path)" }
      ?? ". There is no checkpoint yet"
  }
}

extension PromptSettings {
  /// The template of a stage: the recipe's own text, the one it names, or the policy's own.
  func resolved(_ own: PromptTemplate?) throws -> PromptTemplate {
    if let text {
      return try PromptTemplate(name: "recipe", text: text, stopStrings: stop)
    }
    if let template { return try PromptTemplate.named(template) }
    return own ?? .plain
  }
}

extension GroupRelativeSettings {
  /// Whether the gradient of the samples that a probe saw is exactly 0.
  ///
  /// It is where no group has samples to prefer and no divergence from the reference counts. Without
  /// groups to compare with, only rewards that are all 0 are known to give none.
  func hasNoGradient(probe row: JSONObject) -> Bool {
    guard objective.divergence.beta == 0 else { return false }
    if objective.needsGroups { return row["learnable_groups"]?.double ?? 0 == 0 }
    return row["reward"]?.double == 0 && row["reward_se"]?.double == 0
  }
}

extension StageHealth.Probe {
  /// What a probe's row says; nil where nothing could be scored.
  init?(row: JSONObject, promptsPerStep: Int) {
    guard let reward = row["reward"]?.double, let error = row["reward_se"]?.double,
      let problems = row["problems"]?.int, problems > 0, row["unscored"]?.double != 1
    else { return nil }
    self.init(
      reward: reward, standardError: error, steps: Double(problems) / Double(promptsPerStep))
  }
}
