import Foundation
import HoneFiles

/// Keeps a run's folder for one process; the operating system releases it when the process ends,
/// however it ends.
package final class RunLock {
  package static let fileName = ".lock"
  private let path: String
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Throws: `TrainingError` of kind `wouldOverwrite` where another process has it.
  package init(folder: String) throws(TrainingError) {
    path = "\(folder)/\(Self.fileName)"
    descriptor = SystemCalls.open(path, [.readWrite, .create])
    guard descriptor >= 0 else { throw Files.error(path, "cannot be opened") }
    guard SystemCalls.lock(descriptor, path: path) == 0 else {
      let code = errno
      guard code == EWOULDBLOCK else { throw Files.error(path, "cannot be locked", code: code) }
      let holder = (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let process = holder.split(separator: "\n").first.map { " (process \($0))" } ?? ""
      throw TrainingError(
        .wouldOverwrite,
        "\(folder): another process\(process) is training in this folder; wait for it, or choose "
          + "another folder with --output")
    }
    // For people alone; the lock is the kernel's.
    _ = SystemCalls.truncate(descriptor, to: 0, path: path)
    try Files.write(Array("\(getpid())\n".utf8), to: descriptor, path: path)
  }

  deinit { if descriptor >= 0 { SystemCalls.close(descriptor, path: path) } }
}
