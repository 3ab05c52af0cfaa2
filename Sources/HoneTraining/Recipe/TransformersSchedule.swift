// The learning rate schedules of transformers, as TRL's recipes name them.

extension RecipeAliases {
  /// transformers' warm-up: step i of w, counted from 0, has i / w of the peak; a number of steps
  /// below 1 is a share of all steps, as `warmup_ratio` is.
  static func rewriteWarmup(_ section: inout RecipeNode) throws(TrainingError) {
    for name in ["warmup_ratio", "warmup_steps"] {
      guard let entry = section.remove(name), !entry.value.isNull else { continue }
      var key = name
      if name == "warmup_steps", case .scalar(let text, isPlain: true) = entry.value.content,
        let number = RecipeNumber.parse(text), number > 0, number < 1
      {
        key = "warmup_ratio"
      }
      try put(entry.value, at: ["optimizer", key], of: &section, from: entry)
      try imply("true", at: ["optimizer", "warmup_from_zero"], of: &section, from: entry)
    }
  }

  /// `lr_scheduler_type` and `lr_scheduler_kwargs` in the section of an optimiser.
  ///
  /// The schedules of transformers start their warm-up at 0 and end their decay one step after the
  /// last (`optimization.py`, version 5.23).
  static func rewriteScheduler(_ section: inout RecipeNode) throws(TrainingError) {
    let type = section.remove("lr_scheduler_type")
    var options = SchedulerOptions(section.remove("lr_scheduler_kwargs"))
    guard let type, !type.value.isNull else {
      if let place = options.place {
        throw TrainingError(
          .badRecipe, "\(place): 'lr_scheduler_kwargs' goes with 'lr_scheduler_type'; give both")
      }
      return
    }
    guard case .scalar(let name, _) = type.value.content else { throw unknown(type) }
    var keys: [(String, RecipeNode)] = []
    func plain(_ text: String) -> RecipeNode {
      RecipeNode(.scalar(text, isPlain: true), at: type.value.place)
    }
    switch name {
    case "constant":
      try refuseWarmup(type, section)
      keys = [("schedule", plain("constant"))]
    case "constant_with_warmup":
      keys = [("schedule", plain("constant"))]
    case "inverse_sqrt":
      keys = [("schedule", plain("inverse_sqrt"))]
    case "linear":
      keys = [("schedule", plain("linear"))]
    case "cosine":
      try options.take("num_cycles", mustBe: 0.5)
      keys = [("schedule", plain("cosine"))]
    case "cosine_with_restarts":
      // One cycle is the half cosine itself.
      try options.take("num_cycles", mustBe: 1)
      keys = [("schedule", plain("cosine"))]
    case "polynomial":
      try options.take("power", mustBe: 1)
      keys = [
        ("schedule", plain("linear")),
        ("min_learning_rate", options.take("lr_end") ?? plain("1e-7")),
      ]
    case "cosine_with_min_lr":
      try options.take("num_cycles", mustBe: 0.5)
      let floors = [
        ("min_learning_rate", options.take("min_lr")), ("min_ratio", options.take("min_lr_rate")),
      ].compactMap { key, node in node.map { (key, $0) } }
      guard floors.count == 1 else {
        throw TrainingError(
          .badRecipe,
          "\(type.place): 'lr_scheduler_type: cosine_with_min_lr' wants one of 'min_lr' and "
            + "'min_lr_rate' in 'lr_scheduler_kwargs'; seen: \(floors.count)")
      }
      keys = [("schedule", plain("cosine"))] + floors
    default: throw unknown(type)
    }
    try options.finish(type: name)
    for (key, node) in keys { try put(node, at: [key], of: &section, from: type) }
    guard name != "constant" else { return }
    try imply("true", at: ["warmup_from_zero"], of: &section, from: type)
    if keys[0].1.summary == "'linear'" || keys[0].1.summary == "'cosine'" {
      try imply("after-last", at: ["decay_end"], of: &section, from: type)
    }
  }

  /// transformers' `constant` ignores the warm-up; `constant_with_warmup` does not.
  private static func refuseWarmup(
    _ type: RecipeNode.Entry, _ section: RecipeNode
  ) throws(TrainingError) {
    for key in ["warmup_steps", "warmup_ratio"] {
      guard let warmup = section[key], case .scalar(let text, _) = warmup.content,
        RecipeNumber.parse(text) != 0
      else { continue }
      throw TrainingError(
        .badRecipe,
        "\(type.place): 'lr_scheduler_type: constant' ignores '\(key)' (\(warmup.place)); "
          + "write 'constant_with_warmup', or remove the warm-up")
    }
  }

  private static func unknown(_ type: RecipeNode.Entry) -> TrainingError {
    let known = [
      "constant", "constant_with_warmup", "linear", "cosine", "cosine_with_restarts", "polynomial",
      "cosine_with_min_lr", "inverse_sqrt",
    ]
    var remark = ""
    if case .scalar(let name, _) = type.value.content {
      switch name {
      case "reduce_lr_on_plateau", "greedy":
        remark = "; '\(name)' follows evaluations, and a step here depends on the recipe alone"
      case "warmup_stable_decay", "cosine_warmup_with_min_lr":
        remark =
          "; in place of '\(name)' write stages of one schedule each, or 'schedule: cosine' with "
          + "'min_ratio'"
      default:
        remark =
          EditDistance.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      }
    }
    return TrainingError(
      .badRecipe,
      "\(type.value.place): 'lr_scheduler_type' is \(type.value.summary); wanted: "
        + known.joined(separator: ", ") + remark)
  }
}

/// `lr_scheduler_kwargs`, of which every key must be understood.
private struct SchedulerOptions {
  /// Where they were written; nil where there are none.
  let place: RecipePlace?
  private let isMapping: Bool
  private var entries: [RecipeNode.Entry] = []

  init(_ entry: RecipeNode.Entry?) {
    guard let entry, !entry.value.isNull else {
      (place, isMapping) = (nil, true)
      return
    }
    place = entry.value.place
    if case .mapping(let entries) = entry.value.content {
      self.entries = entries
      isMapping = true
    } else {
      isMapping = false
    }
  }

  /// The value of a key, which is taken out.
  mutating func take(_ key: String) -> RecipeNode? {
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    let value = entries.remove(at: index).value
    return value.isNull ? nil : value
  }

  /// Takes a key out that has one value here.
  mutating func take(_ key: String, mustBe wanted: Double) throws(TrainingError) {
    guard let node = take(key) else { return }
    if case .scalar(let text, _) = node.content, RecipeNumber.parse(text) == wanted { return }
    throw TrainingError(
      .badRecipe,
      "\(node.place): '\(key)' is \(node.summary); wanted: \(wanted), the only one there is here")
  }

  /// Refuses what nobody took.
  func finish(type: String) throws(TrainingError) {
    guard isMapping else {
      throw TrainingError(
        .badRecipe,
        "\(place ?? .nowhere): 'lr_scheduler_kwargs' is no mapping; wanted: keys and values")
    }
    guard let entry = entries.first else { return }
    throw TrainingError(
      .badRecipe,
      "\(entry.place): '\(entry.key)' does nothing for 'lr_scheduler_type: \(type)'; remove it")
  }
}
