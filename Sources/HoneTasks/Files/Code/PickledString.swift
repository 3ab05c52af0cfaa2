/// Reads the pickle of one string, and no other pickle.
///
/// A pickle is a program, and a general reader runs it. This one knows nine instructions, none of
/// which can call anything: `PROTO` (2 to 5), `FRAME`, one of `SHORT_BINUNICODE`, `BINUNICODE` and
/// `BINUNICODE8`, then `MEMOIZE`, `BINPUT` or `LONG_BINPUT`, and `STOP` at the very end. Everything
/// else is an error, a second string included.
package enum PickledString {
  private enum Instruction {
    static let proto: UInt8 = 0x80
    static let frame: UInt8 = 0x95
    static let shortUnicode: UInt8 = 0x8C
    static let unicode = UInt8(ascii: "X")
    static let longUnicode: UInt8 = 0x8D
    static let memoize: UInt8 = 0x94
    static let put = UInt8(ascii: "q")
    static let longPut = UInt8(ascii: "r")
    static let stop = UInt8(ascii: ".")
  }

  /// The string.
  ///
  /// - Throws: ``TaskError`` without a place that names the byte.
  package static func read(_ bytes: [UInt8]) throws(TaskError) -> String {
    var cursor = Cursor(bytes: bytes)
    var string: String?
    var isFirst = true
    while true {
      let place = cursor.position
      let instruction = try cursor.byte()
      switch instruction {
      case Instruction.proto where isFirst:
        let version = try cursor.byte()
        guard (2...5).contains(version) else {
          throw TaskError("pickle protocol \(version), wanted 2 to 5")
        }
      case Instruction.frame:
        let length = try cursor.integer(bytes: 8)
        guard length <= cursor.left else {
          throw TaskError("the pickle's frame at byte \(place) is longer than what is left")
        }
      case Instruction.shortUnicode where string == nil: string = try cursor.text(lengthBytes: 1)
      case Instruction.unicode where string == nil: string = try cursor.text(lengthBytes: 4)
      case Instruction.longUnicode where string == nil: string = try cursor.text(lengthBytes: 8)
      case Instruction.memoize where string != nil: break
      case Instruction.put where string != nil: _ = try cursor.integer(bytes: 1)
      case Instruction.longPut where string != nil: _ = try cursor.integer(bytes: 4)
      case Instruction.stop:
        guard let string else { throw TaskError("the pickle holds nothing, wanted one string") }
        guard cursor.left == 0 else {
          throw TaskError("\(cursor.left) bytes follow the end of the pickle")
        }
        return string
      default:
        throw TaskError(
          "the pickle holds more than one string: instruction 0x\(String(instruction, radix: 16)) "
            + "at byte \(place); it is not run")
      }
      isFirst = false
    }
  }

  private struct Cursor {
    let bytes: [UInt8]
    var position = 0

    var left: Int { bytes.count - position }

    mutating func byte() throws(TaskError) -> UInt8 {
      guard left > 0 else { throw TaskError("the pickle ends before its end") }
      defer { position += 1 }
      return bytes[position]
    }

    /// An unsigned little-endian integer; one that exceeds `Int` is read as `Int.max`.
    mutating func integer(bytes count: Int) throws(TaskError) -> Int {
      var value: UInt64 = 0
      for index in 0..<count { value |= UInt64(try byte()) << UInt64(8 * index) }
      return Int(clamping: value)
    }

    mutating func text(lengthBytes: Int) throws(TaskError) -> String {
      let length = try integer(bytes: lengthBytes)
      guard length <= left else {
        throw TaskError("the pickle's string of \(length) bytes is longer than what is left")
      }
      defer { position += length }
      let slice = bytes[position..<position + length]
      guard let text = String(validating: slice, as: UTF8.self) else {
        throw TaskError("the pickle's string is not UTF-8")
      }
      return text
    }
  }
}
