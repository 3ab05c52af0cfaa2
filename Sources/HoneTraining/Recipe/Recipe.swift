import Foundation
import HoneFiles
import HoneJSON

/// A whole training run: a policy and the stages that train it.
///
/// Read from YAML by `load(contentsOf:overrides:)`; every value is resolved, so that `yaml` writes
/// a recipe that reads back equal.
public struct Recipe: Sendable, Hashable {
  /// The policy that a recipe without `model` starts from.
  static let defaultModel = "checkpoints/base"

  /// The run's name; default: the file's name without its ending.
  public var name: String
  /// Where the policy comes from; default `checkpoints/base`.
  public var model: ModelSource = .folder(Recipe.defaultModel)
  /// Where the tokenizer comes from; nil for a model folder, which brings its own.
  public var tokenizer: TokenizerSource?
  /// The seed of everything random; default 0.
  public var seed: Int = 0
  /// The stages, at least one, in order.
  public var stages: [Stage]
  /// Checkpoints to keep beside the best one, those at the ends of stages and the last good one; default
  /// 2, at least 1.
  public var keepCheckpoints: Int = 2
  /// What the best checkpoint is best in; default pass@1 of the evaluation as set.
  public var bestMetric: BestMetric = .passAt1
  /// Sums of gradients that are kept apart; changes the order of additions; default 1.
  public var lanes: Int = 1
  /// Bound of tensor storage in bytes; nil is no bound.
  ///
  /// Decides how many completions are sampled at once and whether forward passes are done again
  /// (``Stage/activationCheckpointing``), never the result. The program itself, its libraries and the
  /// problems come on top.
  public var memoryLimit: Int?

  /// Which steps are computed a second time to find out whether the bits are the same; default `never`.
  public var recompute: Recomputation = .never

  /// A recipe with the default settings.
  public init(name: String, stages: [Stage]) {
    self.name = name
    self.stages = stages
  }

  /// Steps over all stages.
  public var totalSteps: Int { stages.reduce(0) { $0 + $1.steps } }

  /// The stage that a step belongs to, steps counted from 1 over all stages.
  ///
  /// - Parameter step: From 1 to `totalSteps`.
  /// - Returns: The stage's index and the number of steps before the stage.
  public func stage(ofStep step: Int) -> (index: Int, stepsBefore: Int) {
    precondition(
      step >= 1 && step <= totalSteps, "step \(step) is not in the recipe, 1 to \(totalSteps)")
    var before = 0
    for (index, stage) in stages.enumerated() {
      if step <= before + stage.steps { return (index, before) }
      before += stage.steps
    }
    preconditionFailure("the stages have \(before) steps")
  }

  /// The recipe as a YAML document with every value resolved.
  public var yaml: String { node.yaml() }
}

/// What checkpoints are ranked by: a number of `evaluations.jsonl`.
public enum BestMetric: String, Sendable, Hashable, CaseIterable {
  /// Share of correct samples.
  case passAt1 = "pass@1"
  /// Share of problems with a correct sample among all.
  case passAtK = "pass@k"
  /// Share of problems whose most frequent answer is correct.
  case majority = "maj@k"
}

/// Which steps are computed a second time.
///
/// A step is a function of its beginning: other bits at the second time are a fault of the machine, or a
/// defect of the program, and end the run.
public enum Recomputation: String, Sendable, Hashable, CaseIterable {
  /// None.
  case never
  /// Those that are suspicious: a gradient much larger than those before, or a number that is none.
  case spikes
  /// All, at twice the cost.
  case always
}

// MARK: - Reading

extension Recipe {
  /// Reads a recipe file.
  ///
  /// - Parameters:
  ///   - path: The YAML file.
  ///   - overrides: Arguments of `--set`, `key=value` each, applied in order.
  /// - Throws: `TrainingError`: `missingFile`, or `badRecipe` with all problems found, each with
  ///   `file:line:column`.
  public static func load(
    contentsOf path: String, overrides: [String] = []
  ) throws(TrainingError) -> Recipe {
    try load(contentsOf: path, from: .person, overrides: overrides)
  }

  /// The most bytes of a recipe: 16 MiB.
  private static let maximumBytes = 1 << 24

