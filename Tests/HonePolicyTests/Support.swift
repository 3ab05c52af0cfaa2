import HoneNumerics
import HonePolicy

/// Small policies and texts for tests.
enum Sample {
  static func configuration(
    _ architecture: PolicyConfiguration.Architecture = .llama, tied: Bool = true
  ) -> PolicyConfiguration {
    PolicyConfiguration(
      architecture: architecture, vocabularySize: 67, hiddenSize: 48, intermediateSize: 72,
      layers: 3, heads: 4, keyValueHeads: 2, headSize: 16, maximumPositions: 512, tiedHead: tied)
  }

  /// A policy whose weights are large enough for its distributions to be far from uniform.
  static func policy(
    _ configuration: PolicyConfiguration = configuration(), workers: Int = 1, seed: UInt64 = 3
  ) -> Policy {
    let policy = Policy(
      configuration: configuration, seed: seed, compute: Compute(workers: workers))
    for index in 0..<policy.parameters.count { policy.parameters.pointer[index] *= 6 }
    for layer in policy.layout.layers {
      for slice in [layer.inputNorm, layer.postNorm] {
        for index in 0..<slice.count {
          policy.parameters.pointer[slice.offset + index] = 1 + 0.1 * Float(index % 5)
        }
      }
    }
    return policy
  }

  static func tokens(_ count: Int, seed: Int, vocabulary: Int = 67) -> [Int32] {
    let stream = RandomStream(seed: UInt64(seed), purpose: .order, problem: "tokens")
    return (0..<count).map { Int32(stream.uniform(sample: 0, position: $0) * Double(vocabulary)) }
  }

  static func requests(_ count: Int, samples: Int) -> [GenerationRequest] {
    (0..<count).map { index in
      GenerationRequest(
        prompt: tokens(3 + 7 * index, seed: index), samples: 0..<samples,
        stream: RandomStream(seed: 1, purpose: .sampling, step: 4, problem: "p\(index)"))
    }
  }
}
