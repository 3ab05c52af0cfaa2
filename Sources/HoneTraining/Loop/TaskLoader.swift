public import HoneTasks

/// Turns the task sources of a recipe into problems.
public struct TaskLoader {
  /// Paths are relative to the working directory, then to this file's folder.
  public var recipeFile: String?
  /// Told how each file was read: layout and mapping.
  public var describe: (String) -> Void

  /// A loader.
  public init(recipeFile: String?, describe: @escaping (String) -> Void = { _ in }) {
    self.recipeFile = recipeFile
    self.describe = describe
  }

  /// The problems of a list of sources, in order.
  ///
  /// Their ids are unique: where sources share ids, those begin with what tells the sources apart.
  ///
  /// - Parameter tasks: holds the field names and the rules for reading files.
  public func load(_ list: [TaskSource], sources tasks: TaskSources) throws -> [Problem] {
    var parts: [DistinctIDs.Source] = []
    for source in list {
      switch source {
      case .path(let path):
        let found = Recipe.resolve(path: path, recipeFile: recipeFile) ?? path
        let set = try TaskSet.load(path: found, options: tasks.options)
        describe(set.summary)
        parts.append(DistinctIDs.Source(name: path, problems: set.problems))
      case .family(let family):
        parts.append(
          DistinctIDs.Source(name: family.distinguishingName, problems: try make(family)))
      }
    }
    let (problems, notes) = DistinctIDs.joined(parts)
    notes.forEach(describe)
    return problems
  }

  private func make(_ source: FamilySource) throws -> [Problem] {
    let family = try Families.named(source.family)
    return try family.make(
      count: source.count, seed: UInt64(bitPattern: Int64(source.seed)),
      difficulty: source.difficulty, split: source.split, demonstrations: source.demonstrations,
      distinct: source.distinct)
  }
}
