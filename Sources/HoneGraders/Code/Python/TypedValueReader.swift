import BigInt

/// Why bytes are no value, and where.
package struct TypedValueError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The byte at which reading failed, from 0.
  package var offset: Int
  /// What is wrong there.
  package var message: String

  /// What is wrong, and where.
  package var description: String { "byte \(offset): \(message)" }
}

extension TypedValue {
  /// The value that these bytes are, all of them.
  ///
  /// Bytes come from hostile programs. Whatever they are, reading takes time and memory in
  /// proportion to their number and recursion no deeper than ``maximumDepth``; what Python's side
  /// cannot have written is refused.
  package init(encoded bytes: [UInt8]) throws(TypedValueError) {
    try self.init(encoded: bytes[...])
  }

  /// The value that these bytes are, all of them.
  package init(encoded bytes: ArraySlice<UInt8>) throws(TypedValueError) {
    var reader = TypedValueReader(bytes: bytes)
    self = try reader.value(depth: 0)
    guard reader.rest.isEmpty else { throw reader.error("bytes behind the value") }
  }
}

private struct TypedValueReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var rest: ArraySlice<UInt8>

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    rest = bytes
  }

  func error(_ message: String) -> TypedValueError {
    TypedValueError(offset: rest.startIndex - bytes.startIndex, message: message)
  }

  mutating func value(depth: Int) throws(TypedValueError) -> TypedValue {
    guard let tag = rest.popFirst() else { throw error("a value is missing") }
    switch tag {
    case UInt8(ascii: "N"): return .none
    case UInt8(ascii: "T"): return .bool(true)
    case UInt8(ascii: "F"): return .bool(false)
    case UInt8(ascii: "i"): return .integer(try integer())
    case UInt8(ascii: "f"): return .float(try double())
    case UInt8(ascii: "c"): return .complex(real: try double(), imaginary: try double())
    case UInt8(ascii: "s"): return try text()
    case UInt8(ascii: "b"): return .bytes(Array(try content()))
    case UInt8(ascii: "a"): return .byteArray(Array(try content()))
    case UInt8(ascii: "l"): return .list(try items(depth))
    case UInt8(ascii: "t"): return .tuple(try items(depth))
    case UInt8(ascii: "q"): return .deque(try items(depth))
    case UInt8(ascii: "I"): return .iterator(try items(depth))
    case UInt8(ascii: "S"): return .set(try elements(depth))
    case UInt8(ascii: "Z"): return .frozenSet(try elements(depth))
    case UInt8(ascii: "d"): return .dictionary(try pairs(depth))
    case UInt8(ascii: "r"): return try range()
    case UInt8(ascii: "y"):
      guard case .string(let name) = try text() else { throw error("a type's name is not text") }
      return .type(name)
    default: throw error("no value has the tag \(tag)")
    }
  }

  private mutating func take(_ count: Int) throws(TypedValueError) -> ArraySlice<UInt8> {
    guard count <= rest.count else {
      throw error("\(count) bytes are wanted, \(rest.count) are there")
    }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func count() throws(TypedValueError) -> Int {
    var count = 0
    for byte in try take(4).reversed() { count = count << 8 | Int(byte) }
    // Every item takes at least a byte: no room is made on the word of a hostile program.
    guard count <= rest.count else { throw error("a count of \(count) goes past the end") }
    return count
  }

  private mutating func content() throws(TypedValueError) -> ArraySlice<UInt8> {
    let length = try count()
    return try take(length)
  }

  private mutating func double() throws(TypedValueError) -> Double {
    var bits: UInt64 = 0
    for byte in try take(8).reversed() { bits = bits << 8 | UInt64(byte) }
    return Double(bitPattern: bits)
  }

  private mutating func integer() throws(TypedValueError) -> BigInt {
    guard let value = BigInt(hexadecimal: try content()) else {
      throw error("an integer is not written as its hexadecimal digits")
    }
    return value
  }

  private mutating func text() throws(TypedValueError) -> TypedValue {
    let content = try content()
    if let text = String(validating: content, as: UTF8.self) { return .string(text) }
    guard SurrogateText.isValid(content) else { throw error("a text is not UTF-8") }
    return .surrogateString(Array(content))
  }

  private mutating func range() throws(TypedValueError) -> TypedValue {
    var bounds: [BigInt] = []
    for _ in 0..<3 {
      guard rest.popFirst() == UInt8(ascii: "i") else { throw error("a range is not of integers") }
      bounds.append(try integer())
    }
    guard bounds[2] != 0 else { throw error("a range has the step 0") }
    return .range(start: bounds[0], stop: bounds[1], step: bounds[2])
  }

  private mutating func items(_ depth: Int) throws(TypedValueError) -> [TypedValue] {
    let count = try containerCount(depth)
    var items: [TypedValue] = []
    for _ in 0..<count { items.append(try value(depth: depth + 1)) }
    return items
  }

  private mutating func elements(_ depth: Int) throws(TypedValueError) -> [TypedValue] {
    let count = try containerCount(depth)
    var items: [TypedValue] = []
    var previous: ArraySlice<UInt8> = []
    for _ in 0..<count {
      let start = rest
      items.append(try value(depth: depth + 1))
      let encoding = start.prefix(start.count - rest.count)
      guard previous.lexicographicallyPrecedes(encoding) else {
        throw error("the elements of a set are not in order")
      }
      previous = encoding
    }
    return items
  }

  private mutating func pairs(_ depth: Int) throws(TypedValueError) -> [TypedValue.Pair] {
    let count = try containerCount(depth)
    var pairs: [TypedValue.Pair] = []
    var keys: Set<ArraySlice<UInt8>> = []
    for _ in 0..<count {
      let start = rest
      let key = try value(depth: depth + 1)
      guard keys.insert(start.prefix(start.count - rest.count)).inserted else {
        throw error("a dict has a key twice")
      }
      pairs.append(TypedValue.Pair(key, try value(depth: depth + 1)))
    }
    return pairs
  }

  private mutating func containerCount(_ depth: Int) throws(TypedValueError) -> Int {
    guard depth < TypedValue.maximumDepth else {
      throw error("nested deeper than \(TypedValue.maximumDepth)")
    }
    return try count()
  }
}

/// UTF-8 in which surrogates are encoded like other code points, as Python's `surrogatepass` does.
private enum SurrogateText {
  /// Whether bytes are such text: each surrogate stands in for a character that is valid.
  static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
    var plain = Array(bytes)
    var index = 0
    while index + 2 < plain.count {
      // ED A0...BF xx are U+D800...U+DFFF; ED 80 xx are characters.
      if plain[index] == 0xED, (0xA0...0xBF).contains(plain[index + 1]) {
        plain[index + 1] = 0x80
        index += 3
      } else {
        index += 1
      }
    }
    return String(validating: plain, as: UTF8.self) != nil
  }
}
