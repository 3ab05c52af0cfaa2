/// Reads typed values out of one mapping of a recipe.
///
/// Problems are collected rather than thrown, so that a person sees every mistake of a file at
/// once, and so that the known keys are recorded even where a value is wrong. Every key that is
/// asked for becomes a known key; `finish` reports the others.
package final class RecipeReader {
  /// The place in the tree, `stages.0.sampling`; empty at the root.
  package let path: String
  private let entries: [RecipeNode.Entry]
  private let place: RecipePlace
  private let log: RecipeLog
  private var asked: [String] = []

  package init(root: RecipeNode, log: RecipeLog) {
    self.path = ""
    self.place = root.place
    self.log = log
    if case .mapping(let entries) = root.content {
      self.entries = entries
    } else {
      self.entries = []
      log.report(root.place, "a recipe is a mapping of keys to values, not \(root.summary)")
    }
  }

  private init(path: String, node: RecipeNode?, parent: RecipePlace, log: RecipeLog) {
    self.path = path
    self.log = log
    self.place = node?.place ?? parent
    switch node?.content {
    case .mapping(let entries): self.entries = entries
    case nil: self.entries = []
    default:
      self.entries = []
      if let node, !node.isNull {
        log.report(node.place, "'\(path)' is \(node.summary); wanted: a mapping of keys to values")
      }
    }
  }

  /// The value of a key; nil where it is absent or null.
  package func node(_ key: String) -> RecipeNode? {
    if !asked.contains(key) {
      asked.append(key)
      log.know(join(key))
    }
    guard let value = entries.first(where: { $0.key == key })?.value, !value.isNull else {
      return nil
    }
    return value
  }

  /// Whether a key is given and not null; does not make the key known.
  package func has(_ key: String) -> Bool {
    entries.contains { $0.key == key && !$0.value.isNull }
  }

  /// A reader for a nested mapping, empty where the key is absent.
  package func section(_ key: String) -> RecipeReader {
    RecipeReader(path: join(key), node: node(key), parent: place, log: log)
  }

  /// A reader for a node that was reached by other means, an element of a list for instance.
  package func section(_ node: RecipeNode, named name: String) -> RecipeReader {
    log.know(join(name))
    return RecipeReader(path: join(name), node: node, parent: place, log: log)
  }

  /// Reports a problem at a key, or at the mapping where the key is absent.
  package func report(_ key: String? = nil, _ message: String) {
    let entry = key.flatMap { key in entries.first { $0.key == key } }
    log.report(entry?.value.place ?? place, message)
  }

  /// Reports a problem at a node.
  package func report(at node: RecipeNode, _ message: String) {
    log.report(node.place, message)
  }

  /// Reports every key that nobody asked for.
  package func finish(_ what: String? = nil) {
    for entry in entries where !asked.contains(entry.key) {
      log.reportUnknown(
        entry.key, at: entry.place, section: path, what: what, known: asked)
    }
  }

  package func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

// MARK: - Scalars

extension RecipeReader {
  /// An integer within bounds; nil where the key is absent or wrong.
  package func integer(_ key: String, _ bounds: RecipeBounds) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, isPlain: true) = node.content else {
      wrong(node, key, wanted: "an integer", remark: quoteRemark(node))
      return nil
    }
    let digits = text.replacing("_", with: "")
    // 1e6 is how people write a million; it is an integer if it is one exactly.
    let value = Int(digits) ?? RecipeNumber.parse(digits).flatMap { Int(exactly: $0) }
    guard let value else {
      wrong(node, key, wanted: "an integer")
      return nil
    }
    return check(Double(value), value, node, key, bounds)
  }

  /// A number within bounds; nil where the key is absent or wrong.
  package func number(_ key: String, _ bounds: RecipeBounds) -> Double? {
    guard let node = node(key) else { return nil }
    return number(node, key, bounds)
  }

  /// A number at a node that was already found.
  package func number(_ node: RecipeNode, _ key: String, _ bounds: RecipeBounds) -> Double? {
    guard case .scalar(let text, isPlain: true) = node.content else {
      wrong(node, key, wanted: "a number", remark: quoteRemark(node))
      return nil
    }
    guard let value = RecipeNumber.parse(text.replacing("_", with: "")) else {
      wrong(node, key, wanted: "a number")
      return nil
    }
    return check(value, value, node, key, bounds)
  }

  /// A list of numbers.
  package func numbers(_ key: String, count: Int, _ bounds: RecipeBounds) -> [Double]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let elements) = node.content, elements.count == count else {
      wrong(node, key, wanted: "a list of \(count) numbers")
      return nil
    }
    let values = elements.compactMap { number($0, key, bounds) }
    return values.count == count ? values : nil
  }

  /// `true` or `false`.
  package func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    switch node.content {
    case .scalar("true", isPlain: true): return true
    case .scalar("false", isPlain: true): return false
    default:
      wrong(node, key, wanted: "true or false")
      return nil
    }
  }

  /// Text; a number in this place is taken as its text.
  package func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, _) = node.content, !text.isEmpty else {
      wrong(node, key, wanted: "text")
      return nil
    }
    return text
  }

  /// A list of texts, or one text for a list of one.
  package func texts(_ key: String) -> [String]? {
    guard let node = node(key) else { return nil }
    switch node.content {
    case .scalar(let text, _): return [text]
    case .sequence(let elements):
      return elements.compactMap { element in
        if case .scalar(let text, _) = element.content { return text }
        wrong(element, key, wanted: "text")
        return nil
      }
    case .mapping:
      wrong(node, key, wanted: "text or a list of texts")
      return nil
    }
  }

  /// One of the raw values of an enumeration.
  package func choice<Choice>(_ key: String, _ type: Choice.Type = Choice.self) -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let node = node(key) else { return nil }
    let names = Choice.allCases.map(\.rawValue)
    guard case .scalar(let text, _) = node.content else {
      wrong(node, key, wanted: "one of \(names.joined(separator: ", "))")
      return nil
    }
    if let choice = Choice(rawValue: text) { return choice }
    let nearest = EditDistance.nearest(to: text, among: names)
    wrong(
      node, key, wanted: "one of \(names.joined(separator: ", "))",
      remark: nearest.map { "did you mean '\($0)'?" })
    return nil
  }

  /// Reports a value of the wrong type.
  package func wrong(
    _ node: RecipeNode, _ key: String, wanted: String, remark: String? = nil
  ) {
    let tail = remark.map { "; \($0)" } ?? ""
    log.report(node.place, "'\(key)' is \(node.summary); wanted: \(wanted)\(tail)")
  }

  private func quoteRemark(_ node: RecipeNode) -> String? {
    if case .scalar(_, isPlain: false) = node.content { return "remove the quotes" }
    return nil
  }

  private func check<Value>(
    _ value: Double, _ result: Value, _ node: RecipeNode, _ key: String, _ bounds: RecipeBounds
  ) -> Value? {
    guard bounds.contains(value) else {
      log.report(node.place, "'\(key)' is \(node.summary); wanted: \(bounds.description)")
      return nil
    }
    return result
  }
}

