import Foundation

/// What is said of a path that leads nowhere: what was wanted, and where it was looked for.
package enum MissingPath {
  /// `no such model folder; looked in the working directory, /a, and beside the recipe, in /b`.
  ///
  /// - Parameters:
  ///   - path: The path as it was given. An absolute one was looked for where it says.
  ///   - what: What was wanted: "model folder", "file".
  ///   - others: Where else it was looked for, as phrases.
  package static func reason(
    _ path: String, wanted what: String, others: [String] = []
  ) -> String {
    guard !path.hasPrefix("/") else { return "no such \(what)" }
    let here = "in the working directory, \(FileManager.default.currentDirectoryPath)"
    return "no such \(what); looked " + ([here] + others).joined(separator: ", and ")
  }
}
