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
  static let temporaryPrefix = ".tmp-"
  static let replacedPrefix = ".old-"
  static let damagedPrefix = "damaged-"

  /// The checkpoints in a run's folder.
  public init(folder: String) {
    self.folder = folder
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
    let temporary = "\(folder)/\(Self.temporaryPrefix)\(name)"
    let path = "\(folder)/\(name)"
    try Files.remove(temporary)
    try Files.makeFolder(temporary)
    do {
      try files(temporary)
      try Files.replace(
        "\(temporary)/\(TrainerState.fileName)",
        with: state.json.serializedBytes(pretty: true))
      try seal(temporary)
    } catch {
      // The first error is the one that matters; what is left is removed at the next start.
      try? Files.remove(temporary)
      throw Files.inRun(error)
    }
    try install(temporary, as: name)
    try Files.link("\(folder)/latest", to: name)
    if isBest { try Files.link("\(folder)/best", to: name) }
    try Files.synchronize(folder)
    try prune(keep: keep, protected: protected)
    return Checkpoint(path: path, step: state.step)
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
    let replaced = "\(folder)/\(Self.replacedPrefix)\(name)"
    try Files.remove(replaced)
    if Files.exists(path) { try Files.rename(path, to: replaced) }
    try Files.rename(temporary, to: path)
    try Files.synchronize(folder)
    try Files.remove(replaced)
  }

  /// Points `best` to the checkpoint of a step, or to nothing.
  package func pointBest(to step: Int?) throws(TrainingError) {
    if let step {
      try Files.link("\(folder)/best", to: Checkpoint.folderName(step: step))
    } else {
      try removeBestLink()
    }
    try Files.synchronize(folder)
  }

  /// A folder of that name is a person's own, and stays.
  private func removeBestLink() throws(TrainingError) {
    guard Files.linkTarget("\(folder)/best") != nil else { return }
    try Files.remove("\(folder)/best")
  }

  /// Removes all but the newest ones, the best and those that are protected.
  private func prune(keep: Int, protected: Set<Int>) throws(TrainingError) {
    let best = Files.linkTarget("\(folder)/best")
    let others = try all().filter {
      Checkpoint.folderName(step: $0.step) != best && !protected.contains($0.step)
    }
    // Those count for nothing: `keep` others stay even where they are among the newest.
    for checkpoint in others.dropLast(keep) {
      // Out of sight first: a checkpoint that is being removed must not look like a torn one.
      let hidden = "\(folder)/\(Self.temporaryPrefix)removed-\(checkpoint.step)"
      try Files.remove(hidden)
      try Files.rename(checkpoint.path, to: hidden)
      try Files.remove(hidden)
    }
  }

  // MARK: - Resuming

  /// Clears away what an interrupted write left behind.
  ///
  /// - Returns: A remark for each thing that was found.
  package func recover() throws(TrainingError) -> [String] {
    var notes: [String] = []
    for name in try Files.list(folder) {
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".tmp") {
        try Files.remove(path)
      } else if name.hasPrefix(Self.temporaryPrefix) {
        try Files.remove(path)
        notes.append("removed \(name), which an interrupted write left behind")
      } else if name.hasPrefix(Self.replacedPrefix) {
        let original = String(name.dropFirst(Self.replacedPrefix.count))
        if Files.exists("\(folder)/\(original)") {
          try Files.remove(path)
        } else {
          try Files.rename(path, to: "\(folder)/\(original)")
          notes.append("put \(original) back, whose replacement was not finished")
        }
      }
    }
    return notes
  }

  /// The newest checkpoint that is whole.
  ///
  /// - Returns: The checkpoint, nil where there is none, and why newer ones were passed over.
  public func newestWhole() throws(TrainingError) -> (checkpoint: Checkpoint?, damage: [String]) {
    var damage: [String] = []
    for checkpoint in try all().reversed() {
      do {
        try checkpoint.verify()
        _ = try checkpoint.state()
        return (checkpoint, damage)
      } catch {
        guard error.kind == .badData else { throw error }
        damage.append(error.message)
      }
    }
    return (nil, damage)
  }

  /// Prepares the folder for going on after a checkpoint: newer folders are put aside under
  /// `damaged-...`, and the links are set right.
  package func settle(
    on checkpoint: Checkpoint?, best: TrainerState.Best?
  ) throws(TrainingError) -> [String] {
    var notes: [String] = []
    for other in try all() where other.step > (checkpoint?.step ?? -1) {
      let name = Self.damagedPrefix + Checkpoint.folderName(step: other.step)
      try Files.remove("\(folder)/\(name)")
      try Files.rename(other.path, to: "\(folder)/\(name)")
      notes.append("put \(Checkpoint.folderName(step: other.step)) aside as \(name)")
    }
    if let checkpoint {
      try Files.link("\(folder)/latest", to: Checkpoint.folderName(step: checkpoint.step))
    } else {
      try Files.remove("\(folder)/latest")
    }
    let bestName = best.map { Checkpoint.folderName(step: $0.step) }
    if let bestName, Files.isFolder("\(folder)/\(bestName)") {
      try Files.link("\(folder)/best", to: bestName)
    } else {
      try removeBestLink()
    }
    return notes
  }
}
