public import HoneNumerics
public import HonePolicy

/// One of AdamW's moments for every parameter, in single precision or in bf16.
public enum MomentStorage {
  /// Single precision.
  case single(TensorBuffer)
  /// bf16.
  case half(HalfBuffer)

  /// Zeros in a format, `fp32` or `bf16`.
  init(count: Int, format: NumberFormat) {
    self = format == .bf16 ? .half(HalfBuffer(count: count)) : .single(TensorBuffer(count: count))
  }

  /// Forgets what it has seen.
  func zero() {
    switch self {
    case .single(let buffer): buffer.zero()
    case .half(let buffer): buffer.zero()
    }
  }

  func numbers(from offset: Int) -> AdamWState.Numbers {
    switch self {
    case .single(let buffer): .single(buffer.pointer + offset)
    case .half(let buffer): .half(buffer.pointer + offset)
    }
  }
}

/// AdamW over a policy's parameters: its moments, the count of its updates, and clipping.
public final class PolicyOptimizer {
  /// First moments, in the policy's layout.
  public let firstMoment: MomentStorage
  /// Second moments, in the policy's layout.
  public let secondMoment: MomentStorage
  /// Updates so far; bias correction starts from it.
  public var updates: Int = 0
  private let roundsStochastically: Bool
  private let seed: UInt64
  private let stage: Int

  /// An optimiser that has seen no gradient.
  ///
  /// - Parameters:
  ///   - seed: the run's; it names the random numbers of stochastic rounding,
  ///   - stage: with the stage's index in the run and the number of the update.
  public init(
    layout: ParameterLayout, precision: Precision = .fp32, seed: Int = 0, stage: Int = 0
  ) {
    firstMoment = MomentStorage(count: layout.count, format: precision.moments)
    secondMoment = MomentStorage(count: layout.count, format: precision.moments)
    roundsStochastically = precision.roundsMomentsStochastically && precision.moments == .bf16
    self.seed = UInt64(bitPattern: Int64(seed))
    self.stage = stage
  }

  /// An optimiser that has seen no gradient, as at first.
  func reset() {
    firstMoment.zero()
    secondMoment.zero()
    updates = 0
  }

  /// One update: clips the gradient to the global norm, then AdamW with decoupled decay of matrices.
  ///
  /// - Parameters:
  ///   - gradients: of the policy's layout; left as they are.
  ///   - learningRate: of this update.
  /// - Returns: the gradient's norm before clipping; not finite means that nothing was changed.
  public func step(
    _ policy: Policy, gradients: Gradients, settings: OptimizerSettings, learningRate: Double
  ) -> Double {
    let compute = policy.compute
    let norm = gradients.norm(compute)
    guard norm.isFinite else { return norm }
    let limit = settings.maximumGradientNorm
    // PyTorch's clip_grad_norm_: limit / (norm + 1e-6), never above 1.
    let scale = limit > 0 ? min(1, limit / (norm + 1e-6)) : 1
    updates += 1
    let update = AdamWUpdate(
      learningRate: learningRate, beta1: settings.beta1, beta2: settings.beta2,
      epsilon: settings.epsilon, gradientScale: scale, count: updates)
    func stream(_ name: String) -> RandomStream {
      RandomStream(seed: seed, purpose: .rounding, step: updates, problem: name)
    }
    let rounding = roundsStochastically ? stream("stage \(stage)") : nil
    let parameterRounding =
      policy.precision.masters.isSingle ? nil : stream("weights of stage \(stage)")
    for slice in policy.layout.slices {
      compute.adamW(
        update, count: slice.count, weightDecay: slice.decays ? settings.weightDecay : 0,
        state: AdamWState(
          gradients: gradients.numbers(of: slice), parameters: policy.numbers(of: slice),
          firstMoment: firstMoment.numbers(from: slice.offset),
          secondMoment: secondMoment.numbers(from: slice.offset), rounding: rounding,
          parameterRounding: parameterRounding, firstElement: slice.offset))
    }
    policy.weightsChanged()
    return norm
  }
}
