import Foundation

/// The descriptors 0, 1 and 2, which must be open before any other file is.
///
/// A daemon is started with them closed; the next three files that are opened would take their numbers,
/// and what is said to people would be written into those.
enum StandardDescriptors {
  /// Opens those that are closed on the null device, the wrong way round: whoever asks for rows on a
  /// closed output, or reads a closed input, gets an error, and no file is touched.
  static func openClosed() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is closed, for those below are open by now.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Whether anything that is written to a descriptor can go anywhere.
  static func isWritable(_ descriptor: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY
  }
}
