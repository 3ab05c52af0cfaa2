import Foundation
import HoneFiles

/// Keeps a run's folder for one process; the operating system releases it when the process ends,
/// however it ends.
package final class RunLock {
  package static let fileName = ".lock"
  /// Looks at the lock, 20 ms apart.
  private static let attempts = 50
  private let path: String
  private let descriptor: Int32
  /// Why nothing can be written here; such a folder can still be read.
  private let refusal: TrainingError?

  /// Takes the lock, and changes nothing.
  ///
  /// - Throws: `TrainingError` of kind `wouldOverwrite` where another process has it.
  package init(folder: String) throws(TrainingError) {
    path = "\(folder)/\(Self.fileName)"
    var number = SystemCalls.open(path, [.readWrite, .create])
    if number < 0 {
      let code = errno
      refusal = Files.error(path, "cannot be opened", code: code)
      // A disk that is full, or that may only be read, says nothing against looking.
      guard [EROFS, EACCES, EPERM, ENOSPC, EDQUOT].contains(code) else {
        throw Files.error(path, "cannot be opened", code: code)
      }
      number = SystemCalls.open(path, [.readOnly])
    } else {
      refusal = nil
    }
    descriptor = number
    guard descriptor >= 0 else { return }
    // A child of the process that had it holds it too, until it becomes another program.
    var code: Int32 = 0
    for attempt in 0..<Self.attempts {
      if attempt > 0 { usleep(20_000) }
      if SystemCalls.lock(descriptor, path: path) == 0 { return }
      code = errno
      if code != EWOULDBLOCK { break }
    }
    guard code == EWOULDBLOCK else { throw Files.error(path, "cannot be locked", code: code) }
    let holder = (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let process = holder.split(separator: "\n").first.map { " (process \($0.prefix(20)))" } ?? ""
    throw TrainingError(
      .wouldOverwrite,
      "\(folder): another process\(process) is training in this folder; wait for it, or choose "
        + "another folder with --output")
  }

  /// Says whose lock it is; the run is about to change files.
  ///
  /// - Throws: `TrainingError` of kind `inputOutput` where nothing can be written here.
  package func claim() throws(TrainingError) {
    if let refusal { throw refusal }
    // For people alone; the lock is the kernel's. A file of theirs is left as it is.
    guard try Self.isOwn(path) else { return }
    _ = SystemCalls.truncate(descriptor, to: 0, path: path)
    try Files.write(Array("\(getpid())\n".utf8), to: descriptor, path: path)
  }

  /// Whether a file is empty or holds the number of a process, as a run's lock does.
  static func isOwn(_ path: String) throws(TrainingError) -> Bool {
    guard let size = try Files.sizeOfFile(path), size <= 20 else { return false }
    let text = try Files.read(path)
    // A power loss may have left zeros.
    return text.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x0A || $0 == 0 }
  }

  deinit { if descriptor >= 0 { SystemCalls.close(descriptor, path: path) } }
}
