// Replacing the names of other trainers in a recipe's tree.

extension RecipeAliases {
  /// A name that counts updates of the policy, where it was written.
  package struct Use: Sendable {
    package var alias: String
    package var place: RecipePlace
    package var stage: Int
  }

  /// Replaces every alias in a recipe's tree by its canonical key.
  ///
  /// - Returns: the names found that count updates of the policy; see ``check(_:in:log:)``.
  /// - Throws: `TrainingError` where an alias and its canonical key are both given in the file.
  package static func rewrite(_ tree: inout RecipeNode) throws(TrainingError) -> [Use] {
    try apply(root, to: &tree)
    guard case .mapping(var entries) = tree.content,
      let index = entries.firstIndex(where: { $0.key == "stages" }),
      case .sequence(var stages) = entries[index].value.content
    else { return [] }
    var uses: [Use] = []
    for position in stages.indices {
      uses += counting(stages[position], stage: position)
      try rewriteStage(&stages[position])
    }
    entries[index].value.content = .sequence(stages)
    tree.content = .mapping(entries)
    return uses
  }

  private static func rewriteStage(_ section: inout RecipeNode) throws(TrainingError) {
    try apply(stage, to: &section)
    try rewriteWarmup(&section)
    guard case .mapping(var keys) = section.content else { return }
    for key in keys.indices {
      try apply(moves(of: keys[key].key), to: &keys[key].value)
      if keys[key].key == "objective" { try rewriteObjective(&keys[key].value) }
      if keys[key].key == "optimizer" { try rewriteOptimizer(&keys[key].value) }
    }
    section.content = .mapping(keys)
    try rewritePenalty(&section)
  }

  /// The names of a stage that count updates of the policy.
  private static func counting(_ section: RecipeNode, stage: Int) -> [Use] {
    // In 'optimizer' only the scheduler is TRL's name; the warm-up is this project's.
    let names: [(RecipeNode?, Set<String>)] = [
      (section, countingUpdates), (section["optimizer"], ["lr_scheduler_type"]),
    ]
    return names.flatMap { node, names -> [Use] in
      guard case .mapping(let entries)? = node?.content else { return [] }
      return entries.compactMap { entry in
        guard names.contains(entry.key), !entry.value.isNull else { return nil }
        if case .scalar("constant", _) = entry.value.content { return nil }
        return Use(alias: entry.key, place: entry.place, stage: stage)
      }
    }
  }

  /// Refuses names that count updates in stages whose steps make several.
  ///
  /// TRL counts its steps, its evaluations and its schedule in updates; here a step is a rollout with
  /// all its updates, at one learning rate.
  package static func check(_ uses: [Use], in recipe: Recipe, log: RecipeLog) {
    for use in uses where recipe.stages.indices.contains(use.stage) {
      guard let grpo = recipe.stages[use.stage].grpo else { continue }
      let batches = min(grpo.miniBatches, grpo.promptsPerStep)
      guard grpo.updatesPerRollout > 1 || batches > 1 else { continue }
      let own = [
        "max_steps": "'steps'", "eval_steps": "'evaluate_every'",
        "save_steps": "'checkpoint_every'",
      ]
      let key = own[use.alias] ?? "'optimizer: {schedule: ..., warmup_steps: ...}'"
      log.report(
        use.place,
        "'\(use.alias)' counts updates of the policy, and a step of this stage makes "
          + "\(grpo.updatesPerRollout) x \(batches) of them; give \(key), which counts steps")
    }
  }

  /// Reads `aliases: {trl: "1.16"}`, the version whose meanings the names take.
  ///
  /// It is checked and not kept: a resolved recipe has this project's own keys alone.
  static func checkVersion(_ reader: RecipeReader) {
    if let given = reader.text("trl"), given != version, given != "\(version).0" {
      reader.report(
        "trl",
        "'\(reader.join("trl"))' is '\(given)'; known: \(version), whose meanings TRL's names have "
          + "here. Leave it out and write this project's keys where that version meant another thing"
      )
    }
    reader.finish("aliases")
  }

  // MARK: - Putting values

  private static func apply(
    _ moves: [Move], to section: inout RecipeNode
  ) throws(TrainingError) {
    for move in moves {
      guard let entry = section.remove(move.alias) else { continue }
      try put(entry.value, at: move.target, of: &section, from: entry)
    }
  }

