import CKernels
import Foundation

/// One update of AdamW (Loshchilov & Hutter 2019, algorithm 2; the arithmetic of PyTorch's AdamW).
public struct AdamWUpdate: Sendable {
  /// Learning rate of this step.
  public var learningRate: Double
  /// Decay of the first moment.
  public var beta1: Double
  /// Decay of the second moment.
  public var beta2: Double
  /// Added to the root of the second moment, after bias correction.
  public var epsilon: Double
  /// Multiplies every gradient first: the clipping factor.
  public var gradientScale: Double
  /// The number of this update, from 1, for bias correction.
  public var count: Int

  /// An update with all its numbers.
  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, gradientScale: Double,
    count: Int
  ) {
    precondition(count >= 1, "AdamW updates are counted from 1, not \(count)")
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.gradientScale = gradientScale
    self.count = count
  }
}

extension Compute {
  /// Updates `count` parameters in place, with decoupled weight decay.
  ///
  /// p *= 1 - learning rate * decay; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
  /// p -= learning rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
  /// Scalars are computed in double and rounded once.
  public func adamW(
    _ update: AdamWUpdate, count: Int, weightDecay: Double, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, firstMoment: UnsafeMutablePointer<Float>,
    secondMoment: UnsafeMutablePointer<Float>
  ) {
    let stepSize = Float(update.learningRate / (1 - pow(update.beta1, Double(update.count))))
    let sqrtBias2 = Float((1 - pow(update.beta2, Double(update.count))).squareRoot())
    let decayFactor = Float(1 - update.learningRate * weightDecay)
    forEachChunk(of: count, chunk: 1 << 14) { range in
      let start = range.lowerBound
      kernels.adamW(
        range.count, parameters + start, gradients + start, firstMoment + start,
        secondMoment + start, Float(update.gradientScale), decayFactor, update.beta1, update.beta2,
        stepSize, sqrtBias2, Float(update.epsilon))
    }
  }
}
