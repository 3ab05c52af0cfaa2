import HoneTraining
import Testing

@Suite("Recipe errors")
struct RecipeErrorTests {
  /// Text of a GRPO stage with more lines in it, at indentation 4; the first of them is line 5.
  static func stage(_ lines: String...) -> String {
    (["stages:", "  - kind: grpo", "    tasks: {train: a.jsonl}", "    steps: 10"]
      + lines.map { "    " + $0 }).joined(separator: "\n")
  }

  static func message(_ text: String, _ overrides: [String] = []) -> String {
    do {
      _ = try Recipe.parse(text, file: "my.yaml", overrides: overrides)
      return "no error"
    } catch {
      #expect(error.kind == .badRecipe)
      #expect(error.exitCode == 78)
      return error.message
    }
  }

  @Test(
    "what, where and what to do",
    arguments: [
      ("num_generation: 8", "my.yaml:5:5: unknown key 'num_generation'", "'num_generations'?"),
      ("group_sise: 8", "my.yaml:5:5: unknown key", "did you mean 'group_size'?"),
      ("group_size: eight", "my.yaml:5:17: 'group_size' is 'eight'", "an integer"),
      ("group_size: 8.5", "my.yaml:5:17: 'group_size' is '8.5'", "an integer"),
      ("group_size: \"8\"", "is the string \"8\"", "remove the quotes"),
      ("group_size: 0", "'group_size' is '0'", "at least 1"),
      (
        "group_size: 9223372036854775807", "'group_size' is '9223372036854775807'",
        "at most 10000000"
      ),
      ("prompts_per_step: 9223372036854775807", "'prompts_per_step' is", "at most 10000000"),
      (
        "prompts_per_step: 5000000", "5000000 prompts of 8 samples are 40000000", "at most 10000000"
      ),
      ("on_collapse: ignore", "'on_collapse' is 'ignore'", "stop, rollback, note"),
      ("on_no_signal: rollback", "'on_no_signal' is 'rollback'", "stop, note"),
      ("group_size: [8]", "'group_size' is a list", "an integer"),
      ("group_size: 1", "group of one", "at least 2"),
      ("optimizer: {lerning_rate: 1e-4}", "my.yaml:5:17", "did you mean 'learning_rate'?"),
      ("optimizer: {learning_rate: fast}", "my.yaml:5:32: 'learning_rate' is 'fast'", "a number"),
      ("optimizer: {learning_rate: -1}", "'learning_rate' is '-1'", "at least 0"),
      ("optimizer: {learning_rate: 0x10}", "'learning_rate' is '0x10'", "a number"),
      ("optimizer: {learning_rate: nan}", "'learning_rate' is 'nan'", "a number"),
      ("optimizer: {betas: [0.9]}", "'betas' is a list", "a list of 2 numbers"),
      ("optimizer: {betas: [0.9, 1.0]}", "'betas' is '1.0'", "below 1"),
      ("optimizer: 3", "'stages.0.optimizer' is '3'", "a mapping"),
      ("optimizer: {schedule: cosin}", "'schedule' is 'cosin'", "did you mean 'cosine'?"),
      ("sampling: {top_p: 0.9}", "narrows the sampler", "full softmax"),
      ("sampling: {top_k: 50}", "narrows the sampler", "full softmax"),
      ("min_p: 0.1", "narrows the sampler", "full softmax"),
      ("sampling: {temperature: 0}", "'temperature' is '0'", "above 0"),
      ("precision: bf17", "'precision' is 'bf17'", "did you mean 'bf16'?"),
      ("precision: {preset: fp9}", "'preset' is 'fp9'", "fp8"),
      ("precision: {preset: fp8, weights: e9m9}", "'weights' is 'e9m9'", "e4m3"),
      ("precision: {moments: e4m3}", "'moments' is 'e4m3'", "fp32 or bf16"),
      ("precision: {gradients: e5m2}", "'gradients' is 'e5m2'", "fp32 or bf16"),
      ("precision: {master_weights: bf16}", "'weights' is fp32", "weights: bf16"),
      ("precision: {accumulation: 100x14}", "'accumulation' is '100x14'", "128x14"),
      ("precision: {moment_rounding: up}", "'moment_rounding' is 'up'", "stochastic"),
      ("precision: {moment_rounding: stochastic}", "are not rounded", "moments: bf16"),
      (
        "precision: bf16\n    optimizer: {betas: [0.9, 0.999]}", "at a beta of 0.999",
        "moment_rounding: stochastic"
      ),
      ("precision: {wieghts: bf16}", "wieghts", "weights"),
      ("objective: {preset: dr_grop}", "'preset' is 'dr_grop'", "did you mean 'dr_grpo'?"),
      ("objective: {dual_clip: 1.1}", "inside the clip", "about 3"),
      ("objective: {loss: cispo}", "largest ratio itself", "cap: relative"),
      ("objective: {kl: {place: reward, estimator: k3+}}", "its gradient alone", "use k3"),
      ("objective: {beta: 0.1, kl: {beta: 0.2}}", "set the same thing", "keep one"),
      ("loss_type: bnpo", "my.yaml:5:16: 'loss_type' is 'bnpo'", "use 'dapo'"),
      ("loss_type: ppo", "'loss_type' is 'ppo'", "dr_grpo"),
      ("num_generations: 4\n    group_size: 8", "set the same thing", "keep one"),
      ("per_device_train_batch_size: 8", "unknown key", "prompts_per_step"),
      ("temperture: 8", "unknown key 'temperture'", "did you mean 'temperature'?"),
      ("betas: [0.9, 0.9]", "unknown key 'betas'", "did you mean 'beta'?"),
      ("estimator: k1", "unknown key 'estimator'", "'stages.0.objective.kl.estimator'"),
      ("mask_truncated_completions: yes", "is 'yes'", "true or false"),
      ("rewards: math", "'rewards' is 'math'", "a list such as"),
      ("rewards: [math, math]", "named twice", "add up"),
      ("rewards: [mth]", "my.yaml:5:15: there is no grader 'mth'", "did you mean 'math'?"),
      ("rewards: [{grader: math, wieght: 2}]", "unknown key 'wieght'", "'weight'?"),
      (
        "rewards: [{grader: math, policy: gsm9k}]", "my.yaml:5:38: 'policy' is 'gsm9k'",
        "wanted: one of strict, math500, gsm8k, minerva; did you mean 'gsm8k'?"
      ),
      ("rewards: [{grader: math, policy: [strict]}]", "'policy' is a list", "one of strict"),
      (
        "rewards: [{grader: format, policy: strict}]", "'format' has no policies", "remove 'policy'"
      ),
      ("rewards: [{weight: 2}]", "'stages.0.rewards.0.grader' is missing", "name"),
      ("prompt: {template: think-anser}", "there is no prompt template", "'think-answer'?"),
      ("mini_batches: 99", "99 mini-batches", "at most 16"),
      ("evaluation: {samples: 4, temperature: 0}", "4 times the same", "above 0"),
      ("prompt: {text: hello}", "no '{question}'", "prompt"),
      ("tokenizer: {path: x}", "unknown key 'tokenizer'", "it belongs at 'tokenizer'"),
    ])
  func lines(_ line: String, _ what: String, _ advice: String) {
    let message = Self.message(Self.stage(line))
    #expect(message.contains(what), "\(message)")
    #expect(message.contains(advice), "\(message)")
    #expect(message.hasPrefix("my.yaml:5:"), "\(message)")
  }

