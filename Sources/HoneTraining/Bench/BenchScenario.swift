import HoneNumerics
public import HonePolicy

/// A fixed amount of GRPO work: random weights, forced lengths, no grading.
public struct BenchScenario: Sendable, Hashable {
  /// The scenario's name.
  public var name: String
  /// The policy.
  public var configuration: PolicyConfiguration
  /// Prompts a step.
  public var prompts: Int
  /// Completions a prompt.
  public var groupSize: Int
  /// Tokens of a prompt.
  public var promptLength: Int
  /// Tokens of a completion, exactly.
  public var completionLength: Int

  /// The published scenarios, each a whole step.
  public static let all: [BenchScenario] = [tiny, longPrompt, smol135]

  /// Scenarios that are measured only when asked for by name: they take minutes and gigabytes.
  public static let large: [BenchScenario] = [qwen]

  /// Scenarios of which decoding alone is measured, see ``Bench/decode(_:warmup:runs:report:)``.
  public static let decoding: [BenchScenario] = [decode16, decode1]

  /// 4 layers, 256 wide; 8 prompts of 32 tokens, 8 completions of 128.
  public static let tiny = BenchScenario(
    name: "tiny", configuration: tinyConfiguration, prompts: 8, groupSize: 8, promptLength: 32,
    completionLength: 128)

  /// The same policy with prompts of 256 tokens and completions of 64.
  public static let longPrompt = BenchScenario(
    name: "long-prompt", configuration: tinyConfiguration, prompts: 8, groupSize: 8,
    promptLength: 256, completionLength: 64)

  /// The shape of a 135M policy; 2 prompts of 32 tokens, 8 completions of 64.
  public static let smol135 = BenchScenario(
    name: "smol135", configuration: smolConfiguration, prompts: 2, groupSize: 8, promptLength: 32,
    completionLength: 64)

  /// The shape of Qwen2.5-0.5B; 2 prompts of 32 tokens, 8 completions of 64.
  public static let qwen = BenchScenario(
    name: "qwen0.5b",
    configuration: PolicyConfiguration(
      architecture: .qwen2, vocabularySize: 151_936, hiddenSize: 896, intermediateSize: 4864,
      layers: 24, heads: 14, keyValueHeads: 2, headSize: 64, ropeTheta: 1_000_000, tiedHead: true,
      attentionBias: true),
    prompts: 2, groupSize: 8, promptLength: 32, completionLength: 64)

  /// Decoding of 16 completions at a time, two groups of 8, by the 135M policy.
  public static let decode16 = BenchScenario(
    name: "decode-16", configuration: smolConfiguration, prompts: 2, groupSize: 8,
    promptLength: 32, completionLength: 64)

  /// Decoding of one completion by the 135M policy: bound by the memory's bandwidth.
  public static let decode1 = BenchScenario(
    name: "decode-1", configuration: smolConfiguration, prompts: 1, groupSize: 1,
    promptLength: 32, completionLength: 64)

  private static let smolConfiguration = PolicyConfiguration(
    vocabularySize: 49152, hiddenSize: 576, intermediateSize: 1536, layers: 30, heads: 9,
    keyValueHeads: 3, headSize: 64)

  private static let tinyConfiguration = PolicyConfiguration(
    vocabularySize: 512, hiddenSize: 256, intermediateSize: 704, layers: 4, heads: 4)

  /// Tokens sampled in a step.
  public var sampledTokens: Int { prompts * groupSize * completionLength }

  /// The operations that sampling needs, each shared prompt once.
  public var rolloutOperations: Double {
    Double(prompts)
      * ForwardOperations(configuration).group(
        prompt: promptLength, completions: Array(repeating: completionLength, count: groupSize))
  }

  /// The operations that training needs: three times those of a forward pass over the same rows.
  public var trainingOperations: Double { 3 * rolloutOperations }

  /// The operations that a step needs.
  public var operations: Double { rolloutOperations + trainingOperations }

  /// Completions of a step, all at work at once while decoding.
  public var samples: Int { prompts * groupSize }

  /// Completions that a step samples at once.
  var samplingRows: Int { min(64, samples) }

  /// Rows of one group's training pass.
  var trainingRows: MemoryPlan.Training {
    .group(prompt: promptLength, completions: groupSize, completionLength: completionLength)
  }

  /// The tensors of a step, by category.
  public func memoryPlan(
    _ precision: Precision = .fp32, recomputes: Bool = false
  ) -> MemoryPlan {
    MemoryPlan(
      configuration, training: trainingRows,
      sampling: .groups(
        prompts, of: groupSize, rows: samplingRows, promptLength: promptLength,
        completionLength: completionLength), precision: precision, recomputes: recomputes)
  }

  /// Bytes of weights that one decoding step reads, whatever its rows: every matrix, norm and bias
  /// once, and of the embedding only what a tied head reads.
  public func decodeWeightBytes(_ precision: Precision) -> Int {
    let layout = ParameterLayout(configuration)
    let inLayers = layout.layers.reduce(0) { $0 + $1.matrices.reduce(0) { $0 + $1.count } }
    let others = ForwardOperations(configuration).parameters - inLayers - layout.head.count
    return inLayers * precision.sampledWeightBytes
      + layout.head.count * (precision.embeddings == .bf16 ? 2 : 4)
      + others * MemoryLayout<Float>.stride
  }

  /// Bytes of keys and values that decoding reads, the mean over its steps; a group's shared prompt
  /// is read once for all its samples.
  public func decodeCacheBytes(_ precision: Precision) -> Double {
    let c = configuration
    let format = precision.keyValueCache
    let bytes = EncodedRows(format: format, channels: c.headSize, tile: c.headSize).rowBytes
    let position = Double(2 * c.layers * c.keyValueHeads * bytes)
    return position
      * (Double(prompts * promptLength) + Double(samples) * Double(completionLength) / 2)
  }
}