  /// Reads a recipe file that a person named, or that of a run's folder.
  package static func load(
    contentsOf path: String, from origin: InputFile.Origin, overrides: [String] = []
  ) throws(TrainingError) -> Recipe {
    var bytes: [UInt8]
    do {
      bytes = try InputFile.contents(path, from: origin, limit: maximumBytes)
    } catch {
      throw error.kind == .missing
        ? TrainingError(
          .missingFile, "\(path): \(MissingPath.reason(path, wanted: "recipe (a YAML file)"))")
        : TrainingError(.inputOutput, "\(error); a recipe is a YAML file")
    }
    // Editors of some systems begin texts with a byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TrainingError(.badRecipe, "\(path):1:1: the file is not UTF-8 text")
    }
    return try parse(text, file: path, overrides: overrides)
  }

  /// Reads a recipe from YAML text.
  ///
  /// - Parameters:
  ///   - text: The YAML document.
  ///   - file: The name for messages; the run's default name comes from it.
  ///   - overrides: Arguments of `--set`, `key=value` each, applied in order.
  /// - Throws: `TrainingError` of kind `badRecipe` with all problems found.
  public static func parse(
    _ text: String, file: String = "recipe.yaml", overrides: [String] = []
  ) throws(TrainingError) -> Recipe {
    let parsed = try RecipeNode.parse(text) { line, column in
      .file(file, line: line, column: column)
    }
    guard var tree = parsed else {
      throw TrainingError(
        .badRecipe, "\(file):1:1: the recipe is empty; wanted: 'stages' with 'tasks' and 'steps'")
    }
    var uses = try RecipeAliases.rewrite(&tree)
    for argument in overrides {
      uses += try RecipeOverride(argument).apply(to: &tree, defaultName: defaultName(file))
      uses += try RecipeAliases.rewrite(&tree)
    }
    let (recipe, log) = decode(tree, defaultName: defaultName(file))
    if let recipe { RecipeAliases.check(uses, in: recipe, log: log) }
    if let error = log.error() { throw error }
    guard let recipe else {
      throw TrainingError(.badRecipe, "\(file):1:1: the recipe has no stage")
    }
    return recipe
  }

  private static func defaultName(_ file: String) -> String {
    let base = file.split(separator: "/").last.map(String.init) ?? "run"
    guard let dot = base.lastIndex(of: "."), dot > base.startIndex else { return base }
    return String(base[..<dot])
  }

  /// Reads a tree; the recipe is nil where not even one stage could be made out.
  static func decode(_ tree: RecipeNode, defaultName: String) -> (Recipe?, RecipeLog) {
    let log = RecipeLog()
    let reader = RecipeReader(root: tree, log: log)
    let name = reader.text("name") ?? defaultName
    if name.contains("/") || name.hasPrefix(".") {
      reader.report(
        "name",
        "the name '\(name)' becomes a folder's name; it has no '/' and no dot "
          + "in front")
    }
    let model = ModelSource(reader)
    let tokenizer = TokenizerSource(reader, model: model)
    let seed = reader.integer("seed", .seed)
    let stages = stages(reader)
    let keep = reader.integer("keep_checkpoints", .atLeast(1))
    let bestMetric = reader.choice("best_metric", BestMetric.self)
    let lanes = reader.integer("lanes", .atLeast(1))
    let memoryLimit = ByteCount.read(reader, "memory_limit")
    let recompute = reader.choice("recompute", Recomputation.self)
    RecipeAliases.checkVersion(reader.section("aliases"))
    reader.finish()
    guard !stages.isEmpty else { return (nil, log) }
    var recipe = Recipe(name: name, stages: stages)
    recipe.model = model
    recipe.tokenizer = tokenizer
    recipe.seed = seed ?? recipe.seed
    recipe.keepCheckpoints = keep ?? recipe.keepCheckpoints
    recipe.bestMetric = bestMetric ?? recipe.bestMetric
    recipe.lanes = lanes ?? recipe.lanes
    recipe.memoryLimit = memoryLimit
    recipe.recompute = recompute ?? recipe.recompute
    return (recipe, log)
  }

  private static func stages(_ reader: RecipeReader) -> [Stage] {
    guard let node = reader.node("stages") else {
      reader.report(nil, "'stages' is missing: a list with 'kind', 'tasks' and 'steps' each")
      return []
    }
    guard case .sequence(let elements) = node.content, !elements.isEmpty else {
      reader.wrong(node, "stages", wanted: "a list of stages, each with 'kind'")
      return []
    }
    return elements.enumerated().compactMap { index, element in
      Stage(reader.section(element, named: "stages.\(index)"))
    }
  }

  var node: RecipeNode {
    .mapping([
      ("name", .text(name)),
      ("model", model.node),
      ("tokenizer", tokenizer?.node),
      ("seed", .integer(seed)),
      ("keep_checkpoints", .integer(keepCheckpoints)),
      ("best_metric", .text(bestMetric.rawValue)),
      ("lanes", .integer(lanes)),
      ("memory_limit", memoryLimit.map(RecipeNode.integer)),
      ("recompute", recompute == .never ? nil : .text(recompute.rawValue)),
      ("stages", .sequence(stages.map(\.node))),
    ])
  }
}

// MARK: - Paths

extension Recipe {
  /// The file or folder that a path of a recipe means: relative to the working directory, then to
  /// the recipe's folder.
  ///
  /// - Returns: The path that exists, the first of the two where both do; nil if neither does.
  public static func resolve(path: String, recipeFile: String?) -> String? {
    if FileManager.default.fileExists(atPath: path) { return path }
    guard !path.hasPrefix("/"), let recipeFile else { return nil }
    let parts = recipeFile.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    guard !parts.isEmpty else { return nil }
    let beside = (parts + [Substring(path)]).joined(separator: "/")
    return FileManager.default.fileExists(atPath: beside) ? beside : nil
  }
}
