/// One `--set key=value` argument.
struct RecipeOverride {
  private let argument: String
  private let key: [String]
  private let value: RecipeNode

  /// Takes an argument apart; the value is YAML, so `model={architecture: llama}` works.
  init(_ argument: String) throws(TrainingError) {
    self.argument = argument
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      throw TrainingError(.badRecipe, "--set \(argument): wanted: key=value, such as steps=20")
    }
    key = argument[..<equals].split(separator: ".", omittingEmptySubsequences: false)
      .map(String.init)
    guard key.allSatisfy({ !$0.isEmpty }) else {
      throw TrainingError(.badRecipe, "--set \(argument): the key has an empty part")
    }
    let place = RecipePlace.override(argument)
    let text = String(argument[argument.index(after: equals)...])
    value =
      try RecipeNode.parse(text) { _, _ in place }
      ?? RecipeNode(.scalar("", isPlain: true), at: place)
  }

  /// Sets the value at the one place that the key means.
  ///
  /// - Returns: the key, where it is another trainer's name that counts updates of the policy.
  func apply(
    to tree: inout RecipeNode, defaultName: String
  ) throws(TrainingError) -> [RecipeAliases.Use] {
    let target = try target(in: tree, defaultName: defaultName)
    try tree.set(target, to: value)
    guard let name = key.last, name != target.last, RecipeAliases.countingUpdates.contains(name),
      target.count > 1, let stage = Int(target[1])
    else { return [] }
    return [RecipeAliases.Use(alias: name, place: value.place, stage: stage)]
  }

  /// Finds the full path that the key means.
  ///
  /// In this order: a full path; a key of a stage, or another trainer's name for one, so that
  /// `steps` is a stage's and `temperature` is the sampler's; the end of any known path.
  private func target(
    in tree: RecipeNode, defaultName: String
  ) throws(TrainingError) -> [String] {
    let (_, log) = Recipe.decode(tree, defaultName: defaultName)
    let known = log.knownPaths
    let whole = RecipeAliases.canonical(key)
    if accepts(whole, known) || isListElement(whole, in: tree) { return whole }

    var candidates: [[String]] = []
    if case .sequence(let stages)? = tree["stages"]?.content {
      candidates = stages.indices
        .map { RecipeAliases.inStage($0, key) }
        .filter { accepts($0, known) }
    }
    let written = key.joined(separator: ".")
    if candidates.isEmpty {
      candidates = known.filter { $0.hasSuffix(".\(written)") }
        .map { $0.split(separator: ".").map(String.init) }
    }
    switch candidates.count {
    case 1: return candidates[0]
    case 0: throw unknown(written, known: known)
    default: throw ambiguous(candidates.map { $0.joined(separator: ".") })
    }
  }

  /// Whether a full path can be set: a known key, a name with a meaning of its own in a known
  /// section, or a free key of a mapping of field names.
  private func accepts(_ path: [String], _ known: [String]) -> Bool {
    if known.contains(path.joined(separator: ".")) { return true }
    guard path.count > 1 else { return false }
    let section = path.dropLast()
    return known.contains(section.joined(separator: "."))
      && (section.last == "fields" || RecipeAliases.isSpecial(path))
  }

  private func isListElement(_ path: [String], in tree: RecipeNode) -> Bool {
    guard let last = path.last, let index = Int(last) else { return false }
    var node: RecipeNode? = tree
    for part in path.dropLast() {
      if case .sequence(let elements)? = node?.content, let position = Int(part) {
        node = elements.indices.contains(position) ? elements[position] : nil
      } else {
        node = node?[part]
      }
    }
    guard case .sequence(let elements)? = node?.content else { return false }
    return elements.indices.contains(index)
  }

  private func ambiguous(_ candidates: [String]) -> TrainingError {
    TrainingError(
      .badRecipe,
      "--set \(argument): '\(key.joined(separator: "."))' could be any of: "
        + "\(candidates.joined(separator: ", ")); write the whole path")
  }

  private func unknown(_ written: String, known: [String]) -> TrainingError {
    let name = key.last ?? written
    if let hint = RecipeHints.hint(for: name) {
      return TrainingError(.badRecipe, "--set \(argument): unknown key '\(written)': \(hint)")
    }
    let names = known + known.compactMap { $0.split(separator: ".").last.map(String.init) }
    let nearest = EditDistance.nearest(to: written, among: names)
    let tail = nearest.map { "; did you mean '\($0)'?" } ?? ""
    return TrainingError(.badRecipe, "--set \(argument): unknown key '\(written)'\(tail)")
  }
}
