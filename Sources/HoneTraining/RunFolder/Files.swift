import Foundation

/// The few things that a run does with files, each with an error that says what to do.
package enum Files {
  /// An error of the operating system in words; a full disk has its own advice.
  package static func error(
    _ path: String, _ action: String, code: Int32 = errno
  ) -> TrainingError {
    let reason = String(cString: strerror(code))
    let advice: String =
      switch code {
      case ENOSPC, EDQUOT:
        ". Nothing that was whole is lost: free some space, or lower keep_checkpoints, and resume "
          + "with --resume"
      case EACCES, EPERM, EROFS: ". Choose another folder with --output, or change its permissions"
      default: ""
      }
    return TrainingError(
      code == ENOENT ? .missingFile : .inputOutput, "\(path): \(action): \(reason)\(advice)")
  }

  /// Whether something is there, a broken link included.
  package static func exists(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0
  }

  /// Whether a folder is there.
  package static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The size of a file in bytes; nil where there is none.
  package static func size(_ path: String) -> Int? {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG ? Int(info.st_size) : nil
  }

  /// The names in a folder, sorted, without `.` and `..`.
  package static func list(_ path: String) throws(TrainingError) -> [String] {
    guard let folder = opendir(path) else { throw error(path, "cannot be listed") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder and those above it that are not there, the outermost first.
  package static func missingFolders(_ path: String) -> [String] {
    guard !path.isEmpty, !exists(path) else { return [] }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return [path] }
    return missingFolders(String(path[..<slash])) + [path]
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(TrainingError) {
    if isFolder(path) { return }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try makeFolder(String(path[..<slash]))
    }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && isFolder(path) else {
      throw error(path, "the folder cannot be made")
    }
  }

  /// Removes a file, a link, or a folder with what is in it; nothing there is fine.
  package static func remove(_ path: String) throws(TrainingError) {
    var info = stat()
    guard lstat(path, &info) == 0 else { return }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in try list(path) { try remove("\(path)/\(name)") }
      guard rmdir(path) == 0 else { throw error(path, "cannot be removed") }
    } else {
      guard unlink(path) == 0 else { throw error(path, "cannot be removed") }
    }
  }

  /// Gives a file or folder another name, in one step.
  package static func rename(_ path: String, to other: String) throws(TrainingError) {
    guard Foundation.rename(path, other) == 0 else {
      throw error(path, "cannot be renamed to \(other)")
    }
  }

  /// Waits until a file, or the names of a folder, are on the disk.
  package static func synchronize(_ path: String) throws(TrainingError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(path, "cannot be opened") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw error(path, "cannot be written to the disk") }
  }

  /// Writes all bytes to a descriptor.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(TrainingError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.write(descriptor, buffer.baseAddress.map { $0 + offset }, bytes.count - offset)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw error(path, "cannot be written")
      }
      offset += count
    }
  }

  /// Writes a file in place of another, whole or not at all, and waits until it is on the disk.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(TrainingError) {
    let temporary = path + ".tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw error(temporary, "cannot be made") }
    do throws(TrainingError) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, path: temporary)
      guard fsync(descriptor) == 0 else { throw error(temporary, "cannot be written to the disk") }
    } catch {
      unlink(temporary)
      throw error
    }
    try rename(temporary, to: path)
  }

  /// Reads a whole file.
  package static func read(_ path: String) throws(TrainingError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw error(path, "cannot be opened") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw error(path, "cannot be read")
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// What a link points to; nil where there is no link.
  package static func linkTarget(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink(path, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Points a link to a name in its own folder, in one step.
  package static func link(_ path: String, to target: String) throws(TrainingError) {
    if linkTarget(path) == target { return }
    let temporary = path + ".tmp"
    try remove(temporary)
    guard symlink(target, temporary) == 0 else { throw error(temporary, "cannot be made") }
    try rename(temporary, to: path)
  }

  /// Bytes that may still be written to the disk that holds a path, which need not exist yet.
  package static func availableSpace(at path: String) throws(TrainingError) -> Int {
    var place = path
    while !exists(place), let slash = place.lastIndex(of: "/") {
      place = slash == place.startIndex ? "/" : String(place[..<slash])
    }
    if !exists(place) { place = "." }
    var info = statvfs()
    guard statvfs(place, &info) == 0 else { throw error(place, "the disk cannot be asked") }
    let (bytes, overflow) = Int(clamping: info.f_bavail).multipliedReportingOverflow(
      by: Int(clamping: info.f_frsize))
    return overflow ? .max : bytes
  }
}
