import Foundation
import HoneJSON

extension Recipe {
  /// The file or folder that a path of a recipe means, as ``resolve(path:recipeFile:)`` finds it.
  ///
  /// - Parameter what: What is wanted, for the message: "model folder", "task file".
  /// - Throws: `TrainingError` of kind `missingFile` that says where it was looked for and, where the
  ///   recipe was written for another working directory, which one that is.
  public static func locate(
    _ path: String, wanted what: String, recipeFile: String?
  ) throws(TrainingError) -> String {
    if let found = resolve(path: path, recipeFile: recipeFile) { return found }
    guard let recipeFile, !path.hasPrefix("/") else {
      throw TrainingError(.missingFile, "\(path): \(MissingPath.reason(path, wanted: what))")
    }
    let folder = URL(fileURLWithPath: recipeFile).deletingLastPathComponent()
    var message = MissingPath.reason(
      path, wanted: what, others: ["beside the recipe, in \(folder.path)"])
    if let root = root(above: folder, holding: path) {
      message += ". It is in \(root): the recipe is meant to be run from there; cd to it first"
    }
    throw TrainingError(.missingFile, "\(path): \(message)")
  }

  /// The nearest folder above one that holds a path.
  private static func root(above folder: URL, holding path: String) -> String? {
    var folder = folder.standardizedFileURL
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path) {
        return folder.path
      }
    }
    return nil
  }
}
