import Foundation
import HoneNumerics
public import HonePolicy

/// A graded group, ready for the loss.
public struct TrainableGroup: Sendable {
  /// The prompt's token ids.
  public var prompt: [Int32]
  /// The completions.
  public var completions: [Completion]
  /// One advantage each; nil where the sample is unscored.
  public var advantages: [Double?]
  /// Whether each takes part in the loss with its tokens.
  public var participation: [LossWeights.Participation]
  /// The reference policy's log-probabilities of each token; nil where the objective needs none.
  public var reference: [[Double]]?

  package init(
    prompt: [Int32], completions: [Completion], advantages: [Double?],
    participation: [LossWeights.Participation], reference: [[Double]]? = nil
  ) {
    self.prompt = prompt
    self.completions = completions
    self.advantages = advantages
    self.participation = participation
    self.reference = reference
  }

  /// Whether any token can have a gradient.
  package func hasGradient(_ objective: ObjectiveSettings) -> Bool {
    (objective.divergence.beta != 0 && objective.divergence.place == .loss)
      || zip(advantages, participation).contains { ($0 ?? 0) != 0 && $1 == .full }
  }
}

/// One optimiser step of GRPO over some groups: the loss, its gradient, the update.
public struct GroupRelativeUpdate {
  /// The policy that is trained.
  public let policy: Policy
  /// Its optimiser.
  public let optimizer: PolicyOptimizer
  /// Memory of a group's forward and backward pass.
  public let workspace: TrainingWorkspace
  /// The gradient.
  public let gradients: Gradients
  /// Sums of single lanes; nil for one lane.
  public let laneGradients: Gradients?
  /// The stage's settings.
  public let settings: GroupRelativeSettings
  /// The optimiser's settings.
  public let optimizerSettings: OptimizerSettings
  /// Sums of gradients that are kept apart and then added in order.
  public let lanes: Int

  package init(
    policy: Policy, optimizer: PolicyOptimizer, workspace: TrainingWorkspace,
    gradients: Gradients, laneGradients: Gradients?, settings: GroupRelativeSettings,
    optimizerSettings: OptimizerSettings, lanes: Int
  ) {
    self.policy = policy
    self.optimizer = optimizer
    self.workspace = workspace
    self.gradients = gradients
    self.laneGradients = laneGradients
    self.settings = settings
    self.optimizerSettings = optimizerSettings
    self.lanes = lanes
  }

  /// What an update did.
  public struct Outcome {
    /// Loss, clipping, divergence.
    public var metrics: LossMetrics
    /// The gradient's norm before clipping.
    public var gradientNorm: Double
  }

  /// Makes one update.
  ///
  /// The loss is a sum over tokens with weights that the whole batch decides beforehand. Groups are
  /// gone through in order; each is one forward and backward pass with its prompt computed once, so
  /// the gradient's bits do not depend on how many groups fit in memory. Groups whose gradient is
  /// zero by definition (equal rewards and no KL penalty) are not computed at all.
  /// - Parameter sampleNumbers: the first sample's number of each group, for messages.
  public func callAsFunction(
    _ groups: [TrainableGroup], sampleNumbers: [Int], step: Int, learningRate: Double,
    progress: (Int) -> Void
  ) throws(TrainingError) -> Outcome {
    let weights = LossWeights(
      settings.objective.aggregation,
      lengths: groups.flatMap { $0.completions.map(\.tokens.count) },
      participation: groups.flatMap(\.participation),
      maximumCompletionLength: settings.sampling.maximumCompletionLength)
    var metrics = LossMetrics()
    gradients.zero()
    let perLane = (groups.count + lanes - 1) / max(1, lanes)
    var firstWeight = 0
    for (index, group) in groups.enumerated() {
      let target = laneGradients ?? gradients
      if laneGradients != nil, index % perLane == 0 { target.zero() }
      let count = group.completions.count
      let tokenWeights = Array(weights.tokenWeights[firstWeight..<firstWeight + count])
      firstWeight += count
      if group.hasGradient(settings.objective) {
        metrics.add(
          try accumulate(
            group, tokenWeights: tokenWeights, firstSample: sampleNumbers[index], step: step,
            into: target))
      }
      if laneGradients != nil, index % perLane == perLane - 1 || index == groups.count - 1 {
        gradients.add(target, policy.compute)
      }
      progress(index + 1)
    }
    metrics.count(of: weights, isSequenceLevel: settings.objective.loss == .gspo)
    let norm = try optimizer.step(
      policy, gradients: gradients, settings: optimizerSettings, learningRate: learningRate,
      step: step)
    return Outcome(metrics: metrics, gradientNorm: norm)
  }

  /// Adds one group's gradient.
  private func accumulate(
    _ group: TrainableGroup, tokenWeights: [Double], firstSample: Int, step: Int,
    into target: Gradients
  ) throws(TrainingError) -> LossMetrics {
    let present = group.completions.indices.filter { group.participation[$0] != .absent }
    let batch = PackedBatch([
      PackedGroup(
        prompt: group.prompt, completions: present.map { group.completions[$0].tokens })
    ])
    let samples = present.map { index in
      LossSample(
        index: firstSample + index, advantage: group.advantages[index] ?? 0,
        tokenWeight: tokenWeights[index],
        oldLogProbabilities: group.completions[index].logProbabilities.map(Double.init),
        referenceLogProbabilities: group.reference?[index])
    }
    var loss = LossBatch(settings.objective, samples: samples, step: step)
    let temperature = Float(settings.sampling.temperature)
    if loss.needsPreparation {
      let scores = policy.score(batch, workspace: workspace, temperature: temperature)
      try loss.prepare(logProbabilities: scores.map { Double($0.logProbability) })
    }
    try policy.backpropagate(
      batch, workspace: workspace, temperature: temperature, gradients: target
    ) { (range, scores) throws(TrainingError) in
      try loss.evaluate(
        range, logProbabilities: scores.map { Double($0.logProbability) }
      ).map { TokenGradient(logProbability: Float($0)) }
    }
    return loss.metrics
  }
}
