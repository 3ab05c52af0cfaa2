/// What came through a results pipe.
package struct ResultRecords: Sendable {
  /// The records up to the end, or up to where the bytes make no sense.
  package private(set) var records: [ResultRecord] = []
  /// What is wrong with the rest, if anything is.
  package private(set) var problem: String?

  /// Reads records from bytes, whatever they are.
  package init(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let offset = rest.startIndex
      do throws(TypedValueError) {
        records.append(try Self.record(&rest))
      } catch {
        problem = "record \(records.count + 1), at byte \(offset): \(error.message)"
        return
      }
    }
  }

  /// The attempts among the records.
  package var attempts: Set<CodeAttempt> {
    Set(records.compactMap { if case .attempt(let kind) = $0 { kind } else { nil } })
  }

  /// The one record that is not an attempt; `nil` if there is none, more than one, or a problem.
  package var outcome: ResultRecord? {
    let outcomes = records.filter { if case .attempt = $0 { false } else { true } }
    return problem == nil && outcomes.count == 1 ? outcomes[0] : nil
  }

  private static func record(
    _ rest: inout ArraySlice<UInt8>
  ) throws(TypedValueError) -> ResultRecord {
    guard let first = rest.first, rest.count >= 5 else { throw error("a record is cut short") }
    let kind = Unicode.Scalar(first)
    let length = rest.dropFirst().prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(5)
    guard length <= rest.count else { throw error("\(length) bytes are announced, not there") }
    let payload = rest.prefix(length)
    rest = rest.dropFirst(length)
    switch kind {
    case "O": return .compiles(code: Array(payload))
    case "P" where payload.isEmpty: return .passed
    case "L" where payload.isEmpty: return .lost
    case "A":
      let name = String(decoding: payload, as: UTF8.self)
      guard let attempt = CodeAttempt(rawValue: name) else { throw error("an unknown attempt") }
      return .attempt(attempt)
    case "V", "U", "E", "M", "C", "F", "B":
      let value = try TypedValue(encoded: payload)
      guard let record = record(kind, value) else { throw error("\(kind) holds something else") }
      return record
    default:
      throw error("no record is of the kind \(first)")
    }
  }

  private static func error(_ message: String) -> TypedValueError {
    TypedValueError(offset: 0, message: message)
  }

  private static func record(_ kind: Unicode.Scalar, _ value: TypedValue) -> ResultRecord? {
    switch kind {
    case "V": return .value(value)
    case "M": return value.text.map { .missing($0) }
    case "C": return value.text.map { .compileError($0) }
    case "U":
      guard let type = value["type"]?.text, case .bool(let isTrick) = value["trick"],
        let reason = value["reason"]?.text.flatMap(ResultRecord.Uncrossable.Reason.init)
      else { return nil }
      return .uncrossable(.init(type: type, isTrick: isTrick, reason: reason))
    default:
      guard let type = value["type"]?.text, let message = value["message"]?.text,
        let lastLine = value["last_line"]?.text
      else { return nil }
      let failure = PythonFailure(type: type, message: message, lastLine: lastLine)
      if kind == "F" { return .failed(failure) }
      if kind == "B" { return .broken(failure) }
      return value["stage"]?.text.flatMap(ResultRecord.Stage.init).map { .raised($0, failure) }
    }
  }
}

extension TypedValue {
  /// The text of a str; a lone surrogate in it reads as U+FFFD.
  fileprivate var text: String? {
    switch self {
    case .string(let text): text
    case .surrogateString(let bytes): String(decoding: bytes, as: UTF8.self)
    default: nil
    }
  }

  /// What a dict holds under a str.
  fileprivate subscript(key: String) -> TypedValue? {
    guard case .dictionary(let pairs) = self else { return nil }
    return pairs.first { $0.key.text == key }?.value
  }
}
