import Foundation

extension OptimizerSettings {
  /// The learning rate of a step of a stage.
  ///
  /// Rises in a straight line over the warm-up: step s of w has s / w of the peak, or (s - 1) / w with
  /// ``warmsUpFromZero``. Then it goes as ``schedule`` says, `linear` and `cosine` down to
  /// ``minimumRatio`` of the peak at ``decayEnd``.
  ///
  /// By default a ratio above 0 is reached at the last step, and 0 one step after it: a step at a rate
  /// of 0 would be sampled and graded for nothing. From the peak down to 0 the numbers are those of
  /// transformers' `linear` and `cosine`.
  /// - Parameters:
  ///   - step: from 1 to `steps`.
  ///   - steps: of the whole stage.
  public func learningRate(atStep step: Int, of steps: Int) -> Double {
    precondition(step >= 1, "steps are counted from 1, not \(step)")
    if step <= warmupSteps {
      return learningRate * Double(warmsUpFromZero ? step - 1 : step) / Double(warmupSteps)
    }
    let decayed: Double
    switch schedule {
    case .constant:
      return learningRate
    case .inverseSqrt:
      // transformers: the time scale is the warm-up, or 10,000 steps where there is none.
      let scale = Double(warmupSteps == 0 ? 10_000 : warmupSteps)
      return learningRate / (Double(step - 1 - warmupSteps) / scale + 1).squareRoot()
    case .linear:
      decayed = 1 - progress(atStep: step, of: steps)
    case .cosine:
      decayed = 0.5 * (1 + cos(.pi * progress(atStep: step, of: steps)))
    }
    return learningRate * (minimumRatio + (1 - minimumRatio) * decayed)
  }

  /// The share of the decay that a step behind the warm-up has behind it, 0 at its first.
  private func progress(atStep step: Int, of steps: Int) -> Double {
    let left = steps - warmupSteps
    let end = decayEnd ?? (minimumRatio > 0 ? .lastStep : .afterLast)
    let intervals = end == .lastStep ? left - 1 : left
    guard intervals > 0 else { return 0 }
    return min(1, Double(step - warmupSteps - 1) / Double(intervals))
  }
}