/// Numbers as a recipe may write them.
package enum RecipeNumber {
  /// Reads a finite decimal number.
  ///
  /// `8`, `-0.5`, `.5`, `1e-4` and `1E+6` are numbers; hexadecimal and `nan` are not.
  package static func parse(_ text: String) -> Double? {
    guard !text.isEmpty,
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
          UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
          return true
        default: return false
        }
      }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}

/// The values that a number of a recipe may take.
package struct RecipeBounds: Sendable, CustomStringConvertible {
  private let lower: Double
  private let lowerIsOpen: Bool
  private let upper: Double
  private let upperIsOpen: Bool
  package let description: String

  /// Counts and sizes: bounded, so that products of a few of them do not overflow.
  package static func atLeast(_ lower: Int, atMost upper: Int = 1_000_000_000) -> RecipeBounds {
    RecipeBounds(
      lower: Double(lower), lowerIsOpen: false, upper: Double(upper), upperIsOpen: false,
      description: "an integer of at least \(lower) and at most \(upper)")
  }

  /// Samples of a step and the like.
  package static func samples(_ lower: Int = 1) -> RecipeBounds {
    atLeast(lower, atMost: mostSamples)
  }

  /// More samples than any step has.
  package static let mostSamples: Int = 10_000_000
  /// More tokens than any group has.
  package static let mostTokens: Int = 1 << 30

  /// A seed: any integer that is not negative.
  package static let seed = RecipeBounds(
    lower: 0, lowerIsOpen: false, upper: .infinity, upperIsOpen: true,
    description: "an integer of at least 0")

  package static let above0 = RecipeBounds(
    lower: 0, lowerIsOpen: true, upper: .infinity, upperIsOpen: true,
    description: "a number above 0")

  package static let atLeast0 = RecipeBounds(
    lower: 0, lowerIsOpen: false, upper: .infinity, upperIsOpen: true,
    description: "a number of at least 0")

  package static let above1 = RecipeBounds(
    lower: 1, lowerIsOpen: true, upper: .infinity, upperIsOpen: true,
    description: "a number above 1")

  package static let any = RecipeBounds(
    lower: -.infinity, lowerIsOpen: true, upper: .infinity, upperIsOpen: true,
    description: "a number")

  package static let from0To1 = RecipeBounds(
    lower: 0, lowerIsOpen: false, upper: 1, upperIsOpen: false,
    description: "a number from 0 to 1")

  package static let above0To1 = RecipeBounds(
    lower: 0, lowerIsOpen: true, upper: 1, upperIsOpen: false,
    description: "a number above 0 and at most 1")

  package static let from0Below1 = RecipeBounds(
    lower: 0, lowerIsOpen: false, upper: 1, upperIsOpen: true,
    description: "a number of at least 0 and below 1")

  package func contains(_ value: Double) -> Bool {
    (lowerIsOpen ? value > lower : value >= lower)
      && (upperIsOpen ? value < upper : value <= upper)
  }
}
