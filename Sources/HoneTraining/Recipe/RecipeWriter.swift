// Making a recipe's tree from values, and YAML text from a tree.

extension RecipeNode {
  static func text(_ text: String) -> RecipeNode {
    RecipeNode(.scalar(text, isPlain: isPlainSafe(text)))
  }

  static func integer(_ value: Int) -> RecipeNode {
    RecipeNode(.scalar(String(value), isPlain: true))
  }

  /// The shortest decimal text that reads back to the same value.
  static func number(_ value: Double) -> RecipeNode {
    RecipeNode(.scalar(value.description, isPlain: true))
  }

  static func flag(_ value: Bool) -> RecipeNode {
    RecipeNode(.scalar(value ? "true" : "false", isPlain: true))
  }

  static func sequence(_ elements: [RecipeNode]) -> RecipeNode {
    RecipeNode(.sequence(elements))
  }

  /// A mapping of the keys that have a value.
  static func mapping(_ pairs: [(String, RecipeNode?)]) -> RecipeNode {
    RecipeNode(
      .mapping(
        pairs.compactMap { key, value in
          value.map { Entry(key: key, place: .nowhere, value: $0) }
        }))
  }

  /// Whether text can stand in YAML without quotes and still be text.
  private static func isPlainSafe(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    let isLetter = { (byte: UInt8) in (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
    guard isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: ".") else {
      return false
    }
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    guard !reserved.contains(text.lowercased()), Double(text) == nil else { return false }
    return text.utf8.allSatisfy { byte in
      isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || "/._-+=@".utf8.contains(byte)
    }
  }

  // MARK: - YAML text

  /// The tree as a YAML document in block style, lists of scalars in flow style.
  package func yaml() -> String {
    var lines: [String] = []
    write(indent: 0, into: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  /// The node on one line; nil where it needs more.
  private var inline: String? {
    switch content {
    case .scalar(let text, let isPlain): return isPlain ? text : Self.quoted(text)
    case .mapping(let entries): return entries.isEmpty ? "{}" : nil
    case .sequence(let elements):
      var parts: [String] = []
      for element in elements {
        guard case .scalar = element.content, let text = element.inline else { return nil }
        parts.append(text)
      }
      return "[\(parts.joined(separator: ", "))]"
    }
  }

  private func write(indent: Int, into lines: inout [String]) {
    let space = String(repeating: " ", count: indent)
    switch content {
    case .scalar: lines.append(space + (inline ?? ""))
    case .mapping(let entries):
      for entry in entries {
        let key = Self.isPlainSafe(entry.key) ? entry.key : Self.quoted(entry.key)
        if let text = entry.value.inline {
          lines.append("\(space)\(key): \(text)")
        } else {
          lines.append("\(space)\(key):")
          entry.value.write(indent: indent + 2, into: &lines)
        }
      }
    case .sequence(let elements):
      for element in elements {
        if let text = element.inline {
          lines.append("\(space)- \(text)")
          continue
        }
        let start = lines.count
        element.write(indent: indent + 2, into: &lines)
        // The first line of the element carries the dash in place of its indentation.
        lines[start] = "\(space)- " + lines[start].dropFirst(indent + 2)
      }
    }
  }

  /// A double-quoted YAML scalar.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x85
          || (0x2028...0x2029).contains(scalar.value) || scalar.value == 0xFEFF
        {
          let hex = String(scalar.value, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  // MARK: - Flat view

  /// Every leaf with its path, in order: `("stages.0.steps", "100")`.
  package func leaves(_ prefix: String = "") -> [(path: String, text: String)] {
    switch content {
    case .scalar(let text, _): return [(prefix, text)]
    case .mapping(let entries):
      return entries.flatMap { entry in
        entry.value.leaves(prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)")
      }
    case .sequence(let elements):
      return elements.enumerated().flatMap { index, element in
        element.leaves(prefix.isEmpty ? "\(index)" : "\(prefix).\(index)")
      }
    }
  }
}
