import HoneFiles
import HoneJSON

extension RunFolder {
  /// A run's folder as a resume finds it.
  ///
  /// Everything is read and nothing is changed, so that whoever looks may still refuse. `open` mends what
  /// there is to mend.
  public struct Examination {
    /// The folder.
    public let path: String
    /// The run's own recipe.
    public let recipe: Recipe
    /// The run's description; nil where it is lost.
    public let description: RunDescription?
    /// The checkpoint to load; nil starts from the beginning.
    public let checkpoint: Checkpoint?
    /// The checkpoint's state; nil starts from the beginning.
    public private(set) var state: TrainerState?
    /// Remarks for the person: what is damaged, lost or passed over, and what was mended.
    public private(set) var notes: [String] = []

    private let lock: RunLock
    private let identity: FileIdentity
    private let store: CheckpointStore
    private let rows: [RowFileMending]
    /// Files that are put aside as damaged.
    private var damagedFiles: [String] = []
    /// Whether newer checkpoints and rows are put aside whole.
    private let isGoingBack: Bool
  }

  /// Looks at the folder of a run to go on with it, and keeps others from doing so.
  ///
  /// - Parameter step: the step of the checkpoint to go on from; nil takes the newest that is whole and
  ///   finite.
  /// - Throws: `TrainingError`: `missingFile` where there is no run, or no checkpoint after that step;
  ///   `wouldOverwrite` where it is in use; `badData` where no checkpoint, or not the one, is whole.
  public static func examine(
    at path: String, from step: Int? = nil
  ) throws(TrainingError) -> Examination {
    try Examination(path, from: step)
  }
}

extension RunFolder.Examination {
  fileprivate init(_ path: String, from step: Int?) throws(TrainingError) {
    self.path = path
    let plain = CheckpointStore(folder: path)
    let isRecipeThere = try Files.has("\(path)/\(RunFolder.recipeFile)")
    let isCheckpointThere = try Files.hasFolder(path) ? !plain.all().isEmpty : false
    guard isRecipeThere || isCheckpointThere else {
      throw TrainingError(
        .missingFile, "\(path): there is no run to resume; start one without --resume")
    }
    lock = try RunLock(folder: path)
    identity = try FileIdentity(path)
    store = CheckpointStore(in: identity)
    isGoingBack = step != nil
    var notes: [String] = []
    if let step {
      checkpoint = try store.whole(step: step)
    } else {
      let (found, damage) = try store.newestWhole()
      if found == nil, let first = damage.first {
        throw TrainingError(
          .badData,
          "\(first). No checkpoint of \(path) is whole; nothing was changed. Restore one, or start "
            + "again with another --output")
      }
      checkpoint = found
      notes = damage
    }
    state = try checkpoint?.state()
    var damaged: [String] = []
    recipe = try Self.recipe(path, state, &notes, &damaged)
    description = try Self.description(path, &notes, &damaged)
    var rows: [RowFileMending] = []
    for name in RunFolder.rowFiles {
      rows.append(try RowFileMending(folder: path, name: name, state: state))
      notes += rows.last?.notes ?? []
    }
    self.rows = rows
    damagedFiles = damaged
    self.notes = notes
    try forgetLostCheckpoints()
  }

  /// The run's own recipe: the file's, or where that is lost or damaged the checkpoint's.
  private static func recipe(
    _ path: String, _ state: TrainerState?, _ notes: inout [String], _ damaged: inout [String]
  ) throws(TrainingError) -> Recipe {
    let file = "\(path)/\(RunFolder.recipeFile)"
    guard let text = state?.recipe else { return try RecipeFile.read(file) }
    let recorded = try Recipe.parse(text, file: TrainerState.fileName)
    let instead = "; the recipe that the checkpoint holds is taken"
    guard try Files.has(file) else {
      notes.append("\(file) is missing\(instead)")
      return recorded
    }
    do throws(TrainingError) {
      let recipe = try RecipeFile.read(file)
      // It may be newer than the checkpoint, by what a resume may change.
      let comparison = RecipeComparison(run: recorded, given: recipe, mayChangeOptimizer: true)
      if let refused = comparison.differences.first(where: { !$0.isAllowed }) {
        throw TrainingError(
          .badData,
          "\(file): not this run's: '\(refused.path)' is \(refused.now ?? "absent"), the checkpoint says \(refused.before ?? "absent")"
        )
      }
      return recipe
    } catch {
      guard error.kind == .badData else { throw error }
      damaged.append(RunFolder.recipeFile)
      notes.append(error.message + instead)
      return recorded
    }
  }

