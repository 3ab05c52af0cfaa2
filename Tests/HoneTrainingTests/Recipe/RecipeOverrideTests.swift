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
    #expect(try Self.grpo(Self.one, ["loss=sapo", "loss_type=dapo"]).objective.loss == .clip)
    let betas = try Recipe.parse(
      Self.one, overrides: ["adam_beta1=0.8", "adam_beta2=0.99"]
    ).stages[0].optimizer
    #expect(betas.beta1 == 0.8 && betas.beta2 == 0.99)
  }

  @Test("a short name is this project's own key; TRL's meaning comes with TRL's place")
  func shortNames() throws {
    func read(_ lines: [String], _ overrides: [String]) throws -> Stage {
      try Recipe.parse(
        (["stages:", "  - kind: grpo", "    tasks: {train: a}", "    steps: 10"]
          + lines.map { "    " + $0 }).joined(separator: "\n"), overrides: overrides
      ).stages[0]
    }
    func isWeighted(_ stage: Stage) -> Bool? {
      stage.grpo?.objective.divergence.isImportanceWeighted
    }
    let own = try read([], ["beta=0.1", "warmup_steps=3"])
    #expect(isWeighted(own) == false && !own.optimizer.warmsUpFromZero)
    #expect(own.grpo?.objective.divergence.beta == 0.1 && own.optimizer.warmupSteps == 3)
    let theirs = try read([], ["stages.0.beta=0.1", "stages.0.warmup_steps=0.25"])
    #expect(isWeighted(theirs) == true && theirs.optimizer.warmsUpFromZero)
    #expect(theirs.grpo?.objective.divergence.beta == 0.1 && theirs.optimizer.warmupSteps == 3)
    // What the file has of TRL's stays when its number changes.
    let changed = try read(["beta: 0.1", "warmup_steps: 2"], ["beta=0.2", "warmup_steps=4"])
    #expect(isWeighted(changed) == true && changed.optimizer.warmsUpFromZero)
    #expect(changed.grpo?.objective.divergence.beta == 0.2 && changed.optimizer.warmupSteps == 4)
  }

  @Test(
    "beta is TRL's penalty where the recipe's own keys say nothing else",
    arguments: [
      ("beta: 0.1", true), ("beta: 0.1\n    use_bias_correction_kl: false", false),
      ("beta: 0", false), ("beta: 0.1\n    objective: {preset: rloo}", false),
      ("beta: 0.1\n    objective: {kl: {estimator: k3+}}", false),
      ("objective: {beta: 0.1}", false), ("beta: 0.1\n    objective: {preset: gspo}", true),
    ])
  func beta(_ lines: String, _ isWeighted: Bool) throws {
    let divergence = try Self.grpo(RecipeErrorTests.stage(lines)).objective.divergence
    #expect(divergence.isImportanceWeighted == isWeighted)
  }

  @Test(
    "schedules and counts of TRL's that have no equal here are refused",
    arguments: [
      ("lr_scheduler_type: greedy", "follows evaluations"),
      ("lr_scheduler_type: warmup_stable_decay", "stages of one schedule each"),
      ("lr_scheduler_type: cosin", "did you mean 'cosine'?"),
      ("lr_scheduler_type: cosine_with_min_lr", "one of 'min_lr' and 'min_lr_rate'"),
      ("lr_scheduler_type: polynomial\n    lr_scheduler_kwargs: {power: 2}", "wanted: 1"),
      ("lr_scheduler_type: linear\n    lr_scheduler_kwargs: {num_cycles: 2}", "does nothing"),
      ("lr_scheduler_kwargs: {num_cycles: 2}", "give both"),
      ("lr_scheduler_type: constant\n    warmup_steps: 2", "ignores 'warmup_steps'"),
      ("lr_scheduler_type: constant\n    warmup_ratio: 0.1", "ignores 'warmup_ratio'"),
      ("lr_scheduler_type: cosine\n    optimizer: {schedule: linear}", "keep one"),
      ("warmup_steps: 2\n    warmup_ratio: 0.1", "keep one"),
      ("num_iterations: 2\n    save_steps: 5", "'checkpoint_every', which counts steps"),
      ("num_iterations: 2\n    eval_steps: 5", "2 x 1 of them; give 'evaluate_every'"),
      ("mini_batches: 2\n    warmup_steps: 5", "1 x 2 of them"),
      ("num_iterations: 2\n    lr_scheduler_type: cosine", "schedule: ..."),
      ("optimizer: {min_ratio: 0.1, min_learning_rate: 1e-5}", "keep one"),
      ("optimizer: {min_learning_rate: 1}", "at most the learning rate"),
    ])
  func refusedNames(_ lines: String, _ what: String) {
    let message = RecipeErrorTests.message(RecipeErrorTests.stage(lines))
    #expect(message.contains(what), "\(message)")
    #expect(message.contains("my.yaml:"), "\(message)")
  }

  @Test func countsByOverride() throws {
    let text = RecipeErrorTests.stage("num_iterations: 2")
    #expect(RecipeErrorTests.message(text, ["max_steps=5"]).contains("give 'steps'"))
    #expect(RecipeErrorTests.message(text, ["steps=5"]) == "no error")
    let counted = "stages: [{kind: grpo, tasks: {train: a}, max_steps: 5}]"
    #expect(try Recipe.parse(counted).stages[0].steps == 5)
    #expect(RecipeErrorTests.message(counted, ["num_iterations=2"]).contains("give 'steps'"))
  }

  @Test("the version of the names")
  func aliasVersion() throws {
    let recipe = try Recipe.parse("aliases: {trl: \"1.16\"}\n" + Self.one)
    #expect(try recipe == Recipe.parse(Self.one) && !recipe.yaml.contains("aliases"))
    let message = RecipeErrorTests.message("aliases: {trl: 0.14}\n" + Self.one)
    #expect(message.contains("my.yaml:1:16: 'aliases.trl' is '0.14'; known: 1.16"), "\(message)")
    #expect(RecipeErrorTests.message("aliases: {verl: 1}\n" + Self.one).contains("'verl'"))
    #expect(RecipeErrorTests.message(Self.one, ["aliases.trl=2.0"]).contains("known: 1.16"))
  }

  @Test(
    "what people bring along is answered alike in a file and by --set",
    arguments: [
      "num_train_epochs", "lora_r", "lora_alpha", "use_peft", "report_to", "epochs",
      "dynamic_sampling", "vllm_gpu_memory_utilization", "logging_steps", "deepspeed",
      "per_device_eval_batch_size", "eval_strategy", "wandb_project", "kl_coef", "entropy_coef",
      "rollout_n", "mini_batch_size", "n_samples_per_prompt", "top_entropy_quantile", "optim",
      "per_device_train_batch_size", "fsdp", "micro_batch_size", "ppo_epochs", "adv_estimator",
    ])
  func hints(_ name: String) throws {
    let hint = try #require(RecipeHints.hint(for: name))
    #expect(RecipeErrorTests.message(RecipeErrorTests.stage("\(name): 1")).contains(hint))
    for argument in ["\(name)=1", "stages.0.\(name)=1", "stages.0.optimizer.\(name)=1"] {
      let message = RecipeErrorTests.message(Self.one, [argument])
      #expect(message.contains("--set \(argument): unknown key"), "\(message)")
      #expect(message.contains(hint), "\(message)")
    }
  }

  @Test("a warm-up and a floor by this project's own keys")
  func warmupAndFloor() throws {
    func optimizer(_ text: String, _ overrides: [String] = []) throws -> OptimizerSettings {
      try Recipe.parse(
        RecipeErrorTests.stage("optimizer: {\(text)}"), overrides: overrides
      ).stages[0].optimizer
    }
    let share = try optimizer("warmup_ratio: 0.25")
    #expect(share.warmupSteps == 3 && !share.warmsUpFromZero)
    #expect(try optimizer("warmup_ratio: 1", ["steps=1000000000"]).warmupSteps == 1_000_000_000)
    let floor = try optimizer("min_learning_rate: 1e-5, learning_rate: 1e-3", ["lr=1e-4"])
    #expect(abs(floor.minimumRatio - 0.1) < 1e-15)
  }

  @Test("TRL's scheduler brings TRL's warm-up, wherever it stands; ours keeps ours")
  func schedulersWarmUp() throws {
    func rates(_ lines: String...) throws -> [Double] {
      let text = lines.map { "    " + $0 }.joined(separator: "\n")
      let stage = try Recipe.parse(RecipeErrorTests.stage() + "\n" + text).stages[0]
      return (1...4).map { stage.optimizer.learningRate(atStep: $0, of: stage.steps) }
    }
    let theirs = [0, 0.5, 1, 0.875]
    #expect(
      try rates("lr_scheduler_type: linear", "optimizer: {learning_rate: 1, warmup_steps: 2}")
        == theirs)
    #expect(
      try rates("optimizer: {learning_rate: 1, lr_scheduler_type: linear, warmup_steps: 2}")
        == theirs)
    #expect(
      try rates("optimizer: {learning_rate: 1, schedule: linear, warmup_steps: 2}")
        == [0.5, 1, 1, 0.875])
  }

  @Test func learningRateByItsShortName() throws {
    #expect(
      try Recipe.parse(Self.one, overrides: ["lr=1e-5"]).stages[0].optimizer.learningRate == 1e-5)
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
      "num_generations: 4", "max_completion_length: 99", "beta: 0.02",
      "epsilon: 0.1", "delta: 4.0", "loss_type: dr_grpo", "learning_rate: 1e-6",
      "adam_beta2: 0.999", "lr_scheduler_type: constant_with_warmup", "warmup_steps: 3",
      "save_steps: 5")
    let recipe = try Recipe.parse("save_total_limit: 4\n" + text)
    let stage = recipe.stages[0]
    let grpo = try #require(stage.grpo)
    #expect(grpo.groupSize == 4)
    #expect(grpo.sampling.maximumCompletionLength == 99)
    #expect(grpo.objective.divergence.beta == 0.02 && grpo.objective.epsilonHigh == 0.1)
    #expect(grpo.objective.dualClip == 4)
    #expect(grpo.objective.aggregation == .constant)
    // In TRL the loss type does not change how rewards are scaled.
    #expect(grpo.objective.advantage.scale == .groupStd)
    #expect(stage.optimizer.learningRate == 1e-6)
    #expect(stage.optimizer.beta1 == 0.9 && stage.optimizer.beta2 == 0.999)
    #expect(stage.optimizer.schedule == .constant && stage.optimizer.warmupSteps == 3)
    #expect(stage.optimizer.warmsUpFromZero && grpo.objective.divergence.isImportanceWeighted)
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
