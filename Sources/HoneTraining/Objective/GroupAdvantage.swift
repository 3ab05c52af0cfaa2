/// Turns the rewards of groups into advantages.
///
/// Definitions: Shao et al. 2024, section 4.1 (group mean, group deviation); Liu et al. 2025 (no
/// deviation); Ahmadian et al. 2024 (leave one out); Hu et al. 2025 (batch). Unlike most trainers:
/// equal rewards give exactly 0, whatever the rounding of their mean; unscored samples are in no
/// mean and no deviation; a group with one scored sample gives 0, for it compares with nothing.
public struct GroupAdvantage: Sendable, Hashable {
  /// The advantages of a batch and what they can teach.
  public struct Outcome: Sendable, Hashable {
    /// One advantage for each reward; nil where the sample is unscored. [groups][samples]
    public var advantages: [[Double?]]
    /// Whether a group's scored rewards are all equal (or fewer than two). [groups]
    public var isFlat: [Bool]
    /// Whether a group has an advantage other than 0. [groups]
    public var isLearnable: [Bool]
    /// Scored samples.
    public var scored: Int
    /// Unscored samples.
    public var unscored: Int
    /// Mean of the scored rewards; 0 if there is none.
    public var rewardMean: Double
    /// Sample standard deviation of the scored rewards of the batch (TRL's `reward_std`).
    public var rewardDeviation: Double

    /// Share of flat groups (TRL's `frac_reward_zero_std`).
    public var flatShare: Double { share(isFlat) }
    /// Share of groups that give a gradient.
    public var learnableShare: Double { share(isLearnable) }
    /// Share of samples that are unscored.
    public var unscoredRate: Double {
      scored + unscored == 0 ? 0 : Double(unscored) / Double(scored + unscored)
    }

    private func share(_ flags: [Bool]) -> Double {
      flags.isEmpty ? 0 : Double(flags.count { $0 }) / Double(flags.count)
    }
  }

  /// What is subtracted and what divides.
  public var settings: ObjectiveSettings.Advantage

  /// A rule from its settings.
  public init(_ settings: ObjectiveSettings.Advantage) {
    self.settings = settings
  }

  /// The advantages of a batch.
  ///
  /// - Parameter rewards: [groups][samples]; nil where a sample is unscored.
  /// - Returns: One advantage for each scored sample, the same whatever other groups do, except for
  ///   baselines and scales over the batch.
  public func compute(_ rewards: [[Double?]]) -> Outcome {
    let scored = rewards.map { $0.compactMap { $0 } }
    let all = scored.flatMap { $0 }
    let isFlat = scored.map { $0.count < 2 || Moments.areEqual($0) }
    var advantages = zip(rewards, zip(scored, isFlat)).map { group, facts in
      differences(group, scored: facts.0, isFlat: facts.1, all: all)
    }
    scale(&advantages, scored: scored, all: all, isFlat: isFlat)
    let samples = rewards.reduce(0) { $0 + $1.count }
    return Outcome(
      advantages: advantages, isFlat: isFlat,
      isLearnable: advantages.map { $0.contains { $0 != nil && $0 != 0 } },
      scored: all.count, unscored: samples - all.count,
      rewardMean: Moments.mean(all), rewardDeviation: Moments.standardDeviation(all))
  }

  /// Reward minus baseline.
  private func differences(
    _ group: [Double?], scored: [Double], isFlat: Bool, all: [Double]
  ) -> [Double?] {
    switch settings.baseline {
    case .none:
      return group
    case .batch:
      if Moments.areEqual(all) { return group.map { $0.map { _ in 0 } } }
      let mean = Moments.mean(all)
      return group.map { $0.map { $0 - mean } }
    case .groupMean:
      if isFlat { return group.map { $0.map { _ in 0 } } }
      let mean = Moments.mean(scored)
      return group.map { $0.map { $0 - mean } }
    case .leaveOneOut:
      if isFlat { return group.map { $0.map { _ in 0 } } }
      let sum = scored.reduce(0, +)
      return group.map { $0.map { $0 - (sum - $0) / Double(scored.count - 1) } }
    }
  }

  private func scale(
    _ advantages: inout [[Double?]], scored: [[Double]], all: [Double], isFlat: [Bool]
  ) {
    let isSample = settings.std == .sample
    func divide(_ group: Int, by divisor: Double) {
      // A divisor of 0 has only advantages of 0 above it.
      guard divisor > 0 else { return }
      advantages[group] = advantages[group].map { $0.map { $0 / divisor } }
    }
    switch settings.scale {
    case .none: break
    case .groupStd:
      for group in advantages.indices {
        let deviation = Moments.standardDeviation(scored[group], isSample: isSample)
        divide(group, by: deviation + settings.epsilon)
      }
    case .batchStd:
      let deviation = Moments.standardDeviation(all, isSample: isSample)
      for group in advantages.indices { divide(group, by: deviation + settings.epsilon) }
    case .batchWhiten:
      let values = advantages.flatMap { $0.compactMap { $0 } }
      let isSame = Moments.areEqual(values)
      let mean = Moments.mean(values)
      let divisor = Moments.standardDeviation(values, isSample: isSample) + settings.epsilon
      let isGrouped = settings.baseline == .groupMean || settings.baseline == .leaveOneOut
      for group in advantages.indices {
        // A flat group stays at exactly 0: the mean is noise of rounding there, not a signal.
        let isZero = isSame || (isFlat[group] && isGrouped)
        advantages[group] = advantages[group].map {
          $0.map { isZero || divisor == 0 ? 0 : ($0 - mean) / divisor }
        }
      }
    }
  }
}
