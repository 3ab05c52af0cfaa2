/// What differs between the recipe of a run and the one that it is resumed with.
public struct RecipeComparison: Sendable, Hashable {
  /// A key whose value differs.
  public struct Difference: Sendable, Hashable {
    /// The full path of the key, `stages.0.steps`.
    public var path: String
    /// The value in the run's own recipe; nil where it is absent.
    public var before: String?
    /// The value in the recipe given now; nil where it is absent.
    public var now: String?
    /// Whether a resumed run may differ in it.
    public var isAllowed: Bool

    /// Whether the key is one of a stage's optimizer.
    var isOptimizer: Bool {
      let parts = path.split(separator: ".")
      return parts.count > 3 && parts[0] == "stages" && parts[2] == "optimizer"
    }
  }

  /// All differences, in the order of the recipe.
  public var differences: [Difference]

  /// Compares the recipe of a run with the one that it is resumed with.
  ///
  /// The steps of the last stage, `evaluate_every`, `checkpoint_every`, `checkpoint_minutes`,
  /// `keep_checkpoints`, the run's name, `memory_limit`, `recompute` and `activation_checkpointing` may differ: none of them changes a step that
  /// was made. So may the path of a task file: what it holds is compared instead (``StageData``).
  ///
  /// - Parameter mayChangeOptimizer: whether keys of the stages' optimizers may differ, too, as they may
  ///   where a person goes back to an older checkpoint.
  public init(run: Recipe, given: Recipe, mayChangeOptimizer: Bool = false) {
    let before = run.node.leaves()
    let now = given.node.leaves()
    let last = run.stages.count - 1
    let beforeByPath = Dictionary(
      before.map { ($0.path, $0.text) }, uniquingKeysWith: { a, _ in a })
    let nowByPath = Dictionary(now.map { ($0.path, $0.text) }, uniquingKeysWith: { a, _ in a })
    let paths = before.map(\.path) + now.map(\.path).filter { beforeByPath[$0] == nil }
    differences = paths.compactMap { path in
      let (old, new) = (beforeByPath[path], nowByPath[path])
      guard old != new else { return nil }
      let isMoved = old != nil && new != nil && Self.isTaskFile(path)
      var difference = Difference(
        path: path, before: old, now: new,
        isAllowed: isMoved || Self.mayDiffer(path, lastStage: last))
      if mayChangeOptimizer, difference.isOptimizer { difference.isAllowed = true }
      return difference
    }
  }

  /// Whether the run can go on with the recipe given now.
  public var isCompatible: Bool { differences.allSatisfy(\.isAllowed) }

  /// Refuses a recipe that is not the run's own.
  ///
  /// - Throws: `TrainingError` of kind `badRecipe` naming every key that must not differ.
  public func require(recipeFile: String) throws(TrainingError) {
    let refused = differences.filter { !$0.isAllowed }
    guard !refused.isEmpty else { return }
    let lines = refused.map { difference in
      "  \(difference.path): \(difference.before ?? "absent") in the run, "
        + "\(difference.now ?? "absent") now"
    }
    throw TrainingError(
      .badRecipe,
      "\(recipeFile): the recipe is not the run's own:\n" + lines.joined(separator: "\n")
        + "\nput the values back, or start another run with --output"
        + (refused.allSatisfy(\.isOptimizer)
          ? "; keys of the optimizer may change with --resume --from STEP" : ""))
  }

  /// `stages.0.tasks.train.1`: a source that is given by its path alone.
  private static func isTaskFile(_ path: String) -> Bool {
    let parts = path.split(separator: ".")
    return parts.count == 5 && parts[0] == "stages" && parts[2] == "tasks"
      && ["train", "eval"].contains(parts[3])
  }

  private static func mayDiffer(_ path: String, lastStage: Int) -> Bool {
    if ["name", "keep_checkpoints", "memory_limit", "recompute"].contains(path) { return true }
    let parts = path.split(separator: ".")
    guard parts.count == 3, parts[0] == "stages" else { return false }
    let free: [Substring] = [
      "evaluate_every", "checkpoint_every", "checkpoint_minutes", "activation_checkpointing",
    ]
    if free.contains(parts[2]) { return true }
    return parts[2] == "steps" && parts[1] == "\(lastStage)"
  }
}
