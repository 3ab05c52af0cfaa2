import Foundation

/// Files that are written whole or not at all.
enum WholeFile {
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
      let stream = OutputStream(descriptor: descriptor, name: path)
      try stream.write(text)
      try stream.flush()
    } catch {
      if !isSpecial { unlink(target) }
      throw error
    }
    guard isSpecial || rename(target, path) == 0 else { throw failure(path, errno) }
  }

  private static func failure(_ path: String, _ code: Int32) -> CommandError {
    CommandError(
      code == ENOENT ? .missingFile : .inputOutput,
      "\(path): cannot be written: \(String(cString: strerror(code)))")
  }
}
