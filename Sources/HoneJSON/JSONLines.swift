import Foundation

/// The rows of a JSON Lines source, read one at a time at constant memory.
///
/// Each element is the line number, from 1, and the row's value or what is wrong with it: one bad
/// row does not end the sequence. Blank lines are skipped, and the last line needs no newline. A
/// regular file can be read several times; a descriptor, a pipe or a device once.
///
/// ```swift
/// for (line, result) in try JSONLines(contentsOf: "train.jsonl") { … }
/// ```
public struct JSONLines: Sequence, Sendable {
  private enum Source: Sendable {
    case path(String)
    case opened(OpenedFile)
    case bytes([UInt8])
  }

  private let source: Source
  private let file: String?

  /// The most bytes of a row: 256 MiB.
  public static let maximumRowBytes: Int = 1 << 28

  /// The rows of a file, a pipe or a terminal.
  /// - Throws: when the file cannot be opened, or is a device that never ends.
  public init(contentsOf path: String) throws(JSONError) {
    let opened = try OpenedFile(path: path)
    file = path
    source = opened.isRegular ? .path(path) : .opened(opened)
  }

  /// The rows of a file from where it stands; what was looked at is read as well.
  package init(_ opened: OpenedFile) {
    source = .opened(opened)
    file = opened.name
  }

  /// The rows that come over a file descriptor, which stays open and belongs to the caller.
  ///
  /// Rows are handed out as soon as they have arrived.
  public init(descriptor: Int32, name: String? = nil) {
    self.init(OpenedFile(descriptor: descriptor, name: name))
  }

  /// The rows of a text in memory; `file` is named in errors.
  public init(bytes: [UInt8], file: String? = nil) {
    source = .bytes(bytes)
    self.file = file
  }

  /// The rows of standard input.
  public static var standardInput: JSONLines {
    JSONLines(descriptor: STDIN_FILENO, name: "<stdin>")
  }

  /// The first bytes as far as they were read, to tell what the source is if it is no JSON Lines.
  package var head: [UInt8] {
    switch source {
    case .bytes(let bytes): Array(bytes.prefix(OpenedFile.headSize))
    case .opened(let opened): opened.head
    case .path(let path):
      (try? OpenedFile(path: path).peek(OpenedFile.headSize)) ?? []
    }
  }

  /// Starts over from the first row (or, where that cannot be, from where the source stands).
  public func makeIterator() -> Iterator {
    switch source {
    case .bytes(let bytes):
      return Iterator(reader: LineReader(bytes: bytes), file: file, failure: nil)
    case .opened(let opened):
      return Iterator(reader: LineReader(opened), file: file, failure: nil)
    case .path(let path):
      do {
        return Iterator(reader: LineReader(try OpenedFile(path: path)), file: file, failure: nil)
      } catch {
        return Iterator(reader: LineReader(bytes: []), file: file, failure: error)
      }
    }
  }

  fileprivate static func readError(_ code: Int32, file: String?, line: Int) -> JSONError {
    if code == EFBIG {
      return JSONError(
        file: file, line: line, column: 0,
        message: "a row of more than \(maximumRowBytes) bytes; wanted one JSON object a line")
    }
    let reason = String(cString: strerror(code))
    return JSONError(
      file: file, line: line, column: 0, message: "cannot be read: \(reason)", kind: .inputOutput)
  }

  /// Hands out the rows of a ``JSONLines``.
  public struct Iterator: IteratorProtocol {
    private let reader: LineReader
    private let file: String?
    private var failure: JSONError?

    fileprivate init(reader: LineReader, file: String?, failure: JSONError?) {
      self.reader = reader
      self.file = file
      self.failure = failure
    }

    /// The next row, or `nil` after the last one.
    public mutating func next() -> (line: Int, result: Result<JSON, JSONError>)? {
      if let problem = failure {
        failure = nil
        reader.stop()
        return (0, .failure(problem))
      }
      while let line = reader.nextLine() {
        if let code = line.errorCode {
          let problem = JSONLines.readError(code, file: file, line: line.number)
          return (line.number, .failure(problem))
        }
        let row = reader.withBytes(line.range) { bytes -> Result<JSON, JSONError>? in
          if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return nil }
          return Result { () throws(JSONError) -> JSON in
            try JSON.parse(bytes, file: file, line: line.number)
          }
        }
        if let row { return (line.number, row) }
      }
      return nil
    }
  }
}

// Cuts a stream into lines.
private final class LineReader {
  struct Line {
    var number: Int
    var range: Range<Int>
    var errorCode: Int32?
  }

  private static let chunkSize = 1 << 18
  private let file: OpenedFile?
  private var buffer: [UInt8]
  private var start = 0
  private var filled: Int
  private var lineNumber = 0
  private var hasEnded: Bool

  init(_ file: OpenedFile) {
    self.file = file
    buffer = Array(repeating: 0, count: Self.chunkSize)
    filled = 0
    hasEnded = false
  }

  init(bytes: [UInt8]) {
    file = nil
    buffer = bytes
    filled = bytes.count
    hasEnded = true
  }

  func stop() {
    start = filled
    hasEnded = true
  }

  func withBytes<Value>(
    _ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Value
  ) -> Value {
    buffer.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
  }

  func nextLine() -> Line? {
    var searched = start
    while true {
      if let newline = indexOfNewline(from: searched) {
        lineNumber += 1
        defer { start = newline + 1 }
        return Line(number: lineNumber, range: start..<newline)
      }
      if hasEnded {
        guard start < filled else { return nil }
        lineNumber += 1
        defer { start = filled }
        return Line(number: lineNumber, range: start..<filled)
      }
      let kept = filled - start
      if let errorCode = refill() {
        stop()
        return Line(number: lineNumber + 1, range: 0..<0, errorCode: errorCode)
      }
      searched = start + kept
    }
  }

  private func indexOfNewline(from index: Int) -> Int? {
    guard index < filled else { return nil }
    return buffer.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + index, 0x0A, filled - index)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  // Moves the unfinished line to the front and reads behind it; the error's number on failure, EFBIG
  // where a line has no end.
  private func refill() -> Int32? {
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        memmove(base, base + start, filled - start)
      }
      filled -= start
      start = 0
    }
    guard filled < JSONLines.maximumRowBytes else { return EFBIG }
    if filled == buffer.count {
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    let count = buffer.withUnsafeMutableBytes { bytes in
      file?.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...])) ?? 0
    }
    if count < 0 { return errno }
    filled += count
    hasEnded = count == 0
    return nil
  }
}
