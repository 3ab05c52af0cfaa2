import Glibc

// What takes several calls. Each tells of the call that failed, by its number in `errno`.

extension SystemCalls {
  /// Makes a folder and those above it; 0, or -1 where one cannot be made.
  package static func makeFolders(_ path: String) -> Int32 {
    var info = stat()
    if status(path, &info) == 0 {
      if info.st_mode & S_IFMT == S_IFDIR { return 0 }
      errno = ENOTDIR
      return -1
    }
    if let slash = path.lastIndex(of: "/"), slash > path.startIndex,
      makeFolders(String(path[..<slash])) != 0
    {
      return -1
    }
    if makeFolder(path) == 0 { return 0 }
    // Another process may have been faster.
    let code = errno
    if code == EEXIST, status(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR { return 0 }
    errno = code
    return -1
  }

  /// Writes all bytes to a descriptor; 0, or -1.
  package static func writeAll(
    _ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, path: String
  ) -> Int32 {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(descriptor, rest, path: path)
      if count < 0 { return -1 }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return 0
  }

  /// Makes a file of bytes, in place of what it held; 0, or -1.
  package static func writeFile(_ path: String, _ bytes: [UInt8]) -> Int32 {
    let descriptor = open(path, [.writeOnly, .create, .truncate])
    guard descriptor >= 0 else { return -1 }
    guard bytes.withUnsafeBytes({ writeAll(descriptor, $0, path: path) }) == 0 else {
      let code = errno
      close(descriptor, path: path)
      errno = code
      return -1
    }
    return close(descriptor, path: path)
  }
}
