import HonePolicy

/// Looks for numbers that are none in the files of a checkpoint.
///
/// A policy of infinities is whole by its checksums and useless all the same. Checkpoints are proved finite
/// when they are written; those of older versions were not.
enum FiniteNumbers {
  /// Refuses a folder with a number that is not finite, in weights, moments or the reference.
  ///
  /// - Throws: `TrainingError` of kind `badData` naming file, tensor and index.
  static func require(in folder: String) throws(TrainingError) {
    for name in try Files.list(folder) where name.hasSuffix(".safetensors") {
      let path = "\(folder)/\(name)"
      do throws(PolicyError) {
        let reader = try SafetensorsReader(path: path)
        for tensor in reader.names {
          let values = try reader.floats(tensor)
          guard let index = values.firstIndex(where: { !$0.isFinite }) else { continue }
          throw PolicyError(
            .badData,
            "\(path): '\(tensor)' holds \(values[index]) at index \(index); nothing can be gone on from such numbers"
          )
        }
      } catch {
        throw TrainingError(error)
      }
    }
  }
}
