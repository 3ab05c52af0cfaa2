import HoneTasks
import HoneTraining
import Testing

@Suite("Recipe overrides, aliases and comparison")
struct RecipeOverrideTests {
  static let one = RecipeErrorTests.stage()
  static let two =
    "stages:\n  - {kind: sft, tasks: {train: a}, steps: 5}\n"
    + "  - {kind: grpo, tasks: {train: a}, steps: 6}\n"

  static func grpo(_ text: String, _ overrides: [String] = []) throws -> GroupRelativeSettings {
    let recipe = try Recipe.parse(text, overrides: overrides)
    return try #require(recipe.stages.last?.grpo)
  }

  @Test func wholePathsAndShortNames() throws {
    let recipe = try Recipe.parse(
      Self.one,
      overrides: [
        "stages.0.steps=20", "seed=7", "learning_rate=3e-4", "temperature=0.5",
        "objective.preset=grpo", "kl.beta=0.1", "num_generations=4", "epsilon=0.1",
        "model={architecture: llama, hidden_size: 64}", "lr_scheduler_type=cosine",
        "tasks.train=[b.jsonl, c.jsonl]", "stages.0.tasks.fields.question=q",
      ])
    #expect(recipe.stages[0].steps == 20 && recipe.seed == 7)
    #expect(recipe.stages[0].optimizer.learningRate == 3e-4)
    #expect(recipe.stages[0].optimizer.schedule == .cosine)
    #expect(recipe.stages[0].tasks.train == [.path("b.jsonl"), .path("c.jsonl")])
    #expect(recipe.stages[0].tasks.options.fields == ["question": "q"])
    let grpo = try #require(recipe.stages[0].grpo)
    #expect(grpo.sampling.temperature == 0.5 && grpo.groupSize == 4)
    #expect(grpo.objective.aggregation == .sequenceMean)
    #expect(grpo.objective.divergence.beta == 0.1 && grpo.objective.epsilon == 0.1)
  }

  @Test func overridesSupplyWhatIsMissing() throws {
    let recipe = try Recipe.parse(
      "stages: [{kind: grpo}]", overrides: ["steps=3", "tasks.train=a.jsonl"])
    #expect(recipe.stages[0].steps == 3)
  }

  @Test func laterOverridesWin() throws {
    #expect(try Self.grpo(Self.one, ["group_size=4", "num_generations=6"]).groupSize == 6)
  }

  @Test(
    "refused",
    arguments: [
      ("steps=20", "stages.0.steps, stages.1.steps"),
      ("stpes=20", "did you mean 'steps'?"),
      ("steps", "wanted: key=value"),
      ("=3", "wanted: key=value"),
      ("a..b=3", "empty part"),
      ("stages.7.steps=3", "unknown key"),
      ("stages.0.steps=many", "'steps' is 'many'"),
      ("seed=[", "not YAML"),
    ])
  func refused(_ argument: String, _ what: String) {
    let message = RecipeErrorTests.message(Self.two, [argument])
    #expect(message.contains(what), "\(message)")
    #expect(message.contains("--set \(argument)"), "\(message)")
  }

  @Test("TRL's names mean what TRL means")
  func aliases() throws {
    let text = RecipeErrorTests.stage(
      "num_generations: 4", "num_iterations: 2", "max_completion_length: 99", "beta: 0.02",
      "epsilon: 0.1", "delta: 4.0", "loss_type: dr_grpo", "learning_rate: 1e-6",
      "adam_beta2: 0.999", "lr_scheduler_type: constant_with_warmup", "warmup_steps: 3",
      "save_steps: 5")
    let recipe = try Recipe.parse("save_total_limit: 4\n" + text)
    let stage = recipe.stages[0]
    let grpo = try #require(stage.grpo)
    #expect(grpo.groupSize == 4 && grpo.updatesPerRollout == 2)
    #expect(grpo.sampling.maximumCompletionLength == 99)
    #expect(grpo.objective.divergence.beta == 0.02 && grpo.objective.epsilonHigh == 0.1)
    #expect(grpo.objective.dualClip == 4)
    #expect(grpo.objective.aggregation == .constant)
    // In TRL the loss type does not change how rewards are scaled.
    #expect(grpo.objective.advantage.scale == .groupStd)
    #expect(stage.optimizer.learningRate == 1e-6)
    #expect(stage.optimizer.beta1 == 0.9 && stage.optimizer.beta2 == 0.999)
    #expect(stage.optimizer.schedule == .constant && stage.optimizer.warmupSteps == 3)
    #expect(stage.checkpointEvery == 5 && recipe.keepCheckpoints == 4)
  }

  @Test(arguments: [
    ("true", ObjectiveSettings.Advantage.Scale.groupStd), ("group", .groupStd),
    ("batch", .batchStd), ("false", .none), ("none", .none),
  ])
  func scaleRewards(_ text: String, _ scale: ObjectiveSettings.Advantage.Scale) throws {
    let grpo = try Self.grpo(RecipeErrorTests.stage("scale_rewards: \(text)", "loss_type: grpo"))
    #expect(grpo.objective.advantage.scale == scale)
  }

  @Test func sequenceLevelIsGSPO() throws {
    let grpo = try Self.grpo(
      RecipeErrorTests.stage(
        "loss_type: grpo", "importance_sampling_level: sequence", "epsilon: 3e-4"))
    #expect(grpo.objective.loss == .gspo && grpo.objective.aggregation == .sequenceMean)
    #expect(grpo.objective.epsilon == 3e-4)
  }

  @Test func presetsAndSingleKeys() throws {
    let grpo = try Self.grpo(
      RecipeErrorTests.stage("objective: {preset: dapo, aggregation: constant, epsilon: 0.1}"))
    #expect(grpo.objective.aggregation == .constant)
    #expect(grpo.objective.epsilon == 0.1 && grpo.objective.epsilonHigh == 0.28)
  }

  @Test("a group of one is fine where nothing compares within a group")
  func groupOfOne() throws {
    let grpo = try Self.grpo(
      RecipeErrorTests.stage("group_size: 1", "objective: {preset: reinforce++}"))
    #expect(grpo.groupSize == 1)
  }

  @Test func comparison() throws {
    let run = try Recipe.parse(Self.two)
    func compare(_ overrides: String...) throws -> RecipeComparison {
      RecipeComparison(run: run, given: try Recipe.parse(Self.two, overrides: overrides))
    }
    #expect(try compare().differences.isEmpty)
    let allowed = try compare(
      "stages.1.steps=9", "stages.0.evaluate_every=1", "stages.1.checkpoint_every=2",
      "keep_checkpoints=9", "name=other", "memory_limit=4GiB",
      "stages.0.activation_checkpointing=true")
    #expect(allowed.differences.count == 7 && allowed.isCompatible)
    for argument in ["stages.0.steps=9", "seed=1", "lanes=2", "stages.1.optimizer.learning_rate=1"]
    {
      let refused = try compare(argument)
      #expect(refused.differences.count == 1 && !refused.isCompatible, "\(argument)")
      #expect(throws: TrainingError.self) { try refused.require(recipeFile: "my.yaml") }
    }
    let longer = try Recipe.parse(Self.two + "  - {kind: sft, tasks: {train: a}, steps: 1}\n")
    #expect(!RecipeComparison(run: run, given: longer).isCompatible)
  }
}
