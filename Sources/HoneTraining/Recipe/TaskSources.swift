/// One source of problems: a file, or a procedural family.
public enum TaskSource: Sendable, Hashable {
  /// A JSON Lines file; a path as the recipe gives it.
  case path(String)
  /// Problems made on the spot.
  case family(FamilySource)
}

/// Problems of a procedural family, drawn by a seed.
public struct FamilySource: Sendable, Hashable {
  /// Which part of a family's problems to draw from; the parts share no problem.
  public enum Split: String, Sendable, Hashable, CaseIterable {
    /// The part to train on.
    case train
    /// The part to evaluate on.
    case test
    /// Both.
    case all
  }

  /// The family's name, `arithmetic` for instance.
  public var family: String
  /// The number of problems; default 1024.
  public var count: Int = 1024
  /// The seed of the draw; default 0, independent of the run's seed.
  public var seed: Int = 0
  /// The range of difficulties; nil is the family's own default.
  public var difficulty: ClosedRange<Int>?
  /// The part to draw from; default `train` under `train:`, `test` under `eval:`.
  public var split: Split = .train
  /// Whether each problem brings a demonstration, and in which mixture; nil is none.
  public var demonstrations: DemonstrationMixture?

  /// A source with the default settings.
  public init(family: String) {
    self.family = family
  }
}

/// The shares of the styles of demonstrations, at most 1 in sum; see `ProblemFamily`.
public struct DemonstrationMixture: Sendable, Hashable {
  /// Share of answers without reasoning; default 0.55.
  public var terse: Double = 0.55
  /// Share of step-by-step reasoning; default 0.40.
  public var steps: Double = 0.40
  /// Share of reasoning with a wrong step and its wrong answer; default 0.05.
  public var flawed: Double = 0.05

  /// The default mixture.
  public init() {}
}

/// The problems of a stage.
public struct TaskSources: Sendable, Hashable {
  /// What to train on, at least one source.
  public var train: [TaskSource]
  /// What to evaluate on; may be empty.
  public var evaluation: [TaskSource] = []
  /// Field names of foreign layouts: `question`, `answer` and so on to the names in the file.
  public var fields: [String: String] = [:]
  /// How the answer is taken from its field; nil detects it.
  public var extract: Extract?
  /// What to do with a row that cannot be read; default `stop`.
  public var onError: ErrorPolicy = .stop

  /// How a reference answer is taken from a longer text.
  public enum Extract: String, Sendable, Hashable, CaseIterable {
    /// What follows `#### ` (GSM8K).
    case hash4
    /// The last `\boxed{}`.
    case boxed
    /// The last number.
    case lastNumber = "last-number"
    /// What follows `Answer:` on the last line that has it.
    case answerLine = "answer-line"
  }

  /// What to do with a row that cannot be read.
  public enum ErrorPolicy: String, Sendable, Hashable, CaseIterable {
    /// Stop with the file and line.
    case stop
    /// Leave the row out; the number is reported.
    case skip
  }

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
    if let node = reader.node("fields") {
      let section = reader.section("fields")
      guard case .mapping(let entries) = node.content else {
        reader.wrong(node, "fields", wanted: "a mapping such as {question: problem}")
        return
      }
      for entry in entries { fields[entry.key] = section.text(entry.key) }
    }
    extract = reader.choice("extract")
    onError = reader.choice("on_error") ?? onError
    reader.finish("tasks")
  }

  var node: RecipeNode {
    let names = fields.keys.sorted().map { ($0, RecipeNode.text(fields[$0] ?? "")) }
    return .mapping([
      ("train", .sequence(train.map(\.node))),
      ("eval", evaluation.isEmpty ? nil : .sequence(evaluation.map(\.node))),
      ("fields", names.isEmpty ? nil : .mapping(names)),
      ("extract", extract.map { .text($0.rawValue) }),
      ("on_error", .text(onError.rawValue)),
    ])
  }
}

extension TaskSource {
  /// A path, a family, or a list that mixes both.
  static func list(
    _ reader: RecipeReader, _ key: String, split: FamilySource.Split = .train
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
    split: FamilySource.Split
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
  init?(_ reader: RecipeReader, split: Split) {
    let name = reader.text("family")
    self.init(family: name ?? "")
    count = reader.integer("count", .atLeast(1)) ?? count
    seed = reader.integer("seed", .atLeast(0)) ?? seed
    self.split = reader.choice("split") ?? split
    difficulty = Self.difficulty(reader)
    demonstrations = DemonstrationMixture.optional(reader)
    reader.finish("a task family")
    if name == nil {
      reader.report("family", "'\(reader.join("family"))' is missing, the family's name")
      return nil
    }
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
        difficulty.map { .sequence([.integer($0.lowerBound), .integer($0.upperBound)]) }
      ),
      ("split", .text(split.rawValue)),
      ("demonstrations", demonstrations?.node),
    ])
  }
}

extension DemonstrationMixture {
  /// `true`, `false`, or a mapping of shares.
  static func optional(_ reader: RecipeReader) -> DemonstrationMixture? {
    guard let node = reader.node("demonstrations") else { return nil }
    guard case .mapping = node.content else {
      return reader.flag("demonstrations") == true ? DemonstrationMixture() : nil
    }
    let section = reader.section("demonstrations")
    var mixture = DemonstrationMixture()
    mixture.terse = section.number("terse", .from0To1) ?? 0
    mixture.steps = section.number("steps", .from0To1) ?? 0
    mixture.flawed = section.number("flawed", .from0To1) ?? 0
    section.finish("a mixture of styles")
    let sum = mixture.terse + mixture.steps + mixture.flawed
    if abs(sum - 1) > 1e-9 {
      section.report(nil, "the shares of the styles add up to \(sum); wanted: 1")
    }
    return mixture
  }

  var node: RecipeNode {
    .mapping([
      ("terse", .number(terse)), ("steps", .number(steps)), ("flawed", .number(flawed)),
    ])
  }
}
