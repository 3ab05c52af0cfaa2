import HoneJSON
import HoneNumerics
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
    request = shouldStop()
    var isBest = false
    if !evaluator.isEmpty,
      isLast || (stage.evaluateEvery > 0 && inStage % stage.evaluateEvery == 0)
    {
      // A run that is to end begins no evaluation, and gives up one that it has begun: it is made, and
      // the checkpoint saved that is due with it, where the run goes on.
      state.isUnsettled = true
      guard request == nil else { throw try leave(runner, context) }
      let row: JSONObject
      do {
        row = try evaluate(evaluator, model: Checkpoint.folderName(step: state.step))
      } catch  where compute.team.interruption.isRaised {
        throw try leave(runner, context)
      }
      isBest = try self.isBest(row, context, hasCheckpoint: true)
      state.isUnsettled = false
    }
    let isAsked = request != nil || compute.team.interruption.isRaised
    let isDue = stage.checkpointEvery > 0 && inStage % stage.checkpointEvery == 0
    if writer.hasFinished { try settleCheckpoint() }
    guard isLast || isDue || isBest || isTimeToSave(stage) || isAsked else { return }
    if isLast || isDue { measureLastCheckpoint(context, health) }
    if isAsked, !state.isFinished(recipe) {
      throw try leave(runner, context, isBest: isBest)
    }
    try save(runner, context, isBest: isBest, mayWait: !isLast)
  }

  /// Whether `checkpoint_minutes` have passed since the last checkpoint was begun.
  private func isTimeToSave(_ stage: Stage) -> Bool {
    guard let minutes = stage.checkpointMinutes else { return false }
    return ContinuousClock.now - lastSave >= .seconds(60 * minutes)
  }

  /// Saves the present state and says how the run ended: it was asked to.
  func leave(
    _ runner: any StageRunner, _ context: StageContext, isBest: Bool = false
  ) throws -> TrainingError {
    // Where nothing has happened since, the checkpoint of this step is there already.
    if state.step != savedStep || !state.isUnsettled {
      try save(runner, context, isBest: isBest, mayWait: false)
    }
    return endAfterSaving()
  }

  /// What a run says that was asked to end, the checkpoint of its last step being on the disk.
  func endAfterSaving() -> TrainingError {
    let path = folder.path + "/" + Checkpoint.folderName(step: state.step)
    let due = state.isUnsettled ? ", whose evaluation is yet to be made" : ""
    return end("after step \(state.step)\(due); saved \(path)")
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
      try settleCheckpoint()
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

  /// Writes a checkpoint of the present state: beside the next step where that may be and memory allows.
  ///
  /// - Throws: the error of the checkpoint before, if it failed; see ``CheckpointContents``.
  private func save(
    _ runner: any StageRunner, _ context: StageContext, isBest: Bool, mayWait: Bool
  ) throws {
    try settleCheckpoint()
    lastSave = .now
    let policy = context.model.policy
    var model = context.model.recording(
      recipe, stage: context.index, step: state.step, from: origin, isOwn: resumedFrom != nil,
      evaluation: try folder.evaluations.rows().last { $0["step"]?.int == state.step })
    var optimizer = runner.optimizer
    let isBeside =
      mayWait
      && PolicySnapshot.hasMemory(
        for: policy, planned: runner.memory.plan.tensorBytes, limit: recipe.memoryLimit)
    if isBeside {
      let snapshot = PolicySnapshot(policy, optimizer)
      (model.policy, optimizer) = (snapshot.policy, snapshot.optimizer)
    }
    let store = folder.checkpoints
    let (keep, protected) = (recipe.keepCheckpoints, protectedSteps(context))
    var proved = state
    // The contents refuse to be written where they are not.
    proved.isProvedFinite = true
    let recorded = try folder.synchronizingRows(proved)
    let written = Handed(
      value: CheckpointContents(model: model, optimizer: optimizer, reference: runner.reference))
    writer.begin {
      let checkpoint = try store.write(
        recorded, isBest: isBest, keep: keep, protecting: protected, files: written.value.write)
      return CheckpointWriter.Saved(checkpoint: checkpoint, isBest: isBest)
    }
    if !isBeside { try settleCheckpoint() }
  }

  /// Waits for the checkpoint that is being written, if there is one, and tells of it.
  func settleCheckpoint() throws {
    let saved: CheckpointWriter.Saved?
    do {
      saved = try writer.finish()
    } catch let error as TrainingError where error.kind == .stopped {
      throw TrainingError(.stopped, error.message + lastWhole)
    }
    guard let saved else { return }
    savedStep = saved.checkpoint.step
    sink.handle(
      .checkpointSaved(
        path: saved.checkpoint.path, step: saved.checkpoint.step, isBest: saved.isBest))
  }
}

/// What a checkpoint's folder holds beside its state.
private struct CheckpointContents {
  var model: LoadedModel
  var optimizer: PolicyOptimizer
  var reference: Policy?

  /// - Throws: `TrainingError` of kind `stopped` where a weight or a moment is not finite: such a policy
  ///   is of no use, and takes no place of one that is.
  func write(to path: String) throws {
    if let first = model.policy.firstNonFinite ?? optimizer.firstNonFinite(model.policy) {
      throw TrainingError(
        .stopped, "the policy holds numbers that are none, the first \(first). Nothing was saved")
    }
    // The folder is there; one that is not was moved away with all of the run, and is not made anew.
    try model.write(to: path, makesFolder: false)
    try CheckpointFiles.writeOptimizer(optimizer, policy: model.policy, folder: path)
    if let reference { try CheckpointFiles.writeReference(reference, folder: path) }
  }
}
