import Foundation
public import HoneGraders
import HoneJSON
public import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText

/// A whole run: the stages of a recipe, one after another, with checkpoints and evaluations.
///
/// A resumed run makes the same steps with the same bits as one that never stopped.
public final class TrainingRun {
  /// Why a run should end before its last step.
  public enum StopRequest: Sendable {
    /// The user interrupted it.
    case interrupted
    /// It was asked to terminate.
    case terminated
  }

  /// How a run ended.
  public struct Outcome: Sendable {
    /// The run's folder.
    public var folder: String
    /// Steps that were made over the life of the run.
    public var steps: Int
    /// The best evaluation, if there was any.
    public var best: TrainerState.Best?
    /// Whether there was nothing left to do.
    public var wasFinished: Bool
  }

  /// The recipe.
  public let recipe: Recipe
  private let recipeFile: String?
  private let compute: Compute
  private let graders: GraderOptions
  private let folder: RunFolder
  private let sink: any ProgressSink
  private let shouldStop: () -> StopRequest?
  private let resumedFrom: Checkpoint?
  private var state: TrainerState
  /// Operations a second of large square products, measured as the run begins.
  private var multiplyRate = Double.infinity
  /// The problems of the stages to come, by index.
  private var tasks: [Int: StageTasks]

  /// Starts a run in a new folder.
  ///
  /// - Parameters:
  ///   - recipeFile: where the recipe came from; paths in it may be relative to its folder.
  ///   - path: the run's folder; refused if it holds a run.
  ///   - graders: how programs of the policy may be run.
  ///   - shouldStop: asked after every step.
  public static func start(
    _ recipe: Recipe, recipeFile: String?, at path: String, arguments: [String], compute: Compute,
    graders: GraderOptions = GraderOptions(), sink: any ProgressSink,
    shouldStop: @escaping () -> StopRequest? = { nil }
  ) throws -> TrainingRun {
    let bytes = try checkpointBytes(recipe, recipeFile: recipeFile)
    try RunFolder.requireSpace(at: path, checkpointBytes: bytes, keep: recipe.keepCheckpoints)
    let (tasks, isolation) = try StageTasks.ahead(
      recipe, recipeFile: recipeFile, after: 0, graders: graders)
    let folder = try RunFolder.create(
      at: path, recipe: recipe,
      description: .current(
        arguments: arguments, seed: recipe.seed, compute: compute, isolation: isolation))
    return TrainingRun(
      recipe, recipeFile: recipeFile, folder: folder, resumedFrom: nil,
      state: TrainerState(step: 0, stage: 0, seed: recipe.seed), tasks: tasks, compute: compute,
      graders: graders, sink: sink, shouldStop: shouldStop)
  }

  /// Goes on with the run in a folder, from its newest whole checkpoint, or from the beginning
  /// where there is none yet.
  ///
  /// - Parameter recipe: the recipe as given now; it may differ from the run's own only where
  ///   results do not depend on it. Nil takes the run's own.
  public static func resume(
    _ recipe: Recipe?, recipeFile: String?, at path: String, arguments: [String],
    compute: Compute, graders: GraderOptions = GraderOptions(), sink: any ProgressSink,
    shouldStop: @escaping () -> StopRequest? = { nil }
  ) throws -> TrainingRun {
    let resumption = try RunFolder.resume(at: path) { run throws(TrainingError) in
      guard let recipe else { return }
      try RecipeComparison(run: run, given: recipe).require(recipeFile: recipeFile ?? "the recipe")
    }
    for note in resumption.notes { sink.handle(.note(note)) }
    let recipe = recipe ?? resumption.recipe
    let state =
      resumption.state ?? TrainerState(step: 0, stage: 0, seed: recipe.seed)
    let (tasks, isolation) = try StageTasks.ahead(
      recipe, recipeFile: recipeFile, after: state.step, graders: graders)
    var now = RunDescription.current(
      arguments: arguments, seed: 0, compute: compute, isolation: isolation)
    // Stages that are done needed what they needed.
    if tasks.count < recipe.stages.count, isolation == nil {
      now.isolation = resumption.description.isolation
    }
    for difference in resumption.description.differences(to: now) {
      sink.handle(
        .note("this run was started elsewhere (\(difference)); the bits may differ from here on"))
    }
    try resumption.run.store(recipe)
    return TrainingRun(
      recipe, recipeFile: recipeFile, folder: resumption.run, resumedFrom: resumption.checkpoint,
      state: state, tasks: tasks, compute: compute, graders: graders, sink: sink,
      shouldStop: shouldStop)
  }

