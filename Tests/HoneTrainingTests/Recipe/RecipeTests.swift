import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("Recipe")
struct RecipeTests {
  static let contract = """
    model: checkpoints/base
    seed: 0
    stages:
      - kind: grpo
        tasks: {train: tasks/arithmetic/train.jsonl, eval: tasks/arithmetic/test.jsonl}
        prompt: {template: think-answer}
        rewards: [{grader: math, weight: 1.0}]
        group_size: 8
        prompts_per_step: 16
        sampling: {temperature: 1.0, max_completion_length: 128}
        objective: {preset: dr_grpo, epsilon: 0.2, epsilon_high: 0.28, beta: 0.0}
        optimizer: {learning_rate: 1e-4, warmup_steps: 5, schedule: cosine, max_grad_norm: 1.0}
        precision: fp32
        steps: 100
        evaluate_every: 20
        checkpoint_every: 20
    """

  static let minimal = """
    stages:
      - kind: grpo
        tasks: {train: a.jsonl}
        steps: 10
    """

  static let everything = """
    name: from-scratch
    model: {architecture: qwen3, hidden_size: 96, num_attention_heads: 4, num_key_value_heads: 2,
            head_dim: 32, rope_theta: 1e6, tie_word_embeddings: false}
    tokenizer: {vocabulary_size: 300, train_on: [a.jsonl, {family: arithmetic, count: 10}]}
    seed: 17
    keep_checkpoints: 3
    lanes: 2
    memory_limit: 1.5GiB
    stages:
      - kind: sft
        tasks:
          train: [{family: arithmetic, count: 100, seed: 3, difficulty: [2, 4], demonstrations: true},
                  "odd: name #1.jsonl"]
          fields: {question: problem, answer: "no"}
          extract: hash4
          on_error: skip
          mode: answer
          policy: gsm8k
        prompt: {text: "Q: {question}\\nA: ", stop: ["\\n"]}
        batch_size: 7
        optimizer: {betas: [0.8, 0.99], weight_decay: 0.01, schedule: linear, min_ratio: 0.1}
        steps: 30
        checkpoint_every: 0
      - kind: grpo
        tasks: {train: {family: countdown, difficulty: 3, split: all}, eval: [b.jsonl]}
        rewards: [{grader: math, policy: gsm8k}, {grader: format, weight: 0.1}]
        group_size: 5
        prompts_per_step: 3
        objective:
          preset: dapo
          loss: clip
          aggregation: constant
          dual_clip: 3
          advantage: {baseline: leave-one-out, scale: batch-std, epsilon: 1e-6, std: population}
          kl: {estimator: k3, place: loss, beta: 0.04, importance_weighted: true}
        updates_per_rollout: 2
        mini_batches: 3
        mask_truncated_completions: true
        unscored_limit: 0.25
        probe_problems: 0
        steps: 40
        evaluation: {samples: 4, temperature: 0.7, max_completion_length: 64, limit: 100}
    """

  @Test func contractExample() throws {
    let recipe = try Recipe.parse(Self.contract, file: "runs/demo.yaml")
    #expect(recipe.name == "demo")
    #expect(recipe.model == .folder("checkpoints/base"))
    let stage = try #require(recipe.stages.first)
    let grpo = try #require(stage.grpo)
    #expect(stage.tasks.train == [.path("tasks/arithmetic/train.jsonl")])
    #expect(stage.tasks.evaluation == [.path("tasks/arithmetic/test.jsonl")])
    #expect(stage.prompt.template == "think-answer")
    #expect(stage.optimizer.learningRate == 1e-4)
    #expect(stage.optimizer.schedule == .cosine)
    #expect(stage.steps == 100 && stage.evaluateEvery == 20 && stage.checkpointEvery == 20)
    #expect(grpo.rewards.map(\.grader) == ["math"])
    #expect(grpo.rewards.map(\.policy) == ["strict"])
    #expect(recipe.yaml.contains("policy: strict"))
    #expect(grpo.objective.epsilon == 0.2 && grpo.objective.epsilonHigh == 0.28)
    #expect(grpo.objective.aggregation == .constant)
    #expect(grpo.objective.advantage.scale == .none)
    #expect(!grpo.objective.divergence.isActive)
    #expect(grpo.sampling.maximumCompletionLength == 128)
    #expect(stage.evaluation.maximumCompletionLength == 128)
  }

