import HoneNumerics
import HonePolicy
import Testing

@Suite("One forward pass: the same bits wherever a row lies")
struct ExactnessTests {
  private static let stop = StopRule(tokens: [5, 11], maximumTokens: 40)

  @Test(
    "The trainer's log-probabilities are the sampler's bits",
    arguments: PolicyConfiguration.Architecture.allCases, [0.7, 0.85, 1.0, 1.1])
  func samplerAndTrainerAgree(
    architecture: PolicyConfiguration.Architecture, temperature: Double
  ) throws {
    let policy = Sample.policy(Sample.configuration(architecture, tied: architecture != .qwen2))
    try expectAgreement(policy, temperature)
  }

  @Test(
    "So they are in every precision", arguments: PolicyConfiguration.Architecture.allCases,
    LowPrecision.all)
  func samplerAndTrainerAgree(
    architecture: PolicyConfiguration.Architecture, low: LowPrecision
  ) throws {
    let policy = Sample.policy(Sample.configuration(architecture, tied: architecture != .qwen2))
    let single = Sample.policy(policy.configuration)
    policy.adopt(low.precision)
    try expectAgreement(policy, 1)
    // And the precision does something.
    let groups = [PackedGroup(prompt: [1, 2, 3], completions: [[4, 5, 6, 7]])]
    #expect(score(policy, groups, 1) != score(single, groups, 1))
  }

  private func expectAgreement(_ policy: Policy, _ temperature: Double) throws {
    let requests = Sample.requests(5, samples: 4)
    let generator = Generator(policy: policy, rows: 7)
    let groups = try generator.generate(
      requests, options: SamplingOptions(temperature: temperature), stop: Self.stop)
    let recorded = groups.flatMap { $0.flatMap { $0.logProbabilities.map(\.bitPattern) } }
    #expect(recorded.count > 100)
    let packed = zip(requests, groups).map {
      PackedGroup(prompt: $0.prompt, completions: $1.map(\.tokens))
    }
    let together = score(policy, packed, temperature)
    let apart = packed.flatMap { score(policy, [$0], temperature) }
    let alone = packed.flatMap { group in
      group.completions.flatMap {
        score(policy, [PackedGroup(prompt: group.prompt, completions: [$0])], temperature)
      }
    }
    #expect(together == recorded)
    #expect(apart == recorded)
    #expect(alone == recorded)
  }

  private func score(_ policy: Policy, _ groups: [PackedGroup], _ temperature: Double) -> [UInt32] {
    let batch = PackedBatch(groups)
    let workspace = TrainingWorkspace(
      configuration: policy.configuration, fitting: batch, precision: policy.precision)
    return policy.score(batch, workspace: workspace, temperature: Float(temperature))
      .map(\.logProbability.bitPattern)
  }

  @Test("A completion sampled alone is the completion that it was in its batch")
  func aloneAndInBatch() throws {
    let policy = Sample.policy()
    let requests = Sample.requests(6, samples: 5)
    let together = try Generator(policy: policy, rows: 9).generate(
      requests, options: SamplingOptions(), stop: Self.stop)
    for (request, completions) in zip(requests, together) {
      for completion in completions {
        var one = request
        one.samples = completion.sample..<completion.sample + 1
        let alone = try Generator(policy: policy, rows: 1).generate(
          [one], options: SamplingOptions(), stop: Self.stop)
        #expect(alone == [[completion]])
      }
    }
  }

  @Test(
    "A prompt longer than one pass gives the same bits", arguments: [255, 256, 257, 400],
    [nil] + LowPrecision.all)
  func longPrompts(length: Int, low: LowPrecision?) throws {
    let policy = Sample.policy()
    if let low { policy.adopt(low.precision) }
    let request = GenerationRequest(
      prompt: Sample.tokens(length, seed: 9), samples: 0..<2,
      stream: RandomStream(seed: 1, purpose: .sampling, problem: "long"))
    let completions = try Generator(policy: policy, rows: 3).generate(
      [request], options: SamplingOptions(), stop: Self.stop)[0]
    let scored = score(
      policy, [PackedGroup(prompt: request.prompt, completions: completions.map(\.tokens))], 1)
    #expect(scored == completions.flatMap { $0.logProbabilities.map(\.bitPattern) })
  }

  @Test(
    "Gradients and samples do not depend on the number of workers", arguments: [2, 3],
    [nil] + LowPrecision.all)
  func workers(count: Int, low: LowPrecision?) throws {
    let one = Sample.policy(workers: 1)
    let many = Sample.policy(workers: count)
    if let low {
      one.adopt(low.precision)
      many.adopt(low.precision)
    }
    let requests = Sample.requests(4, samples: 4)
    let samples = try Generator(policy: one, rows: 8).generate(
      requests, options: SamplingOptions(), stop: Self.stop)
    #expect(
      try Generator(policy: many, rows: 8).generate(
        requests, options: SamplingOptions(), stop: Self.stop) == samples)
    let batch = PackedBatch(
      zip(requests, samples).map {
        PackedGroup(prompt: $0.prompt, completions: $1.map(\.tokens))
      })
    #expect(gradient(one, batch) == gradient(many, batch))
  }

  private func gradient(_ policy: Policy, _ batch: PackedBatch) -> [UInt32] {
    let workspace = TrainingWorkspace(
      configuration: policy.configuration, fitting: batch, precision: policy.precision)
    let gradients = Gradients(policy.layout, precision: policy.precision)
    policy.backpropagate(batch, workspace: workspace, gradients: gradients) { range, _ in
      range.map { TokenGradient(logProbability: Float($0 % 7) - 3, entropy: 0.01) }
    }
    return gradients.values.map(\.bitPattern)
  }

  @Test("Greedy decoding takes the most probable token and needs no random numbers")
  func greedy() throws {
    let policy = Sample.policy()
    var requests = Sample.requests(3, samples: 2)
    let options = SamplingOptions(temperature: 0)
    let first = try Generator(policy: policy, rows: 4).generate(
      requests, options: options, stop: Self.stop)
    for index in requests.indices {
      requests[index].stream = RandomStream(seed: 99, purpose: .evaluation, problem: "other")
    }
    let second = try Generator(policy: policy, rows: 4).generate(
      requests, options: options, stop: Self.stop)
    #expect(first == second)
    #expect(first.allSatisfy { $0[0].tokens == $0[1].tokens })
  }

  @Test("A narrowed sampler never leaves its set")
  func narrowing() throws {
    let policy = Sample.policy()
    let requests = Sample.requests(3, samples: 8)
    let stop = StopRule(tokens: [], maximumTokens: 12)
    let top = try Generator(policy: policy, rows: 8).generate(
      requests, options: SamplingOptions(topK: 1), stop: stop)
    let greedy = try Generator(policy: policy, rows: 8).generate(
      requests, options: SamplingOptions(temperature: 0), stop: stop)
    #expect(top.map { $0.map(\.tokens) } == greedy.map { $0.map(\.tokens) })
    let tight = try Generator(policy: policy, rows: 8).generate(
      requests, options: SamplingOptions(minP: 0.5), stop: stop)
    #expect(
      tight.flatMap { $0.flatMap(\.logProbabilities) }.allSatisfy { $0 > -4.3 })
  }
}
