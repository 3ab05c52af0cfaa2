import HoneNumerics
import HonePolicy
import Testing

@Suite("The whole policy against scalar double arithmetic")
struct WholePolicyGradientTests {
  private static let temperature = 0.8

  private let groups = [
    PackedGroup(
      prompt: Sample.tokens(5, seed: 1, vocabulary: 23),
      completions: [
        Sample.tokens(4, seed: 2, vocabulary: 23), Sample.tokens(1, seed: 3, vocabulary: 23),
        Sample.tokens(6, seed: 4, vocabulary: 23),
      ]),
    PackedGroup(
      prompt: Sample.tokens(1, seed: 5, vocabulary: 23),
      completions: [Sample.tokens(3, seed: 6, vocabulary: 23)]),
  ]

  private func policy(_ architecture: PolicyConfiguration.Architecture) -> Policy {
    Sample.policy(
      PolicyConfiguration(
        architecture: architecture, vocabularySize: 23, hiddenSize: 12, intermediateSize: 20,
        layers: 2, heads: 4, keyValueHeads: 2, headSize: 6, maximumPositions: 64,
        tiedHead: architecture != .qwen2))
  }

  /// Coefficients of the loss: different for every token, of both signs.
  private func coefficient(_ index: Int) -> (logProbability: Double, entropy: Double) {
    (Double(index % 5) - 1.75, 0.1 * Double(index % 3) - 0.1)
  }

  private func loss(_ reference: ReferenceDecoder) -> Double {
    var index = 0
    var total = 0.0
    for group in groups {
      for completion in group.completions {
        for score in reference.scores(
          prompt: group.prompt, completion: completion, temperature: Self.temperature)
        {
          let c = coefficient(index)
          total += c.logProbability * score.logProbability + c.entropy * score.entropy
          index += 1
        }
      }
    }
    return total
  }

  /// Ids of no completion above: holes, and padding.
  private var unusedIDs: [Range<Int>] {
    let used = Set(groups.flatMap { $0.completions.joined() })
    return (0..<23).filter { !used.contains(Int32($0)) }.map { $0..<$0 + 1 }
  }

  @Test(
    "Scores of shared prompts are those of whole sequences",
    arguments: PolicyConfiguration.Architecture.allCases, [false, true])
  func forward(architecture: PolicyConfiguration.Architecture, excludes: Bool) {
    let policy = policy(architecture)
    if excludes { policy.excludedTokens = unusedIDs }
    let batch = PackedBatch(groups)
    let scores = policy.score(
      batch, workspace: TrainingWorkspace(configuration: policy.configuration, fitting: batch),
      temperature: Float(Self.temperature))
    let reference = ReferenceDecoder(policy)
    let wanted = groups.flatMap { group in
      group.completions.flatMap {
        reference.scores(prompt: group.prompt, completion: $0, temperature: Self.temperature)
      }
    }
    #expect(
      distance(scores.map(\.logProbability), wanted.map { Float($0.logProbability) }) < 5e-6)
    #expect(
      distance(scores.map(\.entropy), wanted.map { Float($0.entropy) })
        < (excludes ? 8e-6 : 5e-6))
  }

  /// Tolerance: 2e-4 of the tensor's largest gradient, for fp32 against central differences of
  /// step 1e-5 in double.
  @Test(
    "Every tensor's gradient agrees with central differences",
    arguments: PolicyConfiguration.Architecture.allCases, [false, true])
  func backward(architecture: PolicyConfiguration.Architecture, excludes: Bool) {
    let policy = policy(architecture)
    if excludes { policy.excludedTokens = unusedIDs }
    let batch = PackedBatch(groups)
    let gradients = Gradients(policy.layout, precision: policy.precision)
    policy.backpropagate(
      batch, workspace: TrainingWorkspace(configuration: policy.configuration, fitting: batch),
      temperature: Float(Self.temperature), gradients: gradients
    ) { range, _ in
      range.map {
        TokenGradient(
          logProbability: Float(coefficient($0).logProbability),
          entropy: Float(coefficient($0).entropy))
      }
    }
    var reference = ReferenceDecoder(policy)
    let step = 1e-5
    for slice in policy.layout.slices {
      let largest = (0..<slice.count).map { abs(gradients.pointer(slice)[$0]) }.max() ?? 0
      #expect(largest > 0)
      for index in stride(from: 0, to: slice.count, by: max(1, slice.count / 9)) {
        let place = slice.offset + index
        let value = reference.parameters[place]
        reference.parameters[place] = value + step
        let above = loss(reference)
        reference.parameters[place] = value - step
        let below = loss(reference)
        reference.parameters[place] = value
        let wanted = (above - below) / (2 * step)
        let ours = Double(gradients.pointer(slice)[index])
        #expect(
          abs(ours - wanted) < 2e-4 * max(Double(largest), 1e-3),
          "offset \(slice.offset), index \(index): \(ours), wanted \(wanted)")
      }
    }
  }
}
