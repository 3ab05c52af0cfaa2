import HoneJSON

/// Everything that a verdict depends on: the program, the tests and the settings beside them.
///
/// Texts are compared byte for byte: Swift's own comparison calls a composed and a decomposed é
/// equal, and programs that differ in that are two programs.
struct SubmissionKey: Hashable, Sendable {
  let program: [UInt8]
  let task: ExactJSON
  /// Bytes that the key holds, about.
  let cost: Int

  /// Fields of a submission that a verdict depends on.
  private static let fields = [
    "tests", "language", "time_limit", "memory_limit_mb", "output_limit_kb", "tolerance",
    "checker", "credit",
  ]

  init(program: String, fields: JSONObject) {
    self.program = Array(program.utf8)
    var task = JSONObject()
    for name in Self.fields { if let value = fields[name] { task[name] = value } }
    self.task = ExactJSON(.object(task))
    // A verdict's own bytes come on top: reason, extract and cases.
    cost = 2 * self.program.count + self.task.byteCount + 4096
  }
}

/// A JSON value that equals only the same value with the same bytes in the same order.
struct ExactJSON: Hashable, Sendable {
  let value: JSON

  init(_ value: JSON) { self.value = value }

  static func == (left: ExactJSON, right: ExactJSON) -> Bool {
    isEqual(left.value, right.value)
  }

  func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

  /// The bytes of all its texts, and a few for everything else.
  var byteCount: Int { Self.bytes(of: value) }

  private static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
    switch (left, right) {
    case (.string(let a), .string(let b)): isEqual(a, b)
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { isEqual($0, $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count
        && zip(a.pairs, b.pairs).allSatisfy {
          isEqual($0.key, $1.key) && isEqual($0.value, $1.value)
        }
    // -0 and 0 are two arguments.
    case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
    default: left == right
    }
  }

  private static func isEqual(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
  }

  private static func hash(_ value: JSON, into hasher: inout Hasher) {
    switch value {
    case .null: hasher.combine(0)
    case .bool(let flag): hasher.combine(flag)
    case .integer(let integer): hasher.combine(integer)
    case .number(let number): hasher.combine(number.bitPattern)
    case .string(let text): hash(text, into: &hasher)
    case .array(let elements):
      hasher.combine(elements.count)
      for element in elements { hash(element, into: &hasher) }
    case .object(let object):
      hasher.combine(object.count)
      for (key, value) in object.pairs {
        hash(key, into: &hasher)
        hash(value, into: &hasher)
      }
    }
  }

  private static func hash(_ text: String, into hasher: inout Hasher) {
    var text = text
    hasher.combine(text.utf8.count)
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  private static func bytes(of value: JSON) -> Int {
    switch value {
    case .null, .bool, .integer, .number: 16
    case .string(let text): 16 + text.utf8.count
    case .array(let elements): elements.reduce(16) { $0 + bytes(of: $1) }
    case .object(let object):
      object.pairs.reduce(16) { $0 + $1.key.utf8.count + bytes(of: $1.value) }
    }
  }
}
