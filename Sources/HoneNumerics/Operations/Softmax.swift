import CKernels
import Foundation

/// What a row of logits, divided by the temperature, says of one token.
public struct TokenStatistics: Sendable, Hashable {
  /// The largest logit.
  public var maximum: Float
  /// The sum of exp(logit - maximum).
  public var sum: Float
  /// The entropy of the row in nats.
  public var entropy: Float

  /// Statistics of a row.
  public init(maximum: Float, sum: Float, entropy: Float) {
    self.maximum = maximum
    self.sum = sum
    self.entropy = entropy
  }

  /// log p of a token with the given logit (already divided by the temperature): the one formula
  /// that sampler and trainer share.
  public func logProbability(scaledLogit: Float) -> Float {
    (scaledLogit - maximum) - logf(sum)
  }
}

extension Compute {
  /// Maximum, sum of exponentials and entropy of one row of logits at a temperature.
  public func softmaxStatistics(
    vocabulary: Int, logits: UnsafePointer<Float>, inverseTemperature: Float
  ) -> TokenStatistics {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3) { out in
      kernels.softmaxStatistics(vocabulary, logits, inverseTemperature, out.baseAddress)
      return TokenStatistics(maximum: out[0], sum: out[1], entropy: out[2])
    }
  }

  /// Turns a row of logits, in place, into the gradient of
  /// `logProbability * log p(target) + entropy * H` with respect to the logits.
  public func softmaxBackward(
    vocabulary: Int, logits: UnsafeMutablePointer<Float>, inverseTemperature: Float,
    statistics: TokenStatistics, target: Int32, logProbability: Float, entropy: Float
  ) {
    precondition(
      target >= 0 && target < vocabulary, "target \(target) is not in a vocabulary of \(vocabulary)"
    )
    kernels.softmaxBackward(
      vocabulary, logits, inverseTemperature, statistics.maximum, statistics.sum,
      statistics.entropy, target, logProbability, entropy)
  }
}

extension Compute {
  /// The token at which the cumulative probability first exceeds `uniform`, in index order.
  public func sample(
    vocabulary: Int, logits: UnsafePointer<Float>, inverseTemperature: Float,
    statistics: TokenStatistics, uniform: Double
  ) -> Int32 {
    kernels.sampleRow(vocabulary, logits, inverseTemperature, statistics.maximum, uniform)
  }
}
