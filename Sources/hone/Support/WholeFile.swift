import Foundation
import HoneFiles

/// Files that are written whole or not at all.
enum WholeFile {
  /// Finds out whether a file can be written, before there is anything to write; nothing is changed.
  ///
  /// Work that takes hours must not end at a folder that is not there.
  static func prepare(_ path: String) throws(CommandError) {
    var info = stat()
    if stat(path, &info) == 0 {
      switch info.st_mode & S_IFMT {
      case S_IFDIR: throw failure(path, EISDIR)
      case S_IFREG: break
      default:
        guard access(path, W_OK) == 0 else { throw failure(path, errno) }
        return
      }
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard stat(folder, &info) == 0 else {
      throw CommandError(
        .missingFile,
        "\(path): cannot be written: there is no folder \(folder); make it, or choose another file")
    }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw CommandError(.inputOutput, "\(path): cannot be written: \(folder) is not a folder")
    }
    // A file is replaced by another one, so it is the folder that must be writable.
    guard access(folder, W_OK | X_OK) == 0 else { throw failure(path, errno) }
  }

  /// Writes a text in place of whatever a file held; a failure leaves the file as it was.
  static func write(_ text: String, to path: String) throws(CommandError) {
    // Devices and pipes cannot be replaced, only written to.
    var info = stat()
    let isSpecial = stat(path, &info) == 0 && info.st_mode & S_IFMT != S_IFREG
    let target = isSpecial ? path : path + ".tmp"
    let descriptor = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path, errno) }
    do throws(CommandError) {
      defer { close(descriptor) }
      let bytes = Array(text.utf8)
      let result = bytes.withUnsafeBytes { SystemCalls.writeAll(descriptor, $0, path: target) }
      guard result == 0 else { throw failure(path, errno) }
    } catch {
      if !isSpecial { unlink(target) }
      throw error
    }
    guard isSpecial || rename(target, path) == 0 else { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> CommandError {
    CommandError(
      code == ENOENT ? .missingFile : .inputOutput,
      "\(path): \(SystemError.ofWriting(code))")
  }
}
