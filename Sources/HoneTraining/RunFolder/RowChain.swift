import HoneFiles
import HoneJSON

/// The checksums that tie the rows of a file together.
///
/// Every row ends with the key `crc32`: CRC-32 of the line's bytes before that key, begun with the value
/// of the row before, so that a row that was changed, lost, repeated or moved is found. Rows of older
/// versions have none; the first row that has one begins with the checksum of all that stands before it.
package struct RowChain: Sendable, Hashable {
  /// The key.
  package static let key = "crc32"
  private static let opening = Array("\"crc32\":\"".utf8)
  /// Bytes of the opening, eight digits, a quotation mark and a brace.
  private static let tailLength = opening.count + 10

  /// The last row's checksum, which the next one begins with.
  package private(set) var value: UInt32 = 0
  /// What the last row's would be by its bytes, where it does not say so itself.
  private var computed: UInt32?
  /// Whether any row had a checksum.
  private var hasChecksums = false
  /// Rows in front that have none.
  private(set) var unguarded = 0

  /// The last row's checksum as it is written, 8 hexadecimal digits.
  package var checksum: String { CRC32.hexadecimal(value) }

  /// Before the first row.
  package init() {}

  /// A row's line: the row with its checksum, and the newline.
  ///
  /// - Parameter row: a JSON object without the key, as it was serialized.
  package mutating func seal(_ row: [UInt8]) -> [UInt8] {
    precondition(row.first == UInt8(ascii: "{") && row.last == UInt8(ascii: "}"), "not a row")
    var line = Array(row.dropLast())
    if line.count > 1 { line.append(UInt8(ascii: ",")) }
    value = CRC32.checksum(line, after: value)
    computed = nil
    hasChecksums = true
    line += Self.opening
    line += Array("\(CRC32.hexadecimal(value))\"}\n".utf8)
    return line
  }

  /// What the next line of a file says of itself.
  package enum Finding: Sendable, Hashable {
    /// As it was written.
    case intact
    /// Of an older version: nothing to tell by.
    case unguarded
    /// Not as it was written, or not behind the row that it was written behind; in words.
    case damaged(String)
  }

  /// Checks the next line, given without its newline, and goes on behind it whatever was found.
  package mutating func check(_ line: some Collection<UInt8>) -> Finding {
    let body = line.dropLast(Self.tailLength)
    guard let stored = Self.stored(line) else { return checkUnguarded(line, body: body) }
    let expected = CRC32.checksum(body, after: value)
    let other = computed.map { CRC32.checksum(body, after: $0) }
    let wasGuarded = hasChecksums
    value = stored
    hasChecksums = true
    computed = nil
    if stored == expected || stored == other { return .intact }
    computed = expected
    let others =
      !wasGuarded && unguarded > 0
      ? "this row was changed since it was written, or one of the \(unguarded) before it, which have none"
      : "the row was changed since it was written, or one before it is missing or was moved"
    return .damaged(
      "crc32 is \(CRC32.hexadecimal(stored)), its bytes give \(CRC32.hexadecimal(expected)): \(others)"
    )
  }

  private mutating func checkUnguarded(
    _ line: some Collection<UInt8>, body: some Collection<UInt8>
  ) -> Finding {
    guard hasChecksums else {
      unguarded += 1
      value = CRC32.checksum(
        CollectionOfOne(UInt8(ascii: "\n")), after: CRC32.checksum(line, after: value))
      return .unguarded
    }
    // Most likely the checksum itself is what was damaged: the next row may still follow.
    computed = CRC32.checksum(body, after: value)
    return .damaged("the row has no crc32, and those before it have: it was changed, or put there")
  }

  /// The checksum that a line ends with.
  private static func stored(_ line: some Collection<UInt8>) -> UInt32? {
    let tail = Array(line.suffix(tailLength))
    guard tail.count == tailLength, tail.starts(with: opening),
      tail.suffix(2).elementsEqual("\"}".utf8)
    else { return nil }
    return CRC32.value(of: tail[opening.count..<opening.count + 8])
  }

  /// A line without its checksum, as it was before it was sealed.
  static func unsealed(_ line: [UInt8]) -> [UInt8] {
    guard stored(line) != nil else { return line }
    var row = Array(line.dropLast(tailLength))
    if row.last == UInt8(ascii: ",") { row.removeLast() }
    return row + [UInt8(ascii: "}")]
  }
}
