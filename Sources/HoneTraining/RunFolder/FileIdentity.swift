import Foundation
import HoneFiles

/// Which file or folder a path led to when a run began, whatever takes its name later.
///
/// A run's folder may be moved or removed while the run is at work. What is written by name afterwards
/// would land in a new folder that holds half of a run, so every row and checkpoint asks first.
struct FileIdentity: Sendable, Hashable {
  let path: String
  private let device: UInt64
  private let number: UInt64

  /// What a path leads to now.
  init(_ path: String) throws(TrainingError) {
    var info = stat()
    guard SystemCalls.status(path, &info) == 0 else {
      throw Files.error(path, "cannot be looked at")
    }
    self.init(path, info)
  }

  /// What a descriptor stands for.
  init(path: String, descriptor: Int32) throws(TrainingError) {
    var info = stat()
    guard SystemCalls.status(descriptor, path: path, &info) == 0 else {
      throw Files.error(path, "cannot be looked at")
    }
    self.init(path, info)
  }

  private init(_ path: String, _ info: stat) {
    self.path = path
    device = UInt64(info.st_dev)
    number = UInt64(info.st_ino)
  }

  /// Refuses to go on where the path leads elsewhere now.
  ///
  /// - Throws: `TrainingError` of kind `inputOutput`.
  func require() throws(TrainingError) {
    var info = stat()
    let isThere = SystemCalls.status(path, &info) == 0
    if !isThere, errno != ENOENT, errno != ENOTDIR {
      throw Files.error(path, "cannot be looked at")
    }
    guard isThere, FileIdentity(path, info) == self else {
      let seen = isThere ? "something else has its place" : "it is not there any more"
      throw TrainingError(
        .inputOutput,
        "\(path): moved or removed while the run was at work (\(seen)). Nothing was written in its place; put it back, or name where it is with --output, and go on with --resume"
      )
    }
  }
}
