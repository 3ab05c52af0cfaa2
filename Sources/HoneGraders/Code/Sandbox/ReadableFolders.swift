import Foundation

/// The folders that a program must be able to read beside the system's own.
enum ReadableFolders {
  /// What is shown anyway.
  private static let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store"]

  /// The folder of a tool and of its libraries, such as `/opt/swift/usr` for
  /// `/opt/swift/usr/bin/swiftc`; nil where it is shown anyway.
  ///
  /// A folder that holds somebody's home is never shown: then the tool does not work, and says so.
  static func prefix(ofTool path: String, home: String = NSHomeDirectory()) -> String? {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    var parts = real.split(separator: "/").map(String.init)
    guard parts.count >= 3 else { return nil }
    parts.removeLast()
    if parts.last == "bin" { parts.removeLast() }
    return shown("/" + parts.joined(separator: "/"), home: home)
  }

  /// The folder, unless it is shown anyway or holds a home.
  static func shown(_ folder: String, home: String = NSHomeDirectory()) -> String? {
    let isSystem = system.contains { folder == $0 || folder.hasPrefix($0 + "/") }
    let holdsHome = home == folder || home.hasPrefix(folder == "/" ? "/" : folder + "/")
    return isSystem || holdsHome ? nil : folder
  }
}
