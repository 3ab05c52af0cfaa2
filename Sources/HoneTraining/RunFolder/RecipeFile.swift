import Foundation
import HoneFiles

/// `recipe.yaml` of a run: the resolved recipe, with a checksum in a comment at its end.
enum RecipeFile {
  private static let opening = "# crc32 of the lines above: "

  /// The file's bytes.
  static func bytes(_ recipe: Recipe) -> [UInt8] {
    var text = recipe.yaml
    if !text.hasSuffix("\n") { text += "\n" }
    return Array((text + opening + CRC32.hexadecimal(CRC32.checksum(text.utf8)) + "\n").utf8)
  }

  /// Reads a file.
  ///
  /// - Throws: `TrainingError` of kind `badData` where it is not what was written; of an older version,
  ///   without a checksum, where it is no recipe.
  static func read(_ path: String) throws(TrainingError) -> Recipe {
    let bytes = try Files.read(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw TrainingError(.badData, "\(path): the file is not UTF-8 text; it is damaged")
    }
    if let range = text.range(of: opening, options: .backwards) {
      let expected = CRC32.hexadecimal(CRC32.checksum(text[..<range.lowerBound].utf8))
      guard text[range.upperBound...] == expected + "\n" else {
        throw TrainingError(
          .badData,
          "\(path): changed since it was written: its crc32 is \(text[range.upperBound...].prefix(8)), its lines give \(expected)"
        )
      }
    }
    do throws(TrainingError) {
      return try Recipe.parse(text, file: path)
    } catch {
      // What this program wrote is no wrong recipe but a damaged one.
      throw TrainingError(.badData, "\(error.message); the run's recipe is damaged")
    }
  }
}