  private static func description(
    _ path: String, _ notes: inout [String], _ damaged: inout [String]
  ) throws(TrainingError) -> RunDescription? {
    let file = "\(path)/\(RunFolder.descriptionFile)"
    let consequence =
      "; how the run was started, where and from what is not known any more, and not compared"
    guard try Files.has(file) else {
      notes.append("\(file) is missing\(consequence)")
      return nil
    }
    do throws(TrainingError) {
      return try RunDescription.read(file)
    } catch {
      guard error.kind == .badData else { throw error }
      damaged.append(RunFolder.descriptionFile)
      notes.append(error.message + consequence)
      return nil
    }
  }

  /// What the state remembers must be there to be gone back to, or to be called the best.
  private mutating func forgetLostCheckpoints() throws(TrainingError) {
    if let best = state?.best, let damage = try loss(ofStep: best.step) {
      state?.best = nil
      notes.append(
        "the best checkpoint, after step \(best.step), is not there any more (\(damage)); the next evaluation is the best so far"
      )
    }
    if let good = state?.good, good.step > 0, let damage = try loss(ofStep: good.step) {
      state?.good = nil
      notes.append(
        "the last good checkpoint, after step \(good.step), is not there any more (\(damage)); a collapse would go back further"
      )
    }
  }

  /// Why a checkpoint cannot be used; nil where it can.
  private func loss(ofStep step: Int) throws(TrainingError) -> String? {
    if step == checkpoint?.step { return nil }
    let folder = "\(path)/\(Checkpoint.folderName(step: step))"
    guard try Files.hasFolder(folder) else { return "no \(Checkpoint.folderName(step: step))" }
    do throws(TrainingError) {
      try CheckpointStore.requireUsable(Checkpoint(path: folder, step: step))
      return nil
    } catch {
      guard error.kind == .badData else { throw error }
      return error.message
    }
  }

  // MARK: - Mending

  /// The run, ready to go on from the checkpoint.
  ///
  /// - Parameter isFinished: whether there is nothing left to do: then a folder that cannot be written to,
  ///   or needs no mending, is read alone.
  public mutating func open(isFinished: Bool) throws(TrainingError) -> RunFolder {
    guard isFinished else { return try mend() }
    if try isSettled() { return opened(for: rows.map { $0.openForReading() }) }
    do throws(TrainingError) {
      return try mend()
    } catch {
      guard error.kind == .inputOutput else { throw error }
      notes.append("the run is finished; its folder could not be tidied up: \(error.message)")
      return opened(for: rows.map { $0.openForReading() })
    }
  }

  private func isSettled() throws(TrainingError) -> Bool {
    guard let checkpoint, damagedFiles.isEmpty, description != nil else { return false }
    guard rows.allSatisfy(\.isSettled), try !store.hasLeftovers() else { return false }
    return try store.isSettled(on: checkpoint, best: state?.best)
  }

  private mutating func mend() throws(TrainingError) -> RunFolder {
    try lock.claim()
    try identity.require()
    notes += try store.recover()
    let aside = isGoingBack ? try makeAside() : nil
    for name in damagedFiles {
      let file = "\(path)/\(name)"
      try Files.rename(file, to: Files.free(file, prefix: CheckpointStore.damagedPrefix))
    }
    // Checkpoints before rows: one that is there must never know of rows that are not.
    notes += try store.settle(on: checkpoint, best: state?.best, aside: aside)
    try Files.synchronize(path)
    var logs: [RowLog] = []
    for file in rows { logs.append(try file.open(in: identity)) }
    try Files.synchronize(path)
    return opened(for: logs)
  }

  /// A folder for what is newer than the checkpoint that the run goes back to, with the rows in it.
  private mutating func makeAside() throws(TrainingError) -> String? {
    let hasNewer = try store.all().contains { $0.step > (checkpoint?.step ?? 0) }
    guard hasNewer || rows.contains(where: \.hasTail) else { return nil }
    let folder = Files.freeNumber(from: 1) { "\(path)/aside-\($0)" }
    try Files.makeFolder(folder)
    for file in rows { try file.copyTail(to: folder) }
    try Files.synchronize(folder)
    try Files.synchronize(path)
    notes.append("what is newer than step \(checkpoint?.step ?? 0) is in \(folder) now")
    return folder
  }

  private func opened(for logs: [RowLog]) -> RunFolder {
    RunFolder(in: identity, lock: lock, logs: logs)
  }
}
