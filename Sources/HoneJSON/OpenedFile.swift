import Foundation
import HoneFiles
import Synchronization

/// A file, pipe or device that is opened once and read from its first byte to its last.
///
/// What is looked at is not lost: a pipe and `<(…)` cannot be opened or read a second time, so
/// whoever wants to know what a file holds looks here, and reads on from here.
package final class OpenedFile: Sendable {
  private struct State {
    /// The first bytes, kept for those who ask later what it was.
    var head: [UInt8] = []
    /// How many of them were handed out; the rest of the file follows them.
    var taken = 0
    var hasEnded = false
  }

  /// The path, for messages.
  package let name: String?
  private let descriptor: Int32
  /// Whether it can be opened again with the same content.
  package let isRegular: Bool
  /// Keeps the descriptor open, where it is our own.
  private let file: InputFile?
  private let state = Mutex(State())

  /// How many first bytes are kept.
  package static let headSize = 4096

  /// Opens a file, a pipe or a terminal.
  ///
  /// - Throws: ``JSONError`` where it cannot be opened, is a folder, or a device that never ends.
  package init(path: String) throws(JSONError) {
    do {
      let file = try InputFile(path, from: .person)
      self.file = file
      descriptor = file.descriptor
      isRegular = file.size != nil
    } catch {
      throw JSONError(error)
    }
    name = path
  }

  /// What comes over a descriptor, which stays open and belongs to the caller.
  package init(descriptor: Int32, name: String?) {
    self.descriptor = descriptor
    self.name = name
    file = nil
    var info = stat()
    isRegular = fstat(descriptor, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
  }

  /// The first bytes, as far as they were read.
  package var head: [UInt8] { state.withLock { $0.head } }

  /// The first bytes without taking them; fewer where the file is shorter.
  ///
  /// Waits until they have arrived.
  ///
  /// - Parameter count: At most ``headSize``.
  package func peek(_ count: Int) throws(JSONError) -> [UInt8] {
    precondition(count <= Self.headSize, "OpenedFile.peek: \(count) bytes are not kept")
    let code = state.withLock { state -> Int32? in
      while state.head.count < count, !state.hasEnded {
        if let code = extend(&state) { return code }
      }
      return nil
    }
    if let code { throw Self.error(name, "cannot be read", code) }
    return Array(head.prefix(count))
  }

  /// Everything that was not handed out yet.
  package func readToEnd() throws(JSONError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(into: $0) }
      if count < 0 { throw Self.error(name, "cannot be read", errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Hands out the next bytes, as `read(2)` does: 0 at the end, -1 and `errno` on failure.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    state.withLock { state in
      if state.taken == state.head.count, state.head.count < Self.headSize, !state.hasEnded,
        let code = extend(&state)
      {
        errno = code
        return -1
      }
      if state.taken < state.head.count {
        let next = state.head[state.taken...].prefix(buffer.count)
        buffer.copyBytes(from: next)
        state.taken += next.count
        return next.count
      }
      return state.hasEnded ? 0 : read(descriptor, buffer)
    }
  }

  /// Reads more first bytes; the error's number on failure.
  private func extend(_ state: inout State) -> Int32? {
    var buffer = [UInt8](repeating: 0, count: Self.headSize - state.head.count)
    let count = buffer.withUnsafeMutableBytes { read(descriptor, $0) }
    if count < 0 { return errno }
    state.hasEnded = count == 0
    state.head += buffer[..<count]
    return nil
  }

  private func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    SystemCalls.read(descriptor, buffer, path: name ?? "")
  }

  private static func error(_ file: String?, _ what: String, _ code: Int32) -> JSONError {
    JSONError(
      file: file, line: 0, column: 0, message: "\(what): \(String(cString: strerror(code)))",
      kind: .inputOutput)
  }
}
