import HoneJSON
import HoneNumerics
import HonePolicy

// Every step is a function of its beginning, so one can be given up, and done again to the bit.

extension TrainingRun {
  /// How a step begins: where it is gone back to.
  struct StepBeginning {
    /// The step's number.
    var number: Int
    /// The policy and the optimiser; nil where nobody will need them, or there is no memory.
    var snapshot: PolicySnapshot?
  }

  /// Remembers how a step begins where it may have to be gone back to: several updates, or a second
  /// computation.
  func beginning(
    of number: Int, _ runner: any StageRunner, _ context: StageContext
  ) throws -> StepBeginning {
    guard context.stage.hasSeveralUpdates || recipe.recompute != .never else {
      return StepBeginning(number: number)
    }
    let policy = context.model.policy
    if stepSnapshot == nil,
      PolicySnapshot.hasMemory(
        for: policy, planned: runner.memory.plan.tensorBytes, limit: recipe.memoryLimit)
    {
      stepSnapshot = PolicySnapshot(policy, runner.optimizer)
    } else if let stepSnapshot {
      stepSnapshot.take(policy, runner.optimizer)
    } else if recipe.recompute != .never {
      throw TrainingError(
        .inputOutput,
        "recompute: \(recipe.recompute.rawValue) needs \(ByteCount.describe(PolicySnapshot.bytes(policy.layout, precision: policy.precision))) beside the run, for the beginning of a step, and there is not as much memory; take another machine, raise memory_limit, or leave it out"
      )
    }
    return StepBeginning(number: number, snapshot: stepSnapshot)
  }

  /// The error that a run ends with after a step failed or was given up.
  ///
  /// A step that was given up leaves what there was before it, which is saved: the step is made again to
  /// the bit.
  func failed(
    _ error: any Error, _ start: StepBeginning, _ runner: any StageRunner, _ context: StageContext
  ) throws -> any Error {
    guard compute.team.interruption.isRaised else {
      guard let error = error as? TrainingError, error.kind == .stopped else { return error }
      return TrainingError(
        .stopped, error.message + (try checkedAgain(start, error, runner, context)) + lastWhole)
    }
    if runner.optimizer.updates != state.optimizerStep {
      // Some of the step's updates were made.
      guard let snapshot = start.snapshot else {
        return end("in the middle of step \(start.number), which is given up\(lastWhole)")
      }
      snapshot.giveBack(to: context.model.policy, runner.optimizer)
    }
    try settleCheckpoint()
    if state.step > 0, state.step == savedStep {
      return endAfterSaving()
    }
    // Whatever the error is, it may come from results of skipped computations.
    guard state.step > 0 else { return Interrupted() }
    return try leave(runner, context)
  }

  // MARK: - Computing again

  /// Computes a step again where the recipe asks for it, and compares.
  ///
  /// - Returns: whether the step was computed twice.
  /// - Throws: `TrainingError` of kind `stopped` where a bit differs: the machine is at fault, or the
  ///   program.
  func recompute(
    _ start: StepBeginning, _ first: StepResult, _ runner: any StageRunner,
    _ context: StageContext, _ cursor: inout BatchCursor
  ) throws -> Bool {
    guard recipe.recompute != .never, let snapshot = start.snapshot else { return false }
    let spike = spikes.observe(first.metrics)
    guard recipe.recompute == .always || spike != nil else { return false }
    let policy = context.model.policy
    let checksum = PolicySnapshot.checksum(policy, runner.optimizer)
    snapshot.giveBack(to: policy, runner.optimizer)
    cursor = state.cursor
    let second: StepResult
    do {
      second = try runner.step(start.number, cursor: &cursor)
    } catch {
      if compute.team.interruption.isRaised { throw try failed(error, start, runner, context) }
      throw Self.fault(start.number, "it failed: \(error)", lastWhole)
    }
    guard PolicySnapshot.checksum(policy, runner.optimizer) == checksum,
      second.completions == first.completions
    else { throw Self.fault(start.number, "its bits are others", lastWhole) }
    if let spike {
      sink.handle(
        .note(
          "step \(start.number): \(spike); computed again with the same bits: it is no fault of the machine"
        ))
    }
    return true
  }

  /// What a step that stopped the run gives when it is computed again, for the end of its message.
  private func checkedAgain(
    _ start: StepBeginning, _ error: TrainingError, _ runner: any StageRunner,
    _ context: StageContext
  ) throws -> String {
    guard recipe.recompute != .never, let snapshot = start.snapshot else { return "" }
    snapshot.giveBack(to: context.model.policy, runner.optimizer)
    var cursor = state.cursor
    do {
      _ = try runner.step(start.number, cursor: &cursor)
    } catch let second as TrainingError where second.message == error.message {
      return ". Computed again, it is the same: no fault of the machine"
    } catch {
      if compute.team.interruption.isRaised { return "" }
    }
    throw Self.fault(start.number, "it did not stop as at first (\(error.message))", lastWhole)
  }

  private static func fault(_ step: Int, _ what: String, _ lastWhole: String) -> TrainingError {
    TrainingError(
      .stopped,
      "step \(step) was computed twice from the same beginning, and the second time \(what). Memory or processor of this machine are at fault, or a defect of hone is; nothing was saved. Test the machine, and resume on another one\(lastWhole)"
    )
  }
}
