/// Bytes that nobody vouches for, cut and made safe to show.
///
/// Programs write anything: megabytes, escape sequences, bytes that are not UTF-8. What they
/// wrote goes into reasons only through here.
enum Excerpt {
  /// A short piece in quotes, with `…` where it was cut.
  static func quoted(_ bytes: some Collection<UInt8>, limit: Int = 60) -> String {
    "'\(shown(bytes, limit: limit))'"
  }

  /// The beginning of a text, up to a number of characters, with `…` where it was cut.
  ///
  /// Control characters become `\n` or `\x1b`, bytes that are not UTF-8 `\xff`, invisible and
  /// direction-changing characters `\u{202e}`.
  static func shown(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
    // Four bytes are the longest character; decoding begins at a boundary, so only the end can
    // cut one, and the ellipsis stands there anyway.
    let bytes = Array(bytes.prefix(4 * limit + 4))
    var iterator = bytes.makeIterator()
    var result = ""
    var decoder = UTF8.ForwardParser()
    var count = 0
    var seen = 0
    while true {
      let parsed = decoder.parseScalar(from: &iterator)
      if case .emptyInput = parsed { break }
      guard count < limit else { return result + "…" }
      count += 1
      switch parsed {
      case .valid(let encoded):
        seen += encoded.count
        append(UTF8.decode(encoded), to: &result)
      case .error(let length):
        for byte in bytes[seen..<seen + length] { result += escaped(byte) }
        seen += length
      case .emptyInput: break
      }
    }
    return result
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar.value {
    case 0x0A: text += "\\n"
    case 0x0D: text += "\\r"
    case 0x09: text += "\\t"
    case 0x00...0x1F, 0x7F: text += escaped(UInt8(scalar.value))
    case 0x80...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
      0xE0000...0xE0FFF:
      text += "\\u{\(String(scalar.value, radix: 16))}"
    default: text.unicodeScalars.append(scalar)
    }
  }

  private static func escaped(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count == 1 ? "0" : "") + digits
  }

  /// The last line that is not blank, made safe to show; nil where there is none.
  ///
  /// Looks at the last few kilobytes only.
  static func lastLine(_ bytes: [UInt8], limit: Int = 200) -> String? {
    var tail = bytes.suffix(4096)
    while let last = tail.last, isSpace(last) { tail.removeLast() }
    guard !tail.isEmpty else { return nil }
    let start = tail.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? tail.startIndex
    return shown(tail[start...], limit: limit)
  }
}
