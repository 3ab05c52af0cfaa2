import HoneJSON
import HonePolicy

// What a run does once its updates have destroyed the policy: note, go back, or stop.

extension TrainingRun {
  /// The learning rate's share that the third way back leaves; a fourth is not taken.
  private static let leastScale = 0.125

  /// Does what `on_collapse` says.
  ///
  /// - Parameter row: of the step that proved it; says where the run went back to, if it did.
  /// - Returns: the error to end the run with, once the row is written; nil goes on.
  func answer(
    _ collapse: CollapseWatch.Collapse, _ runner: any StageRunner, _ context: StageContext,
    _ health: inout StageHealth, row: inout JSONObject
  ) throws -> TrainingError? {
    measureLastCheckpoint(context, health)
    let rate = row["learning_rate"]?.double ?? context.stage.optimizer.learningRate
    let seen =
      "step \(collapse.step): \(collapse.seen). The updates destroy the policy; the problems are not to "
      + "blame. The learning rate is \(ShortNumber.text(rate))"
    let advice =
      "take a tenth of it" + (context.stage.grpo == nil ? "" : ", or keep near the start with beta")
    switch context.stage.onCollapse {
    case .note:
      sink.handle(.note("\(seen): \(advice). The last good policy is \(goodPolicy(context))"))
      return nil
    case .rollback where state.learningRateScale > Self.leastScale:
      let step = state.good?.step ?? context.stepsBefore
      try goBack(to: step, runner, context)
      state.learningRateScale /= 2
      runner.learningRateScale = state.learningRateScale
      row[StageHealth.rollbackKey] = .integer(step)
      health.goBack(to: step, at: collapse.step)
      sink.handle(
        .note(
          "\(seen). Going on from \(goodPolicy(context)) with \(ShortNumber.text(state.learningRateScale)) of the rate"
        ))
      return nil
    case .rollback:
      return TrainingError(
        .stopped,
        "\(seen): \(advice). The run has gone back three times, the rate halved each time, and does not go back again. The last good policy is \(goodPolicy(context))"
      )
    case .stop:
      return TrainingError(
        .stopped,
        "\(seen): \(advice). The last good policy is \(goodPolicy(context)); in a new run 'on_collapse: rollback' goes back by itself with half the rate, 'on_collapse: note' goes on"
      )
    }
  }

  /// What a person finds the last good policy under.
  private func goodPolicy(_ context: StageContext) -> String {
    let step = state.good?.step ?? context.stepsBefore
    guard step > 0 else { return "the one that the run began with (\(origin))" }
    return folder.path + "/" + Checkpoint.folderName(step: step)
  }

  /// Gives the policy and its optimiser the state of an earlier step; the count of steps goes on.
  private func goBack(
    to step: Int, _ runner: any StageRunner, _ context: StageContext
  ) throws {
    try settleCheckpoint()
    let source: LoadedModel
    if step == 0 {
      source = try TrainingModel.initial(recipe, recipeFile: recipeFile, compute: compute)
    } else {
      let checkpoint = Checkpoint(
        path: folder.path + "/" + Checkpoint.folderName(step: step), step: step)
      try checkpoint.verify()
      source = try LoadedModel.load(checkpoint.path, compute: compute)
    }
    context.model.policy.copyParameters(of: source.policy)
    if step > context.stepsBefore {
      let path = folder.path + "/" + Checkpoint.folderName(step: step)
      try CheckpointFiles.readOptimizer(
        runner.optimizer, policy: context.model.policy, folder: path)
      runner.optimizer.updates = try Checkpoint(path: path, step: step).state().optimizerStep
    } else {
      runner.optimizer.reset()
    }
    state.optimizerStep = runner.optimizer.updates
  }
}
