import HoneJSON
import HonePolicy

/// A folder `checkpoint-<step>`: a complete model folder with the state of its training.
public struct Checkpoint: Sendable, Hashable {
  /// The folder.
  public var path: String
  /// Steps that were made, counted over all stages of the run.
  public var step: Int

  /// The step that a folder's name says; nil for other names.
  package static func step(ofFolder name: String) -> Int? {
    let prefix = "checkpoint-"
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      digits == "0" || digits.first != "0"
    else { return nil }
    return Int(digits)
  }

  /// Whether a folder's name is that of a checkpoint.
  package static func isFolderName(_ name: String) -> Bool { step(ofFolder: name) != nil }

  /// The name of the folder of a step.
  package static func folderName(step: Int) -> String { "checkpoint-\(step)" }

  /// A checkpoint's folder, whether or not it is whole.
  public init(path: String, step: Int) {
    self.path = path
    self.step = step
  }

  /// Checks every file against the manifest.
  ///
  /// - Returns: Names of files that the manifest does not list; no damage, but worth a remark.
  /// - Throws: `TrainingError` of kind `badData` naming the damaged file, what it has and what it
  ///   should have.
  @discardableResult
  public func verify() throws(TrainingError) -> [String] {
    try Self.verify(folder: path)
  }

  /// Checks every file of a folder against its manifest; see `verify()`.
  @discardableResult
  public static func verify(folder: String) throws(TrainingError) -> [String] {
    let manifest: Manifest
    do {
      manifest = try Manifest.read(folder: folder)
      for file in manifest.files {
        try manifest.checkSize(file, in: folder)
        try manifest.checkSum(file, in: folder)
      }
    } catch {
      throw TrainingError(error)
    }
    let listed = Set(manifest.files.map(\.name))
    return try Files.list(folder).filter { $0 != Manifest.fileName && !listed.contains($0) }
  }

  /// Reads `trainer_state.json`.
  ///
  /// - Throws: `TrainingError` of kind `badData` where it is damaged.
  public func state() throws(TrainingError) -> TrainerState {
    try TrainerState.read("\(path)/\(TrainerState.fileName)")
  }
}
