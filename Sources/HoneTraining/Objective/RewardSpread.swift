/// The mean of a step's rewards and how far chance may have moved it.
struct RewardSpread: Sendable, Hashable {
  /// Mean of the scored rewards; 0 if there is none.
  var mean: Double
  /// Standard error of the mean, clustered by group: the samples of one problem are alike.
  ///
  /// The deviation of the groups' means over the root of their number, each group weighted by its scored
  /// samples. With fewer than four groups that says little; then all samples of the step count as one
  /// cluster. Never below what independent samples would have.
  var standardError: Double

  /// The spread of rewards; nil where a sample is unscored. [groups][samples]
  init(_ rewards: [[Double?]]) {
    let groups = rewards.map { $0.compactMap { $0 } }.filter { !$0.isEmpty }
    let all = groups.flatMap { $0 }
    let mean = Moments.mean(all)
    self.mean = mean
    let deviation = Moments.standardDeviation(all)
    guard groups.count >= 4 else {
      standardError = deviation
      return
    }
    let count = Double(all.count)
    // Each group's part of the mean is (its mean - the mean) times its share of the samples.
    let parts = groups.map { (Moments.mean($0) - mean) * Double($0.count) / count }
    let size = Double(groups.count)
    let clustered = (parts.reduce(0) { $0 + $1 * $1 } * size / (size - 1)).squareRoot()
    standardError = max(clustered, deviation / count.squareRoot())
  }
}
