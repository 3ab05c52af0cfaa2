import Foundation
import HoneNumerics
import HonePolicy
import HoneText
import Testing

@Suite("Ids without a text: never sampled, in no distribution, exactly")
struct ExcludedTokensTests {
  private static let stop = StopRule(tokens: [5], maximumTokens: 40)
  /// A hole at the beginning, one in the middle, padding at the end, as for a tokenizer of 50.
  private static let excluded = [0..<2, 23..<24, 50..<67]

  private static func policy(
    _ architecture: PolicyConfiguration.Architecture = .llama, excluded: [Range<Int>] = excluded
  ) -> Policy {
    let policy = Sample.policy(Sample.configuration(architecture, tied: architecture != .qwen2))
    policy.excludedTokens = excluded
    return policy
  }

  private static func requests() -> [GenerationRequest] {
    // The prompts may hold such ids: an embedding has a row for them.
    Sample.requests(5, samples: 6)
  }

  private static func scores(
    _ policy: Policy, _ requests: [GenerationRequest], _ groups: [[Completion]],
    _ temperature: Double
  ) -> [TokenScore] {
    let batch = PackedBatch(
      zip(requests, groups).map { PackedGroup(prompt: $0.prompt, completions: $1.map(\.tokens)) })
    let workspace = TrainingWorkspace(
      configuration: policy.configuration, fitting: batch, precision: policy.precision)
    return policy.score(batch, workspace: workspace, temperature: Float(temperature))
  }

  @Test(
    "They are never drawn, and the trainer's log-probabilities are the sampler's bits",
    arguments: PolicyConfiguration.Architecture.allCases,
    [
      SamplingOptions(temperature: 0), SamplingOptions(), SamplingOptions(temperature: 0.7),
      SamplingOptions(temperature: 1e-9), SamplingOptions(topK: 60, topP: 0.99, minP: 0.001),
    ])
  func exact(architecture: PolicyConfiguration.Architecture, options: SamplingOptions) throws {
    let policy = Self.policy(architecture)
    let requests = Self.requests()
    let groups = try Generator(policy: policy, rows: 7).generate(
      requests, options: options, stop: Self.stop)
    let tokens = groups.flatMap { $0.flatMap(\.tokens) }
    #expect(tokens.count > 100)
    #expect(!tokens.contains(where: policy.isExcluded))
    let scores = Self.scores(policy, requests, groups, Double(1 / options.inverseTemperature))
    #expect(
      scores.map(\.logProbability.bitPattern)
        == groups.flatMap { $0.flatMap { $0.logProbabilities.map(\.bitPattern) } })
    #expect(scores.allSatisfy { $0.logProbability <= 0 && $0.entropy >= -1e-6 })
    #expect(scores.allSatisfy { $0.logProbability.isFinite && $0.entropy.isFinite })
    // Without the exclusion the same policy does write them.
    let free = try Generator(policy: Self.policy(architecture, excluded: []), rows: 7).generate(
      requests, options: SamplingOptions(temperature: 1.5), stop: Self.stop)
    #expect(free.flatMap { $0.flatMap(\.tokens) }.contains(where: policy.isExcluded))
  }

  @Test("In low precision too, on any number of workers", arguments: LowPrecision.all)
  func lowPrecision(low: LowPrecision) throws {
    let policy = Self.policy()
    policy.adopt(low.precision)
    let requests = Self.requests()
    let groups = try Generator(policy: policy, rows: 9).generate(
      requests, options: SamplingOptions(), stop: Self.stop)
    let scores = Self.scores(policy, requests, groups, 1)
    #expect(
      scores.map(\.logProbability.bitPattern)
        == groups.flatMap { $0.flatMap { $0.logProbabilities.map(\.bitPattern) } })
    #expect(!groups.flatMap { $0.flatMap(\.tokens) }.contains(where: policy.isExcluded))
  }

  @Test("Probabilities over the other ids add up to one")
  func whole() {
    let policy = Self.policy()
    let prompt: [Int32] = [7, 8, 9]
    let completions = (0..<67).map { [Int32($0)] }.filter { !policy.isExcluded($0[0]) }
    #expect(completions.count == policy.sampledTokenCount && completions.count == 47)
    let batch = PackedBatch([PackedGroup(prompt: prompt, completions: completions)])
    let scores = policy.score(
      batch, workspace: TrainingWorkspace(configuration: policy.configuration, fitting: batch))
    let sum = scores.reduce(0.0) { $0 + exp(Double($1.logProbability)) }
    #expect(abs(sum - 1) < 1e-5)
  }

  @Test("The gradient to an excluded row of a separate head is exactly 0, of both terms")
  func gradient() throws {
    let policy = Self.policy(.qwen2)
    let requests = Self.requests()
    let groups = try Generator(policy: policy, rows: 7).generate(
      requests, options: SamplingOptions(), stop: Self.stop)
    let batch = PackedBatch(
      zip(requests, groups).map { PackedGroup(prompt: $0.prompt, completions: $1.map(\.tokens)) })
    let gradients = Gradients(policy.layout, precision: policy.precision)
    policy.backpropagate(
      batch,
      workspace: TrainingWorkspace(configuration: policy.configuration, fitting: batch),
      gradients: gradients
    ) { range, _ in
      range.map { TokenGradient(logProbability: Float($0 % 5) - 1.5, entropy: 0.3) }
    }
    let channels = policy.configuration.hiddenSize
    let head = gradients.pointer(policy.layout.head)
    for id in 0..<67 {
      let row = (0..<channels).map { head[id * channels + $0] }
      #expect(row.allSatisfy { $0.isFinite })
      #expect(row.allSatisfy { $0 == 0 } == policy.isExcluded(Int32(id)), "id \(id)")
    }
  }

  @Test("A copy, which a KL penalty refers to, has the same distribution")
  func copy() { #expect(Self.policy().copy().excludedTokens == Self.excluded) }

  @Test("A loaded model leaves out what its tokenizer has no text for, but no end token")
  func model() {
    let tokenizer = Tokenizer.train(
      texts: ["1+1=2"], vocabularySize: 260, specialTokens: ["<|end|>"])
    let count = tokenizer.vocabularySize
    func excluded(rows: Int, ends: [Int32]) -> [Range<Int>] {
      let configuration = PolicyConfiguration(
        vocabularySize: rows, hiddenSize: 16, intermediateSize: 16, layers: 1, heads: 2,
        endTokens: ends)
      let policy = Policy(configuration: configuration, seed: 1, compute: Compute(workers: 1))
      return LoadedModel(policy: policy, tokenizer: tokenizer).policy.excludedTokens
    }
    #expect(excluded(rows: count, ends: []).isEmpty)
    #expect(excluded(rows: 320, ends: [3]) == [count..<320])
    #expect(excluded(rows: 320, ends: [300]) == [count..<300, 301..<320])
    #expect(excluded(rows: 320, ends: [319, Int32(count)]) == [count + 1..<319])
  }
}
