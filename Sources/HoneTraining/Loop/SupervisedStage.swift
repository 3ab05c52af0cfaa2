import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText

/// Supervised training on demonstrations.
final class SupervisedStage: StageRunner {
  let optimizer: PolicyOptimizer
  let reference: Policy? = nil
  let memory: MemoryChoice
  var learningRateScale: Double = 1
  private let context: StageContext
  private let settings: SupervisedSettings
  private let demonstrations: [TokenizedDemonstration]
  private let update: SupervisedUpdate
  private let order: BatchOrder
  private let forward: ForwardOperations

  init(_ context: StageContext, settings: SupervisedSettings) throws {
    self.context = context
    self.settings = settings
    forward = ForwardOperations(context.model.policy.configuration)
    let model = context.model
    let demonstrations = try Self.demonstrations(context)
    self.demonstrations = demonstrations
    order = BatchOrder(
      count: demonstrations.count, seed: context.recipe.seed, salt: context.index)
    optimizer = PolicyOptimizer(
      layout: model.policy.layout, precision: model.policy.precision, seed: context.recipe.seed,
      stage: context.index)
    let rows = SupervisedUpdate.largestPass(demonstrations, batchSize: settings.batchSize)
    memory = try Self.memory(context, settings, demonstrations)
    update = SupervisedUpdate(
      policy: model.policy, optimizer: optimizer,
      workspace: TrainingWorkspace(
        configuration: model.policy.configuration, maximumRows: rows.rows,
        maximumSegments: rows.segments, maximumParentRows: rows.parentRows,
        precision: model.policy.precision, recomputes: memory.recomputes),
      gradients: Gradients(model.policy.layout, precision: model.policy.precision),
      optimizerSettings: context.stage.optimizer)
    model.policy.spareMemory = update.gradients
  }

  /// The demonstrations of a stage, encoded.
  ///
  /// - Throws: `TrainingError` of kind `badData` naming the problem that has none, or whose tokens do
  ///   not fit.
  static func demonstrations(
    _ context: StageContext
  ) throws(TrainingError) -> [TokenizedDemonstration] {
    let model = context.model
    let end = model.endTokens.first
    var demonstrations: [TokenizedDemonstration] = []
    for problem in context.problems {
      guard let text = problem.completion else {
        let place = problem.source.map { "\($0): " } ?? ""
        throw TrainingError(
          .badData,
          "\(place)problem '\(problem.id)' has no 'completion'; an sft stage needs demonstrations")
      }
      let completion = model.tokenizer.encode(text) + (end.map { [$0] } ?? [])
      demonstrations.append(
        TokenizedDemonstration(prompt: context.prompt(problem).tokens, completion: completion))
      let length = demonstrations[demonstrations.count - 1].rows
      guard length <= model.policy.configuration.maximumPositions else {
        throw TrainingError(
          .badData,
          "problem '\(problem.id)': \(length) tokens with its demonstration; the policy has \(model.policy.configuration.maximumPositions) positions"
        )
      }
    }
    return demonstrations
  }

  /// How a stage makes do with the recipe's `memory_limit`.
  static func memory(
    _ context: StageContext, _ settings: SupervisedSettings,
    _ demonstrations: [TokenizedDemonstration]
  ) throws -> MemoryChoice {
    try MemoryChoice(
      context.stage, configuration: context.model.policy.configuration,
      lanes: context.recipe.lanes, limit: context.recipe.memoryLimit,
      longestPrompt: demonstrations.map(\.prompt.count).max() ?? 1,
      training: SupervisedUpdate.largestPass(demonstrations, batchSize: settings.batchSize),
      allowance: .current)
  }

  var summary: [(String, String)] {
    let tokens = demonstrations.reduce(0) { $0 + $1.completion.count }
    return [
      ("tasks", "\(demonstrations.count) demonstrations, \(tokens) completion tokens"),
      ("batch", "\(settings.batchSize) sequences"),
      ("optim", context.stage.optimizer.summary),
      ("numbers", context.stage.precision.summary),
    ] + memory.summary
  }

  func step(_ step: Int, cursor: inout BatchCursor) throws -> StepResult {
    var watch = Stopwatch()
    let batch = order.batch(settings.batchSize, from: &cursor).map { demonstrations[$0] }
    let stage = context.stage
    let rate =
      learningRateScale
      * stage.optimizer.learningRate(atStep: step - context.stepsBefore, of: stage.steps)
    let sink = context.sink
    let (loss, norm) = try update(batch, step: step, learningRate: rate) { done in
      sink.handle(.progress(step: step, phase: .train, done: done, total: batch.count))
    }
    var tokens = TokenCount()
    for item in batch {
      tokens.add(prompt: item.prompt.count, completions: [item.completion.count])
    }
    let seconds = watch.lap()
    return StepResult(
      metrics: JSONObject([
        ("loss", .number(loss)), ("grad_norm", .number(norm)), ("learning_rate", .number(rate)),
        (
          "completions/mean_length",
          .number(Double(batch.reduce(0) { $0 + $1.completion.count }) / Double(batch.count))
        ),
        ("time/train", .number(seconds)),
        ("tokens_per_second", .number(Double(tokens.samples) / max(seconds, 1e-9))),
      ]), tokens: tokens,
      operations: batch.reduce(0) {
        $0 + 3 * forward.group(prompt: $1.prompt.count, completions: [$1.completion.count])
      })
  }
}

extension OptimizerSettings {
  /// One line for people.
  var summary: String {
    let clip = maximumGradientNorm > 0 ? "clip \(maximumGradientNorm)" : "no clipping"
    return
      "AdamW, learning rate \(learningRate), \(schedule.rawValue), warm-up \(warmupSteps), decay \(weightDecay), \(clip)"
  }
}
