/// A 95 % interval of a proportion that was measured on clusters: problems with some samples each.
///
/// Wilson's score interval (Wilson 1927) with the effective number of observations
/// `p (1 - p) / variance of the mean over clusters` (Franco et al. 2019). With one sample a problem
/// this is Wilson's interval itself. Unlike mean +- 1.96 standard errors it stays within 0 and 1 and
/// has a width where all answers are right: 20 of 20 is 84 to 100 %, not 100 +- 0.
public struct ProportionInterval: Sendable, Hashable {
  /// The proportion: the mean over clusters.
  public var estimate: Double
  /// Lower end.
  public var low: Double
  /// Upper end.
  public var high: Double

  /// The 97.5 % point of the normal distribution.
  private static let z = 1.959963984540054

  /// The interval of a mean over problems; not a number, from 0 to 1, where there is none: nothing
  /// measured is not nothing right.
  ///
  /// - Parameter shares: The share of correct samples of each problem and the number of its samples.
  public init(_ shares: [(share: Double, samples: Int)]) {
    let count = shares.count
    guard count > 0 else {
      (estimate, low, high) = (.nan, 0, 1)
      return
    }
    let n = Double(count)
    let p = shares.reduce(0) { $0 + $1.share } / n
    let squares = shares.reduce(0) { $0 + ($1.share - p) * ($1.share - p) }
    let isClustered = shares.contains { $0.samples > 1 }
    // The correction for small numbers of clusters; Wilson's own formula has none.
    let divisor = isClustered && count > 1 ? n * (n - 1) : n * n
    let variance = squares / divisor
    let most = Double(shares.reduce(0) { $0 + $1.samples })
    // All problems alike says little about the next one: count problems, not samples.
    let effective = variance > 0 ? min(p * (1 - p) / variance, most) : n
    let z2 = Self.z * Self.z
    let center = (p + z2 / (2 * effective)) / (1 + z2 / effective)
    let spread =
      Self.z / (1 + z2 / effective)
      * (p * (1 - p) / effective + z2 / (4 * effective * effective)).squareRoot()
    estimate = p
    low = p == 0 ? 0 : max(0, center - spread)
    high = p == 1 ? 1 : min(1, center + spread)
  }
}
