/// Amounts of memory as a recipe writes them.
package enum ByteCount {
  private static let units: [(suffix: String, bytes: Double)] = [
    ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
    ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
  ]

  /// Reads `512MiB`, `1.5 GB` or a plain number of bytes; nil where it is none.
  package static func parse(_ text: String) -> Int? {
    var number = text
    var factor = 1.0
    if let unit = units.first(where: { text.hasSuffix($0.suffix) }) {
      number = String(text.dropLast(unit.suffix.count))
      factor = unit.bytes
    }
    while number.last == " " { number.removeLast() }
    guard let value = RecipeNumber.parse(number) else { return nil }
    let bytes = (value * factor).rounded()
    return bytes >= 1 && bytes < 9e18 ? Int(bytes) : nil
  }

  static func read(_ reader: RecipeReader, _ key: String) -> Int? {
    guard let node = reader.node(key) else { return nil }
    if case .scalar(let text, _) = node.content, let bytes = parse(text) { return bytes }
    reader.wrong(node, key, wanted: "bytes, such as 512MiB or 4GB")
    return nil
  }

  /// Writes an amount for people, with binary units: `1.5 GiB`.
  package static func describe(_ bytes: Int) -> String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var value = Double(bytes)
    var unit = "B"
    for name in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
      value /= 1024
      unit = name
    }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) \(unit)"
  }
}
