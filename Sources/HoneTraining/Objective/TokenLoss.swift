import Foundation

/// The loss of one token, or of one sequence, and its derivative.
///
/// With w = exp(new - old), the logarithm clamped to +-20 first:
/// - `clip`: -min(w A, clip(w, 1 - low, 1 + high) A); with a dual clip c, for A < 0 at most -c A.
/// - `gspo`: the same of the sequence's ratio, exp of the mean log-ratio of its tokens.
/// - `cispo`: -stop(min(w, cap)) A new.
/// - `sapo`: -A (4 / tau) sigmoid(tau (w - 1)).
/// - `reinforce`: -A new.
public struct TokenLoss: Sendable, Hashable {
  /// Log-ratios are clamped to this size before `exp`.
  public static let exponentBound: Double = 20

  /// On which side a ratio left the clip, where that stops the gradient.
  public enum Clipping: Sendable, Hashable {
    /// Inside.
    case none
    /// Below 1 - epsilon, with a negative advantage.
    case low
    /// Above 1 + epsilon, with a positive advantage.
    case high
  }

  /// The loss.
  public var value: Double
  /// Its derivative with respect to the new log-probability (for `gspo`: to the mean log-ratio).
  public var derivative: Double
  /// Whether the clip was active.
  public var clipping: Clipping
  /// Whether the log-ratio was clamped; the derivative through the ratio is 0 there.
  public var isClamped: Bool

  /// Computes the loss of a token.
  ///
  /// - Parameters:
  ///   - settings: The objective.
  ///   - new: The new log-probability; only its difference to `old` matters but for losses that
  ///     take the log-probability itself.
  ///   - logRatio: new - old of the token; for `gspo` the mean over the sequence.
  ///   - advantage: The sample's advantage.
  public init(_ settings: ObjectiveSettings, new: Double, logRatio: Double, advantage: Double) {
    let bound = Self.exponentBound
    isClamped = abs(logRatio) > bound
    let ratio = exp(min(max(logRatio, -bound), bound))
    // d ratio / d new
    let slope = isClamped ? 0 : ratio
    let high = 1 + settings.epsilonHigh
    let low = 1 - settings.epsilon
    clipping = .none
    switch settings.loss {
    case .clip, .gspo:
      let free = ratio * advantage
      let clipped = min(max(ratio, low), high) * advantage
      if free <= clipped {
        value = -free
        derivative = -slope * advantage
      } else {
        value = -clipped
        derivative = 0
      }
      if settings.loss == .clip, let dual = settings.dualClip, advantage < 0,
        value > -dual * advantage
      {
        value = -dual * advantage
        derivative = 0
      }
      if advantage < 0, ratio < low { clipping = .low }
      if advantage > 0, ratio > high { clipping = .high }
    case .cispo:
      let cap = settings.cap == .absolute ? settings.epsilonHigh : high
      let weight = min(ratio, cap)
      value = -weight * advantage * new
      derivative = -weight * advantage
      if advantage > 0, ratio > cap { clipping = .high }
    case .sapo:
      let temperature =
        advantage > 0 ? settings.sapoTemperaturePositive : settings.sapoTemperatureNegative
      let gate = 1 / (1 + exp(-temperature * (ratio - 1)))
      value = -advantage * 4 / temperature * gate
      derivative = -advantage * 4 * gate * (1 - gate) * slope
    case .reinforce:
      value = -advantage * new
      derivative = -advantage
    }
  }
}
