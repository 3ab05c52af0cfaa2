import CKernels
import Foundation
import Synchronization

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

/// Where AdamW's numbers lie.
public struct AdamWState {
  /// A run of numbers in single precision or in halves of it.
  public enum Numbers {
    /// Single precision.
    case single(UnsafeMutablePointer<Float>)
    /// bf16: a gradient, a moment, or a weight without its rest.
    case half(UnsafeMutablePointer<UInt16>)
    /// bf16 and the signed rest of single precision: a weight with its master.
    case split(high: UnsafeMutablePointer<UInt16>, low: UnsafeMutablePointer<UInt16>)
  }

  /// The gradients, which are read: `single` or `half`.
  public var gradients: Numbers
  /// The parameters: `single` or `split`; or `half`, then an update is rounded stochastically.
  public var parameters: Numbers
  /// The first moments: `single` or `half`.
  public var firstMoment: Numbers
  /// The second moments: `single` or `half`.
  public var secondMoment: Numbers
  /// Where bf16 moments are rounded stochastically: the stream of this update.
  public var rounding: RandomStream?
  /// Where parameters are bf16 alone: the stream of this update, another one.
  public var parameterRounding: RandomStream?
  /// The first element's number in that stream, a multiple of 8.
  public var firstElement: Int

  /// A state.
  public init(
    gradients: Numbers, parameters: Numbers, firstMoment: Numbers, secondMoment: Numbers,
    rounding: RandomStream? = nil, parameterRounding: RandomStream? = nil, firstElement: Int = 0
  ) {
    precondition(firstElement % 8 == 0, "element \(firstElement) does not start a block of 8")
    self.gradients = gradients
    self.parameters = parameters
    self.firstMoment = firstMoment
    self.secondMoment = secondMoment
    self.rounding = rounding
    self.parameterRounding = parameterRounding
    self.firstElement = firstElement
  }

  /// The kernel's view, `start` elements on.
  func kernel(from start: Int) -> HoneAdamState {
    var state = HoneAdamState()
    switch gradients {
    case .single(let values): state.gradients = UnsafePointer(values + start)
    case .half(let values): state.gradients16 = UnsafePointer(values + start)
    case .split: preconditionFailure("gradients have no low halves")
    }
    switch parameters {
    case .single(let values): state.parameters = values + start
    case .split(let high, let low): (state.high, state.low) = (high + start, low + start)
    case .half(let values):
      guard let parameterRounding else {
        preconditionFailure("parameters in bf16 alone are rounded stochastically: by what stream?")
      }
      state.high = values + start
      state.weightKey = parameterRounding.key
    }
    switch firstMoment {
    case .single(let values): state.first = values + start
    case .half(let values): state.first16 = values + start
    case .split: preconditionFailure("moments have no low halves")
    }
    switch secondMoment {
    case .single(let values): state.second = values + start
    case .half(let values): state.second16 = values + start
    case .split: preconditionFailure("moments have no low halves")
    }
    if let rounding {
      state.stochastic = 1
      state.key = rounding.key
    }
    state.element = UInt64(firstElement + start)
    return state
  }
}

extension Compute {
  /// Updates `count` parameters in single precision, with decoupled weight decay.
  ///
  /// - Returns: whether every parameter and moment that came out is finite.
  @discardableResult
  public func adamW(
    _ update: AdamWUpdate, count: Int, weightDecay: Double, parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>, firstMoment: UnsafeMutablePointer<Float>,
    secondMoment: UnsafeMutablePointer<Float>
  ) -> Bool {
    adamW(
      update, count: count, weightDecay: weightDecay,
      state: AdamWState(
        gradients: .single(UnsafeMutablePointer(mutating: gradients)),
        parameters: .single(parameters), firstMoment: .single(firstMoment),
        secondMoment: .single(secondMoment)))
  }

  /// Updates `count` parameters in place, with decoupled weight decay.
  ///
  /// p *= 1 - learning rate * decay; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
  /// p -= learning rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
  /// Scalars are computed in double and rounded once. The arithmetic is in single precision; bf16
  /// gradients, moments and parameters are widened before it, the latter two rounded after it.
  ///
  /// - Returns: whether every parameter and moment that came out is finite; looked at before they are
  ///   rounded.
  @discardableResult
  public func adamW(
    _ update: AdamWUpdate, count: Int, weightDecay: Double, state: AdamWState
  ) -> Bool {
    let isFinite = Atomic<Bool>(true)
    let stepSize = Float(update.learningRate / (1 - pow(update.beta1, Double(update.count))))
    let sqrtBias2 = Float((1 - pow(update.beta2, Double(update.count))).squareRoot())
    let decayFactor = Float(1 - update.learningRate * weightDecay)
    forEachChunk(of: count, chunk: 1 << 14) { range in
      let isWhole = kernels.adamW(
        range.count, state.kernel(from: range.lowerBound), Float(update.gradientScale),
        decayFactor, update.beta1, update.beta2, stepSize, sqrtBias2, Float(update.epsilon))
      if isWhole == 0 { isFinite.store(false, ordering: .relaxed) }
    }
    return isFinite.load(ordering: .relaxed)
  }
}