  @Test(
    "whole files",
    arguments: [
      ("", "my.yaml:1:1", "empty"),
      ("hello", "my.yaml:1:1", "a mapping"),
      ("seed: 1", "'stages' is missing", "kind"),
      ("stages: []", "'stages' is a list", "a list of stages"),
      (
        "stages:\n  - kind: grpo\n", "'stages.0.steps' is missing",
        "'stages.0.tasks.train' is missing"
      ),
      ("stages:\n  - kind: sftt\n", "my.yaml:2:11", "did you mean 'sft'?"),
      ("stages:\n  - kind: distill\n", "my.yaml:2:11", "not available yet"),
      ("stages:\n  - steps: 3\n", "'stages.0.kind' is missing", "sft or grpo"),
      ("a: [", "my.yaml:", "not YAML"),
      ("seed: 1\nseed: 2\n", "given twice", "'seed'"),
      ("seed: *nobody\n", "my.yaml:1:7", "undefined alias"),
      ("a:\tb: c\n- d", "my.yaml:", "not YAML"),
    ])
  func files(_ text: String, _ what: String, _ advice: String) {
    let message = Self.message(text)
    #expect(message.contains(what), "\(message)")
    #expect(message.contains(advice), "\(message)")
  }

  @Test func everyProblemIsReportedInOrder() {
    let lines = Self.message(Self.stage("group_size: x", "steps_: 1", "precision: 7")).split(
      separator: "\n")
    #expect(lines.map { $0.prefix(9) } == ["my.yaml:5", "my.yaml:6", "my.yaml:7"])
  }

