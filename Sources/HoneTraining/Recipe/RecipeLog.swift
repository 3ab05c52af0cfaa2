/// What reading a recipe found: its problems, and the keys that it could have held.
package final class RecipeLog {
  private struct Unknown {
    var key: String
    var place: RecipePlace
    var section: String
    var what: String?
    var known: [String]
  }

  private var problems: [(place: RecipePlace, message: String)] = []
  private var unknown: [Unknown] = []
  /// Every path that was asked for, in the order of asking: `stages.0.sampling.temperature`.
  package private(set) var knownPaths: [String] = []
  private var knownSet: Set<String> = []

  package init() {}

  package func report(_ place: RecipePlace, _ message: String) {
    problems.append((place, message))
  }

  package func know(_ path: String) {
    if knownSet.insert(path).inserted { knownPaths.append(path) }
  }

  package func reportUnknown(
    _ key: String, at place: RecipePlace, section: String, what: String?, known: [String]
  ) {
    unknown.append(Unknown(key: key, place: place, section: section, what: what, known: known))
  }

  package var isEmpty: Bool { problems.isEmpty && unknown.isEmpty }

  /// All problems as one error, in the order of the file.
  package func error() -> TrainingError? {
    var lines = problems
    for item in unknown { lines.append((item.place, message(for: item))) }
    guard !lines.isEmpty else { return nil }
    let ordered = lines.enumerated().sorted { left, right in
      let a = order(left.element.place)
      let b = order(right.element.place)
      return a == b ? left.offset < right.offset : a < b
    }
    // More than ten problems are one problem: usually a wrong indentation.
    var text = ordered.prefix(10).map { "\($0.element.place): \($0.element.message)" }
    if ordered.count > 10 { text.append("and \(ordered.count - 10) more") }
    return TrainingError(.badRecipe, text.joined(separator: "\n"))
  }

  private func order(_ place: RecipePlace) -> (Int, Int) {
    switch place {
    case .file(_, let line, let column): (line, column)
    case .override, .nowhere: (.max, 0)
    }
  }

  private func message(for item: Unknown) -> String {
    let section = item.section.isEmpty ? "the recipe" : "'\(item.section)'"
    let what = item.what.map { " (\($0))" } ?? ""
    let head = "unknown key '\(item.key)' in \(section)\(what)"
    if let hint = RecipeHints.hint(for: item.key) { return "\(head): \(hint)" }
    let aliases = RecipeAliases.names(inSection: item.section)
    if let nearest = EditDistance.nearest(to: item.key, among: item.known + aliases) {
      return "\(head); did you mean '\(nearest)'?"
    }
    let elsewhere = knownPaths.filter { $0.hasSuffix(".\(item.key)") || $0 == item.key }
    if let path = elsewhere.first { return "\(head); it belongs at '\(path)'" }
    return "\(head); known keys: \(item.known.joined(separator: ", "))"
  }
}
