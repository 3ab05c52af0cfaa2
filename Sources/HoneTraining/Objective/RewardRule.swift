public import HoneGraders

/// Makes one reward of the scores of a sample, and keeps the parts.
///
/// `reward = sum of weight x value - beta x (sum over tokens of the KL estimate)`, the second part
/// where the objective places its penalty in the reward.
public struct RewardRule: Sendable, Hashable {
  /// One score of a sample.
  public struct Component: Sendable, Hashable {
    /// The grader's name.
    public var name: String
    /// What the score is multiplied by.
    public var weight: Double
    /// The score, 0 to 1; nil if the grader could not tell.
    public var value: Double?

    /// A score with its weight.
    public init(name: String, weight: Double, value: Double?) {
      self.name = name
      self.weight = weight
      self.value = value
    }
  }

  /// The scores of a rubric, in its order.
  public static func components(of score: RubricScore) -> [Component] {
    score.components.map { component in
      Component(
        name: component.name, weight: component.weight,
        value: component.score.isScored ? component.score.value : nil)
    }
  }

  /// The penalty for leaving a reference policy.
  public var divergence: ObjectiveSettings.Divergence

  /// A rule for an objective's penalty.
  public init(divergence: ObjectiveSettings.Divergence = ObjectiveSettings.Divergence()) {
    self.divergence = divergence
  }

  /// The weighted sum of the scores, added in order; nil if any of them is missing.
  ///
  /// A sample with a missing part is unscored as a whole: a sum of the others would be a reward for
  /// something else.
  public static func total(_ components: [Component]) -> Double? {
    var sum = 0.0
    for component in components {
      guard let value = component.value else { return nil }
      sum += component.weight * value
    }
    return sum
  }

  /// The reward of a sample; nil if it is unscored.
  ///
  /// - Parameters:
  ///   - components: The scores.
  ///   - logProbabilities: The sampled tokens' log-probabilities as recorded, [T].
  ///   - reference: The reference policy's for the same tokens, [T]; needed where the penalty is
  ///     placed in the reward and beta is not 0.
  public func reward(
    _ components: [Component], logProbabilities: [Double] = [], reference: [Double]? = nil
  ) -> Double? {
    guard let total = Self.total(components) else { return nil }
    guard divergence.isActive, divergence.place == .reward else { return total }
    guard let reference, reference.count == logProbabilities.count else {
      preconditionFailure(
        "a KL penalty in the reward needs the reference's log-probability of every token")
    }
    var sum = 0.0
    for (new, old) in zip(logProbabilities, reference) {
      sum += DivergenceEstimate(divergence.estimator, new: new, reference: old).value
    }
    return total - divergence.beta * sum
  }

  /// The mean KL estimate of a token over some samples, in nats; 0 for no tokens.
  ///
  /// - Parameter samples: the log-probabilities of each sample's tokens as recorded, and the
  ///   reference policy's, [T] each.
  package func meanEstimate(_ samples: [(logProbabilities: [Double], reference: [Double])])
    -> Double
  {
    var sum = 0.0
    var count = 0
    for sample in samples {
      for (new, old) in zip(sample.logProbabilities, sample.reference) {
        sum += DivergenceEstimate(divergence.estimator, new: new, reference: old).value
        count += 1
      }
    }
    return count == 0 ? 0 : sum / Double(count)
  }
}
