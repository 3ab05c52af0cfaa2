import Glibc

/// The system's errors in words.
package enum SystemError {
  /// The reason, as the system has it: `No space left on device`.
  package static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

  /// Why a file could not be written, and what to do about it where that is known.
  package static func ofWriting(_ code: Int32 = errno) -> String {
    let advice = advice(code)
    return "cannot be written: \(reason(code))" + (advice.isEmpty ? "" : ". " + advice)
  }

  /// What to do about an error of writing; empty where nothing is known.
  package static func advice(_ code: Int32) -> String {
    switch code {
    case ENOSPC: "Free some space"
    case EDQUOT: "Free some space, or have the quota raised"
    case EFBIG: "The limit on the size of a file is reached: raise it (ulimit -f)"
    case EACCES, EPERM, EROFS: "Choose another folder, or change its permissions"
    case EIO, ESTALE: "See to the disk"
    default: ""
    }
  }

  /// Whether the error is of the disk, not of a name: what was being written may be written later.
  package static func isOfDisk(_ code: Int32) -> Bool {
    [ENOSPC, EDQUOT, EFBIG, EIO, ESTALE].contains(code)
  }
}
