package import HoneTasks

/// Makes the ids of several sources unique, as one stage holds them all.
///
/// A sample's random stream is named by its problem's id, and completions are found by it. Rows
/// without ids are named after their file, so that `a/train.jsonl` and `b/train.jsonl` name theirs
/// alike. Where ids of sources clash, all ids of those sources begin with what tells their names
/// apart: `a/train-000017`. Nothing else changes; a stage of one source never does.
package enum DistinctIDs {
  /// One source as the recipe names it, so that the working directory has no influence.
  package struct Source {
    /// The path as it is written, or the arguments of a family.
    package var name: String
    /// Its problems; their ids are unique within it.
    package var problems: [Problem]

    /// A source.
    package init(name: String, problems: [Problem]) {
      self.name = name
      self.problems = problems
    }
  }

  /// The problems of all sources in order, and the beginnings that were put before ids.
  package static func joined(_ sources: [Source]) -> (problems: [Problem], notes: [String]) {
    let groups = clashes(sources)
    guard !groups.isEmpty else { return (sources.flatMap(\.problems), []) }
    var prefixes: [Int: String] = [:]
    for group in groups {
      for (index, mark) in zip(group, marks(group.map { sources[$0].name })) {
        prefixes[index] = mark
      }
    }
    var taken: Set<String> = []
    for (index, source) in sources.enumerated() where prefixes[index] == nil {
      taken.formUnion(source.problems.map(\.id))
    }
    var problems: [Problem] = []
    var notes: [String] = []
    for (index, source) in sources.enumerated() {
      guard var prefix = prefixes[index] else {
        problems += source.problems
        continue
      }
      // An id of another source may happen to look like that.
      while source.problems.contains(where: { taken.contains(prefix + $0.id) }) { prefix += "_" }
      for var problem in source.problems {
        problem.id = prefix + problem.id
        taken.insert(problem.id)
        problems.append(problem)
      }
      if !prefix.isEmpty {
        notes.append(
          "\(source.name): ids begin with '\(prefix)', since another source has the same ids")
      }
    }
    return (problems, notes)
  }

  /// The sources that share ids, directly or by way of others; each group in order.
  private static func clashes(_ sources: [Source]) -> [[Int]] {
    var group = Array(sources.indices)
    var owner: [String: Int] = [:]
    for (index, source) in sources.enumerated() {
      for problem in source.problems {
        if let other = owner[problem.id] {
          let (kept, joined) = (group[other], group[index])
          if kept != joined { group = group.map { $0 == joined ? kept : $0 } }
        } else {
          owner[problem.id] = index
        }
      }
    }
    return Set(group).sorted().map { name in group.indices.filter { group[$0] == name } }
      .filter { $0.count > 1 }
  }

  /// What tells names apart, each ending in a slash; equal names are numbered from the second on.
  ///
  /// The common end of all paths says nothing; before it, each takes as many folders as it needs.
  static func marks(_ names: [String]) -> [String] {
    var paths = names.map(components)
    while let last = paths.first?.last, paths.count > 1, paths.allSatisfy({ $0.last == last }) {
      for index in paths.indices { paths[index].removeLast() }
    }
    var seen: [[String]: Int] = [:]
    return paths.map { path in
      let others = paths.filter { $0 != path }
      let needed = (0...path.count).first { count in
        let mark = path.suffix(count)
        return !mark.isEmpty && others.allSatisfy { $0.suffix(count) != mark }
      }
      let mark = Array(path.suffix(needed ?? path.count))
      let number = seen[path, default: 0] + 1
      seen[path] = number
      return (mark + (number > 1 ? [String(number)] : [])).map { $0 + "/" }.joined()
    }
  }

  /// The parts of a path without `.` and without the endings of its file.
  private static func components(_ name: String) -> [String] {
    var parts = name.split(separator: "/").map(String.init).filter { $0 != "." }
    for ending in [".gz", ".jsonl", ".json"] {
      if let last = parts.last, last.hasSuffix(ending), last.count > ending.count {
        parts[parts.count - 1] = String(last.dropLast(ending.count))
      }
    }
    return parts
  }
}

extension FamilySource {
  /// What tells draws of one family apart, as the parts of a path.
  var distinguishingName: String {
    let levels = "\(difficulty.lowerBound)-\(difficulty.upperBound)"
    return "\(family)/\(split.rawValue)/difficulty-\(levels)/seed-\(seed)"
  }
}
