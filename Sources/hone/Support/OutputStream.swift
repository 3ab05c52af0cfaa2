import Foundation
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

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Adds text; it leaves the process when there is enough of it, or at ``flush()``.
  func write(_ text: String) throws(CommandError) {
    try pending.withLock { bytes throws(CommandError) in
      bytes.append(contentsOf: text.utf8)
      if bytes.count >= Self.capacity { try send(&bytes) }
    }
  }

  /// Adds text and sends everything on its way, for readers that wait for it.
  func writeNow(_ text: String) throws(CommandError) {
    try write(text)
    try flush()
  }

  /// Sends everything on its way.
  func flush() throws(CommandError) {
    try pending.withLock { bytes throws(CommandError) in try send(&bytes) }
  }

  /// Writes a line at once and takes no interest in errors: there is nobody left to tell.
  func tell(_ line: String) {
    try? writeNow(line + "\n")
  }

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
      .inputOutput, "\(name): cannot be written: \(String(cString: strerror(code)))")
    // `hone … | head` is no mishap.
    error.isQuiet = code == EPIPE
    return error
  }
}
