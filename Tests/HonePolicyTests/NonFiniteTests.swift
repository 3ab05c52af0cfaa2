import HoneNumerics
import HonePolicy
import Testing

@Suite("Predictions that are no numbers")
struct NonFiniteTests {
  private static func generate(
    _ policy: Policy, temperature: Double
  ) throws(NonFinitePrediction) -> [[Completion]] {
    try Generator(policy: policy, rows: 3).generate(
      Sample.requests(4, samples: 2), options: SamplingOptions(temperature: temperature),
      stop: StopRule(tokens: [], maximumTokens: 6))
  }

  @Test("no token is chosen by them", arguments: [0, 1.0])
  func generation(temperature: Double) throws {
    let policy = Sample.policy()
    #expect(try Self.generate(policy, temperature: temperature).allSatisfy { $0.count == 2 })
    // Finite, and too large for what is made of them.
    for index in 0..<policy.parameters.count { policy.parameters.pointer[index] = 3e38 }
    let error = #expect(throws: NonFinitePrediction.self) {
      try Self.generate(policy, temperature: temperature)
    }
    #expect(error?.request == 0)
    #expect(error?.position == 0)
    #expect(error?.value.isFinite == false)
    #expect(policy.defectOfPredictions()?.contains("not finite") == true)
  }

  @Test("a single such row ends it, by its own place")
  func oneRow() throws {
    let policy = Sample.policy()
    let last = Sample.requests(4, samples: 2)[3].prompt
    let others = Set(Sample.requests(4, samples: 2)[..<3].flatMap(\.prompt))
    let token = try #require(last.first { !others.contains($0) })
    let width = policy.configuration.hiddenSize
    let row = policy.layout.embedding.offset + Int(token) * width
    for index in 0..<width { policy.parameters.pointer[row + index] = 3e38 }
    let error = #expect(throws: NonFinitePrediction.self) {
      _ = try Generator(policy: policy, rows: 8).generate(
        Sample.requests(4, samples: 2), options: SamplingOptions(),
        stop: StopRule(tokens: [], maximumTokens: 1))
    }
    #expect(error != nil)
  }

  @Test("sound policies have no defect", arguments: PolicyConfiguration.Architecture.allCases)
  func sound(architecture: PolicyConfiguration.Architecture) {
    #expect(Sample.policy(Sample.configuration(architecture)).defectOfPredictions() == nil)
  }
}
