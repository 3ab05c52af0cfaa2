import Foundation

/// An estimate of the KL divergence from a reference policy at one sampled token.
///
/// With d = reference - new log-probability: k1 = -d, k2 = d^2 / 2, k3 = exp(d) - d - 1 (Schulman
/// 2020, "Approximating KL divergence").
public struct DivergenceEstimate: Sendable, Hashable {
  /// Exponents are clamped to this size before `exp`.
  public static let exponentBound: Double = 20

  /// The estimate, in nats.
  public var value: Double
  /// Its derivative with respect to the new log-probability.
  ///
  /// Where k3's exponent is clamped the derivative is that of the clamped exponential and not 0:
  /// a policy that has gone far must still be pulled back, by a bounded force.
  public var derivative: Double

  /// Estimates at one token.
  public init(
    _ estimator: ObjectiveSettings.Divergence.Estimator, new: Double, reference: Double
  ) {
    let d = reference - new
    switch estimator {
    case .k1:
      value = -d
      derivative = 1
    case .k2:
      value = d * d / 2
      derivative = -d
    case .k3, .k3Plus:
      let growth = exp(min(max(d, -Self.exponentBound), Self.exponentBound))
      value = growth - d - 1
      derivative = estimator == .k3 ? 1 - growth : -d
    }
  }
}
