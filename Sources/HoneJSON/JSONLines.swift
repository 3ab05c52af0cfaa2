import Foundation

/// The rows of a JSON Lines source, read one at a time at constant memory.
///
/// Each element is the line number, from 1, and the row's value or what is wrong with it: one bad
/// row does not end the sequence. Blank lines are skipped, and the last line needs no newline. A
/// file can be read several times, a descriptor once.
///
/// ```swift
/// for (line, result) in try JSONLines(contentsOf: "train.jsonl") { … }
/// ```
public struct JSONLines: Sequence, Sendable {
  private enum Source: Sendable {
    case path(String)
    case descriptor(Int32)
    case bytes([UInt8])
  }

  private let source: Source
  private let file: String?

  /// The rows of a file.
  /// - Throws: when the file cannot be opened.
  public init(contentsOf path: String) throws(JSONError) {
    source = .path(path)
    file = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw JSONLines.openError(path) }
    // Opening a folder succeeds; only reading from it does not.
    var byte: UInt8 = 0
    let count = read(descriptor, &byte, 1)
    let code = errno
    close(descriptor)
    guard count >= 0 else { throw JSONLines.readError(code, file: path, line: 0) }
  }

  /// The rows that come over a file descriptor, which stays open and belongs to the caller.
  ///
  /// Rows are handed out as soon as they have arrived.
  public init(descriptor: Int32, name: String? = nil) {
    source = .descriptor(descriptor)
    file = name
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

  /// Starts over from the first row (or, for a descriptor, from where it stands).
  public func makeIterator() -> Iterator {
    switch source {
    case .bytes(let bytes):
      return Iterator(reader: LineReader(bytes: bytes), file: file, failure: nil)
    case .descriptor(let descriptor):
      let reader = LineReader(descriptor: descriptor, closes: false)
      return Iterator(reader: reader, file: file, failure: nil)
    case .path(let path):
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      let failure = descriptor < 0 ? JSONLines.openError(path) : nil
      let reader = LineReader(descriptor: descriptor, closes: true)
      return Iterator(reader: reader, file: file, failure: failure)
    }
  }

  fileprivate static func openError(_ path: String) -> JSONError {
    let code = errno
    let message =
      code == ENOENT
      ? MissingPath.reason(path, wanted: "file")
      : "cannot be opened: \(String(cString: strerror(code)))"
    return JSONError(file: path, line: 0, column: 0, message: message)
  }

  fileprivate static func readError(_ code: Int32, file: String?, line: Int) -> JSONError {
    let reason = String(cString: strerror(code))
    return JSONError(file: file, line: line, column: 0, message: "cannot be read: \(reason)")
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

// Cuts a stream into lines. A class, since it owns the descriptor.
private final class LineReader {
  struct Line {
    var number: Int
    var range: Range<Int>
    var errorCode: Int32?
  }

  private static let chunkSize = 1 << 18
  private var descriptor: Int32
  private let closes: Bool
  private var buffer: [UInt8]
  private var start = 0
  private var filled: Int
  private var lineNumber = 0
  private var hasEnded: Bool

  init(descriptor: Int32, closes: Bool) {
    self.descriptor = descriptor
    self.closes = closes
    buffer = Array(repeating: 0, count: Self.chunkSize)
    filled = 0
    hasEnded = false
  }

  init(bytes: [UInt8]) {
    descriptor = -1
    closes = false
    buffer = bytes
    filled = bytes.count
    hasEnded = true
  }

  deinit { if closes, descriptor >= 0 { close(descriptor) } }

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

  // Moves the unfinished line to the front and reads behind it; the error's number on failure.
  private func refill() -> Int32? {
    if start > 0 {
      buffer.withUnsafeMutableBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        memmove(base, base + start, filled - start)
      }
      filled -= start
      start = 0
    }
    if filled == buffer.count {
      buffer.append(contentsOf: repeatElement(0, count: buffer.count))
    }
    while true {
      let count = buffer.withUnsafeMutableBytes { bytes in
        read(descriptor, bytes.baseAddress.map { $0 + filled }, bytes.count - filled)
      }
      if count > 0 {
        filled += count
        return nil
      }
      if count == 0 {
        hasEnded = true
        return nil
      }
      if errno != EINTR { return errno }
    }
  }
}
