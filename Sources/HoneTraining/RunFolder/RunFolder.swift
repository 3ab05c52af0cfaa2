import HoneFiles
import HoneJSON

/// The folder of a run: its recipe, its rows, its checkpoints.
///
/// | name | holds |
/// | --- | --- |
/// | `recipe.yaml` | the recipe, every value resolved |
/// | `run.json` | arguments, seed, versions, machine, checksums of base and program, every resume |
/// | `metrics.jsonl` | a row a step |
/// | `evaluations.jsonl` | a row an evaluation |
/// | `completions.jsonl` | a row a sample |
/// | `checkpoint-<step>/` | a model folder with the state of its training |
/// | `latest`, `best` | links to checkpoints |
///
/// The process that holds a `RunFolder` is the only one that trains in it.
public final class RunFolder {
  /// The names of the row files.
  static let rowFiles = ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"]
  static let recipeFile = "recipe.yaml"
  static let descriptionFile = "run.json"

  /// The folder.
  public let path: String
  /// `metrics.jsonl`: a row a step.
  public let metrics: RowLog
  /// `evaluations.jsonl`: a row an evaluation.
  public let evaluations: RowLog
  /// `completions.jsonl`: a row a sample.
  public let completions: RowLog
  /// The checkpoints.
  public let checkpoints: CheckpointStore
  private let lock: RunLock
  private let identity: FileIdentity

  /// A folder with its row files, in their order.
  init(in identity: FileIdentity, lock: RunLock, logs: [RowLog]) {
    path = identity.path
    self.identity = identity
    self.lock = lock
    checkpoints = CheckpointStore(in: identity)
    (metrics, evaluations, completions) = (logs[0], logs[1], logs[2])
  }

  /// Folders that were made for this run, the outermost first; none where they were there.
  private var madeFolders: [String] = []

  /// Takes back a start of which nothing came: removes what the start has made, and no file of others.
  ///
  /// For a run that has made no step and no checkpoint.
  package func discard() throws(TrainingError) {
    try identity.require()
    for name in Self.rowFiles + [Self.recipeFile, Self.descriptionFile, RunLock.fileName] {
      try Files.remove("\(path)/\(name)")
    }
    for folder in madeFolders.reversed() {
      // A folder that somebody has put a file into meanwhile stays.
      guard try Files.list(folder).isEmpty else { return }
      try Files.remove(folder)
    }
  }

  // MARK: - Starting

  /// Whether a folder holds a run.
  ///
  /// - Throws: where it cannot be looked at.
  public static func holdsRun(_ path: String) throws(TrainingError) -> Bool {
    for name in [recipeFile, "latest"] + rowFiles {
      if try Files.has("\(path)/\(name)") { return true }
    }
    guard try Files.hasFolder(path) else { return false }
    return try !CheckpointStore(folder: path).all().isEmpty
  }

  /// Refuses a folder that a new run would disturb.
  ///
  /// - Throws: `TrainingError`: `wouldOverwrite` where the folder holds a run or a model.
  static func requireFree(_ path: String) throws(TrainingError) {
    if try holdsRun(path) {
      throw TrainingError(
        .wouldOverwrite,
        "\(path): the folder holds a run; go on with --resume, or choose another with --output")
    }
    // A start that was killed at once has left a description, and nothing else, that it can be known by.
    let description = "\(path)/\(descriptionFile)"
    let lock = "\(path)/\(RunLock.fileName)"
    let best = "\(path)/best"
    if try Files.has(description), try !isDescription(description) { throw foreign(description) }
    if try Files.has(lock), try !RunLock.isOwn(lock) { throw foreign(lock) }
    if try Files.has(best), try !OwnFiles.isLink(best) { throw foreign(best) }
    let (config, weights) = ("\(path)/config.json", "\(path)/model.safetensors")
    for file in [config, weights] where try Files.has(file) {
      throw TrainingError(
        .wouldOverwrite, "\(path): the folder holds a model; choose another with --output")
    }
  }

  private static func isDescription(_ path: String) throws(TrainingError) -> Bool {
    do throws(TrainingError) {
      _ = try RunDescription.read(path)
      return true
    } catch {
      guard error.kind == .badData else { throw error }
      return false
    }
  }

