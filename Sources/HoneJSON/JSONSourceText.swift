// The text behind a parse, for everything an error has to say about it. Nothing here runs while
// all is well, so it is written for clarity, not for speed.
struct JSONSourceText {
  let bytes: UnsafeBufferPointer<UInt8>
  let file: String?
  let line: Int

  /// Skips a byte order mark.
  init(whole: UnsafeBufferPointer<UInt8>, file: String?, line: Int) {
    let hasMark = whole.starts(with: [0xEF, 0xBB, 0xBF])
    self.bytes = UnsafeBufferPointer(rebasing: whole[(hasMark ? 3 : 0)...])
    self.file = file
    self.line = line
  }

  func string(from offset: Int, count: Int) -> String {
    String(decoding: bytes[offset..<min(offset + count, bytes.count)], as: UTF8.self)
  }

  /// An error at a byte, with the text seen there if wanted.
  func error(at offset: Int, _ message: String, showing: Bool = false) -> JSONError {
    let before = bytes[..<min(offset, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let newlines = before.count { $0 == 0x0A }
    let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
    var message = message
    if showing {
      if bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
        message = "no JSON value; the text is empty"
      } else if offset < bytes.count {
        let rest = bytes[offset...].prefix { $0 != 0x0A && $0 != 0x0D }
        let shown = String(decoding: rest.prefix(96), as: UTF8.self).unicodeScalars.prefix(24)
        if !shown.isEmpty { message += ", at `\(String(shown))`" }
      }
    }
    return JSONError(file: file, line: line + newlines, column: column, message: message)
  }

  /// Names the first key that an object of this (otherwise correct) text holds twice.
  func repeatedKeyError() -> JSONError {
    var seen: [[[UInt8]: Int]] = []
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        seen.append([:])
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        seen.removeLast()
      case UInt8(ascii: "\""):
        let end = endOfString(index)
        var next = end
        while next < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[next]) { next += 1 }
        if next < bytes.count, bytes[next] == UInt8(ascii: ":"), let level = seen.indices.last,
          let key = try? JSON.parse(Array(bytes[index..<end])).string
        {
          if let first = seen[level][Array(key.utf8)] {
            let place = error(at: first, "")
            return error(
              at: index,
              "the key \(JSON.string(key)) appears twice in one object (first at line "
                + "\(place.line), column \(place.column)); remove one of them")
          }
          seen[level][Array(key.utf8)] = index
        }
        index = end
        continue
      default:
        break
      }
      index += 1
    }
    return error(at: 0, "a key appears twice in one object; remove one of them")
  }

  /// Names the first number of this (otherwise correct) text that is too large for a `Double`.
  func infiniteNumberError() -> JSONError {
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "\"") {
        index = endOfString(index)
        continue
      }
      let number = bytes[index...].prefix { isDigit($0) || "+-.eE".utf8.contains($0) }
      let isNumber = number.first.map { $0 == 0x2D || isDigit($0) } ?? false
      if isNumber {
        let digits = String(decoding: number, as: UTF8.self)
        let isInteger = number.allSatisfy { $0 == 0x2D || isDigit($0) }
        if !isInteger, Double(digits).map({ !$0.isFinite }) ?? true {
          let shown = digits.count > 40 ? digits.prefix(40) + "…" : digits[...]
          return error(
            at: index, "the number \(shown) is too large; the largest is 1.797e308")
        }
        index += number.count
      } else {
        index += 1
      }
    }
    return error(at: 0, "a number is too large; the largest is 1.797e308")
  }

  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private func endOfString(_ quote: Int) -> Int {
    var index = quote + 1
    while bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index + 1
  }
}