  @Test func everythingButTasksAndStepsHasADefault() throws {
    let recipe = try Recipe.parse(Self.minimal)
    let grpo = try #require(recipe.stages.first?.grpo)
    #expect(recipe.model == .folder("checkpoints/base"))
    #expect(grpo.rewards.isEmpty && grpo.groupSize == 8 && grpo.promptsPerStep == 16)
    #expect(grpo.objective == ObjectiveSettings(preset: .drGRPO))
    #expect(recipe.keepCheckpoints == 2 && recipe.lanes == 1 && recipe.memoryLimit == nil)
  }

  @Test func everyKeyIsRead() throws {
    let recipe = try Recipe.parse(Self.everything)
    guard case .architecture(let shape) = recipe.model else {
      Issue.record("not an architecture")
      return
    }
    #expect(shape.family == .qwen3 && shape.headDimension == 32 && shape.ropeTheta == 1e6)
    #expect(shape.intermediateSize == 256 && shape.keyValueHeads == 2 && !shape.tieWordEmbeddings)
    #expect(recipe.memoryLimit == 1_610_612_736)
    #expect(recipe.totalSteps == 70)
    #expect(recipe.stage(ofStep: 30).index == 0)
    #expect(recipe.stage(ofStep: 31) == (index: 1, stepsBefore: 30))
    let sft = recipe.stages[0]
    guard case .family(let family) = sft.tasks.train[0] else {
      Issue.record("not a family")
      return
    }
    #expect(family.difficulty == 2...4 && family.demonstrations == .standard)
    #expect(sft.tasks.options.fields == ["question": "problem", "answer": "no"])
    #expect(sft.tasks.options.settings == ["mode": "answer", "policy": "gsm8k"])
    #expect(sft.prompt.text == "Q: {question}\nA: " && sft.prompt.stop == ["\n"])
    #expect(sft.sft?.batchSize == 7 && sft.optimizer.beta2 == 0.99)
    let grpo = try #require(recipe.stages[1].grpo)
    #expect(grpo.rewards.map(\.weight) == [1, 0.1])
    #expect(grpo.rewards.map(\.policy) == ["gsm8k", nil])
    #expect(grpo.objective.divergence.isImportanceWeighted)
    #expect(grpo.objective.advantage.epsilon == 1e-6)
    #expect(recipe.stages[1].evaluation.limit == 100)
    guard case .family(let countdown) = recipe.stages[1].tasks.train[0] else {
      Issue.record("not a family")
      return
    }
    #expect(countdown.split == .all && countdown.difficulty == 3...3 && countdown.distinct == .key)
  }

  @Test(arguments: [contract, minimal, everything])
  func resolvedRecipeReadsBackEqual(_ text: String) throws {
    let recipe = try Recipe.parse(text)
    let again = try Recipe.parse(recipe.yaml)
    #expect(again == recipe)
    #expect(again.yaml == recipe.yaml)
  }

  @Test(arguments: ObjectiveSettings.Preset.allCases)
  func everyPresetReadsBackEqual(_ preset: ObjectiveSettings.Preset) throws {
    let recipe = try Recipe.parse(
      Self.minimal + "\n    objective: {preset: \(preset.rawValue)}")
    #expect(recipe.stages[0].grpo?.objective == ObjectiveSettings(preset: preset))
    #expect(try Recipe.parse(recipe.yaml) == recipe)
  }

  @Test(arguments: [
    ("512MiB", 536_870_912), ("4GB", 4_000_000_000), ("4 GB", 4_000_000_000), ("1000", 1000),
    ("0.5kB", 500), ("2KiB", 2048),
  ])
  func byteCounts(_ text: String, _ bytes: Int) {
    #expect(ByteCount.parse(text) == bytes)
  }

  @Test(arguments: ["", "GiB", "-1GB", "4 apples", "nan", "0x10", "1e40"])
  func notByteCounts(_ text: String) {
    #expect(ByteCount.parse(text) == nil)
  }
}
