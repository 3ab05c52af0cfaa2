import HoneGraders
import HoneJSON

// The rewards of a stage, read and written.

extension GroupRelativeSettings.Reward {
  /// Reads `rewards`; empty where there are none.
  static func list(_ reader: RecipeReader) -> [Self] {
    guard let node = reader.node("rewards") else { return [] }
    guard case .sequence(let elements) = node.content, !elements.isEmpty else {
      reader.wrong(node, "rewards", wanted: "a list such as [{grader: math, weight: 1.0}]")
      return []
    }
    let rewards: [Self] = elements.enumerated().compactMap { index, element in
      if case .scalar(let name, _) = element.content, !name.isEmpty {
        return canonical(name, at: element, reader).map(Self.init(grader:))
      }
      return Self(reader.section(element, named: "rewards.\(index)"))
    }
    for (index, reward) in rewards.enumerated() {
      guard let other = rewards[..<index].first(where: { $0.name == reward.name }) else { continue }
      reader.report(
        "rewards",
        other.grader == reward.grader && reward.name == reward.grader
          ? "the grader '\(reward.grader)' is named twice; add up the weights, or give each a 'name'"
          : "two rewards are called '\(reward.name)'; give one of them another 'name'")
    }
    return rewards
  }

  private init?(_ reader: RecipeReader) {
    let given = reader.text("grader")
    let name = reader.text("name")
    let weight = reader.number("weight", .any)
    let policy = reader.node("policy")
    let mode = reader.node("mode")
    let hasOptions = reader.node("options") != nil
    guard let given, let node = reader.node("grader") else {
      reader.finish("a reward")
      reader.report(nil, "'\(reader.join("grader"))' is missing, the grader's name")
      return nil
    }
    guard let canonical = Self.canonical(given, at: node, reader),
      let grader = try? Graders.named(canonical)
    else {
      reader.finish("a reward")
      return nil
    }
    self.init(grader: canonical)
    self.weight = weight ?? 1
    if let name { self.name = name }
    if let name, name.contains(where: { $0 == "/" || $0.isWhitespace }) {
      reader.report(
        "name", "the name '\(name)' becomes a part of 'rewards/<name>/mean'; no '/' and no spaces")
    }
    if let policy {
      self.policy =
        Self.word(policy, "policy", "policies", known: grader.policies, of: canonical, reader)
    }
    if let mode {
      self.mode = Self.word(mode, "mode", "modes", known: grader.modes, of: canonical, reader)
    }
    if hasOptions,
      let section = reader.node("options").map({ reader.section($0, named: "options") })
    {
      options = Self.options(of: grader, section)
    }
    reader.finish("a reward")
  }

  /// The values of a grader's settings, each of its own type and range.
  private static func options(of grader: any Grader, _ reader: RecipeReader) -> JSONObject {
    var values = JSONObject()
    for setting in grader.settings {
      guard let node = reader.node(setting.name) else { continue }
      guard let value = value(node, of: setting) else {
        reader.wrong(node, setting.name, wanted: setting.wanted)
        continue
      }
      values[setting.name] = value
    }
    reader.finish(
      grader.settings.isEmpty
        ? "the grader '\(grader.name)' has no options" : "options of the grader '\(grader.name)'")
    return values
  }

  private static func value(_ node: RecipeNode, of setting: GraderSetting) -> JSON? {
    let value: JSON?
    switch (setting.kind, node.content) {
    case (.choices, .sequence(let elements)):
      value = .array(
        elements.map { element in
          if case .scalar(let text, _) = element.content { .string(text) } else { .null }
        })
    case (.choice, .scalar(let text, _)), (.choices, .scalar(let text, _)):
      value = setting.value(of: text)
    case (.number, .scalar(let text, isPlain: true)):
      value = RecipeNumber.parse(text.replacing("_", with: "")).map(JSON.number)
    case (_, .scalar(let text, isPlain: true)):
      value = setting.value(of: text.replacing("_", with: ""))
    default: value = nil
    }
    guard let value, setting.accepts(value) else { return nil }
    return value
  }

  /// The grader's own name; other trainers' names are understood.
  private static func canonical(
    _ name: String, at node: RecipeNode, _ reader: RecipeReader
  ) -> String? {
    if let grader = try? Graders.named(name) { return grader.name }
    let names = Graders.all.map(\.name)
    let candidates = names + Graders.aliases.map(\.alias)
    let nearest = EditDistance.nearest(to: name, among: candidates)
      .map { "; did you mean '\($0)'?" }
    reader.report(
      at: node,
      "there is no grader '\(name)'; known: \(names.joined(separator: ", "))\(nearest ?? "")")
    return nil
  }

  /// The name of a policy or mode that the grader has.
  private static func word(
    _ node: RecipeNode, _ key: String, _ plural: String, known: [String], of grader: String,
    _ reader: RecipeReader
  ) -> String? {
    guard !known.isEmpty else {
      reader.report(at: node, "the grader '\(grader)' has no \(plural); remove '\(key)'")
      return nil
    }
    let wanted = "one of \(known.joined(separator: ", "))"
    guard case .scalar(let name, _) = node.content else {
      reader.wrong(node, key, wanted: wanted)
      return nil
    }
    if known.contains(name) { return name }
    let nearest = EditDistance.nearest(to: name, among: known).map { "did you mean '\($0)'?" }
    reader.wrong(node, key, wanted: wanted, remark: nearest)
    return nil
  }

  // MARK: - Writing

  var node: RecipeNode {
    .mapping([
      ("grader", .text(grader)), ("name", name == grader ? nil : .text(name)),
      ("policy", policy.map(RecipeNode.text)), ("mode", mode.map(RecipeNode.text)),
      ("weight", .number(weight)),
      (
        "options",
        options.isEmpty ? nil : .mapping(options.pairs.map { ($0.key, Self.node($0.value)) })
      ),
    ])
  }

  private static func node(_ value: JSON) -> RecipeNode {
    switch value {
    case .bool(let flag): .flag(flag)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .array(let elements): .sequence(elements.map(node))
    default: .text(value.string ?? value.serialized())
    }
  }
}
