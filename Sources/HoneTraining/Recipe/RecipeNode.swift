import Yams

/// A node of a recipe's tree, together with the place where it was written.
///
/// Scalars stay text until a reader asks for a type: `1e-4` is a number where a number is wanted,
/// and a message can quote what the file says.
package struct RecipeNode: Sendable {
  /// The content of a node.
  package indirect enum Content: Sendable {
    /// Text as written; `isPlain` is false for quoted and block scalars.
    case scalar(String, isPlain: Bool)
    /// Keys in the order of the file.
    case mapping([Entry])
    /// Elements in order.
    case sequence([RecipeNode])
  }

  /// A key of a mapping with its value.
  package struct Entry: Sendable {
    package var key: String
    package var place: RecipePlace
    package var value: RecipeNode
  }

  package var content: Content
  package var place: RecipePlace

  package init(_ content: Content, at place: RecipePlace = .nowhere) {
    self.content = content
    self.place = place
  }

  /// Whether this is YAML's null: a plain `null`, `~` or nothing at all.
  package var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
  }

  /// What a message calls this node.
  package var summary: String {
    switch content {
    case .scalar(let text, isPlain: true): isNull ? "nothing" : "'\(text)'"
    case .scalar(let text, isPlain: false): "the string \"\(text)\""
    case .mapping: "a mapping"
    case .sequence: "a list"
    }
  }

  /// The value of a key, if this is a mapping that holds it.
  package subscript(key: String) -> RecipeNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }
}

/// Where a part of a recipe was written.
package enum RecipePlace: Sendable, Hashable, CustomStringConvertible {
  /// A position in a file; line and column count from 1.
  case file(String, line: Int, column: Int)
  /// A `--set` argument, as given.
  case override(String)
  /// Made by the program.
  case nowhere

  package var description: String {
    switch self {
    case .file(let file, let line, let column): "\(file):\(line):\(column)"
    case .override(let argument): "--set \(argument)"
    case .nowhere: "recipe"
    }
  }
}

// MARK: - From YAML

extension RecipeNode {
  /// More nodes than any recipe has: aliases of aliases must not fill the memory.
  private static let largestTree = 100_000
  /// Deeper than any recipe is.
  private static let deepestTree = 32

  /// Reads YAML text.
  ///
  /// - Parameters:
  ///   - text: The document.
  ///   - place: Gives the place of a line and column.
  /// - Throws: `TrainingError` of kind `badRecipe` with the position of the syntax error.
  package static func parse(
    _ text: String, place: (_ line: Int, _ column: Int) -> RecipePlace
  ) throws(TrainingError) -> RecipeNode? {
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw TrainingError(.badRecipe, Self.message(of: error, place: place))
    } catch {
      throw TrainingError(.badRecipe, "\(place(1, 1)): \(error)")
    }
    guard let root else { return nil }
    var budget = largestTree
    return try convert(root, depth: 0, budget: &budget, place: place)
  }

  private static func convert(
    _ node: Node, depth: Int, budget: inout Int, place: (Int, Int) -> RecipePlace
  ) throws(TrainingError) -> RecipeNode {
    let mark = place(node.mark?.line ?? 1, node.mark?.column ?? 1)
    budget -= 1
    guard budget > 0, depth < deepestTree else {
      throw TrainingError(
        .badRecipe,
        "\(mark): the recipe is larger than \(largestTree) nodes or deeper than \(deepestTree) "
          + "levels; aliases may refer to each other")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return RecipeNode(.scalar(scalar.string, isPlain: isPlain), at: mark)
    case .sequence(let sequence):
      var elements: [RecipeNode] = []
      for element in sequence {
        elements.append(
          try convert(element, depth: depth + 1, budget: &budget, place: place))
      }
      return RecipeNode(.sequence(elements), at: mark)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (keyNode, valueNode) in mapping {
        let keyPlace = place(keyNode.mark?.line ?? 1, keyNode.mark?.column ?? 1)
        guard case .scalar(let key) = keyNode else {
          throw TrainingError(.badRecipe, "\(keyPlace): a key must be a word, not a collection")
        }
        let value = try convert(valueNode, depth: depth + 1, budget: &budget, place: place)
        entries.append(Entry(key: key.string, place: keyPlace, value: value))
      }
      return RecipeNode(.mapping(entries), at: mark)
    case .alias:
      throw TrainingError(.badRecipe, "\(mark): an alias without its anchor")
    }
  }

  private static func message(of error: YamlError, place: (Int, Int) -> RecipePlace) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let lead = context.map { $0.text + ", " } ?? ""
      return "\(place(mark.line, mark.column)): not YAML: \(lead)\(problem)"
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      return "\(place(context.mark.line, context.mark.column)): the key \(names) is given twice; "
        + "keep one"
    case .reader(let problem, _, _, _):
      return "\(place(1, 1)): not YAML: \(problem)"
    default:
      return "\(place(1, 1)): not YAML: \(error)"
    }
  }
}

// MARK: - Changing a value

extension RecipeNode {
  /// Replaces or adds the value at a path such as `["stages", "0", "steps"]`.
  ///
  /// Mappings that are missing on the way are made; list elements are not.
  /// - Throws: `TrainingError` where a step of the path meets a value of another shape.
  package mutating func set(
    _ path: some Collection<String>, to value: RecipeNode
  ) throws(TrainingError) {
    guard let first = path.first else {
      self = value
      return
    }
    switch content {
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == first }) {
        if path.count > 1 && entries[index].value.isNull {
          entries[index].value = RecipeNode(.mapping([]), at: value.place)
        }
        try entries[index].value.set(path.dropFirst(), to: value)
        if path.count == 1 { entries[index].place = value.place }
      } else {
        var child = RecipeNode(.mapping([]), at: value.place)
        try child.set(path.dropFirst(), to: value)
        entries.append(Entry(key: first, place: value.place, value: child))
      }
      content = .mapping(entries)
    case .sequence(var elements):
      guard let index = Int(first), elements.indices.contains(index) else {
        throw TrainingError(
          .badRecipe,
          "\(value.place): '\(first)' is not an element of a list of \(elements.count); "
            + "elements count from 0")
      }
      try elements[index].set(path.dropFirst(), to: value)
      content = .sequence(elements)
    case .scalar:
      throw TrainingError(
        .badRecipe, "\(value.place): '\(first)' cannot be set inside \(summary) at \(place)")
    }
  }

  /// Takes a key out of a mapping.
  package mutating func remove(_ key: String) -> Entry? {
    guard case .mapping(var entries) = content,
      let index = entries.firstIndex(where: { $0.key == key })
    else { return nil }
    let entry = entries.remove(at: index)
    content = .mapping(entries)
    return entry
  }
}
