/// A JSON object that keeps the order in which its keys were inserted.
///
/// Looking a key up is O(1) for large objects and a short linear search for small ones. Keys are
/// told apart by their code points, as JSON does: a composed and a decomposed é are two keys. Two
/// objects are equal when they hold the same keys and values, in any order.
public struct JSONObject: Sendable {
  /// The keys in order of insertion.
  public private(set) var keys: [String] = []
  private var values: [JSON] = []
  // Only from `indexedCount` keys on: most objects are small, and a vocabulary is not.
  private var positions: [ExactKey: Int] = [:]
  private static let indexedCount = 12

  /// Makes an empty object.
  public init() {}

  /// Makes an object from keys and values in their order; a repeated key is a programmer error.
  public init(_ pairs: [(String, JSON)]) {
    reserveCapacity(pairs.count)
    for (key, value) in pairs {
      precondition(position(of: key) == nil, "JSONObject: the key \"\(key)\" is given twice")
      append(key, value)
    }
  }

  /// The number of keys.
  public var count: Int { keys.count }

  /// Whether there are no keys.
  public var isEmpty: Bool { keys.isEmpty }

  /// The keys with their values, in order of insertion.
  public var pairs: [(key: String, value: JSON)] {
    keys.indices.map { (keys[$0], values[$0]) }
  }

  /// The value under a key; a new key goes to the end, and setting `nil` removes a key.
  ///
  /// `object[key] = nil` removes; to store JSON's null write `object[key] = .some(.null)`.
  public subscript(key: String) -> JSON? {
    get { position(of: key).map { values[$0] } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?): values[position] = value
      case (nil, let value?): append(key, value)
      case (let position?, nil): remove(at: position)
      case (nil, nil): break
      }
    }
  }

  /// Makes room for a number of keys.
  public mutating func reserveCapacity(_ capacity: Int) {
    keys.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
    if capacity >= Self.indexedCount { positions.reserveCapacity(capacity) }
  }

  /// Adds or replaces every key of another object.
  public mutating func merge(_ other: JSONObject) {
    for (key, value) in other.pairs { self[key] = value }
  }

  private func position(of key: String) -> Int? {
    let wanted = ExactKey(text: key)
    return keys.count < Self.indexedCount
      ? keys.firstIndex { ExactKey(text: $0) == wanted } : positions[wanted]
  }

  // The caller knows that the key is new.
  package mutating func append(_ key: String, _ value: JSON) {
    keys.append(key)
    values.append(value)
    if keys.count == Self.indexedCount {
      rebuildPositions()
    } else if keys.count > Self.indexedCount {
      positions[ExactKey(text: key)] = keys.count - 1
    }
  }

  private mutating func remove(at position: Int) {
    keys.remove(at: position)
    values.remove(at: position)
    rebuildPositions()
  }

  private mutating func rebuildPositions() {
    positions.removeAll(keepingCapacity: true)
    guard keys.count >= Self.indexedCount else { return }
    for (position, key) in keys.enumerated() { positions[ExactKey(text: key)] = position }
  }
}

extension JSONObject: Hashable {
  /// Whether both hold the same keys and values, in any order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    return left.pairs.allSatisfy { right[$0.key] == $0.value }
  }

  /// Hashes the keys and values, whatever their order.
  public func hash(into hasher: inout Hasher) {
    for index in keys.indices.sorted(by: { keys[$0] < keys[$1] }) {
      hasher.combine(keys[index])
      hasher.combine(values[index])
    }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object; a key that appears twice is a programmer error.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}

// Swift calls canonically equivalent strings equal; JSON does not.
private struct ExactKey: Hashable {
  let text: String

  static func == (left: ExactKey, right: ExactKey) -> Bool {
    left.text.utf8.count == right.text.utf8.count && left.text.utf8.elementsEqual(right.text.utf8)
  }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
