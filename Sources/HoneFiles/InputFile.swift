import Glibc

/// Why a file cannot be read.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of trouble it is.
  package enum Kind: Sendable, Hashable {
    /// Nothing is there.
    case missing
    /// What is there is not what may be read in this place.
    case refused
    /// The system refused.
    case system
  }

  /// The path as it was given.
  package var path: String
  /// What kind of trouble it is.
  package var kind: Kind
  /// The system's number of the error, where it refused.
  package var code: Int32?
  /// What was tried, and the system's reason or what was wanted: `cannot be read: Is a directory`.
  package var reason: String

  /// `path: reason`.
  package var description: String { "\(path): \(reason)" }

  /// A fault with its reason.
  package init(_ path: String, _ kind: Kind, _ reason: String) {
    self.path = path
    self.kind = kind
    self.reason = reason
  }

  /// What `errno` says about a call on a path.
  package init(_ path: String, _ action: String, code: Int32 = errno) {
    self.init(
      path, code == ENOENT ? .missing : .system, "\(action): \(String(cString: strerror(code)))")
    self.code = code
  }
}

/// A file that is open for reading, and known to be one that may be read here.
///
/// Every input of every verb is opened here. Nothing waits while it is opened but for a pipe that a
/// person named, and what never ends is refused before its first byte.
package final class InputFile: Sendable {
  /// Where a path comes from, which decides what may lie there.
  package enum Origin: Sendable {
    /// A file of a folder (a model, a checkpoint): a regular file, or a link to one.
    case folder
    /// A path that a person gives: pipes (`<(…)`), a terminal and the null device as well.
    case person
  }

  /// The path as it was given.
  package let path: String
  /// The open descriptor; it belongs to this object.
  package let descriptor: Int32
  /// The bytes of a regular file when it was opened; nil for whatever else.
  package let size: Int?

  /// Opens a file.
  ///
  /// - Throws: ``FileFault``: `missing`, `refused` for devices and pipes where none may be, `system`
  ///   with the system's reason, for a folder too.
  package init(_ path: String, from origin: Origin = .folder) throws(FileFault) {
    self.path = path
    var info = stat()
    // A pipe of a person's is waited for as `cat` does; nothing else is.
    let waits =
      origin == .person && SystemCalls.status(path, &info) == 0 && info.st_mode & S_IFMT == S_IFIFO
    let opened = SystemCalls.open(path, waits ? [.readOnly] : [.readOnly, .nonBlocking])
    guard opened >= 0 else {
      // The open of a socket fails so.
      if errno == ENXIO { throw FileFault(path, .refused, "cannot be opened: a socket") }
      throw FileFault(path, "cannot be opened")
    }
    do throws(FileFault) {
      guard SystemCalls.status(opened, path: path, &info) == 0 else {
        throw FileFault(path, "cannot be looked at")
      }
      switch info.st_mode & S_IFMT {
      case S_IFREG: size = max(0, Int(info.st_size))
      case S_IFIFO where waits: size = nil
      case S_IFCHR where origin == .person && Self.ends(opened, info): size = nil
      default: throw Self.refusal(path, info)
      }
    } catch {
      SystemCalls.close(opened, path: path)
      throw error
    }
    descriptor = opened
  }

  deinit { SystemCalls.close(descriptor, path: path) }

  /// Whether a device ends, the null device at once and a terminal by a key; its reads wait from here on.
  private static func ends(_ descriptor: Int32, _ info: stat) -> Bool {
    let null = 1 << 8 | 3 as dev_t
    guard info.st_rdev == null || isatty(descriptor) == 1 else { return false }
    return fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0
  }

  private static func refusal(_ path: String, _ info: stat) -> FileFault {
    let kind: String
    switch info.st_mode & S_IFMT {
    case S_IFDIR:
      return FileFault(path, "cannot be read", code: EISDIR)
    case S_IFIFO: kind = "a pipe"
    case S_IFCHR, S_IFBLK: kind = "a device"
    default: kind = "neither a file nor a folder"
    }
    return FileFault(path, .refused, "cannot be read: \(kind), wanted a regular file")
  }
}

// MARK: - Reading

extension InputFile {
  /// Reads the next bytes; 0 at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
    let count = SystemCalls.read(descriptor, buffer, path: path)
    guard count >= 0 else { throw FileFault(path, "cannot be read") }
    return count
  }

  /// Fills a buffer with the bytes from a place on.
  ///
  /// - Throws: ``FileFault``, also where the file has become shorter since it was opened.
  package func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(FileFault) {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = SystemCalls.read(descriptor, rest, at: offset + filled, path: path)
      if count < 0 { throw FileFault(path, "cannot be read") }
      if count == 0 {
        throw FileFault(
          path, .system,
          "became shorter while it was read: \(offset + filled) bytes are left of \(size ?? 0)")
      }
      filled += count
    }
  }

  /// All bytes that are left.
  ///
  /// - Parameter limit: The most bytes that are taken into memory.
  /// - Throws: ``FileFault``, `refused` where there are more.
  package func readToEnd(limit: Int) throws(FileFault) -> [UInt8] {
    func tooLong(_ count: String) -> FileFault {
      FileFault(path, .refused, "\(count) bytes; wanted at most \(limit)")
    }
    if let size, size > limit { throw tooLong("\(size)") }
    var bytes: [UInt8] = []
    bytes.reserveCapacity((size ?? 0) + 1)
    let capacity = min(1 << 18, max(4096, (size ?? 0) + 1))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try read(into: buffer)
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw tooLong("more than \(limit)") }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The bytes of a file.
  package static func contents(
    _ path: String, from origin: Origin = .folder, limit: Int
  ) throws(FileFault) -> [UInt8] {
    try InputFile(path, from: origin).readToEnd(limit: limit)
  }
}

extension SystemCalls {
  /// Whether something is there; what cannot be looked at counts as there, so that opening it says why.
  package static func exists(_ path: String) -> Bool {
    var info = stat()
    return status(path, &info) == 0 || (errno != ENOENT && errno != ENOTDIR)
  }

  /// Whether a folder is there.
  package static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return status(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}
