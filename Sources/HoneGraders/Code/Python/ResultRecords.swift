/// What a child of the warm interpreter reported: records, one behind the other.
///
/// A program can write here as well as the driver can. Records say what is claimed; what a claim is
/// worth is decided elsewhere.
package struct ResultRecords: Sendable {
  /// One report.
  package enum Record: Sendable, Hashable {
    /// A call returned this.
    case value(TypedValue)
    /// A call returned what cannot cross; the reason is `type`, `depth` or `size`.
    case uncrossable(type: String, isTrick: Bool, reason: String)
    /// The program raised while it was loaded (`load`) or called (`call`).
    case exception(stage: String, type: String, message: String, lastLine: String)
    /// The program lacks a name.
    case missing(String)
    /// The program tried what it had no need to.
    case attempt(String)
    /// The program does not compile.
    case compileError(String)
    /// The program compiles.
    case parses
    /// The judge's test passed.
    case passed
    /// The judge's test failed.
    case failed(type: String, message: String, lastLine: String)
    /// The program ended before it answered the judge.
    case linkEnded
    /// The judge's test does not work, whatever the program does.
    case broken(type: String, message: String, lastLine: String)
  }

  /// The records, in order.
  package let records: [Record]

  /// Reads all records.
  ///
  /// - Throws: ``WireError`` at the first that the driver cannot have written.
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var records: [Record] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard rest.count >= 5 else { throw WireError(message: "half a record at the end") }
      let kind = rest[rest.startIndex]
      let length = rest.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(5)
      guard length <= rest.count else { throw WireError(message: "a record beyond the end") }
      records.append(try Self.record(kind, rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    self.records = records
  }

  private static func record(
    _ kind: UInt8, _ payload: ArraySlice<UInt8>
  ) throws(WireError) -> Record {
    switch Character(Unicode.Scalar(kind)) {
    case "A": return .attempt(String(decoding: payload, as: UTF8.self))
    case "V": return .value(try TypedValueReader.value(of: payload))
    case "M": return .missing(try text(TypedValueReader.value(of: payload)))
    case "C": return .compileError(try text(TypedValueReader.value(of: payload)))
    case "O" where payload.isEmpty: return .parses
    case "P" where payload.isEmpty: return .passed
    case "L" where payload.isEmpty: return .linkEnded
    case "U":
      let fields = try Fields(payload)
      return .uncrossable(
        type: try fields.text("type"), isTrick: try fields.flag("trick"),
        reason: try fields.text("reason"))
    case "E":
      let fields = try Fields(payload)
      return .exception(
        stage: try fields.text("stage"), type: try fields.text("type"),
        message: try fields.text("message"), lastLine: try fields.text("last_line"))
    case "F", "B":
      let fields = try Fields(payload)
      let (type, message) = (try fields.text("type"), try fields.text("message"))
      let lastLine = try fields.text("last_line")
      return kind == 0x46
        ? .failed(type: type, message: message, lastLine: lastLine)
        : .broken(type: type, message: message, lastLine: lastLine)
    default: throw WireError(message: "an unknown record \(kind)")
    }
  }

  fileprivate static func text(_ value: TypedValue) throws(WireError) -> String {
    guard case .string(let bytes) = value else { throw WireError(message: "no text") }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The named parts of a record.
private struct Fields {
  private let values: [TypedValue: TypedValue]

  init(_ payload: ArraySlice<UInt8>) throws(WireError) {
    guard case .dictionary(let keys, let values) = try TypedValueReader.value(of: payload) else {
      throw WireError(message: "a record without names")
    }
    self.values = Dictionary(uniqueKeysWithValues: zip(keys, values))
  }

  func text(_ name: String) throws(WireError) -> String {
    guard let value = values[.text(name)] else { throw WireError(message: "no \(name)") }
    return try ResultRecords.text(value)
  }

  func flag(_ name: String) throws(WireError) -> Bool {
    guard case .bool(let value) = values[.text(name)] else {
      throw WireError(message: "no \(name)")
    }
    return value
  }
}
