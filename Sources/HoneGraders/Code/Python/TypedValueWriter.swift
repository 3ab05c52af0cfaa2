import BigInt

extension TypedValue {
  /// The value's bytes on the wire; see `Sources/CPythonDriver/values.py` for the format.
  ///
  /// The same value always gives the same bytes: sets are written in the order of their elements'
  /// encodings.
  package func encoded() -> [UInt8] {
    var writer = TypedValueWriter()
    writer.write(self)
    return writer.bytes
  }
}

private struct TypedValueWriter {
  var bytes: [UInt8] = []

  mutating func write(_ value: TypedValue) {
    switch value {
    case .none: write(tag: "N")
    case .bool(let flag): write(tag: flag ? "T" : "F")
    case .integer(let integer): write("i", integer.hexadecimal)
    case .float(let number):
      write(tag: "f")
      write(number)
    case .complex(let real, let imaginary):
      write(tag: "c")
      write(real)
      write(imaginary)
    case .string(let text): write("s", Array(text.utf8))
    case .surrogateString(let text): write("s", text)
    case .bytes(let content): write("b", content)
    case .byteArray(let content): write("a", content)
    case .list(let items): write("l", items: items)
    case .tuple(let items): write("t", items: items)
    case .deque(let items): write("q", items: items)
    case .iterator(let items): write("I", items: items)
    case .set(let elements): write("S", elements: elements)
    case .frozenSet(let elements): write("Z", elements: elements)
    case .dictionary(let pairs):
      write(tag: "d", count: pairs.count)
      for pair in pairs {
        write(pair.key)
        write(pair.value)
      }
    case .range(let start, let stop, let step):
      write(tag: "r")
      for bound in [start, stop, step] { write("i", bound.hexadecimal) }
    case .type(let name): write("y", Array(name.utf8))
    }
  }

  private mutating func write(tag: Unicode.Scalar) {
    bytes.append(UInt8(ascii: tag))
  }

  private mutating func write(tag: Unicode.Scalar, count: Int) {
    write(tag: tag)
    withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func write(_ number: Double) {
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private mutating func write(_ tag: Unicode.Scalar, _ content: [UInt8]) {
    write(tag: tag, count: content.count)
    bytes += content
  }

  private mutating func write(_ tag: Unicode.Scalar, items: [TypedValue]) {
    write(tag: tag, count: items.count)
    for item in items { write(item) }
  }

  private mutating func write(_ tag: Unicode.Scalar, elements: [TypedValue]) {
    write(tag: tag, count: elements.count)
    let encodings = elements.map { $0.encoded() }
    for encoding in encodings.sorted(by: { $0.lexicographicallyPrecedes($1) }) { bytes += encoding }
  }
}