  private init(
    _ recipe: Recipe, recipeFile: String?, folder: RunFolder, resumedFrom: Checkpoint?,
    state: TrainerState, tasks: [Int: StageTasks], compute: Compute, graders: GraderOptions,
    sink: any ProgressSink, shouldStop: @escaping () -> StopRequest?
  ) {
    self.recipe = recipe
    self.recipeFile = recipeFile
    self.folder = folder
    self.resumedFrom = resumedFrom
    self.state = state
    self.tasks = tasks
    self.compute = compute
    self.graders = graders
    self.sink = sink
    self.shouldStop = shouldStop
  }

  /// Runs to the end, or until asked to stop.
  ///
  /// - Throws: `TrainingError` of kind `interrupted` or `terminated`, with the checkpoint that was
  ///   saved; `stopped` where the run stopped itself; any error of files, recipes or data.
  public func run() throws -> Outcome {
    let wasFinished = state.step >= recipe.totalSteps
    if !wasFinished {
      multiplyRate = compute.squareMultiplyRate(repeats: 2)
      var model = try firstModel()
      var stepsBefore = 0
      for (index, stage) in recipe.stages.enumerated() {
        if state.step < stepsBefore + stage.steps {
          model = try run(stage: index, stepsBefore: stepsBefore, model: model)
        }
        stepsBefore += stage.steps
      }
    }
    return Outcome(
      folder: folder.path, steps: state.step, best: state.best, wasFinished: wasFinished)
  }

  private func firstModel() throws -> LoadedModel {
    if let resumedFrom {
      return try LoadedModel.load(resumedFrom.path, compute: compute)
    }
    return try TrainingModel.initial(recipe, recipeFile: recipeFile, compute: compute)
  }

  // MARK: - One stage

  private func run(stage index: Int, stepsBefore: Int, model: LoadedModel) throws -> LoadedModel {
    let stage = recipe.stages[index]
    let isResumed = state.step > stepsBefore
    if !isResumed {
      state.stage = index
      state.cursor = BatchCursor()
      state.optimizerStep = 0
    }
    let tasks =
      try self.tasks.removeValue(forKey: index)
      ?? StageTasks(stage, index: index, recipeFile: recipeFile)
    for note in tasks.notes { sink.handle(.note(note)) }
    var model = model
    model.template = try template(stage, model)
    model.policy.adopt(stage.precision)
    let context = StageContext(
      recipe: recipe, index: index, stepsBefore: stepsBefore, model: model,
      template: model.template ?? .plain,
      stopStrings: (model.template?.stopStrings ?? []) + stage.prompt.stop,
      problems: tasks.problems, graders: graders, sink: sink)
    let runner = try makeRunner(context, isResumed: isResumed)
    if isResumed, let resumedFrom {
      try CheckpointFiles.readOptimizer(
        runner.optimizer, policy: model.policy, folder: resumedFrom.path)
      runner.optimizer.updates = state.optimizerStep
    }
    let last = stepsBefore + stage.steps
    sink.handle(
      .stageStarted(
        index: index, kind: stage.kind.rawValue, firstStep: state.step + 1, lastStep: last,
        summary: runner.summary))
    let evaluator = StageEvaluator(
      context, held: tasks.held, rewards: stage.grpo?.rewards ?? [], memory: runner.memory)
    try evaluator.validate()
    if !isResumed { try probe(context, evaluator) }
    while state.step < last {
      try step(runner, context)
      try afterStep(runner, context, evaluator)
    }
    return model
  }

  private func template(_ stage: Stage, _ model: LoadedModel) throws -> PromptTemplate {
    if let text = stage.prompt.text {
      return try PromptTemplate(name: "recipe", text: text, stopStrings: stage.prompt.stop)
    }
    if let name = stage.prompt.template { return try PromptTemplate.named(name) }
    return model.template ?? .plain
  }

  private func makeRunner(_ context: StageContext, isResumed: Bool) throws -> any StageRunner {
    switch context.stage.method {
    case .sft(let settings): return try SupervisedStage(context, settings: settings)
    case .grpo(let settings):
      var reference: Policy?
      if isResumed, let resumedFrom, settings.objective.divergence.beta != 0 {
        reference = try CheckpointFiles.readReference(
          like: context.model.policy, folder: resumedFrom.path)
      }
      return try GroupRelativeStage(context, settings: settings, reference: reference)
    }
  }

  /// Samples before the first step and says whether there is anything to learn from.
  private func probe(_ context: StageContext, _ evaluator: StageEvaluator) throws {
    guard let settings = context.stage.grpo, settings.probeProblems > 0 else { return }
    let row = try evaluator.probe(settings, step: state.step) { [sink, state] done, total in
      sink.handle(.progress(step: state.step, phase: .evaluate, done: done, total: total))
    }
    sink.handle(.probed(row: row))
  }

