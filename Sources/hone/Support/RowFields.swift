import HoneJSON

extension JSONObject {
  /// The row's name as it was given; null where there is none.
  var rowID: JSON { self["id"] ?? .null }

  /// The text under a key.
  func text(_ key: String) throws(RowError) -> String {
    guard let value = self[key] else { throw RowError("no '\(key)'") }
    guard let text = value.string else {
      throw RowError("'\(key)' is \(value.kindDescription), wanted a string")
    }
    return text
  }

  /// The token ids under a key, each within a vocabulary; nil where the key is missing.
  func tokens(_ key: String, vocabulary: Int) throws(RowError) -> [Int32]? {
    guard let value = self[key] else { return nil }
    guard let elements = value.array else {
      throw RowError("'\(key)' is \(value.kindDescription), wanted an array of ids")
    }
    var tokens: [Int32] = []
    tokens.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard let id = element.int, id >= 0, id < vocabulary else {
        throw RowError(
          "'\(key)' holds \(element.kindDescription) at index \(index), "
            + "wanted an id from 0 to \(vocabulary - 1)")
      }
      tokens.append(Int32(id))
    }
    return tokens
  }
}

extension JSON {
  /// Token ids as an array.
  static func ids(_ tokens: [Int32]) -> JSON { .array(tokens.map { .integer(Int($0)) }) }

  /// Single-precision numbers, written so that they read back exactly in either precision.
  static func numbers(_ values: [Float]) -> JSON { .array(values.map { .number(Double($0)) }) }
}
