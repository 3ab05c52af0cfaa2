import BigInt

extension TypedValue: CustomStringConvertible {
  /// What Python would print for the value, at most 200 characters of it.
  package var description: String { shown() }

  /// What Python would print for the value.
  ///
  /// Control and format characters are escaped, since the text may end up on a terminal.
  ///
  /// - Parameter limit: the most characters, above 0; a longer text ends in `…`.
  /// - Complexity: O(`limit`), however large the value.
  package func shown(limit: Int = 200) -> String {
    var printer = ValuePrinter(limit: limit)
    printer.show(self)
    return printer.text
  }
}

private struct ValuePrinter {
  private(set) var text = ""
  private var room: Int
  private var isFull = false

  init(limit: Int) { room = limit }

  private mutating func append(_ part: String) {
    if isFull { return }
    let kept = part.prefix(room)
    text += kept
    room -= kept.count
    if kept.endIndex < part.endIndex {
      text.removeLast()
      text += "…"
      isFull = true
    }
  }

  mutating func show(_ value: TypedValue) {
    switch value {
    case .none: append("None")
    case .bool(let flag): append(flag ? "True" : "False")
    case .integer(let integer): append(digits(integer))
    case .float(let number): append(digits(number))
    case .complex(let real, let imaginary):
      append("(\(digits(real))\(imaginary < 0 ? "" : "+")\(digits(imaginary))j)")
    case .string(let string): quote(string)
    case .surrogateString(let bytes):
      quote(String(decoding: bytes.prefix(4 * room + 4), as: UTF8.self))
    case .bytes(let bytes): show(bytes)
    case .byteArray(let bytes):
      append("bytearray(")
      show(bytes)
      append(")")
    case .list(let items): show("[", items, "]")
    case .tuple(let items): show("(", items, items.count == 1 ? ",)" : ")")
    case .deque(let items): show("deque([", items, "])")
    case .set(let items): items.isEmpty ? append("set()") : show("{", items, "}")
    case .frozenSet(let items):
      items.isEmpty ? append("frozenset()") : show("frozenset({", items, "})")
    case .iterator(let items): show("<iterator [", items, "]>")
    case .dictionary(let pairs): show(pairs)
    case .range(let start, let stop, let step):
      let third = step == 1 ? "" : ", \(digits(step))"
      append("range(\(digits(start)), \(digits(stop))\(third))")
    case .type(let name): append("<class '\(name.prefix(40))'>")
    }
  }

  private mutating func show(_ opening: String, _ items: [TypedValue], _ closing: String) {
    append(opening)
    for (index, item) in items.enumerated() {
      if isFull { return }
      if index > 0 { append(", ") }
      show(item)
    }
    append(closing)
  }

  private mutating func show(_ pairs: [TypedValue.Pair]) {
    append("{")
    for (index, pair) in pairs.enumerated() {
      if isFull { return }
      if index > 0 { append(", ") }
      show(pair.key)
      append(": ")
      show(pair.value)
    }
    append("}")
  }

  private mutating func show(_ bytes: [UInt8]) {
    append("b'")
    for byte in bytes {
      if isFull { return }
      let isPlain = (0x20...0x7E).contains(byte) && byte != 0x27 && byte != 0x5C
      append(isPlain ? String(Unicode.Scalar(byte)) : "\\x" + hexadecimal(UInt32(byte), 2))
    }
    append("'")
  }

  private mutating func quote(_ string: String) {
    let shown = string.unicodeScalars.prefix(room + 1)
    let mark = shown.contains("'") && !shown.contains("\"") ? "\"" : "'"
    append(mark)
    for scalar in string.unicodeScalars {
      if isFull { return }
      append(escaped(scalar, mark: mark))
    }
    append(mark)
  }

  private func escaped(_ scalar: Unicode.Scalar, mark: String) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\t": return "\\t"
    case "\r": return "\\r"
    case "\\": return "\\\\"
    case _ where String(scalar) == mark: return "\\" + mark
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      .surrogate:
      return scalar.value < 0x100
        ? "\\x" + hexadecimal(scalar.value, 2)
        : scalar.value < 0x10000
          ? "\\u" + hexadecimal(scalar.value, 4) : "\\U" + hexadecimal(scalar.value, 8)
    default:
      return String(scalar)
    }
  }

  private func hexadecimal(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: width - digits.count) + digits
  }

  private func digits(_ integer: BigInt) -> String {
    // Decimal digits take quadratic time, and nobody reads a thousand of them.
    integer.bitWidth <= 4096 ? String(integer) : "<an int of \(integer.bitWidth) bits>"
  }

  private func digits(_ number: Double) -> String {
    number.isNaN ? "nan" : number.isInfinite ? (number < 0 ? "-inf" : "inf") : number.description
  }
}
