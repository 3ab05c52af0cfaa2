import HoneGraders
import HoneJSON
public import HoneTasks

/// One source of problems: a file, or a procedural family.
public enum TaskSource: Sendable, Hashable {
  /// A JSON Lines file; a path as the recipe gives it.
  case path(String)
  /// Problems made on the spot.
  case family(FamilySource)
}

/// Problems of a procedural family, drawn by a seed.
public struct FamilySource: Sendable, Hashable {
  /// The family's name, `arithmetic` for instance.
  public var family: String
  /// The number of problems; default 1024.
  public var count: Int = 1024
  /// The seed of the draw; default 0, independent of the run's seed.
  public var seed: Int = 0
  /// The difficulties to draw; default: the family's five easiest.
  ///
  /// Drawn equally often until an easy one has no new problem left; harder ones then take its place.
  public var difficulty: ClosedRange<Int>
  /// The part to draw from; default `train` under `train:`, `test` under `eval:`.
  public var split: TaskSplit = .train
  /// What makes two problems the same; default `key`.
  public var distinct: TaskDistinctness = .key
  /// Whether each problem brings a demonstration, and in which mixture; default: none.
  public var demonstrations: DemonstrationMixture?

  /// A source with the default settings.
  public init(family: String, difficulty: ClosedRange<Int>) {
    self.family = family
    self.difficulty = difficulty
  }
}

/// The problems of a stage.
public struct TaskSources: Sendable, Hashable {
  /// What to train on, at least one source.
  public var train: [TaskSource]
  /// What to evaluate on; may be empty.
  public var evaluation: [TaskSource] = []
  /// How task files are read, where their fields do not say it.
  public var options: TaskOptions = TaskOptions()

  /// Sources with the default settings.
  public init(train: [TaskSource]) {
    self.train = train
  }
}

// MARK: - Recipe

extension TaskSources {
  init(_ reader: RecipeReader) {
    self.init(train: TaskSource.list(reader, "train", split: .train))
    if train.isEmpty, !reader.has("train") {
      reader.report(
        nil, "'\(reader.join("train"))' is missing; give a path, a list of paths or a family")
    }
    evaluation = TaskSource.list(reader, "eval", split: .test)
    options.fields = Self.fields(reader)
    options.extract = reader.choice("extract")
    options.onError = reader.choice("on_error") ?? options.onError
    options.grader = reader.text("grader") ?? options.grader
    if (try? Graders.named(options.grader)) == nil {
      let names = Graders.all.map(\.name).joined(separator: ", ")
      reader.report("grader", "there is no grader '\(options.grader)'; known: \(names)")
    }
    options.settings = Self.settings(reader)
    reader.finish("tasks")
  }

  /// Settings for the graders of rows that do not carry them.
  private static func settings(_ reader: RecipeReader) -> JSONObject {
    var settings: JSONObject = [:]
    if let mode: AnswerMode = reader.choice("mode") { settings["mode"] = .string(mode.rawValue) }
    if let policy = reader.text("policy") {
      if !TaskOptions.policies.contains(policy) {
        let known = TaskOptions.policies
        let nearest = EditDistance.nearest(to: policy, among: known).map {
          "; did you mean '\($0)'?"
        }
        reader.report(
          "policy",
          "there is no policy '\(policy)'; known: \(known.joined(separator: ", "))\(nearest ?? "")")
      }
      settings["policy"] = .string(policy)
    }
    return settings
  }

  /// Our field names to the file's.
  private static func fields(_ reader: RecipeReader) -> [String: String] {
    guard reader.node("fields") != nil else { return [:] }
    let section = reader.section("fields")
    var fields: [String: String] = [:]
    for name in TaskOptions.fieldNames {
      if let value = section.text(name) { fields[name] = value }
    }
    section.finish("field names")
    return fields
  }

  var node: RecipeNode {
    let names = options.fields.keys.sorted().map {
      ($0, RecipeNode.text(options.fields[$0] ?? ""))
    }
    return .mapping([
      ("train", .sequence(train.map(\.node))),
      ("eval", evaluation.isEmpty ? nil : .sequence(evaluation.map(\.node))),
      ("fields", names.isEmpty ? nil : .mapping(names)),
      ("extract", options.extract.map { .text($0.rawValue) }),
      ("on_error", .text(options.onError.rawValue)),
      ("grader", .text(options.grader)),
      ("mode", options.settings["mode"]?.string.map(RecipeNode.text)),
      ("policy", options.settings["policy"]?.string.map(RecipeNode.text)),
    ])
  }
}

