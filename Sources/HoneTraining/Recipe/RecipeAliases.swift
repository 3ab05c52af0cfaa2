/// The names that other trainers use, and what they mean here.
///
/// An alias is rewritten to its canonical key before anything is read, and keeps its place in the
/// file for messages. Meanings are those of TRL 1.16 (`GRPOConfig`, `TrainingArguments`). A TRL
/// name sets what it names and nothing else: `loss_type: dr_grpo` is the aggregation alone, with
/// TRL's default scaling by the group's standard deviation; `preset: dr_grpo` is the paper.
package enum RecipeAliases {
  /// A key of another trainer, and the path that it stands for, relative to its section.
  private typealias Move = (alias: String, target: [String])

  private static let root: [Move] = [("save_total_limit", ["keep_checkpoints"])]

  private static let stage: [Move] = [
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
    ("beta", ["objective", "kl", "beta"]),
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
    ("weight_decay", ["optimizer", "weight_decay"]),
    ("adam_beta1", ["optimizer", "adam_beta1"]),
    ("adam_beta2", ["optimizer", "adam_beta2"]),
    ("adam_epsilon", ["optimizer", "epsilon"]),
    ("max_grad_norm", ["optimizer", "max_grad_norm"]),
    ("warmup_steps", ["optimizer", "warmup_steps"]),
    ("lr_scheduler_type", ["optimizer", "lr_scheduler_type"]),
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
    "optimizer": ["lr_scheduler_type", "adam_beta1", "adam_beta2"],
  ]

  /// Names that people bring along and that have no counterpart, with what to do instead.
  package static let hints: [String: String] = [
    "per_device_train_batch_size":
      "give 'prompts_per_step' (prompts, not samples); a step is never cut by memory",
    "gradient_accumulation_steps":
      "not needed: one group is in flight at a time, and that never changes the result",
    "generation_batch_size": "give 'prompts_per_step' and 'mini_batches'",
    "steps_per_generation": "give 'mini_batches'",
    "reward_weights": "write each weight beside its grader: rewards: [{grader: math, weight: 1.0}]",
    "reward_funcs": "name graders: rewards: [{grader: math, weight: 1.0}]",
    "num_train_epochs": "give 'steps'",
    "warmup_ratio": "give 'warmup_steps' in 'optimizer'",
    "max_prompt_length": "prompts are never cut; a prompt that does not fit is an error",
    "use_vllm": "there is one forward pass for sampling and training; remove the key",
    "bf16": "give 'precision: bf16'",
    "fp16": "give 'precision: bf16'",
    "repetition_penalty":
      "the objective uses the full softmax, so sampling must too; remove the key",
    "output_dir": "give --output on the command line",
  ]

  /// The aliases that are understood in a section, for suggestions.
  package static func names(inSection section: String) -> [String] {
    let parts = section.split(separator: ".").map(String.init)
    switch (parts.first, parts.count) {
    case (nil, _): return root.map(\.alias)
    case ("stages", 2): return stage.map(\.alias)
    case ("stages", 3):
      return moves(of: parts[2]).map(\.alias) + (special[parts[2]] ?? [])
    default: return []
    }
  }

  /// Whether a name of another trainer carries more than a move to another key.
  package static func isSpecial(_ name: String, inSection section: String) -> Bool {
    special[section]?.contains(name) ?? false
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

  private static func moves(of section: String) -> [Move] {
    switch section {
    case "objective": objective
    case "optimizer": optimizer
    case "sampling": sampling
    default: []
    }
  }

  // MARK: - Rewriting

  /// Replaces every alias in a recipe's tree by its canonical key.
  ///
  /// - Throws: `TrainingError` where an alias and its canonical key are both given in the file.
  package static func rewrite(_ tree: inout RecipeNode) throws(TrainingError) {
    try apply(root, to: &tree)
    guard case .mapping(var entries) = tree.content,
      let index = entries.firstIndex(where: { $0.key == "stages" }),
      case .sequence(var stages) = entries[index].value.content
    else { return }
    for position in stages.indices {
      try apply(stage, to: &stages[position])
      guard case .mapping(var keys) = stages[position].content else { continue }
      for key in keys.indices {
        try apply(moves(of: keys[key].key), to: &keys[key].value)
        if keys[key].key == "objective" { try rewriteObjective(&keys[key].value) }
        if keys[key].key == "optimizer" { try rewriteOptimizer(&keys[key].value) }
      }
      stages[position].content = .mapping(keys)
    }
    entries[index].value.content = .sequence(stages)
    tree.content = .mapping(entries)
  }

  private static func apply(
    _ moves: [Move], to section: inout RecipeNode
  ) throws(TrainingError) {
    for move in moves {
      guard let entry = section.remove(move.alias) else { continue }
      try put(entry.value, at: move.target, of: &section, from: entry)
    }
  }

  /// Puts a value at a canonical path, unless the file gives both names.
  private static func put(
    _ value: RecipeNode, at target: [String], of section: inout RecipeNode,
    from entry: RecipeNode.Entry
  ) throws(TrainingError) {
    var existing: RecipeNode? = section
    for key in target { existing = existing?[key] }
    if let existing, !existing.isNull {
      if case .override = existing.place { return }
      guard case .override = entry.place else {
        throw TrainingError(
          .badRecipe,
          "\(entry.place): '\(entry.key)' and '\(target.joined(separator: "."))' "
            + "(\(existing.place)) set the same thing; keep one")
      }
    }
    try section.set(target, to: value)
  }

  private static func scalar(
    _ entry: RecipeNode.Entry, among table: [(String, [(String, String)])], _ key: String
  ) throws(TrainingError) -> [(String, String)] {
    guard case .scalar(let text, _) = entry.value.content,
      let row = table.first(where: { $0.0 == text })
    else {
      let names = table.map(\.0).joined(separator: ", ")
      throw TrainingError(
        .badRecipe, "\(entry.value.place): '\(key)' is \(entry.value.summary); wanted: \(names)")
    }
    return row.1
  }

  private static func expand(
    _ alias: String, in section: inout RecipeNode, by table: [(String, [(String, String)])]
  ) throws(TrainingError) {
    guard let entry = section.remove(alias), !entry.value.isNull else { return }
    for (path, text) in try scalar(entry, among: table, alias) {
      let node = RecipeNode(.scalar(text, isPlain: true), at: entry.value.place)
      try put(node, at: path.split(separator: ".").map(String.init), of: &section, from: entry)
    }
  }

  private static func rewriteObjective(_ section: inout RecipeNode) throws(TrainingError) {
    if let entry = section["loss_type"], case .scalar(let name, _) = entry.content {
      let refusal: String? =
        switch name {
        case "bnpo":
          "it divides by the tokens of a micro-batch, and a step here has none; use 'dapo'"
        case "luspo", "vespo": "not available yet"
        default: nil
        }
      if let refusal {
        throw TrainingError(.badRecipe, "\(entry.place): 'loss_type' is '\(name)': \(refusal)")
      }
    }
    func row(_ loss: String, _ aggregation: String) -> [(String, String)] {
      [("preset", "grpo"), ("loss", loss), ("aggregation", aggregation)]
    }
    try expand(
      "loss_type", in: &section,
      by: [
        ("grpo", row("clip", "sequence-mean")),
        ("dapo", row("clip", "token-mean")),
        ("dr_grpo", row("clip", "constant")),
        ("cispo", row("cispo", "token-mean") + [("cap", "absolute")]),
        ("sapo", row("sapo", "sequence-mean")),
      ])
    try expand(
      "scale_rewards", in: &section,
      by: [
        ("group", [("advantage.scale", "group-std")]), ("true", [("advantage.scale", "group-std")]),
        ("batch", [("advantage.scale", "batch-std")]),
        ("none", [("advantage.scale", "none")]), ("false", [("advantage.scale", "none")]),
      ])
    guard let level = section.remove("importance_sampling_level"), !level.value.isNull else {
      return
    }
    switch level.value.content {
    case .scalar("token", _): break
    case .scalar("sequence", _):
      // In TRL this is GSPO where the loss is the clipped one; other losses have no counterpart.
      let loss = section["loss"]
      if let loss, case .scalar(let name, _) = loss.content, name != "clip", name != "gspo" {
        throw TrainingError(
          .badRecipe,
          "\(level.place): 'importance_sampling_level: sequence' goes with the clipped loss; "
            + "'loss' is '\(name)'")
      }
      try section.set(
        ["loss"], to: RecipeNode(.scalar("gspo", isPlain: true), at: level.value.place))
    default:
      throw TrainingError(
        .badRecipe,
        "\(level.value.place): 'importance_sampling_level' is \(level.value.summary); "
          + "wanted: token or sequence")
    }
  }

  private static func rewriteOptimizer(_ section: inout RecipeNode) throws(TrainingError) {
    // transformers' `constant` ignores the warm-up; `constant_with_warmup` does not.
    if let node = section["lr_scheduler_type"], case .scalar("constant", _) = node.content,
      let warmup = section["warmup_steps"], case .scalar(let text, _) = warmup.content, text != "0"
    {
      throw TrainingError(
        .badRecipe,
        "\(node.place): 'lr_scheduler_type: constant' ignores 'warmup_steps' (\(warmup.place)); "
          + "write 'constant_with_warmup', or remove the warm-up")
    }
    try expand(
      "lr_scheduler_type", in: &section,
      by: [
        ("constant", [("schedule", "constant")]),
        ("constant_with_warmup", [("schedule", "constant")]),
        ("linear", [("schedule", "linear")]), ("cosine", [("schedule", "cosine")]),
      ])
    let first = section.remove("adam_beta1")
    let second = section.remove("adam_beta2")
    guard let anchor = first ?? second else { return }
    func plain(_ text: String) -> RecipeNode {
      RecipeNode(.scalar(text, isPlain: true), at: anchor.value.place)
    }
    // Where only one is given the other keeps this project's default.
    let defaults = OptimizerSettings.defaultBetas
    let pair = RecipeNode(
      .sequence([
        first?.value ?? plain("\(defaults.0)"), second?.value ?? plain("\(defaults.1)"),
      ]), at: anchor.value.place)
    try put(pair, at: ["betas"], of: &section, from: anchor)
  }
}
