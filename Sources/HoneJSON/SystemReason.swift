import Foundation

extension Error {
  /// Why the operating system refused, in its own words: `No space left on device`.
  ///
  /// Foundation wraps the number in errors whose description is "The operation could not be
  /// completed" on this platform; the number lies underneath.
  package var systemReason: String {
    if let code = Self.errorNumber(self as NSError, depth: 0) {
      return String(cString: strerror(code))
    }
    let error = self as NSError
    return "error \(error.code) of \(error.domain)"
  }

  private static func errorNumber(_ error: NSError, depth: Int) -> Int32? {
    if error.domain == NSPOSIXErrorDomain { return Int32(exactly: error.code) }
    if depth < 8, let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error,
      let code = errorNumber(cause as NSError, depth: depth + 1)
    {
      return code
    }
    guard error.domain == NSCocoaErrorDomain else { return nil }
    return cocoaCodes[error.code]
  }
}

/// What Foundation's own numbers stand for where nothing lies underneath.
private let cocoaCodes: [Int: Int32] = [
  CocoaError.fileNoSuchFile.rawValue: ENOENT, CocoaError.fileReadNoSuchFile.rawValue: ENOENT,
  CocoaError.fileReadNoPermission.rawValue: EACCES,
  CocoaError.fileWriteNoPermission.rawValue: EACCES,
  CocoaError.fileWriteOutOfSpace.rawValue: ENOSPC,
  CocoaError.fileWriteVolumeReadOnly.rawValue: EROFS,
  CocoaError.fileWriteFileExists.rawValue: EEXIST, CocoaError.fileReadTooLarge.rawValue: EFBIG,
  CocoaError.fileReadInvalidFileName.rawValue: EINVAL,
  CocoaError.fileWriteInvalidFileName.rawValue: EINVAL,
  CocoaError.fileReadUnknown.rawValue: EIO, CocoaError.fileWriteUnknown.rawValue: EIO,
]
