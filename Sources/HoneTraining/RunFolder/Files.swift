import Foundation
import HoneFiles
import HonePolicy

/// The few things that a run does with files, each with an error that says what to do.
package enum Files {
  /// An error of the operating system in words; a full disk has its own advice.
  package static func error(
    _ path: String, _ action: String, code: Int32 = errno
  ) -> TrainingError {
    let reason = String(cString: strerror(code))
    let advice: String =
      switch code {
      case EACCES, EPERM, EROFS: ". Choose another folder with --output, or change its permissions"
      case _ where SystemError.isOfDisk(code): ". \(SystemError.advice(code)); \(goingOn)"
      default: ""
      }
    return TrainingError(
      code == ENOENT ? .missingFile : .inputOutput, "\(path): \(action): \(reason)\(advice)")
  }

  /// How a run goes on after its disk was of no use.
  private static let goingOn =
    "nothing that was whole is lost. Where space is short, keep_checkpoints can be lowered. Go on with "
    + "--resume"

  /// An error of writing a checkpoint, with how the run goes on.
  package static func inRun(_ error: any Error) -> any Error {
    guard let error = error as? PolicyError, error.kind == .inputOutput else { return error }
    return TrainingError(.inputOutput, "\(error.description); \(goingOn)")
  }

  /// Whether something is there, a broken link included; what cannot be looked at counts as there.
  package static func exists(_ path: String) -> Bool {
    var info = stat()
    return SystemCalls.status(path, followsLinks: false, &info) == 0
      || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Whether a folder is there.
  package static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return SystemCalls.status(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The size of a file in bytes; nil where there is none.
  package static func size(_ path: String) -> Int? {
    var info = stat()
    return SystemCalls.status(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
      ? Int(info.st_size) : nil
  }

  /// What a path leads to; nil where nothing is there.
  ///
  /// - Throws: where it cannot be asked, which says nothing of what is there.
  private static func look(at path: String) throws(TrainingError) -> stat? {
    var info = stat()
    if SystemCalls.status(path, &info) == 0 { return info }
    guard errno == ENOENT || errno == ENOTDIR else { throw error(path, "cannot be looked at") }
    return nil
  }

  /// The size of a file in bytes; nil where there is none.
  package static func sizeOfFile(_ path: String) throws(TrainingError) -> Int? {
    try look(at: path).flatMap { $0.st_mode & S_IFMT == S_IFREG ? Int($0.st_size) : nil }
  }

  /// Whether a folder is there, where that can be asked.
  package static func hasFolder(_ path: String) throws(TrainingError) -> Bool {
    try look(at: path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  /// Whether something is there, where that can be asked.
  package static func has(_ path: String) throws(TrainingError) -> Bool {
    var info = stat()
    if SystemCalls.status(path, followsLinks: false, &info) == 0 { return true }
    guard errno == ENOENT || errno == ENOTDIR else { throw error(path, "cannot be looked at") }
    return false
  }

  /// The names in a folder, sorted, without `.` and `..`.
  package static func list(_ path: String) throws(TrainingError) -> [String] {
    guard let names = SystemCalls.list(path) else { throw error(path, "cannot be listed") }
    return names
  }

  /// The folder and those above it that are not there, the outermost first.
  package static func missingFolders(_ path: String) -> [String] {
    guard !path.isEmpty, !exists(path) else { return [] }
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return [path] }
    return missingFolders(String(path[..<slash])) + [path]
  }

  /// Makes a folder and those above it.
  package static func makeFolder(_ path: String) throws(TrainingError) {
    guard SystemCalls.makeFolders(path) == 0 else {
      throw error(path, "the folder cannot be made")
    }
  }

  /// Removes a file, a link, or a folder with what is in it; nothing there is fine.
  package static func remove(_ path: String) throws(TrainingError) {
    var info = stat()
    guard SystemCalls.status(path, followsLinks: false, &info) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw error(path, "cannot be looked at") }
      return
    }
    if info.st_mode & S_IFMT == S_IFDIR {
      for name in try list(path) { try remove("\(path)/\(name)") }
      guard SystemCalls.removeFolder(path) == 0 else { throw error(path, "cannot be removed") }
    } else {
      guard SystemCalls.unlink(path) == 0 else { throw error(path, "cannot be removed") }
    }
  }

  /// Gives a file or folder another name, in one step.
  package static func rename(_ path: String, to other: String) throws(TrainingError) {
    guard SystemCalls.rename(path, to: other) == 0 else {
      throw error(path, "cannot be renamed to \(other)")
    }
  }

  /// Waits until a file, or the names of a folder, are on the disk.
  package static func synchronize(_ path: String) throws(TrainingError) {
    let descriptor = SystemCalls.open(path, [.readOnly])
    guard descriptor >= 0 else { throw error(path, "cannot be opened") }
    defer { SystemCalls.close(descriptor, path: path) }
    guard SystemCalls.synchronize(descriptor, path: path) == 0 else {
      throw error(path, "cannot be written to the disk")
    }
  }

  /// Writes all bytes to a descriptor.
  package static func write(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(TrainingError) {
    let result = bytes.withUnsafeBytes {
      SystemCalls.writeAll(descriptor, $0, path: path)
    }
    guard result == 0 else { throw error(path, "cannot be written") }
  }

  /// What the name of a file ends with while it is written.
  package static let temporarySuffix = ".tmp"

  /// Writes a file in place of another, whole or not at all, and waits until it is on the disk.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(TrainingError) {
    let temporary = path + temporarySuffix
    do throws(TrainingError) {
      try writeFile(temporary, bytes)
      try rename(temporary, to: path)
    } catch {
      _ = SystemCalls.unlink(temporary)
      throw error
    }
  }

  /// Makes a file that nobody else has, and waits until it is on the disk.
  ///
  /// What an interrupted write left under the name is replaced; a link is, not what it leads to.
  package static func writeFile(_ path: String, _ bytes: [UInt8]) throws(TrainingError) {
    let descriptor = try make(path)
    defer { SystemCalls.close(descriptor, path: path) }
    try write(bytes, to: descriptor, path: path)
    guard SystemCalls.synchronize(descriptor, path: path) == 0 else {
      throw error(path, "cannot be written to the disk")
    }
  }

  private static func make(_ path: String) throws(TrainingError) -> Int32 {
    var descriptor = SystemCalls.open(path, [.writeOnly, .create, .exclusive])
    if descriptor < 0, errno == EEXIST, SystemCalls.unlink(path) == 0 {
      descriptor = SystemCalls.open(path, [.writeOnly, .create, .exclusive])
    }
    guard descriptor >= 0 else { throw error(path, "cannot be made") }
    return descriptor
  }

  /// Copies a file from a place to its end into a new file, and waits until that is on the disk.
  package static func copy(
    _ path: String, from offset: Int, to other: String
  ) throws(TrainingError) {
    let source = SystemCalls.open(path, [.readOnly])
    guard source >= 0 else { throw error(path, "cannot be opened") }
    defer { SystemCalls.close(source, path: path) }
    let target = try make(other)
    defer { SystemCalls.close(target, path: other) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var place = offset
    while true {
      let count = buffer.withUnsafeMutableBytes {
        SystemCalls.read(source, $0, at: place, path: path)
      }
      if count < 0 { throw error(path, "cannot be read") }
      if count == 0 { break }
      try write(Array(buffer[..<count]), to: target, path: other)
      place += count
    }
    guard SystemCalls.synchronize(target, path: other) == 0 else {
      throw error(other, "cannot be written to the disk")
    }
  }

  /// A path beside another that nothing has: its name behind a prefix, with a number where need be.
  package static func free(_ path: String, prefix: String) -> String {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    // A hidden name must not stay hidden.
    let name = path[slash...].drop { $0 == "." }
    let first = "\(path[..<slash])\(prefix)\(name)"
    guard exists(first) else { return first }
    return freeNumber { "\(first)-\($0)" }
  }

  /// The first of numbered paths, from 1 (or another number), that nothing has.
  package static func freeNumber(from first: Int = 2, _ path: (Int) -> String) -> String {
    var number = first
    while exists(path(number)) { number += 1 }
    return path(number)
  }

  /// Reads a whole file.
  package static func read(_ path: String) throws(TrainingError) -> [UInt8] {
    do {
      return try InputFile.contents(path, limit: 1 << 32)
    } catch {
      // What is no file, or none of this size, is not what the run wrote.
      guard let code = error.code else { throw TrainingError(.badData, error.description) }
      throw Self.error(path, "cannot be read", code: code)
    }
  }

  /// The SHA-256 checksum of a file, as 64 lower-case hexadecimal digits.
  package static func checksum(_ path: String) throws(TrainingError) -> String {
    guard let checksum = SHA256.checksum(ofFile: path) else { throw error(path, "cannot be read") }
    return checksum
  }

  /// What a link points to; nil where there is no link.
  package static func linkTarget(_ path: String) -> String? {
    SystemCalls.readLink(path)
  }

  /// What a link points to; nil where there is none, or something else.
  ///
  /// - Throws: where it cannot be read, which says nothing of it.
  package static func target(ofLink path: String) throws(TrainingError) -> String? {
    if let target = SystemCalls.readLink(path) { return target }
    guard [ENOENT, ENOTDIR, EINVAL].contains(errno) else { throw error(path, "cannot be read") }
    return nil
  }

  /// Points a link to a name in its own folder, in one step.
  package static func link(_ path: String, to target: String) throws(TrainingError) {
    if try self.target(ofLink: path) == target { return }
    let temporary = path + temporarySuffix
    try OwnFiles.sweep(temporary)
    guard SystemCalls.link(temporary, to: target) == 0 else {
      throw error(temporary, "cannot be made")
    }
    try rename(temporary, to: path)
  }

  /// Bytes that may still be written to the disk that holds a path, which need not exist yet.
  package static func availableSpace(at path: String) throws(TrainingError) -> Int {
    var place = path
    while !exists(place), let slash = place.lastIndex(of: "/") {
      place = slash == place.startIndex ? "/" : String(place[..<slash])
    }
    if !exists(place) { place = "." }
    let bytes = SystemCalls.availableSpace(at: place)
    guard bytes >= 0 else { throw error(place, "the disk cannot be asked") }
    return bytes
  }
}
