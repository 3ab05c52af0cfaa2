import Foundation
import HoneFiles
import HoneJSON
import Synchronization

/// A buffered way out of the process, every error of which is reported.
final class OutputStream: Sendable {
  /// Standard output: what a command is asked for.
  static let standard = OutputStream(descriptor: STDOUT_FILENO, name: "standard output")
  /// Standard error: what is said to people beside it.
  static let error = OutputStream(descriptor: STDERR_FILENO, name: "standard error")

  private static let capacity = 1 << 16
  private let descriptor: Int32
  private let name: String
  private let pending = Mutex<[UInt8]>([])

  private init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Whether the stream leads anywhere: false where the process was started with it closed.
  var isOpen: Bool { StandardDescriptors.isWritable(descriptor) }

  /// Adds text; it leaves the process when there is enough of it, or at ``flush()``.
  func write(_ clean: CleanText) throws(CommandError) {
    try pending.withLock { bytes throws(CommandError) in
      bytes.append(contentsOf: clean.text.utf8)
      if bytes.count >= Self.capacity { try send(&bytes) }
    }
  }

  /// Adds text and sends everything on its way, for readers that wait for it.
  func writeNow(_ clean: CleanText) throws(CommandError) {
    try write(clean)
    try flush()
  }

  /// Adds a row for machines.
  func write(row: JSON) throws(CommandError) {
    try write(CleanText(rows: row.serialized() + "\n", for: terminal))
  }

  /// Sends everything on its way.
  func flush() throws(CommandError) {
    try pending.withLock { bytes throws(CommandError) in try send(&bytes) }
  }

  /// Writes a line for people at once and takes no interest in errors: there is nobody left to tell.
  func tell(_ line: StyledText) {
    try? writeNow(CleanText(line, for: terminal))
  }

  /// What is known of the place that it goes to.
  private var terminal: Terminal { descriptor == STDERR_FILENO ? .error : .output }

  private func send(_ bytes: inout [UInt8]) throws(CommandError) {
    // Whatever happens, what was tried is not tried again.
    defer { bytes.removeAll(keepingCapacity: true) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        throw failure(errno)
      }
    }
  }

  private func failure(_ code: Int32) -> CommandError {
    var error = CommandError(
      .inputOutput, "\(name): \(isOpen ? SystemError.ofWriting(code) : "it is closed")")
    // `hone … | head` is no mishap.
    error.isQuiet = code == EPIPE
    return error
  }
}
