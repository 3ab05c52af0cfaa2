import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

@Suite("Weights without masters are rounded by numbers of their own")
struct StochasticWeightsTests {
  private static let configuration = PolicyConfiguration(
    vocabularySize: 64, hiddenSize: 32, intermediateSize: 48, layers: 2, heads: 2)

  /// Which weights moved in each of some updates of a policy of ones by gradients of ones, a slice each.
  private static func moved(
    updates: Int = 1, seed: Int = 1, stage: Int = 0, stochasticMoments: Bool = false
  ) -> [[[Bool]]] {
    var precision = Precision.bf16
    precision.masters = .bf16
    precision.roundsMomentsStochastically = stochasticMoments
    let policy = Policy(configuration: configuration, compute: Compute(workers: 2))
    policy.adopt(precision)
    let gradients = Gradients(policy.layout)
    for slice in policy.layout.slices {
      gradients.pointer(slice).update(repeating: -1, count: slice.count)
    }
    let optimizer = PolicyOptimizer(
      layout: policy.layout, precision: precision, seed: seed, stage: stage)
    var settings = OptimizerSettings(.grpo)
    settings.maximumGradientNorm = 0
    return (0..<updates).map { _ in
      for tensor in policy.layout.tensors {
        policy.setParameter([Float](repeating: 1, count: tensor.shape.reduce(1, *)), tensor)
      }
      // A third of the way to the next bf16 number.
      _ = try? optimizer.step(
        policy, gradients: gradients, settings: settings, learningRate: 0x1p-7 / 3, step: 1)
      return policy.layout.tensors.filter { $0.shape.count > 1 }.map {
        policy.parameter($0).map { $0 != 1 }
      }
    }
  }

  @Test func aThirdOfThemMoves() throws {
    let all = try #require(Self.moved().first).flatMap { $0 }
    let share = Double(all.count { $0 }) / Double(all.count)
    #expect(abs(share - 1 / 3.0) < 0.02)
  }

  @Test func everyUpdateSliceSeedAndStageHasItsOwnNumbers() {
    let updates = Self.moved(updates: 2)
    #expect(updates[0] != updates[1])
    let matrices = updates[0]
    for (index, matrix) in matrices.enumerated() {
      for other in matrices[(index + 1)...] where other.count == matrix.count {
        #expect(other != matrix)
      }
    }
    #expect(Self.moved()[0] == matrices)
    #expect(Self.moved(seed: 2)[0] != matrices)
    #expect(Self.moved(stage: 1)[0] != matrices)
  }

  /// A first update reads no rounded moment: how moments are rounded must make no difference to it.
  ///
  /// Were the weights' numbers the moments', they would be those of the stream that the stage names.
  @Test func momentsDrawFromAnotherStream() throws {
    let first = Self.moved()[0]
    #expect(Self.moved(stochasticMoments: true)[0] == first)
    #expect(try first[0] == Self.embedding("weights of stage 0"))
    #expect(try first[0] != Self.embedding("stage 0"))
  }

  /// Which weights of the embedding, the first slice, move by the numbers of a stream.
  private static func embedding(_ name: String) throws -> [Bool] {
    let slice = ParameterLayout(configuration).embedding
    try #require(slice.offset == 0)
    let weights = HalfBuffer(count: slice.count)
    for index in 0..<slice.count { weights.pointer[index] = UInt16(Float(1).bitPattern >> 16) }
    let (gradients, first, second) = (
      TensorBuffer([Float](repeating: -1, count: slice.count)), TensorBuffer(count: slice.count),
      TensorBuffer(count: slice.count)
    )
    let settings = OptimizerSettings(.grpo)
    Compute(workers: 1).adamW(
      AdamWUpdate(
        learningRate: 0x1p-7 / 3, beta1: settings.beta1, beta2: settings.beta2,
        epsilon: settings.epsilon, gradientScale: 1, count: 1), count: slice.count,
      weightDecay: settings.weightDecay,
      state: AdamWState(
        gradients: .single(gradients.pointer), parameters: .half(weights.pointer),
        firstMoment: .single(first.pointer), secondMoment: .single(second.pointer),
        parameterRounding: RandomStream(seed: 1, purpose: .rounding, step: 1, problem: name)))
    return (0..<slice.count).map {
      weights.pointer[$0] != UInt16(Float(1).bitPattern >> 16)
    }
  }
}
