import HoneFiles
import HoneJSON

/// The folder of a run: its recipe, its rows, its checkpoints.
///
/// | name | holds |
/// | --- | --- |
/// | `recipe.yaml` | the recipe, every value resolved |
/// | `run.json` | arguments, seed, versions, machine |
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

  private init(path: String, lock: RunLock, lengths: [String: Int]?) throws(TrainingError) {
    self.path = path
    self.lock = lock
    checkpoints = CheckpointStore(folder: path)
    // A file that the checkpoint does not know had no rows then.
    func log(_ name: String) throws(TrainingError) -> RowLog {
      try RowLog(path: "\(path)/\(name)", keeping: lengths?[name] ?? 0)
    }
    metrics = try log(Self.rowFiles[0])
    evaluations = try log(Self.rowFiles[1])
    completions = try log(Self.rowFiles[2])
  }

  /// Folders that were made for this run, the outermost first; none where they were there.
  private var madeFolders: [String] = []

  /// Takes back a start of which nothing came: removes what the start has made, and no file of others.
  ///
  /// For a run that has made no step and no checkpoint.
  package func discard() throws(TrainingError) {
    for name in Self.rowFiles + [Self.recipeFile, Self.descriptionFile, RunLock.fileName] {
      try Files.remove("\(path)/\(name)")
    }
    for folder in madeFolders.reversed() {
      // A folder that somebody has put a file into meanwhile stays.
      guard try Files.list(folder).isEmpty else { return }
      try Files.remove(folder)
    }
  }

  // MARK: - Starting and resuming

  /// Whether a folder holds a run.
  public static func holdsRun(_ path: String) -> Bool {
    ([recipeFile, "latest"] + rowFiles).contains { Files.exists("\(path)/\($0)") }
      || ((try? CheckpointStore(folder: path).all())?.isEmpty ?? true) == false
  }

  /// Refuses a folder that a new run would disturb.
  ///
  /// - Throws: `TrainingError`: `wouldOverwrite` where the folder holds a run or a model.
  static func requireFree(_ path: String) throws(TrainingError) {
    if holdsRun(path) {
      throw TrainingError(
        .wouldOverwrite,
        "\(path): the folder holds a run; go on with --resume, or choose another with --output")
    }
    // A start that was killed at once has left a description, and nothing else, that it can be known by.
    let description = "\(path)/\(descriptionFile)"
    if Files.exists(description), (try? RunDescription.read(description)) == nil {
      throw TrainingError(
        .wouldOverwrite,
        "\(description): not of a run; it would be overwritten. Choose another folder with --output"
      )
    }
    if Files.exists("\(path)/config.json") || Files.exists("\(path)/model.safetensors") {
      throw TrainingError(
        .wouldOverwrite, "\(path): the folder holds a model; choose another with --output")
    }
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
    // Another process may have started here between the look and the lock.
    guard !holdsRun(path) else {
      throw TrainingError(.wouldOverwrite, "\(path): another run has just started in this folder")
    }
    // The recipe comes last: with it the folder holds a run, which needs the description.
    try Files.replace(
      "\(path)/\(descriptionFile)", with: description.json.serializedBytes(pretty: true))
    try Files.replace("\(path)/\(recipeFile)", with: Array(recipe.yaml.utf8))
    let run = try RunFolder(path: path, lock: lock, lengths: nil)
    run.madeFolders = made
    try Files.synchronize(path)
    return run
  }

  /// What a resumed run goes on from.
  public struct Resumption {
    /// The folder, its rows cut to the checkpoint.
    public var run: RunFolder
    /// The checkpoint to load; nil starts from the beginning.
    public var checkpoint: Checkpoint?
    /// The checkpoint's state; nil starts from the beginning.
    public var state: TrainerState?
    /// The run's own recipe.
    public var recipe: Recipe
    /// The run's description.
    public var description: RunDescription
    /// Remarks for the person: interrupted writes, damaged checkpoints.
    public var notes: [String]
  }

  /// Opens the folder of a run to go on with it.
  ///
  /// Nothing is cut or put aside before `check` has agreed; then rows written after the newest
  /// whole checkpoint are cut off and newer, damaged checkpoints are put aside.
  /// - Parameter check: Sees the run's own recipe and the checkpoint to go on from with its state (nil
  ///   where there is none yet), and may refuse.
  /// - Throws: `TrainingError`: `missingFile` where there is no run; `wouldOverwrite` where it is in
  ///   use; `badData` where the run's files are damaged; the error of `check`.
  public static func resume(
    at path: String,
    check: (Recipe, Checkpoint?, TrainerState?) throws -> Void = { _, _, _ in }
  ) throws -> Resumption {
    guard Files.exists("\(path)/\(recipeFile)") else {
      throw TrainingError(
        .missingFile, "\(path): there is no run to resume; start one without --resume")
    }
    let lock = try RunLock(folder: path)
    let recipe = try Recipe.load(contentsOf: "\(path)/\(recipeFile)", from: .folder)
    let description = try RunDescription.read("\(path)/\(descriptionFile)")
    let store = CheckpointStore(folder: path)
    var notes = try store.recover()
    let (checkpoint, damage) = try store.newestWhole()
    if checkpoint == nil, let first = damage.first {
      throw TrainingError(
        .badData,
        "\(first). No checkpoint of \(path) is whole; nothing was changed. Restore one, or start "
          + "again with another --output")
    }
    notes += damage
    var state = try checkpoint?.state()
    try check(recipe, checkpoint, state)
    if let best = state?.best,
      !Files.isFolder("\(path)/\(Checkpoint.folderName(step: best.step))")
    {
      state?.best = nil
      notes.append(
        "the best checkpoint, after step \(best.step), is not there any more; the next evaluation is the best so far"
      )
    }
    let run = try RunFolder(path: path, lock: lock, lengths: state?.fileLengths)
    notes += try store.settle(on: checkpoint, best: state?.best)
    return Resumption(
      run: run, checkpoint: checkpoint, state: state, recipe: recipe, description: description,
      notes: notes)
  }

  /// Replaces the stored recipe, where a resumed run may differ in its steps for instance.
  public func store(_ recipe: Recipe) throws(TrainingError) {
    try Files.replace("\(path)/\(Self.recipeFile)", with: Array(recipe.yaml.utf8))
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
    }
    return state
  }

  // MARK: - Space

  /// Refuses to start a run that the disk has no room for.
  ///
  /// - Parameters:
  ///   - path: The run's folder, which need not exist.
  ///   - checkpointBytes: Bytes of one checkpoint: model, moments and the rest.
  ///   - keep: Checkpoints that are kept at the most, the best and the like among them.
  ///   - rowBytes: Bytes that the rows of the whole run may take.
  /// - Throws: `TrainingError` of kind `inputOutput` with both amounts.
  public static func requireSpace(
    at path: String, checkpointBytes: Int, keep: Int, rowBytes: Int = 0
  ) throws(TrainingError) {
    // The kept ones, and the one being written before an old one goes.
    let needed = checkpointBytes * (keep + 1) + rowBytes
    let available = try Files.availableSpace(at: path)
    guard needed <= available else {
      throw TrainingError(
        .inputOutput,
        "\(path): the run needs about \(ByteCount.describe(needed)) "
          + "(\(keep + 1) checkpoints of \(ByteCount.describe(checkpointBytes)), rows "
          + "\(ByteCount.describe(rowBytes))) and the disk has \(ByteCount.describe(available)); "
          + "free some space, lower keep_checkpoints, or choose another disk with --output")
    }
  }
}
