extension JSON {
  /// The JSON text of this value.
  ///
  /// A `.number` is written with the fewest digits that read back to the same `Double`, always with
  /// a point or an exponent, so that it reads back as `.number`; NaN and the infinities, which JSON
  /// does not have, are written as `null`. Text outside ASCII is written as it is.
  ///
  /// - Parameter pretty: two spaces of indentation and one member a line; otherwise no space.
  /// - Returns: the text, without a newline at its end. The same value gives the same text.
  public func serialized(pretty: Bool = false) -> String {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, indentation: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The UTF-8 bytes of ``serialized(pretty:)``.
  public func serializedBytes(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self, indentation: 0)
    return writer.bytes
  }
}

private struct JSONWriter {
  let pretty: Bool
  var bytes: [UInt8] = []

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSON, indentation: Int) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let integer): append(String(integer))
    case .bigInteger(let digits): append(digits)
    case .number(let number): append(number.isFinite ? number.description : "null")
    case .string(let string): writeString(string)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        startItem(index, indentation: indentation)
        write(element, indentation: indentation + 1)
      }
      finish(UInt8(ascii: "]"), isEmpty: elements.isEmpty, indentation: indentation)
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, pair) in object.pairs.enumerated() {
        startItem(index, indentation: indentation)
        writeString(pair.key)
        append(pretty ? ": " : ":")
        write(pair.value, indentation: indentation + 1)
      }
      finish(UInt8(ascii: "}"), isEmpty: object.isEmpty, indentation: indentation)
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func startItem(_ index: Int, indentation: Int) {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    if pretty { newLine(indentation + 1) }
  }

  private mutating func finish(_ bracket: UInt8, isEmpty: Bool, indentation: Int) {
    if pretty, !isEmpty { newLine(indentation) }
    bytes.append(bracket)
  }

  private mutating func newLine(_ indentation: Int) {
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * indentation))
  }

  private mutating func writeString(_ string: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in string.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      case 0x09: append("\\t")
      case 0x08: append("\\b")
      case 0x0C: append("\\f")
      case 0x00..<0x20:
        let digits = String(byte, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