  private static func foreign(_ file: String) -> TrainingError {
    TrainingError(
      .wouldOverwrite,
      "\(file): not of a run; it would be overwritten. Choose another folder with --output")
  }

  /// Makes the folder of a new run.
  ///
  /// - Throws: `TrainingError`: `wouldOverwrite` where the folder holds a run, a model or is in use.
  public static func create(
    at path: String, recipe: Recipe, description: RunDescription
  ) throws(TrainingError) -> RunFolder {
    try requireFree(path)
    let made = Files.missingFolders(path)
    try Files.makeFolder(path)
    let lock = try RunLock(folder: path)
    try lock.claim()
    let identity = try FileIdentity(path)
    // Another process may have started here between the look and the lock.
    guard try !holdsRun(path) else {
      throw TrainingError(.wouldOverwrite, "\(path): another run has just started in this folder")
    }
    // The recipe comes last: with it the folder holds a run, which needs the description.
    try Files.replace(
      "\(path)/\(descriptionFile)", with: description.json.serializedBytes(pretty: true))
    try Files.replace("\(path)/\(recipeFile)", with: RecipeFile.bytes(recipe))
    var logs: [RowLog] = []
    for name in rowFiles {
      logs.append(
        try RowLog(path: "\(path)/\(name)", keeping: 0, chain: RowChain(), in: identity))
    }
    let run = RunFolder(in: identity, lock: lock, logs: logs)
    run.madeFolders = made
    try Files.synchronize(path)
    // Their own names, too; a folder above that cannot be opened keeps nobody from training.
    for folder in made {
      let above = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
      try? Files.synchronize(above.isEmpty ? "/" : above)
    }
    return run
  }

  /// The recipe of the run in a folder, as it was stored.
  ///
  /// - Throws: `TrainingError`: `missingFile` where there is none, `badData` where it is damaged.
  public static func recipe(at path: String) throws(TrainingError) -> Recipe {
    try RecipeFile.read("\(path)/\(recipeFile)")
  }

  /// Replaces the stored recipe, where a resumed run may differ in its steps for instance.
  public func store(_ recipe: Recipe) throws(TrainingError) {
    try identity.require()
    try Files.replace("\(path)/\(Self.recipeFile)", with: RecipeFile.bytes(recipe))
  }

  /// Replaces the description, to which every resume adds itself.
  func store(_ description: RunDescription) throws(TrainingError) {
    try identity.require()
    try Files.replace(
      "\(path)/\(Self.descriptionFile)", with: description.json.serializedBytes(pretty: true))
  }

  /// Why nothing more may be written here: the folder was moved or removed; nil where it was not.
  var displacement: TrainingError? {
    do throws(TrainingError) {
      try identity.require()
      return nil
    } catch {
      return error
    }
  }

  // MARK: - Checkpoints

  /// Writes a checkpoint with the lengths that the row files have now.
  ///
  /// - Parameters:
  ///   - state: The state; its file lengths are filled in.
  ///   - isBest: Whether this policy is the best so far.
  ///   - keep: Checkpoints to keep beside the best and those that are protected, at least 1.
  ///   - protected: Steps whose checkpoints are never removed.
  ///   - files: Writes the model and the optimiser into the folder it is given.
  /// - Throws: The error of `files`, or `TrainingError`; older checkpoints are untouched then.
  @discardableResult
  public func saveCheckpoint(
    _ state: TrainerState, isBest: Bool, keep: Int, protecting protected: Set<Int> = [],
    files: (_ folder: String) throws -> Void
  ) throws -> Checkpoint {
    try checkpoints.write(
      try synchronizingRows(state), isBest: isBest, keep: keep, protecting: protected,
      files: files)
  }

  /// The state with the lengths that the row files have now, once all their rows are on the disk: a
  /// checkpoint must never know of rows that the disk does not have.
  func synchronizingRows(_ state: TrainerState) throws(TrainingError) -> TrainerState {
    var state = state
    for (name, log) in zip(Self.rowFiles, [metrics, evaluations, completions]) {
      try log.synchronize()
      state.fileLengths[name] = log.length
      state.fileChecksums[name] = log.chain.checksum
    }
    return state
  }
}