extension TaskSource {
  /// A path, a family, or a list that mixes both.
  static func list(
    _ reader: RecipeReader, _ key: String, split: TaskSplit = .train
  ) -> [TaskSource] {
    guard let node = reader.node(key) else { return [] }
    switch node.content {
    case .sequence(let elements):
      let sources = elements.enumerated().compactMap { index, element in
        one(reader, element, named: "\(key).\(index)", key: key, split: split)
      }
      if elements.isEmpty { reader.wrong(node, key, wanted: "at least one source") }
      return sources
    default:
      return one(reader, node, named: key, key: key, split: split).map { [$0] } ?? []
    }
  }

  private static func one(
    _ reader: RecipeReader, _ node: RecipeNode, named name: String, key: String,
    split: TaskSplit
  ) -> TaskSource? {
    switch node.content {
    case .scalar(let text, _) where !text.isEmpty: return .path(text)
    case .mapping: return FamilySource(reader.section(node, named: name), split: split).map(family)
    default:
      reader.wrong(node, key, wanted: "a path, or a mapping such as {family: arithmetic}")
      return nil
    }
  }

  var node: RecipeNode {
    switch self {
    case .path(let path): .text(path)
    case .family(let family): family.node
    }
  }
}

extension FamilySource {
  init?(_ reader: RecipeReader, split: TaskSplit) {
    let name = reader.text("family")
    let known = Families.all.first { $0.name == name }
    self.init(family: name ?? "", difficulty: 1...1)
    count = reader.integer("count", .atLeast(1)) ?? count
    seed = reader.integer("seed", .seed) ?? seed
    self.split = reader.choice("split") ?? split
    distinct = reader.choice("distinct") ?? distinct
    let levels = Self.difficulty(reader)
    demonstrations = DemonstrationMixture.optional(reader)
    reader.finish("a task family")
    guard let known else {
      Self.reportUnknown(name, reader)
      return nil
    }
    let all = known.difficulties
    difficulty = levels ?? all.lowerBound...min(all.lowerBound + 4, all.upperBound)
    if difficulty.lowerBound < all.lowerBound || difficulty.upperBound > all.upperBound {
      reader.report(
        "difficulty",
        "'difficulty' is \(difficulty.lowerBound) to \(difficulty.upperBound); the family "
          + "'\(known.name)' has \(all.lowerBound) to \(all.upperBound)")
    }
  }

  private static func reportUnknown(_ name: String?, _ reader: RecipeReader) {
    guard let name else {
      if !reader.has("family") {
        reader.report(nil, "'\(reader.join("family"))' is missing, the family's name")
      }
      return
    }
    let names = Families.all.map(\.name)
    let nearest = EditDistance.nearest(to: name, among: names).map { "; did you mean '\($0)'?" }
    reader.report(
      "family",
      "there is no task family '\(name)'; known: \(names.joined(separator: ", "))\(nearest ?? "")")
  }

  /// One level, or the first and the last of a range.
  private static func difficulty(_ reader: RecipeReader) -> ClosedRange<Int>? {
    guard let node = reader.node("difficulty") else { return nil }
    if case .sequence = node.content {
      guard let pair = reader.numbers("difficulty", count: 2, .atLeast(0)) else { return nil }
      guard let low = Int(exactly: pair[0]), let high = Int(exactly: pair[1]), low <= high else {
        reader.wrong(node, "difficulty", wanted: "two integers, the lower first")
        return nil
      }
      return low...high
    }
    return reader.integer("difficulty", .atLeast(0)).map { $0...$0 }
  }

  var node: RecipeNode {
    .mapping([
      ("family", .text(family)),
      ("count", .integer(count)),
      ("seed", .integer(seed)),
      (
        "difficulty",
        .sequence([.integer(difficulty.lowerBound), .integer(difficulty.upperBound)])
      ),
      ("split", .text(split.rawValue)),
      ("distinct", .text(distinct.rawValue)),
      ("demonstrations", demonstrations?.node),
    ])
  }
}

extension DemonstrationMixture {
  /// `true`, `false`, or a mapping of shares.
  static func optional(_ reader: RecipeReader) -> DemonstrationMixture? {
    guard let node = reader.node("demonstrations") else { return nil }
    guard case .mapping = node.content else {
      return reader.flag("demonstrations") == true ? .standard : nil
    }
    let section = reader.section("demonstrations")
    let terse = section.number("terse", .from0To1) ?? 0
    let steps = section.number("steps", .from0To1) ?? 0
    let flawed = section.number("flawed", .from0To1) ?? 0
    section.finish("a mixture of styles")
    do {
      return try DemonstrationMixture(terse: terse, steps: steps, flawed: flawed)
    } catch {
      section.report(nil, error.message)
      return nil
    }
  }

  var node: RecipeNode {
    .mapping([
      ("terse", .number(terse)), ("steps", .number(steps)), ("flawed", .number(flawed)),
    ])
  }
}
