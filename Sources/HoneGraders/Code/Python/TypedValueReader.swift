import BigInt

/// Why bytes are no value.
package struct WireError: Error, Sendable, Hashable {
  /// What was found, and where.
  package var message: String
}

/// Reads values from bytes that anybody may have written.
///
/// Strict: what driver.py cannot have written is refused. Work and memory are bounded by the number
/// of bytes, and calls by a fixed depth.
package struct TypedValueReader {
  /// The most containers around a value.
  package static let maximumDepth = 100

  private let bytes: ArraySlice<UInt8>
  private var place: Int

  /// Starts at the first byte.
  package init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The one value that the bytes are.
  package static func value(of bytes: ArraySlice<UInt8>) throws(WireError) -> TypedValue {
    var reader = TypedValueReader(bytes)
    let value = try reader.value(depth: 0)
    guard reader.place == bytes.endIndex else { throw reader.error("bytes behind the value") }
    return value
  }

  private func error(_ what: String) -> WireError {
    WireError(message: "\(what) at byte \(place - bytes.startIndex) of \(bytes.count)")
  }

  private mutating func value(depth: Int) throws(WireError) -> TypedValue {
    let tag = try byte()
    switch tag {
    case 0x4E: return .none
    case 0x54: return .bool(true)
    case 0x46: return .bool(false)
    case 0x69: return .integer(try integer())
    case 0x66: return .float(try double())
    case 0x63: return .complex(try double(), try double())
    case 0x73: return .string(Array(try content()))
    case 0x62: return .bytes(Array(try content()), isMutable: false)
    case 0x61: return .bytes(Array(try content()), isMutable: true)
    case 0x79: return .type(Array(try content()))
    case 0x72: return try range()
    default: break
    }
    guard depth < Self.maximumDepth else { throw error("more than \(Self.maximumDepth) levels") }
    if let kind = TypedValue.Sequence(rawValue: tag) {
      return .sequence(kind, try items(depth: depth))
    }
    switch tag {
    case 0x53, 0x5A: return .set(try elements(depth: depth), isFrozen: tag == 0x5A)
    case 0x64: return try dictionary(depth: depth)
    default: throw error("an unknown tag \(tag)")
    }
  }

  private mutating func byte() throws(WireError) -> UInt8 {
    guard place < bytes.endIndex else { throw error("the end inside a value") }
    defer { place += 1 }
    return bytes[place]
  }

  private mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
    guard count <= bytes.endIndex - place else { throw error("a length beyond the end") }
    defer { place += count }
    return bytes[place..<place + count]
  }

  private mutating func count() throws(WireError) -> Int {
    Int(try take(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
  }

  private mutating func content() throws(WireError) -> ArraySlice<UInt8> { try take(try count()) }

  /// A count of things that take a byte or more each.
  private mutating func itemCount() throws(WireError) -> Int {
    let count = try count()
    guard count <= bytes.endIndex - place else { throw error("a count beyond the end") }
    return count
  }

  private mutating func double() throws(WireError) -> Double {
    Double(bitPattern: try take(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  private mutating func integer() throws(WireError) -> BigInt {
    let digits = try content()
    let magnitude = digits.first == 0x2D ? digits.dropFirst() : digits
    let isHexadecimal = magnitude.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
    }
    let isCanonical = magnitude.first != 0x30 || (magnitude.count == 1 && digits.count == 1)
    guard !magnitude.isEmpty, isHexadecimal, isCanonical,
      let value = BigUInt(String(decoding: magnitude, as: UTF8.self), radix: 16)
    else { throw error("a malformed integer") }
    return BigInt(sign: digits.first == 0x2D ? .minus : .plus, magnitude: value)
  }

  private mutating func range() throws(WireError) -> TypedValue {
    var bounds: [BigInt] = []
    for _ in 0..<3 {
      guard try byte() == 0x69 else { throw error("a range without integers") }
      bounds.append(try integer())
    }
    guard bounds[2] != 0 else { throw error("a range without a step") }
    return .range(bounds[0], bounds[1], bounds[2])
  }

  private mutating func items(depth: Int) throws(WireError) -> [TypedValue] {
    var items: [TypedValue] = []
    for _ in 0..<(try itemCount()) { items.append(try value(depth: depth + 1)) }
    return items
  }

  private mutating func elements(depth: Int) throws(WireError) -> [TypedValue] {
    var elements: [TypedValue] = []
    var previous: ArraySlice<UInt8> = []
    for _ in 0..<(try itemCount()) {
      let start = place
      elements.append(try value(depth: depth + 1))
      let encoding = bytes[start..<place]
      guard previous.lexicographicallyPrecedes(encoding) else {
        throw error("a set out of order")
      }
      previous = encoding
    }
    return elements
  }

  private mutating func dictionary(depth: Int) throws(WireError) -> TypedValue {
    var keys: [TypedValue] = []
    var values: [TypedValue] = []
    for _ in 0..<(try itemCount()) {
      keys.append(try value(depth: depth + 1))
      values.append(try value(depth: depth + 1))
    }
    guard Set(keys).count == keys.count else { throw error("a key that repeats") }
    return .dictionary(keys, values)
  }
}
