import Glibc
import Synchronization

/// The system's calls on files, the only ones that a run's files go through.
///
/// Each returns what the system does: a negative number is a failure, and `errno` says which. Calls
/// that a signal interrupts are made again. A test can have any of them fail (``setFaults(_:below:)``).
package enum SystemCalls {
  private static let isArmed = Atomic<Bool>(false)
  private static let faults = Mutex<[String: any FileFaults]>([:])

  /// Sets who decides which calls on a folder's files fail; nil lets all of them happen.
  ///
  /// For the whole process, but for one folder alone, so that tests can run beside each other.
  package static func setFaults(_ faults: (any FileFaults)?, below folder: String) {
    let isEmpty = self.faults.withLock { all in
      all[folder] = faults
      return all.isEmpty
    }
    isArmed.store(!isEmpty, ordering: .releasing)
  }

  /// Who decides for a path.
  private static func faults(for path: String) -> (any FileFaults)? {
    faults.withLock { all in
      all.first { path == $0.key || path.hasPrefix($0.key + "/") }?.value
    }
  }

  /// Makes a call, unless it is to fail.
  @inline(__always)
  private static func call(
    _ describe: @autoclosure () -> FileCall, _ body: () -> Int
  ) -> Int {
    guard isArmed.load(ordering: .acquiring) else { return repeated(body) }
    let call = describe()
    guard let faults = faults(for: call.path) else { return repeated(body) }
    if let code = faults.fault(call) {
      errno = code
      return -1
    }
    let result = repeated(body)
    let code = errno
    faults.happened(call, result: result)
    errno = code
    return result
  }

  @inline(__always)
  private static func repeated(_ body: () -> Int) -> Int {
    while true {
      let result = body()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  // MARK: - Descriptors

  /// Opens a file; the permissions of one that is made are 0666 less the process's mask.
  package static func open(_ path: String, _ options: OpenOptions) -> Int32 {
    var flags = O_CLOEXEC
    if options.contains(.readWrite) {
      flags |= O_RDWR
    } else if options.contains(.writeOnly) {
      flags |= O_WRONLY
    }
    if options.contains(.create) { flags |= O_CREAT }
    if options.contains(.exclusive) { flags |= O_CREAT | O_EXCL }
    if options.contains(.truncate) { flags |= O_TRUNC }
    if options.contains(.nonBlocking) { flags |= O_NONBLOCK }
    if options.contains(.append) { flags |= O_APPEND }
    return Int32(
      call(FileCall(name: .open, path: path, options: options)) {
        Int(Glibc.open(path, flags, 0o666))
      })
  }

  /// Closes a descriptor; it is closed whatever is returned.
  @discardableResult
  package static func close(_ descriptor: Int32, path: String) -> Int32 {
    let result = call(FileCall(name: .close, path: path, descriptor: descriptor)) {
      // Linux closes it even where a signal came between: closing again might hit another's.
      let result = Glibc.close(descriptor)
      return result < 0 && errno == EINTR ? 0 : Int(result)
    }
    return Int32(result)
  }

  /// Reads the next bytes; 0 at the end.
  package static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, path: String
  ) -> Int {
    call(FileCall(name: .read, path: path, descriptor: descriptor)) {
      Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    }
  }

  /// Reads bytes from a place; 0 at the end.
  package static func read(
    _ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int, path: String
  ) -> Int {
    call(FileCall(name: .read, path: path, descriptor: descriptor)) {
      pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    }
  }

  /// Writes bytes, or the first of them.
  package static func write(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, path: String
  ) -> Int {
    call(FileCall(name: .write, path: path, descriptor: descriptor, bytes: bytes)) {
      Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    }
  }

  /// Waits until a file, or the names of a folder, are on the disk.
  package static func synchronize(_ descriptor: Int32, path: String) -> Int32 {
    Int32(
      call(FileCall(name: .synchronize, path: path, descriptor: descriptor)) {
        Int(fsync(descriptor))
      })
  }

  /// Cuts a file to a length.
  package static func truncate(_ descriptor: Int32, to length: Int, path: String) -> Int32 {
    Int32(
      call(FileCall(name: .truncate, path: path, descriptor: descriptor, length: length)) {
        Int(ftruncate(descriptor, off_t(length)))
      })
  }

  /// Takes the lock of a file without waiting for who has it.
  package static func lock(_ descriptor: Int32, path: String) -> Int32 {
    Int32(
      call(FileCall(name: .lock, path: path, descriptor: descriptor)) {
        Int(flock(descriptor, LOCK_EX | LOCK_NB))
      })
  }

  /// What a descriptor stands for.
  package static func status(_ descriptor: Int32, path: String, _ info: inout stat) -> Int32 {
    withUnsafeMutablePointer(to: &info) { info in
      Int32(
        call(FileCall(name: .status, path: path, descriptor: descriptor)) {
          Int(fstat(descriptor, info))
        })
    }
  }

  // MARK: - Names

  /// What a path leads to; with `followsLinks` false, what it names.
  package static func status(
    _ path: String, followsLinks: Bool = true, _ info: inout stat
  ) -> Int32 {
    withUnsafeMutablePointer(to: &info) { info in
      Int32(
        call(FileCall(name: .status, path: path)) {
          Int(followsLinks ? stat(path, info) : lstat(path, info))
        })
    }
  }

  /// Gives a file or folder another name, in one step; what had it before is gone.
  package static func rename(_ path: String, to other: String) -> Int32 {
    Int32(
      call(FileCall(name: .rename, path: path, other: other)) { Int(Glibc.rename(path, other)) })
  }

  /// Makes a folder.
  package static func makeFolder(_ path: String) -> Int32 {
    Int32(call(FileCall(name: .makeFolder, path: path)) { Int(mkdir(path, 0o777)) })
  }

  /// Removes an empty folder.
  package static func removeFolder(_ path: String) -> Int32 {
    Int32(call(FileCall(name: .removeFolder, path: path)) { Int(rmdir(path)) })
  }

  /// Removes a file or a link.
  package static func unlink(_ path: String) -> Int32 {
    Int32(call(FileCall(name: .unlink, path: path)) { Int(Glibc.unlink(path)) })
  }

  /// Makes a link to a target.
  package static func link(_ path: String, to target: String) -> Int32 {
    Int32(
      call(FileCall(name: .link, path: path, other: target)) { Int(symlink(target, path)) })
  }

  /// What a link says; nil and `errno` where there is none.
  package static func readLink(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBufferPointer { buffer in
      call(FileCall(name: .readLink, path: path)) {
        buffer.baseAddress.map { readlink(path, $0, buffer.count) } ?? -1
      }
    }
    return count < 0
      ? nil : String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The names in a folder, sorted, without `.` and `..`; nil and `errno` where it cannot be read.
  package static func list(_ path: String) -> [String]? {
    var names: [String] = []
    let result = call(FileCall(name: .list, path: path)) {
      guard let folder = opendir(path) else { return -1 }
      defer { closedir(folder) }
      names = []
      errno = 0
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
        errno = 0
      }
      return errno == 0 ? names.count : -1
    }
    return result < 0 ? nil : names.sorted()
  }

  /// Bytes that may still be written to the disk that holds a path; negative where it cannot be asked.
  package static func availableSpace(at path: String) -> Int {
    call(FileCall(name: .space, path: path)) {
      var info = statvfs()
      guard statvfs(path, &info) == 0 else { return -1 }
      let (bytes, overflow) = Int(clamping: info.f_bavail).multipliedReportingOverflow(
        by: Int(clamping: info.f_frsize))
      return overflow ? .max : bytes
    }
  }
}
