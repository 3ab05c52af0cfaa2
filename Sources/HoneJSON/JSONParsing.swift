import CJSONC
import HoneFiles

extension JSON {
  /// The deepest nesting of arrays and objects that is read.
  public static let maximumDepth: Int = 64

  /// Reads one JSON value from a text.
  ///
  /// Strict RFC 8259. Integers of any size keep their value. Refused beside wrong syntax: repeated
  /// keys, anything after the value, nesting deeper than ``maximumDepth``, bytes that are not
  /// UTF-8, other numbers too large for a `Double`, keys that hold `\u0000`. An escape of half a
  /// surrogate pair (`\ud800` alone, or `\udc00`) reads as U+FFFD, a pair as its code point; a byte
  /// order mark at the start is skipped.
  ///
  /// - Parameters:
  ///   - text: the JSON text.
  ///   - file: the file named in errors.
  ///   - line: the line, from 1, on which the text starts; for errors.
  public static func parse(
    _ text: String, file: String? = nil, line: Int = 1
  ) throws(JSONError) -> JSON {
    try parse(Array(text.utf8), file: file, line: line)
  }

  /// Reads one JSON value from UTF-8 bytes; see ``parse(_:file:line:)-(String,_,_)``.
  public static func parse(
    _ bytes: [UInt8], file: String? = nil, line: Int = 1
  ) throws(JSONError) -> JSON {
    let outcome: Result<JSON, JSONError> = bytes.withUnsafeBufferPointer { buffer in
      Result { () throws(JSONError) -> JSON in try parse(buffer, file: file, line: line) }
    }
    return try outcome.get()
  }

  /// The most bytes of a file that is one JSON value: 256 MiB, several times the largest vocabulary.
  public static let maximumFileBytes: Int = 1 << 28

  /// Reads the JSON value that a file holds; see ``parse(_:file:line:)-(String,_,_)``.
  public static func parse(contentsOf path: String) throws(JSONError) -> JSON {
    try parse(contentsOf: path, from: .person)
  }

  /// Reads the JSON value that a file holds, of a folder or as a person named it.
  package static func parse(
    contentsOf path: String, from origin: InputFile.Origin
  ) throws(JSONError) -> JSON {
    let bytes: [UInt8]
    do {
      bytes = try InputFile.contents(path, from: origin, limit: maximumFileBytes)
    } catch {
      throw JSONError(error)
    }
    return try parse(bytes, file: path)
  }

  package static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, file: String?, line: Int
  ) throws(JSONError) -> JSON {
    let text = JSONSourceText(whole: bytes, file: file, line: line)
    var problem = cjsonc_error()
    guard
      let document = cjsonc_parse(
        text.bytes.baseAddress, text.bytes.count, Int32(maximumDepth), &problem)
    else {
      throw text.error(at: problem.offset, String(cString: problem.message), showing: true)
    }
    defer { cjsonc_free(document) }
    var reader = JSONTreeReader(document: document, text: text)
    let value = try reader.value(cjsonc_root(document))
    guard reader.keyCount == cjsonc_key_count(document) else { throw text.repeatedKeyError() }
    return value
  }
}

// Copies json-c's tree into Swift values.
private struct JSONTreeReader {
  let document: OpaquePointer
  let text: JSONSourceText
  var keyCount = 0
  private var numberCount = 0
  private var longIntegerCount = 0

  init(document: OpaquePointer, text: JSONSourceText) {
    self.document = document
    self.text = text
  }

  mutating func value(_ pointer: OpaquePointer?) throws(JSONError) -> JSON {
    switch cjsonc_kind_of(pointer) {
    case CJSONC_BOOL:
      return .bool(cjsonc_bool(pointer))
    case CJSONC_INTEGER:
      return try integer(pointer)
    case CJSONC_NUMBER:
      numberCount += 1
      let number = cjsonc_number(pointer)
      guard number.isFinite else { throw text.infiniteNumberError() }
      return .number(number)
    case CJSONC_STRING:
      var length = 0
      let start = cjsonc_string(pointer, &length)
      let raw = UnsafeRawBufferPointer(start: start, count: length)
      return .string(String(decoding: raw, as: UTF8.self))
    case CJSONC_ARRAY:
      let count = cjsonc_array_count(pointer)
      var elements: [JSON] = []
      elements.reserveCapacity(count)
      for index in 0..<count {
        elements.append(try value(cjsonc_array_element(pointer, index)))
      }
      return .array(elements)
    case CJSONC_OBJECT:
      var object = JSONObject()
      object.reserveCapacity(cjsonc_object_count(pointer))
      var member = cjsonc_first_member(pointer)
      while let current = member {
        keyCount += 1
        object.append(
          String(cString: cjsonc_member_key(current)), try value(cjsonc_member_value(current)))
        member = cjsonc_next_member(current)
      }
      return .object(object)
    default:
      return .null
    }
  }

  // json-c saturates: from 19 digits on the text itself decides. Such integers come in the order
  // of the text unless a key repeats, and then the whole document is refused afterwards.
  private mutating func integer(_ pointer: OpaquePointer?) throws(JSONError) -> JSON {
    let value = cjsonc_integer(pointer)
    guard value.magnitude >= 1_000_000_000_000_000_000 else { return .integer(Int(value)) }
    guard longIntegerCount < cjsonc_long_integer_count(document) else {
      throw text.repeatedKeyError()
    }
    let span = cjsonc_long_integer(document, longIntegerCount)
    longIntegerCount += 1
    let digits = text.string(from: span.offset, count: span.length)
    return Int(digits).map(JSON.integer) ?? .bigInteger(digits)
  }
}
