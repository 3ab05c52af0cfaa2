public import HoneNumerics
public import HonePolicy

/// AdamW over a policy's flat parameters: its moments, the count of its updates, and clipping.
public final class PolicyOptimizer {
  /// First moments, in the policy's layout.
  public let firstMoment: TensorBuffer
  /// Second moments, in the policy's layout.
  public let secondMoment: TensorBuffer
  /// Updates so far; bias correction starts from it.
  public var updates: Int = 0

  /// An optimiser that has seen no gradient.
  public init(layout: ParameterLayout) {
    firstMoment = TensorBuffer(count: layout.count)
    secondMoment = TensorBuffer(count: layout.count)
  }

  /// One update: clips the gradient to the global norm, then AdamW with decoupled decay of matrices.
  ///
  /// - Parameters:
  ///   - gradients: of the policy's layout; left as they are.
  ///   - learningRate: of this update.
  /// - Returns: the gradient's norm before clipping; not finite means that nothing was changed.
  public func step(
    _ policy: Policy, gradients: TensorBuffer, settings: OptimizerSettings, learningRate: Double
  ) -> Double {
    let compute = policy.compute
    let norm = compute.sumOfSquares(count: gradients.count, gradients.pointer).squareRoot()
    guard norm.isFinite else { return norm }
    let limit = settings.maximumGradientNorm
    // PyTorch's clip_grad_norm_: limit / (norm + 1e-6), never above 1.
    let scale = limit > 0 ? min(1, limit / (norm + 1e-6)) : 1
    updates += 1
    let update = AdamWUpdate(
      learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2,
      epsilon: settings.epsilon, gradientScale: scale, count: updates)
    for slice in policy.layout.slices {
      compute.adamW(
        update, count: slice.count, weightDecay: slice.decays ? settings.weightDecay : 0,
        parameters: policy.parameters.pointer + slice.offset,
        gradients: gradients.pointer + slice.offset,
        firstMoment: firstMoment.pointer + slice.offset,
        secondMoment: secondMoment.pointer + slice.offset)
    }
    return norm
  }
}
