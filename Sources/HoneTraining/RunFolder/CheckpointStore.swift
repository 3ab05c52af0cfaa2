import HoneFiles
import HoneJSON
import HonePolicy

/// The checkpoints of a run: each whole or absent.
///
/// A checkpoint is written to a temporary folder, its files and their names are forced to the disk,
/// and only then does it get its name. A process that is killed at any moment leaves the older
/// checkpoints and perhaps a temporary folder, which the next start removes.
public struct CheckpointStore: Sendable {
  /// The run's folder.
  public let folder: String
  static let damagedPrefix = "damaged-"
  /// Which folder that was when the run began; nothing is written into one that has taken its place.
  private let identity: FileIdentity?

  /// The checkpoints in a run's folder.
  public init(folder: String) {
    self.folder = folder
    identity = nil
  }

  /// The checkpoints in a folder, and in no other that takes its name.
  init(in identity: FileIdentity) {
    folder = identity.path
    self.identity = identity
  }

  /// Every folder that has a checkpoint's name, oldest first, whole or not.
  public func all() throws(TrainingError) -> [Checkpoint] {
    let names = try Files.list(folder)
    return names.compactMap { name in
      Checkpoint.step(ofFolder: name).map { Checkpoint(path: "\(folder)/\(name)", step: $0) }
    }.sorted { $0.step < $1.step }
  }

  // MARK: - Writing

  /// Writes a checkpoint, whole or not at all, then points `latest` (and `best`) to it and removes
  /// old ones.
  ///
  /// - Parameters:
  ///   - state: The state to store; its step names the folder.
  ///   - isBest: Whether this policy is the best so far.
  ///   - keep: Checkpoints to keep beside the best and those that are protected, at least 1.
  ///   - protected: Steps whose checkpoints are never removed.
  ///   - files: Writes the model and the optimiser into the folder it is given.
  /// - Throws: The error of `files`, or `TrainingError`; the older checkpoints are untouched then.
  @discardableResult
  public func write(
    _ state: TrainerState, isBest: Bool, keep: Int, protecting protected: Set<Int> = [],
    files: (_ folder: String) throws -> Void
  ) throws -> Checkpoint {
    precondition(keep >= 1, "\(keep) checkpoints to keep; at least 1 is needed to resume")
    let name = Checkpoint.folderName(step: state.step)
    do {
      try identity?.require()
      let temporary = try writeTemporary(name, state, files)
      try identity?.require()
      try install(temporary, as: name)
      try OwnFiles.link("\(folder)/latest", to: name)
      if isBest { try OwnFiles.link("\(folder)/best", to: name) }
      try Files.synchronize(folder)
      try prune(keep: keep, protected: protected)
    } catch {
      // A folder that was moved meanwhile explains whatever else went wrong.
      try identity?.require()
      throw error
    }
    return Checkpoint(path: "\(folder)/\(name)", step: state.step)
  }

  /// Whether the folder is the one that the run began in.
  private var isInPlace: Bool { identity.map { (try? $0.require()) != nil } ?? true }

  /// Writes and seals everything under a name that no reader looks at.
  private func writeTemporary(
    _ name: String, _ state: TrainerState, _ files: (_ folder: String) throws -> Void
  ) throws -> String {
    let temporary = "\(folder)/\(OwnFiles.temporaryPrefix)\(name)"
    try OwnFiles.sweep(temporary)
    guard SystemCalls.makeFolder(temporary) == 0 else {
      throw Files.error(temporary, "the folder cannot be made")
    }
    do {
      try files(temporary)
      try Files.replace(
        "\(temporary)/\(TrainerState.fileName)",
        with: state.json.serializedBytes(pretty: true))
      try seal(temporary)
    } catch {
      // The first error is the one that matters; what is left is removed at the next start.
      if isInPlace { try? Files.remove(temporary) }
      throw Files.inRun(error)
    }
    return temporary
  }

  /// Writes the manifest and waits until everything is on the disk.
  private func seal(_ temporary: String) throws(TrainingError) {
    let manifest = try Manifest.make(folder: temporary)
    for file in manifest.files { try Files.synchronize("\(temporary)/\(file.name)") }
    try Files.replace(
      "\(temporary)/\(Manifest.fileName)", with: manifest.json.serializedBytes(pretty: true))
    try Files.synchronize(temporary)
  }

  /// Gives the temporary folder its name, in place of an older one of the same step.
  private func install(_ temporary: String, as name: String) throws(TrainingError) {
    let path = "\(folder)/\(name)"
    let replaced = "\(folder)/\(OwnFiles.replacedPrefix)\(name)"
    try OwnFiles.sweep(replaced)
    if try Files.has(path) { try Files.rename(path, to: replaced) }
    try Files.rename(temporary, to: path)
    try Files.synchronize(folder)
    try OwnFiles.sweep(replaced)
  }

  /// Points `best` to the checkpoint of a step, or to nothing.
  package func pointBest(to step: Int?) throws(TrainingError) {
    try identity?.require()
    if let step {
      try OwnFiles.link("\(folder)/best", to: Checkpoint.folderName(step: step))
    } else {
      try OwnFiles.unlink("\(folder)/best")
    }
    try Files.synchronize(folder)
  }

  /// Removes all but the newest ones, the best and those that are protected.
  private func prune(keep: Int, protected: Set<Int>) throws(TrainingError) {
    let best = try Files.target(ofLink: "\(folder)/best")
    let others = try all().filter {
      Checkpoint.folderName(step: $0.step) != best && !protected.contains($0.step)
    }
    // Those count for nothing: `keep` others stay even where they are among the newest.
    for checkpoint in others.dropLast(keep) {
      // Out of sight first: a checkpoint that is being removed must not look like a torn one.
      let hidden = "\(folder)/\(OwnFiles.removedPrefix)\(checkpoint.step)"
      try OwnFiles.sweep(hidden)
      try Files.rename(checkpoint.path, to: hidden)
      try OwnFiles.sweep(hidden)
    }
  }
}
