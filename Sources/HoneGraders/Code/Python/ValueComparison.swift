import BigInt

/// Whether a value that a program returned is the one that was wanted.
///
/// The wanted value comes from JSON, so a list is wanted where any list or tuple will do, and a
/// dictionary has strings for keys. Numbers are equal by their exact values, whether they are written as
/// integers or as doubles, as in Python; a Boolean equals only itself. A tolerance, where one is declared,
/// is for numbers of which one at least is a double: the difference may be as large as the tolerance, or
/// as the tolerance times the wanted value, whichever is more. NaN equals only NaN.
struct ValueComparison {
  /// The tolerance, 0 or more; nil where values have to be exact.
  var tolerance: Double?

  /// Where the value differs from the wanted one, in words, or nil.
  func difference(_ value: TypedValue, wanted: TypedValue) -> String? {
    areEqual(value, wanted)
      ? nil : "got \(value.shown(limit: 100)), wanted \(wanted.shown(limit: 100))"
  }

  private func areEqual(_ value: TypedValue, _ wanted: TypedValue) -> Bool {
    switch (value, wanted) {
    case (.none, .none): return true
    case (.bool(let value), .bool(let wanted)): return value == wanted
    case (.string(let value), .string(let wanted)): return value == wanted
    case (.integer(let value), .integer(let wanted)): return value == wanted
    case (.integer(let value), .float(let wanted)):
      return Self.isExact(wanted, value) || isNear(Double(value), wanted)
    case (.float(let value), .integer(let wanted)):
      return Self.isExact(value, wanted) || isNear(value, Double(wanted))
    case (.float(let value), .float(let wanted)):
      return value == wanted || (value.isNaN && wanted.isNaN) || isNear(value, wanted)
    case (.sequence(let kind, let values), .sequence(.list, let wanted)):
      return (kind == .list || kind == .tuple) && values.count == wanted.count
        && zip(values, wanted).allSatisfy(areEqual)
    case (.dictionary(let keys, let values), .dictionary(let wantedKeys, let wantedValues)):
      guard keys.count == wantedKeys.count else { return false }
      let found = Dictionary(zip(keys, values)) { first, _ in first }
      return zip(wantedKeys, wantedValues).allSatisfy { key, wanted in
        found[key].map { areEqual($0, wanted) } ?? false
      }
    default: return false
    }
  }

  private static func isExact(_ float: Double, _ integer: BigInt) -> Bool {
    float.isFinite && float == float.rounded() && BigInt(exactly: float) == integer
  }

  private func isNear(_ value: Double, _ wanted: Double) -> Bool {
    guard let tolerance, value.isFinite, wanted.isFinite else { return false }
    return abs(value - wanted) <= max(tolerance, tolerance * abs(wanted))
  }
}

extension TypedValue {
  /// The value as Python would write it, for people: at most about `limit` characters.
  func shown(limit: Int) -> String {
    var text = ""
    show(to: &text, limit: limit)
    return text.count > limit ? String(text.prefix(limit)) + "…" : text
  }

  private func show(to text: inout String, limit: Int) {
    guard text.utf8.count <= limit else { return }
    switch self {
    case .none: text += "None"
    case .bool(let value): text += value ? "True" : "False"
    case .integer(let value):
      // Decimal digits cost the square of their number.
      let bits = value.magnitude.bitWidth
      text += bits <= 1024 ? String(value) : "an integer of \(bits) bits"
    case .float(let value): text += "\(value)"
    case .complex(let real, let imaginary): text += "(\(real)+\(imaginary)j)"
    case .string(let bytes):
      text += "'" + String(decoding: bytes.prefix(limit), as: UTF8.self) + "'"
    case .bytes(let bytes, _): text += "\(bytes.count) bytes"
    case .type(let name): text += String(decoding: name.prefix(limit), as: UTF8.self)
    case .range(let start, let stop, let step):
      text += "range(\(start.shown), \(stop.shown), \(step.shown))"
    case .sequence(let kind, let items):
      let (open, close) =
        switch kind {
        case .list: ("[", "]")
        case .tuple: ("(", items.count == 1 ? ",)" : ")")
        case .deque: ("deque([", "])")
        case .iterator: ("iterator of [", "]")
        }
      Self.show(items, open, close, to: &text, limit: limit)
    case .set(let items, _): Self.show(items, "{", "}", to: &text, limit: limit)
    case .dictionary(let keys, let values):
      text += "{"
      for (index, (key, value)) in zip(keys, values).enumerated() where text.utf8.count <= limit {
        if index > 0 { text += ", " }
        key.show(to: &text, limit: limit)
        text += ": "
        value.show(to: &text, limit: limit)
      }
      text += "}"
    }
  }

  private static func show(
    _ items: [TypedValue], _ open: String, _ close: String, to text: inout String, limit: Int
  ) {
    text += open
    for (index, item) in items.enumerated() {
      guard text.utf8.count <= limit else { return }
      if index > 0 { text += ", " }
      item.show(to: &text, limit: limit)
    }
    text += close
  }
}

extension BigInt {
  fileprivate var shown: String { magnitude.bitWidth <= 1024 ? String(self) : "…" }
}
