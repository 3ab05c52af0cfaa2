import HoneJSON
import HonePolicy

// What a run does between steps: evaluate, rank, save, and leave if it is asked to.

extension TrainingRun {
  /// Evaluates and saves where that is due; leaves if asked to.
  func afterStep(
    _ runner: any StageRunner, _ context: StageContext, _ evaluator: StageEvaluator,
    _ health: StageHealth
  ) throws {
    let stage = context.stage
    let inStage = state.step - context.stepsBefore
    let isLast = inStage == stage.steps
    let request = shouldStop()
    var isBest = false
    if !evaluator.isEmpty,
      isLast || (stage.evaluateEvery > 0 && inStage % stage.evaluateEvery == 0)
    {
      let row = try evaluate(evaluator, model: Checkpoint.folderName(step: state.step))
      isBest = try self.isBest(row, context, hasCheckpoint: true)
    }
    let isDue = stage.checkpointEvery > 0 && inStage % stage.checkpointEvery == 0
    guard isLast || isDue || isBest || request != nil else { return }
    if isLast || isDue { measureLastCheckpoint(context, health) }
    let saved = try save(runner, context, isBest: isBest)
    guard let request, state.step < recipe.totalSteps else { return }
    let promise =
      state.keepsSchedule ? ": the result will be that of an uninterrupted run, bit for bit" : ""
    throw TrainingError(
      request == .interrupted ? .interrupted : .terminated,
      "stopped after step \(state.step); saved \(saved.path). Go on with --resume\(promise)")
  }

  /// Evaluates on the held-out problems and keeps the row.
  func evaluate(_ evaluator: StageEvaluator, model: String) throws -> JSONObject {
    let row = try evaluator.evaluate(step: state.step, model: model) { [sink, state] done, total in
      sink.handle(.progress(step: state.step, phase: .evaluate, done: done, total: total))
    }
    try folder.evaluations.append(row)
    sink.handle(.evaluated(row: row))
    return row
  }

  /// Whether an evaluation is the best of its stage, and then keeps it; the later of equal ones is.
  ///
  /// Like is compared with like: the first evaluation of a stage ends the reign of another stage's best,
  /// and nothing is best where nothing was right or nothing could be scored.
  func isBest(_ row: JSONObject, _ context: StageContext, hasCheckpoint: Bool) throws -> Bool {
    if let best = state.best, best.stage != context.index {
      state.best = nil
      try folder.checkpoints.pointBest(to: nil)
    }
    let name = recipe.bestMetric
    guard hasCheckpoint, let metric = row[name.rawValue]?.double, metric > 0,
      metric >= state.best?.metric ?? 0
    else { return false }
    state.best = TrainerState.Best(
      metric: metric, step: state.step, stage: context.index, name: name)
    return true
  }

  /// Sees how the policy of the last regular checkpoint has proved since; the best of the stage stays.
  ///
  /// Regular are the stage's beginning and the multiples of `checkpoint_every`: where a run was
  /// interrupted makes no difference.
  func measureLastCheckpoint(_ context: StageContext, _ health: StageHealth) {
    let every = context.stage.checkpointEvery
    let inStage = state.step - context.stepsBefore
    var candidates = [context.stepsBefore]
    if every > 0 { candidates.append(context.stepsBefore + (inStage - 1) / every * every) }
    for step in candidates where step > state.good?.step ?? -1 {
      guard let measure = health.measure(after: step), measure.isFinite else { continue }
      if measure >= state.good?.measure ?? -.infinity {
        state.good = TrainerState.Good(step: step, measure: measure)
      }
    }
  }

  /// Checkpoints that are never rotated out: the ends of stages, and the one from before a fall.
  ///
  /// The last regular one may prove to be that, so it stays until it is measured.
  private func protectedSteps(_ context: StageContext) -> Set<Int> {
    var steps: Set<Int> = state.good.map { [$0.step] } ?? []
    let every = context.stage.checkpointEvery
    if every > 0 {
      let inStage = state.step - context.stepsBefore
      for back in [inStage, inStage - 1] {
        steps.insert(context.stepsBefore + back / every * every)
      }
    }
    var end = 0
    for stage in recipe.stages {
      end += stage.steps
      steps.insert(end)
    }
    return steps
  }

  /// Writes a checkpoint of the present state.
  ///
  /// - Throws: `TrainingError` of kind `stopped` where a weight is not finite: such a policy is of no
  ///   use, and is not written over one that is.
  private func save(
    _ runner: any StageRunner, _ context: StageContext, isBest: Bool
  ) throws -> Checkpoint {
    if let weight = context.model.policy.firstNonFinite {
      throw TrainingError(
        .stopped,
        "step \(state.step): the update made weights that are no numbers, the first \(weight) (learning rate \(ShortNumber.text(context.stage.optimizer.learningRate))). Nothing was saved; lower the learning rate\(lastWhole)"
      )
    }
    let model = context.model.recording(
      recipe, stage: context.index, step: state.step, from: origin, isOwn: resumedFrom != nil,
      evaluation: try folder.evaluations.rows().last { $0["step"]?.int == state.step })
    let checkpoint = try folder.saveCheckpoint(
      state, isBest: isBest, keep: recipe.keepCheckpoints, protecting: protectedSteps(context)
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
}
