import HoneNumerics
public import HonePolicy

/// A demonstration as token ids.
public struct TokenizedDemonstration: Sendable {
  /// The rendered prompt.
  public var prompt: [Int32]
  /// The completion, its stop token included.
  public var completion: [Int32]

  /// A demonstration.
  public init(prompt: [Int32], completion: [Int32]) {
    self.prompt = prompt
    self.completion = completion
  }

  /// Rows that it takes in a packed batch.
  var rows: Int { prompt.count + completion.count - 1 }
}

/// One optimiser step of supervised training: mean negative log-likelihood of completion tokens.
public struct SupervisedUpdate {
  /// The policy that is trained.
  public let policy: Policy
  /// Its optimiser.
  public let optimizer: PolicyOptimizer
  /// Memory of one pass.
  public let workspace: TrainingWorkspace
  /// The gradient.
  public let gradients: Gradients
  /// The optimiser's settings.
  public let optimizerSettings: OptimizerSettings

  /// Sequences of one forward and backward pass: a constant, so that the order of additions is a
  /// function of the batch alone.
  public static let sequencesPerPass = 16

  /// The rows of a pass in which every demonstration is the longest.
  package static func largestPass(
    _ demonstrations: [TokenizedDemonstration], batchSize: Int
  ) -> MemoryPlan.Training {
    let sequences = min(batchSize, sequencesPerPass)
    return MemoryPlan.Training(
      rows: sequences * (demonstrations.map(\.rows).max() ?? 1), segments: 2 * sequences,
      parentRows: sequences * (demonstrations.map(\.prompt.count).max() ?? 1))
  }

  /// Makes one update; the loss is the mean over all completion tokens of the batch.
  ///
  /// - Returns: the loss in nats a token, and the gradient's norm before clipping.
  public func callAsFunction(
    _ batch: [TokenizedDemonstration], step: Int, learningRate: Double, progress: (Int) -> Void
  ) throws(TrainingError) -> (loss: Double, gradientNorm: Double) {
    let tokens = batch.reduce(0) { $0 + $1.completion.count }
    let weight = -1 / Float(tokens)
    var sum = 0.0
    gradients.zero()
    for start in stride(from: 0, to: batch.count, by: Self.sequencesPerPass) {
      let pass = batch[start..<min(batch.count, start + Self.sequencesPerPass)]
      let packed = PackedBatch(
        pass.map { PackedGroup(prompt: $0.prompt, completions: [$0.completion]) })
      let scores = policy.backpropagate(packed, workspace: workspace, gradients: gradients) {
        range, _ in range.map { _ in TokenGradient(logProbability: weight) }
      }
      for score in scores { sum -= Double(score.logProbability) }
      progress(min(batch.count, start + pass.count))
    }
    let loss = sum / Double(tokens)
    guard loss.isFinite else {
      throw TrainingError(
        .stopped,
        "step \(step): the loss is \(loss). The update was not made; lower the learning rate")
    }
    let norm = try optimizer.step(
      policy, gradients: gradients, settings: optimizerSettings, learningRate: learningRate,
      step: step)
    return (loss, norm)
  }
}