  private func step(_ runner: any StageRunner, _ context: StageContext) throws {
    var watch = Stopwatch()
    let number = state.step + 1
    var cursor = state.cursor
    let result: StepResult
    do {
      result = try runner.step(number, cursor: &cursor)
    } catch let error as TrainingError where error.kind == .stopped {
      let saved = try? folder.checkpoints.newestWhole().checkpoint
      throw TrainingError(
        .stopped,
        error.message
          + (saved.map { ". The last whole checkpoint is \($0.path)" }
            ?? ". There is no checkpoint yet"))
    }
    state.cursor = cursor
    state.step = number
    state.tokens += result.tokens
    state.optimizerStep = runner.optimizer.updates
    var row = JSONObject([
      ("step", .integer(number)), ("stage", .integer(context.index)),
    ])
    row.merge(result.metrics)
    row["num_tokens"] = .integer(state.tokens)
    let seconds = watch.lap()
    row["step_time"] = .number(seconds)
    row["sgemm_share"] = .number(result.operations / max(1e-9, seconds) / multiplyRate)
    try folder.metrics.append(row)
    try folder.completions.append(
      result.completions.map { completion in
        var row = JSONObject([("stage", .integer(context.index))])
        row.merge(completion)
        return row
      })
    sink.handle(.stepFinished(row: row, good: result.good, bad: result.bad))
  }

  /// Evaluates and saves where that is due; leaves if asked to.
  private func afterStep(
    _ runner: any StageRunner, _ context: StageContext, _ evaluator: StageEvaluator
  ) throws {
    let stage = context.stage
    let inStage = state.step - context.stepsBefore
    let isLast = inStage == stage.steps
    let request = shouldStop()
    var isBest = false
    if !evaluator.isEmpty,
      isLast || (stage.evaluateEvery > 0 && inStage % stage.evaluateEvery == 0)
    {
      let row = try evaluator.evaluate(step: state.step) { [sink, state] done, total in
        sink.handle(.progress(step: state.step, phase: .evaluate, done: done, total: total))
      }
      try folder.evaluations.append(row)
      sink.handle(.evaluated(row: row))
      let metric = row["pass@1"]?.double ?? 0
      if metric > state.best?.metric ?? -1 {
        state.best = TrainerState.Best(metric: metric, step: state.step)
        isBest = true
      }
    }
    let isDue = stage.checkpointEvery > 0 && inStage % stage.checkpointEvery == 0
    guard isLast || isDue || isBest || request != nil else { return }
    let saved = try save(runner, context, isBest: isBest)
    guard let request, state.step < recipe.totalSteps else { return }
    throw TrainingError(
      request == .interrupted ? .interrupted : .terminated,
      "stopped after step \(state.step); saved \(saved.path). Go on with --resume: the result will be that of an uninterrupted run, bit for bit"
    )
  }

  private func save(
    _ runner: any StageRunner, _ context: StageContext, isBest: Bool
  ) throws -> Checkpoint {
    var model = context.model
    // The recipe's own words: a resumed run must write what an uninterrupted one writes.
    let origin = if case .folder(let path) = recipe.model { path } else { "random weights" }
    model.metadata["lineage"] = .object(
      JSONObject([
        ("recipe", .string(recipe.name)), ("step", .integer(state.step)),
        ("stage", .integer(context.index)), ("seed", .integer(recipe.seed)),
        ("from", .string(origin)), ("hone", .string(HoneVersion.current)),
      ]))
    let checkpoint = try folder.saveCheckpoint(
      state, isBest: isBest, keep: recipe.keepCheckpoints
    ) { path in
      try model.write(to: path)
      try CheckpointFiles.writeOptimizer(runner.optimizer, policy: model.policy, folder: path)
      if let reference = runner.reference {
        try CheckpointFiles.writeReference(reference, folder: path)
      }
    }
    sink.handle(.checkpointSaved(path: checkpoint.path, step: state.step, isBest: isBest))
    return checkpoint
  }

  /// Bytes of one checkpoint, for the look at the disk before a run starts.
  private static func checkpointBytes(_ recipe: Recipe, recipeFile: String?) throws -> Int {
    let parameters: Int
    switch recipe.model {
    case .folder(let path):
      let found = Recipe.resolve(path: path, recipeFile: recipeFile) ?? path
      let configuration = try ModelFolder(path: try LoadedModel.resolve(found)).configuration()
      parameters = ParameterLayout(configuration).parameterCount
    case .architecture(let a):
      parameters =
        (a.vocabularySize ?? 512) * a.hiddenSize * (a.tieWordEmbeddings ? 1 : 2) + a.layers
        * a.hiddenSize
        * (2 * a.headDimension * (a.attentionHeads + a.keyValueHeads) + 3 * a.intermediateSize)
    }
    let hasReference = recipe.stages.contains { ($0.grpo?.objective.divergence.beta ?? 0) != 0 }
    return 4 * parameters * (hasReference ? 4 : 3) + (2 << 20)
  }
}
