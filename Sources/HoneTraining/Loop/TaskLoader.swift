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

  /// A source as it was read.
  struct Loaded {
    /// Its problems, in order.
    var problems: [Problem]
    /// What a run remembers of it.
    var record: SourceRecord
  }

  /// The problems of a list of sources, in order.
  ///
  /// Their ids are unique: where sources share ids, those begin with what tells the sources apart.
  ///
  /// - Parameter tasks: holds the field names and the rules for reading files.
  public func load(_ list: [TaskSource], sources tasks: TaskSources) throws -> [Problem] {
    try read(list, sources: tasks).flatMap(\.problems)
  }

  /// Reads each source of a list.
  ///
  /// - Parameter recorded: what the run recorded of these sources; problems keep the names that they have
  ///   there, so that a file may be called otherwise now.
  func read(
    _ list: [TaskSource], sources tasks: TaskSources, recorded: [SourceRecord]? = nil
  ) throws -> [Loaded] {
    let names = recorded.flatMap { $0.count == list.count ? $0.map(\.source) : nil }
    var parts: [DistinctIDs.Source] = []
    var mappings: [String?] = []
    for (index, source) in list.enumerated() {
      switch source {
      case .path(let path):
        let name = names?[index] ?? path
        let found = try Recipe.locate(path, wanted: "task file", recipeFile: recipeFile)
        let set = try TaskSet.load(path: found, named: name, options: tasks.options)
        describe("\(path): \(set.summary)")
        parts.append(DistinctIDs.Source(name: name, problems: set.problems))
        mappings.append(set.layout.map { "\($0)" })
      case .family(let family):
        parts.append(
          DistinctIDs.Source(name: family.distinguishingName, problems: try make(family)))
        mappings.append(nil)
      }
    }
    let (problems, notes) = DistinctIDs.joined(parts)
    notes.forEach(describe)
    var first = 0
    return list.indices.map { index in
      let own = Array(problems[first..<first + parts[index].problems.count])
      first += own.count
      let record = SourceRecord(
        source: list[index].name, problems: own, mapping: mappings[index])
      return Loaded(problems: own, record: record)
    }
  }

  private func make(_ source: FamilySource) throws -> [Problem] {
    let family = try Families.named(source.family)
    return try family.make(
      count: source.count, seed: UInt64(bitPattern: Int64(source.seed)),
      difficulty: source.difficulty, split: source.split, demonstrations: source.demonstrations,
      distinct: source.distinct)
  }
}

extension TaskSource {
  /// What a run remembers a source under.
  fileprivate var name: String {
    switch self {
    case .path(let path): path
    case .family(let family): "family \(family.distinguishingName)"
    }
  }
}
