import Foundation
import HoneGraders

/// A folder with executables that are never run.
final class ToolFolder: Sendable {
  let path: String

  init(_ names: [String]) throws {
    path = NSTemporaryDirectory() + "hone-tools-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for name in names {
      _ = FileManager.default.createFile(
        atPath: path + "/" + name, contents: Data(), attributes: [.posixPermissions: 0o755])
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var tools: ToolFinder { ToolFinder(folders: [path]) }
}
