import Foundation

/// Finds compilers and the like by their names.
package struct ToolFinder: Sendable {
  /// Where to look, in order.
  package var folders: [String]

  /// Looks in the system's own folders, then along `PATH`.
  package init(
    folders: [String] = ["/usr/bin", "/bin", "/usr/local/bin"]
      + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
  ) {
    self.folders = folders
  }

  /// The absolute path of the first tool that is there and can be executed, or nil.
  package func path(ofFirst names: [String]) -> String? {
    for name in names {
      for folder in folders where folder.hasPrefix("/") {
        let path = folder + "/" + name
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
          !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: path)
        {
          return path
        }
      }
    }
    return nil
  }
}
