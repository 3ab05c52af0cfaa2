/// What was seen while a loss was evaluated: sums, to be added up in one fixed order.
public struct LossMetrics: Sendable, Hashable {
  /// The weighted loss: the batch's loss once every token has been seen.
  public var loss: Double = 0
  /// The part of the loss that the KL penalty makes.
  public var divergenceLoss: Double = 0
  /// Sum of the KL estimates over the tokens that count, in nats; times the ratio where the
  /// penalty is importance-weighted, as TRL reports it.
  public var divergenceSum: Double = 0
  /// Tokens that the KL estimates were summed over.
  public var tokens: Int = 0
  /// Ratios: tokens that count, or sequences for `gspo`; see ``count(of:isSequenceLevel:)``.
  public var ratios: Int = 0
  /// Ratios clipped below, with a negative advantage.
  public var clippedLow: Int = 0
  /// Ratios clipped above, with a positive advantage.
  public var clippedHigh: Int = 0
  /// Log-ratios that were clamped to +-20.
  public var clamped: Int = 0
  /// The largest |new - old|, in nats; 0 at the first update after sampling in fp32.
  public var maximumLogRatio: Double = 0

  /// Nothing seen yet.
  public init() {}

  /// Adds what was seen elsewhere; the order of such additions is the caller's to fix.
  public mutating func add(_ other: LossMetrics) {
    loss += other.loss
    divergenceLoss += other.divergenceLoss
    divergenceSum += other.divergenceSum
    tokens += other.tokens
    ratios += other.ratios
    clippedLow += other.clippedLow
    clippedHigh += other.clippedHigh
    clamped += other.clamped
    maximumLogRatio = max(maximumLogRatio, other.maximumLogRatio)
  }

  /// Takes the number of ratios from the whole optimiser batch, whether or not they were looked at.
  ///
  /// Groups without a gradient are not computed. Their advantages are 0 and a ratio counts as clipped
  /// only against an advantage, so they change what a share is of and nothing else. As in TRL a
  /// masked sequence has a ratio of its own where ratios are those of sequences.
  public mutating func count(of weights: LossWeights, isSequenceLevel: Bool) {
    ratios = isSequenceLevel ? weights.samples : weights.tokens
  }

  /// Mean KL estimate of a token, in nats (TRL's `kl`).
  public var divergence: Double { tokens == 0 ? 0 : divergenceSum / Double(tokens) }
  /// Share of ratios clipped on either side (TRL's `clip_ratio/region_mean`), of all in the batch.
  public var clipShare: Double { share(clippedLow + clippedHigh) }
  /// Share of ratios clipped below (TRL's `clip_ratio/low_mean`).
  public var clipShareLow: Double { share(clippedLow) }
  /// Share of ratios clipped above (TRL's `clip_ratio/high_mean`).
  public var clipShareHigh: Double { share(clippedHigh) }

  private func share(_ count: Int) -> Double {
    ratios == 0 ? 0 : Double(count) / Double(ratios)
  }
}
