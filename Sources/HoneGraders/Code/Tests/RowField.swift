import HoneJSON

/// A value of a row with its path, for strict reading with messages that name both.
struct RowField {
  let path: String
  let value: JSON

  /// The error that this value is not what is wanted.
  func unexpected(_ wanted: String) -> GraderError {
    GraderError("\(path) is \(value.kindDescription), wanted \(wanted)")
  }

  func string() throws(GraderError) -> String {
    guard let text = value.string else { throw unexpected("a string") }
    return text
  }

  func nonBlank(_ wanted: String) throws(GraderError) -> String {
    let text = try string()
    guard !text.utf8.allSatisfy(isSpace) else {
      throw GraderError("\(path) is blank, wanted \(wanted)")
    }
    return text
  }

  /// One of a few words.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type
  ) throws(GraderError) -> Choice where Choice.RawValue == String {
    guard let choice = value.string.flatMap(Choice.init) else {
      throw unexpected("one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  func integer(_ range: ClosedRange<Int>) throws(GraderError) -> Int {
    guard let number = value.int, range.contains(number) else {
      throw unexpected("a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func number(_ range: ClosedRange<Double>) throws(GraderError) -> Double {
    guard let number = value.double, range.contains(number) else {
      throw unexpected("a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The elements of an array that has some.
  func elements(upTo maximum: Int, _ wanted: String) throws(GraderError) -> [RowField] {
    guard let array = value.array, (1...maximum).contains(array.count) else {
      throw unexpected("an array of 1 to \(maximum) \(wanted)")
    }
    return array.indices.map { RowField(path: "\(path)[\($0)]", value: array[$0]) }
  }

  /// The members of an object that holds known keys only.
  func members(known: [String]) throws(GraderError) -> RowMembers {
    guard let object = value.object else { throw unexpected("an object") }
    if let key = object.keys.first(where: { !known.contains($0) }) {
      throw GraderError(
        "\(path) holds \(JSON.string(String(key.prefix(40)))), wanted only "
          + known.joined(separator: ", "))
    }
    return RowMembers(path: path, object: object)
  }
}

/// The members of an object with the path to it.
struct RowMembers {
  let path: String
  let object: JSONObject

  /// The field under a key; nil where it is missing or null.
  func optional(_ key: String) -> RowField? {
    guard let value = object[key], !value.isNull else { return nil }
    return RowField(path: path.isEmpty ? key : "\(path).\(key)", value: value)
  }

  /// The field under a key.
  func required(_ key: String) throws(GraderError) -> RowField {
    if let field = optional(key) { return field }
    let seen = object[key] == nil ? "no \(key)" : "\(key) is null"
    throw GraderError(path.isEmpty ? seen : "\(path): \(seen)")
  }

  /// The field under a key, which may be null.
  func present(_ key: String) throws(GraderError) -> RowField {
    guard let value = object[key] else { return try required(key) }
    return RowField(path: "\(path).\(key)", value: value)
  }
}
