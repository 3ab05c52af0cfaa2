/// The names that other trainers use, and what they mean here.
///
/// An alias is rewritten to its canonical key before anything is read, and keeps its place in the
/// file for messages. Meanings are those of one version of TRL (`GRPOConfig`, and `TrainingArguments`
/// of the transformers that goes with it), or the name is refused. A TRL name sets what it names and
/// nothing else: `loss_type: dr_grpo` is the aggregation alone, with TRL's default scaling by the
/// group's standard deviation; `preset: dr_grpo` is the paper.
package enum RecipeAliases {
  /// The version of TRL whose meanings the aliases take; a recipe may name it under `aliases`.
  package static let version = "1.16"

  /// A key of another trainer, and the path that it stands for, relative to its section.
  typealias Move = (alias: String, target: [String])

  static let root: [Move] = [("save_total_limit", ["keep_checkpoints"])]

  static let stage: [Move] = [
    ("num_generations", ["group_size"]),
    ("num_iterations", ["updates_per_rollout"]),
    ("max_steps", ["steps"]),
    ("gradient_checkpointing", ["activation_checkpointing"]),
    ("eval_steps", ["evaluate_every"]),
    ("save_steps", ["checkpoint_every"]),
    ("temperature", ["sampling", "temperature"]),
    ("top_p", ["sampling", "top_p"]),
    ("top_k", ["sampling", "top_k"]),
    ("min_p", ["sampling", "min_p"]),
    ("max_completion_length", ["sampling", "max_completion_length"]),
    ("epsilon", ["objective", "epsilon"]),
    ("epsilon_high", ["objective", "epsilon_high"]),
    ("delta", ["objective", "dual_clip"]),
    ("sapo_temperature_pos", ["objective", "sapo_temperature_pos"]),
    ("sapo_temperature_neg", ["objective", "sapo_temperature_neg"]),
    ("use_bias_correction_kl", ["objective", "kl", "importance_weighted"]),
    ("loss_type", ["objective", "loss_type"]),
    ("scale_rewards", ["objective", "scale_rewards"]),
    ("importance_sampling_level", ["objective", "importance_sampling_level"]),
    ("learning_rate", ["optimizer", "learning_rate"]),
    ("lr", ["optimizer", "learning_rate"]),
    ("weight_decay", ["optimizer", "weight_decay"]),
    ("adam_beta1", ["optimizer", "adam_beta1"]),
    ("adam_beta2", ["optimizer", "adam_beta2"]),
    ("adam_epsilon", ["optimizer", "epsilon"]),
    ("max_grad_norm", ["optimizer", "max_grad_norm"]),
    ("lr_scheduler_type", ["optimizer", "lr_scheduler_type"]),
    ("lr_scheduler_kwargs", ["optimizer", "lr_scheduler_kwargs"]),
  ]

  /// Names of a stage that bring more than the value of this project's key: TRL's penalty is weighted
  /// by the ratio, and transformers' warm-up starts at 0.
  static let withMeaning: [Move] = [
    ("beta", ["objective", "kl", "beta"]),
    ("warmup_steps", ["optimizer", "warmup_steps"]),
    ("warmup_ratio", ["optimizer", "warmup_ratio"]),
  ]

  /// Names that count updates of the policy: steps here as long as a step makes one update.
  static let countingUpdates: Set<String> = [
    "max_steps", "eval_steps", "save_steps", "warmup_steps", "warmup_ratio", "lr_scheduler_type",
  ]

  private static let objective: [Move] = [
    ("beta", ["kl", "beta"]),
    ("delta", ["dual_clip"]),
    ("use_bias_correction_kl", ["kl", "importance_weighted"]),
  ]

  private static let optimizer: [Move] = [
    ("lr", ["learning_rate"]), ("adam_epsilon", ["epsilon"]),
  ]

  private static let sampling: [Move] = [
    ("max_new_tokens", ["max_completion_length"]), ("max_tokens", ["max_completion_length"]),
  ]

  /// Names that carry more than a move.
  private static let special: [String: [String]] = [
    "objective": ["loss_type", "scale_rewards", "importance_sampling_level"],
    "optimizer": ["lr_scheduler_type", "lr_scheduler_kwargs", "adam_beta1", "adam_beta2"],
  ]

  /// The aliases that are understood in a section, for suggestions.
  package static func names(inSection section: String) -> [String] {
    let parts = section.split(separator: ".").map(String.init)
    switch (parts.first, parts.count) {
    case (nil, _): return root.map(\.alias)
    case ("stages", 2): return (stage + withMeaning).map(\.alias)
    case ("stages", 3):
      return moves(of: parts[2]).map(\.alias) + (special[parts[2]] ?? [])
    default: return []
    }
  }

  /// Whether a full path ends in a name of another trainer that is more than a move to another key.
  package static func isSpecial(_ path: [String]) -> Bool {
    guard path.first == "stages", let name = path.last else { return false }
    switch path.count {
    case 3: return withMeaning.contains { $0.alias == name }
    case 4: return special[path[2]]?.contains(name) ?? false
    default: return false
    }
  }

  /// The path that a key of a stage means where it is written without its section, as in
  /// `--set beta=0.1`: this project's own key of that name, then another trainer's.
  package static func inStage(_ index: Int, _ key: [String]) -> [String] {
    let stage = ["stages", "\(index)"]
    if key.count == 1, let move = withMeaning.first(where: { $0.alias == key[0] }) {
      return stage + move.target
    }
    return canonical(stage + key)
  }

  /// The canonical path of an alias path, or the path itself.
  package static func canonical(_ path: [String]) -> [String] {
    var path = path
    if path.count == 1, let move = root.first(where: { $0.alias == path[0] }) {
      return move.target
    }
    guard path.first == "stages", path.count >= 3 else { return path }
    if path.count == 3, let move = stage.first(where: { $0.alias == path[2] }) {
      path = Array(path.prefix(2)) + move.target
    }
    if path.count == 4, let move = moves(of: path[2]).first(where: { $0.alias == path[3] }) {
      path = Array(path.prefix(3)) + move.target
    }
    return path
  }

  static func moves(of section: String) -> [Move] {
    switch section {
    case "objective": objective
    case "optimizer": optimizer
    case "sampling": sampling
    default: []
    }
  }
}
