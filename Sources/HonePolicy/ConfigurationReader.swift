import HoneJSON

/// Reads typed values out of `config.json` and its neighbours.
///
/// What is absent, or null, is nil; what is there and of another type or out of range is refused. So no
/// value that a file holds is ever replaced by a default.
struct ConfigurationReader {
  /// The object.
  let fields: JSONObject
  /// The file, for messages.
  let source: String
  /// What stands before a key in messages: the object that holds it.
  private let prefix: String

  /// A reader of a file's object.
  init(_ json: JSON, source: String) throws(PolicyError) {
    guard let fields = json.object else {
      throw PolicyError(.badData, "\(source): holds \(json.kindDescription), wanted an object")
    }
    self.init(fields, source: source, prefix: "")
  }

  private init(_ fields: JSONObject, source: String, prefix: String) {
    self.fields = fields
    self.source = source
    self.prefix = prefix
  }

  /// The value of a key; nil where it is absent or null.
  func value(_ key: String) -> JSON? {
    guard let value = fields[key], !value.isNull else { return nil }
    return value
  }

  /// The error of a key.
  func refuse(_ key: String, _ seen: JSON?, wanted: String) -> PolicyError {
    let shown =
      switch seen {
      case .object?, .array?: String(seen?.serialized().prefix(200) ?? "")
      default: seen?.kindDescription ?? "nothing"
      }
    return PolicyError(
      .badData, "\(source): '\(prefix)\(key)' is \(shown), wanted \(wanted)")
  }

  /// An integer within a range.
  func integer(_ key: String, _ range: ClosedRange<Int>) throws(PolicyError) -> Int? {
    guard let value = value(key) else { return nil }
    guard let number = value.int else { throw refuse(key, value, wanted: "an integer") }
    guard range.contains(number) else {
      throw refuse(
        key, value,
        wanted: number < range.lowerBound
          ? "at least \(range.lowerBound)" : "at most \(range.upperBound)")
    }
    return number
  }

  /// An integer that must be there.
  func required(_ key: String, _ range: ClosedRange<Int>) throws(PolicyError) -> Int {
    guard let number = try integer(key, range) else {
      throw refuse(key, fields[key], wanted: "an integer")
    }
    return number
  }

  /// A number within a range.
  func number(_ key: String, _ range: ClosedRange<Double>) throws(PolicyError) -> Double? {
    guard let value = value(key) else { return nil }
    guard let number = value.double else { throw refuse(key, value, wanted: "a number") }
    guard range.contains(number) else {
      throw refuse(
        key, value, wanted: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// `true` or `false`.
  func flag(_ key: String) throws(PolicyError) -> Bool? {
    guard let value = value(key) else { return nil }
    guard let flag = value.bool else { throw refuse(key, value, wanted: "true or false") }
    return flag
  }

  /// A text.
  func text(_ key: String) throws(PolicyError) -> String? {
    guard let value = value(key) else { return nil }
    guard let text = value.string else { throw refuse(key, value, wanted: "a text") }
    return text
  }

  /// A list.
  func list(_ key: String) throws(PolicyError) -> [JSON]? {
    guard let value = value(key) else { return nil }
    guard let list = value.array else { throw refuse(key, value, wanted: "a list") }
    return list
  }

  /// The reader of an object within this one.
  func section(_ key: String) throws(PolicyError) -> ConfigurationReader? {
    guard let value = value(key) else { return nil }
    guard let object = value.object else { throw refuse(key, value, wanted: "an object") }
    return ConfigurationReader(object, source: source, prefix: "\(prefix)\(key).")
  }

  /// The token ids of a key that holds one, or a list of them.
  ///
  /// Published files name ids that are in no vocabulary (-1, or the number of rows, for padding):
  /// these are left out, so that nothing ever looks them up.
  func tokens(_ key: String, vocabulary: Int) throws(PolicyError) -> [Int32] {
    guard let value = value(key) else { return [] }
    var ids: [Int32] = []
    for entry in value.array ?? [value] {
      guard let number = entry.int, let id = Int32(exactly: number) else {
        throw refuse(key, entry, wanted: "a token id, or a list of them")
      }
      if id >= 0, id < vocabulary, !ids.contains(id) { ids.append(id) }
    }
    return ids
  }

  /// The token id of a key that holds one; nil where it is in no vocabulary.
  func token(_ key: String, vocabulary: Int) throws(PolicyError) -> Int32? {
    if let value = value(key), value.array != nil {
      throw refuse(key, value, wanted: "a token id")
    }
    return try tokens(key, vocabulary: vocabulary).first
  }
}