  /// Puts a value at a canonical path, unless the file gives both names.
  ///
  /// An override goes before what is there: the last one given counts.
  static func put(
    _ value: RecipeNode, at target: [String], of section: inout RecipeNode,
    from entry: RecipeNode.Entry
  ) throws(TrainingError) {
    if let existing = section.node(at: target), !existing.isNull {
      guard case .override = entry.place else {
        if case .override = existing.place { return }
        throw TrainingError(
          .badRecipe,
          "\(entry.place): '\(entry.key)' and '\(target.joined(separator: "."))' "
            + "(\(existing.place)) set the same thing; keep one")
      }
    }
    try section.set(target, to: value)
  }

  /// Puts what a name implies, unless the recipe says something itself.
  static func imply(
    _ text: String, at target: [String], of section: inout RecipeNode, from entry: RecipeNode.Entry
  ) throws(TrainingError) {
    guard section.node(at: target)?.isNull ?? true else { return }
    try section.set(target, to: RecipeNode(.scalar(text, isPlain: true), at: entry.value.place))
  }

  private static func expand(
    _ alias: String, in section: inout RecipeNode, by table: [(String, [(String, String)])]
  ) throws(TrainingError) {
    guard let entry = section.remove(alias), !entry.value.isNull else { return }
    guard case .scalar(let text, _) = entry.value.content,
      let row = table.first(where: { $0.0 == text })
    else {
      let names = table.map(\.0).joined(separator: ", ")
      throw TrainingError(
        .badRecipe,
        "\(entry.value.place): '\(alias)' is \(entry.value.summary); wanted: \(names)")
    }
    for (path, text) in row.1 {
      let node = RecipeNode(.scalar(text, isPlain: true), at: entry.value.place)
      try put(node, at: path.split(separator: ".").map(String.init), of: &section, from: entry)
    }
  }

  // MARK: - Objective

  /// TRL's `beta`: k3 in the loss, weighted by the ratio (`use_bias_correction_kl`, true there).
  ///
  /// Where the recipe's own keys say what the penalty is, `beta` is its size alone.
  private static func rewritePenalty(_ section: inout RecipeNode) throws(TrainingError) {
    guard let entry = section.remove("beta") else { return }
    try put(entry.value, at: ["objective", "kl", "beta"], of: &section, from: entry)
    if case .scalar(let text, _) = entry.value.content, RecipeNumber.parse(text) == 0 { return }
    let own = section.node(at: ["objective", "kl"])
    if own?["estimator"] != nil || own?["place"] != nil { return }
    if case .scalar(let name, _)? = section.node(at: ["objective", "preset"])?.content,
      let preset = ObjectiveSettings.Preset(rawValue: name),
      ObjectiveSettings(preset: preset).divergence.place == .reward
    {
      return
    }
    try imply("true", at: ["objective", "kl", "importance_weighted"], of: &section, from: entry)
  }

  private static func rewriteObjective(_ section: inout RecipeNode) throws(TrainingError) {
    if let entry = section["loss_type"], case .scalar(let name, _) = entry.content {
      let refusal: String? =
        switch name {
        case "bnpo":
          "it divides by the tokens of a micro-batch, and a step here has none; use 'dapo'"
        case "luspo", "vespo": "not available yet; use 'dapo' or 'grpo'"
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
    let group = [("advantage.scale", "group-std")]
    let none = [("advantage.scale", "none")]
    try expand(
      "scale_rewards", in: &section,
      by: [
        ("group", group), ("true", group), ("True", group),
        ("batch", [("advantage.scale", "batch-std")]),
        ("none", none), ("false", none), ("False", none),
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

  // MARK: - Optimizer

  private static func rewriteOptimizer(_ section: inout RecipeNode) throws(TrainingError) {
    try rewriteScheduler(&section)
    let first = section.remove("adam_beta1")
    let second = section.remove("adam_beta2")
    guard let anchor = first ?? second else { return }
    func plain(_ value: Double) -> RecipeNode {
      RecipeNode(.scalar("\(value)", isPlain: true), at: anchor.value.place)
    }
    // Where only one is given the other stays what it was, or this project's default.
    let defaults = OptimizerSettings.defaultBetas
    var pair = [plain(defaults.0), plain(defaults.1)]
    if case .override = anchor.place, case .sequence(let given)? = section["betas"]?.content,
      given.count == 2
    {
      pair = given
    }
    if let first { pair[0] = first.value }
    if let second { pair[1] = second.value }
    try put(
      RecipeNode(.sequence(pair), at: anchor.value.place), at: ["betas"], of: &section,
      from: anchor)
  }
}

extension RecipeNode {
  /// The value at a path of keys, if every mapping on the way holds its key.
  func node(at path: [String]) -> RecipeNode? {
    var node: RecipeNode? = self
    for key in path { node = node?[key] }
    return node
  }
}
