import HoneJSON
import HoneNumerics
import HoneTraining

/// A run from random weights through SFT and GRPO, small enough for tests.
enum SmallRun {
  static let recipe = """
    model: {architecture: qwen3, hidden_size: 32, intermediate_size: 48, num_hidden_layers: 2,
            num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 128}
    tokenizer: {vocabulary_size: 290}
    seed: 7
    stages:
      - kind: sft
        tasks: {train: {family: arithmetic, count: 64, difficulty: [1, 2], demonstrations: true}}
        prompt: {template: tiny}
        batch_size: 24
        steps: 5
        checkpoint_every: 2
      - kind: grpo
        tasks:
          train: {family: arithmetic, count: 10, difficulty: [1, 2]}
          eval: {family: arithmetic, count: 6, difficulty: [1, 2]}
        group_size: 4
        prompts_per_step: 3
        sampling: {max_completion_length: 10}
        rewards: [{grader: math, weight: 1.0}, {grader: tag-count, weight: 0.5}]
        objective: {kl: {beta: 0.02}}
        updates_per_rollout: 2
        optimizer: {learning_rate: 1e-3, warmup_steps: 2}
        steps: 6
        evaluate_every: 3
        checkpoint_every: 2
        probe_problems: 2
    """

  static func load(_ overrides: [String] = []) throws -> Recipe {
    try Recipe.parse(recipe, file: "small.yaml", overrides: overrides)
  }

  /// Hears everything, keeps the rows and what stages say of themselves.
  final class Listener: ProgressSink {
    var rows: [JSONObject] = []
    var summaries: [[(String, String)]] = []
    func handle(_ event: ProgressEvent) {
      if case .stepFinished(let row, _, _) = event { rows.append(row) }
      if case .stageStarted(_, _, _, _, let summary) = event { summaries.append(summary) }
    }
  }

  /// SHA-256 of the final weights.
  static func checksum(_ folder: String) throws -> String {
    try Files.checksum(folder + "/latest/model.safetensors")
  }

  /// Runs from the start to the end.
  @discardableResult
  static func run(
    at folder: String, workers: Int = 1, overrides: [String] = [],
    shouldStop: @escaping () -> TrainingRun.StopRequest? = { nil }
  ) throws -> Listener {
    let listener = Listener()
    _ = try TrainingRun.start(
      try load(overrides), recipeFile: nil, at: folder, arguments: [],
      compute: Compute(workers: workers), sink: listener, shouldStop: shouldStop
    ).run()
    return listener
  }

  static func resume(
    at folder: String, workers: Int = 1, overrides: [String] = [],
    shouldStop: @escaping () -> TrainingRun.StopRequest? = { nil }
  ) throws {
    _ = try TrainingRun.resume(
      try load(overrides), recipeFile: nil, at: folder, arguments: [],
      compute: Compute(workers: workers), sink: Listener(), shouldStop: shouldStop
    ).run()
  }
}