  @Test func aTreeOfAliasesIsBounded() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let name = "*a\(level - 1)"
      text +=
        "a\(level): &a\(level) [\([String](repeating: name, count: 10).joined(separator: ", "))]\n"
    }
    #expect(Self.message(text).contains("larger than"))
  }

  @Test func missingFile() {
    #expect(throws: TrainingError.self) { try Recipe.load(contentsOf: "no/such.yaml") }
    do {
      _ = try Recipe.load(contentsOf: "no/such.yaml")
    } catch {
      #expect(error.exitCode == 66)
      #expect(error.message.contains("no/such.yaml"))
    }
  }

  @Test(
    "architectures",
    arguments: [
      ("{hidden_size: 100, num_attention_heads: 3}", "not a multiple of num_attention_heads"),
      ("{num_attention_heads: 4, num_key_value_heads: 3}", "not a multiple of num_key_value_heads"),
      ("{architecture: gpt2}", "llama, qwen2, qwen3"),
      ("{hidden_sise: 4}", "did you mean 'hidden_size'?"),
      ("{head_dim: 5}", "need an even one"),
    ])
  func architectures(_ model: String, _ what: String) {
    let message = Self.message("model: \(model)\n" + Self.stage())
    #expect(message.contains(what), "\(message)")
    #expect(message.hasPrefix("my.yaml:1:"), "\(message)")
  }

  @Test(
    "task families",
    arguments: [
      ("{family: arithmetics}", "did you mean 'arithmetic'?"),
      ("{count: 3}", "'stages.0.tasks.train.family' is missing"),
      ("{family: countdown, difficulty: 99}", "the family 'countdown' has 1 to"),
      ("{family: countdown, difficulty: [3, 2]}", "the lower first"),
      ("{family: countdown, demonstrations: {terse: 0.5}}", "together they must be 1"),
      ("{family: countdown, split: tset}", "did you mean 'test'?"),
      ("[]", "at least one source"),
      ("[a.jsonl, [b.jsonl]]", "a path, or a mapping"),
      ("a.jsonl\n      fields: {qestion: x}", "did you mean 'question'?"),
      ("a.jsonl\n      extract: box", "did you mean 'boxed'?"),
      ("a.jsonl\n      grader: mth", "there is no grader 'mth'"),
    ])
  func families(_ source: String, _ what: String) {
    let text = "stages:\n  - kind: sft\n    steps: 1\n    tasks:\n      train: \(source)"
    let message = Self.message(text)
    #expect(message.contains(what), "\(message)")
    #expect(message.hasPrefix(source.contains("\n") ? "my.yaml:6:" : "my.yaml:5:"), "\(message)")
  }

  @Test func tokenizerMustFitTheModel() {
    let text = "model: {vocab_size: 300}\ntokenizer: {vocabulary_size: 400}\n" + Self.stage()
    #expect(Self.message(text).contains("raise vocab_size"))
    let folder = "model: some/folder\ntokenizer: {vocabulary_size: 400}\n" + Self.stage()
    #expect(Self.message(folder).contains("brings its own"))
  }

  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
    ("form", "from", 1), ("steps", "step", 1),
  ])
  func editDistance(_ left: String, _ right: String, _ distance: Int) {
    #expect(EditDistance.between(left, right) == distance)
    #expect(EditDistance.between(right, left) == distance)
  }
}
