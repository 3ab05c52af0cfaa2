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

  /// Takes the numbers of another of the same length and format.
  func copy(_ other: MomentStorage) {
    switch (self, other) {
    case (.single(let own), .single(let others)): own.copy(from: others)
    case (.half(let own), .half(let others)):
      precondition(own.count == others.count, "moments of different lengths")
      own.pointer.update(from: others.pointer, count: own.count)
    default: preconditionFailure("moments of different formats")
    }
  }

  /// Forgets what it has seen.
  func zero() {
    switch self {
    case .single(let buffer): buffer.zero()
    case .half(let buffer): buffer.zero()
    }
  }

  /// The numbers of one tensor, as a file holds them.
  func values(of tensor: ParameterLayout.Tensor, _ policy: Policy) -> [Float] {
    switch self {
    case .single(let buffer): policy.read(tensor, of: buffer)
    case .half(let buffer): policy.read(tensor, of: buffer)
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

  /// Takes the state of another of the same policy.
  func copy(_ other: PolicyOptimizer) {
    firstMoment.copy(other.firstMoment)
    secondMoment.copy(other.secondMoment)
    updates = other.updates
  }

  /// An optimiser that has seen no gradient, as at first.
  func reset() {
    firstMoment.zero()
    secondMoment.zero()
    updates = 0
  }

  /// One update: clips the gradient to the global norm, then AdamW with decoupled decay of matrices.
  ///
  /// It is made whole: an interruption that is raised meanwhile changes nothing, and if one was raised
  /// before, there is no update, for the gradient may be that of skipped computations.
  ///
  /// - Parameters:
  ///   - gradients: of the policy's layout; left as they are.
  ///   - learningRate: of this update.
  ///   - step: the step that it belongs to, for messages.
  /// - Returns: the gradient's norm before clipping.
  /// - Throws: `TrainingError` of kind `stopped` where the gradient's norm is not finite, and nothing
  ///   was changed; or where a weight or a moment is not finite after the update, and the policy is of
  ///   no use any more. Of kind `interrupted` where an interruption was raised before.
  public func step(
    _ policy: Policy, gradients: Gradients, settings: OptimizerSettings, learningRate: Double,
    step: Int
  ) throws(TrainingError) -> Double {
    let team = policy.compute.team
    return try team.keepingOn { () throws(TrainingError) -> Double in
      try update(
        policy, gradients: gradients, settings: settings, learningRate: learningRate, step: step)
    } orElse: { () throws(TrainingError) -> Double in
      throw TrainingError(.interrupted, "step \(step) was given up before its update")
    }
  }

  private func update(
    _ policy: Policy, gradients: Gradients, settings: OptimizerSettings, learningRate: Double,
    step: Int
  ) throws(TrainingError) -> Double {
    let compute = policy.compute
    let norm = gradients.norm(compute)
    guard norm.isFinite else {
      throw TrainingError(
        .stopped,
        "step \(step): the gradient's norm is \(norm). The update was not made; lower the learning rate, or look at this step's completions"
      )
    }
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
    var isFinite = true
    for slice in policy.layout.slices {
      let isSliceFinite = compute.adamW(
        update, count: slice.count, weightDecay: slice.decays ? settings.weightDecay : 0,
        state: AdamWState(
          gradients: gradients.numbers(of: slice), parameters: policy.numbers(of: slice),
          firstMoment: firstMoment.numbers(from: slice.offset),
          secondMoment: secondMoment.numbers(from: slice.offset), rounding: rounding,
          parameterRounding: parameterRounding, firstElement: slice.offset))
      isFinite = isFinite && isSliceFinite
    }
    policy.weightsChanged()
    guard isFinite else {
      let first = policy.firstNonFinite ?? firstNonFinite(policy) ?? "one of bf16's rounding"
      throw TrainingError(
        .stopped,
        "step \(step): the update made numbers that are none, the first \(first) (learning rate \(ShortNumber.text(learningRate))). Nothing was saved; lower the learning rate"
      )
    }
    return norm
  }

  /// The first moment that is not finite, for people: its value, name and index; nil where all are.
  func firstNonFinite(_ policy: Policy) -> String? {
    for (name, moment) in [("exp_avg", firstMoment), ("exp_avg_sq", secondMoment)] {
      for tensor in policy.layout.tensors {
        let values = moment.values(of: tensor, policy)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
          return "\(values[index]) at index \(index) of '\(name).\(tensor.name)'"
        }
      }
    }
    return nil
  }
}
