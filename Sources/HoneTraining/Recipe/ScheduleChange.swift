/// What a resumed run's other number of steps does to a learning rate that depends on it.
///
/// The steps of the last stage may differ on resume. With a schedule that ends where the stage does, the
/// steps that were made then have other rates than those of a run of the new length, and the rate jumps.
struct ScheduleChange {
  /// What happens, for people.
  let note: String

  /// Nil where the rates of the steps that were made are those of the new recipe too.
  ///
  /// - Parameter step: the last step that was made.
  init?(run: Recipe, given: Recipe, step: Int) {
    guard let old = run.stages.last, let new = given.stages.last, old.steps != new.steps else {
      return nil
    }
    let inStage = step - (given.totalSteps - new.steps)
    guard inStage > 0 else { return nil }
    func then(_ step: Int) -> Double { old.optimizer.learningRate(atStep: step, of: old.steps) }
    func now(_ step: Int) -> Double { new.optimizer.learningRate(atStep: step, of: new.steps) }
    guard (1...inStage).contains(where: { then($0) != now($0) }) else { return nil }
    let next = inStage + 1
    note =
      "'steps' of the last stage was \(old.steps) and is \(new.steps), and the schedule "
      + "'\(new.optimizer.schedule.rawValue)' ends with it: step \(step) had a learning rate of "
      + "\(ShortNumber.text(then(inStage))), step \(step + 1) has \(ShortNumber.text(now(next))). The "
      + "result is not that of a run of \(new.steps) steps from the start; for that, begin again with "
      + "another --output"
  }
}
