import Foundation

extension OptimizerSettings {
  /// The learning rate of a step of a stage.
  ///
  /// Rises in a straight line over the warm-up (step 1 of w has 1 / w of the peak), then stays, or
  /// falls in a line or half a cosine to `minimumRatio` of the peak at the last step.
  /// - Parameters:
  ///   - step: from 1 to `steps`.
  ///   - steps: of the whole stage.
  public func learningRate(atStep step: Int, of steps: Int) -> Double {
    precondition(step >= 1, "steps are counted from 1, not \(step)")
    if step <= warmupSteps { return learningRate * Double(step) / Double(warmupSteps) }
    let left = steps - warmupSteps
    let progress = left > 1 ? min(1, Double(step - warmupSteps - 1) / Double(left - 1)) : 0
    let share: Double =
      switch schedule {
      case .constant: 1
      case .linear: 1 - progress
      case .cosine: 0.5 * (1 + cos(.pi * progress))
      }
    return schedule == .constant
      ? learningRate : learningRate * (minimumRatio + (1 - minimumRatio) * share)
  }
}
