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

  /// The published scenarios.
  public static let all: [BenchScenario] = [tiny, longPrompt, smol135]

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
    name: "smol135",
    configuration: PolicyConfiguration(
      vocabularySize: 49152, hiddenSize: 576, intermediateSize: 1536, layers: 30, heads: 9,
      keyValueHeads: 3, headSize: 64),
    prompts: 2, groupSize: 8, promptLength: 32, completionLength: 64)

  private static let tinyConfiguration = PolicyConfiguration(
    vocabularySize: 512, hiddenSize: 256, intermediateSize: 704, layers: 4, heads: 4)

  /// Tokens sampled in a step.
  public var sampledTokens: Int { prompts * groupSize * completionLength }

  /// The operations that sampling needs: 2 a parameter and row, each shared prompt once, and
  /// attention (4 a key, head and dimension).
  public var rolloutOperations: Double {
    Double(prompts) * (Double(groupRows) * matrixOperations + attentionOperations)
  }

  /// The operations that training needs: three times those of a forward pass over the same rows.
  public var trainingOperations: Double { 3 * rolloutOperations }

  /// Rows of a group: the prompt once, completions without their last token.
  private var groupRows: Int { promptLength + groupSize * (completionLength - 1) }

  private var matrixOperations: Double {
    let layout = ParameterLayout(configuration)
    let lookup = configuration.tiedHead ? 0 : layout.embedding.count
    return 2 * Double(layout.parameterCount - lookup)
  }

  private var attentionOperations: Double {
    let c = configuration
    let prompt = Double(promptLength * (promptLength + 1) / 2)
    let rows = completionLength - 1
    let completion = Double(rows * promptLength + rows * (rows + 1) / 2)
    return 4 * Double(c.layers * c.heads * c.headSize) * (prompt + Double(groupSize) * completion)
  }
}
