import HoneJSON

/// The rows of a file, pipe or device that a person names: JSON Lines, plain or packed by gzip.
///
/// It is opened once, and its first bytes decide how it is read. Every verb that reads rows from a
/// path opens them here.
package struct RowSource: Sendable {
  /// The path.
  package let path: String
  /// The rows.
  package let lines: JSONLines
  /// Whether they were unpacked.
  package let isPacked: Bool

  /// The most bytes that a gzip file may unpack to: 1 GiB.
  static let maximumUnpackedBytes = 1 << 30

  /// Opens a file.
  ///
  /// - Throws: ``TaskError`` that names the file: it cannot be opened or read, is damaged, unpacks to
  ///   more than 1 GiB, or is of a binary format that is known and not read.
  package init(path: String) throws(TaskError) {
    let file: OpenedFile
    let head: [UInt8]
    do {
      file = try OpenedFile(path: path)
      // No row is shorter, so that nothing is waited for that will not come.
      head = try file.peek(2)
    } catch {
      throw TaskError(error.message, file: path, isUnreadable: true)
    }
    self.path = path
    isPacked = Inflate.isGzip(head)
    guard isPacked else {
      if path.hasSuffix(".gz") {
        throw TaskError("not gzip data, in spite of its name", file: path)
      }
      // A format is a matter of a few bytes, and a short row may be all that comes for a while.
      if let first = head.first, !Self.canBeginRow(first) {
        let format = try Self.reading(path) { () throws(JSONError) in
          FileFormat.binary(try file.peek(16))
        }
        if let format { throw TaskError(format.message(path: path), file: path) }
      } else if head.contains(0),
        let format = try Self.reading(
          path,
          { () throws(JSONError) in
            FileFormat.binary(try file.peek(4))
          })
      {
        throw TaskError(format.message(path: path), file: path)
      }
      lines = JSONLines(file)
      return
    }
    let packed = try Self.reading(path) { () throws(JSONError) in try file.readToEnd() }
    let bytes: [UInt8]
    do {
      bytes = try Inflate.inflated(packed, .gzip, limit: Self.maximumUnpackedBytes)
    } catch {
      throw TaskError(error.message, file: path)
    }
    if let format = FileFormat.binary(Array(bytes.prefix(16))) {
      throw TaskError(format.message(path: path, isPacked: true), file: path)
    }
    lines = JSONLines(bytes: bytes, file: path)
  }

  /// What the file is, for a source whose first row is no JSON object; nil where that is not known.
  package var format: String? {
    FileFormat.text(lines.head)?.message(path: path, isPacked: isPacked)
  }

  private static func canBeginRow(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "{") || byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0xEF
  }

  private static func reading<Value>(
    _ path: String, _ body: () throws(JSONError) -> Value
  ) throws(TaskError) -> Value {
    do {
      return try body()
    } catch {
      throw TaskError(error.message, file: path, isUnreadable: true)
    }
  }
}
