import HoneFiles

// What a resume finds among the checkpoints, and how it sets them right.

extension CheckpointStore {
  /// A checkpoint as a reader finds it who does not keep the run's folder.
  public struct Finding: Sendable {
    /// The checkpoint.
    public var checkpoint: Checkpoint
    /// Its state, where it is whole.
    public var state: TrainerState?
    /// What is damaged; nil where it is whole.
    public var damage: String?
  }

  /// Checks every checkpoint, oldest first, while a run may be at work in the folder.
  ///
  /// A checkpoint that is removed or replaced while it is read is no damage: it is left out, or read again.
  /// What the links point to may change meanwhile; read them before.
  public func examine() throws(TrainingError) -> [Finding] {
    var findings: [Finding] = []
    for checkpoint in try all() {
      // A run replaces a checkpoint once at the most; more tries are for a machine under great load.
      for attempt in 1...5 {
        guard let before = try? FileIdentity(checkpoint.path) else { break }
        do throws(TrainingError) {
          try Self.requireUsable(checkpoint)
          findings.append(Finding(checkpoint: checkpoint, state: try checkpoint.state()))
          break
        } catch {
          let isSame = (try? before.require()) != nil
          guard isSame || attempt == 5 else { continue }
          findings.append(Finding(checkpoint: checkpoint, damage: error.message))
          break
        }
      }
    }
    return findings
  }

  /// The newest checkpoint that is whole and whose numbers are finite.
  ///
  /// - Returns: The checkpoint, nil where there is none, and why newer ones were passed over.
  public func newestWhole() throws(TrainingError) -> (checkpoint: Checkpoint?, damage: [String]) {
    var damage: [String] = []
    for checkpoint in try available().reversed() {
      do {
        try Self.requireUsable(checkpoint)
        return (checkpoint, damage)
      } catch {
        guard error.kind == .badData else { throw error }
        damage.append(error.message)
      }
    }
    return (nil, damage)
  }

  /// The whole checkpoint after a step.
  ///
  /// - Throws: `TrainingError`: `missingFile` naming those that are there, `badData` where it is damaged.
  func whole(step: Int) throws(TrainingError) -> Checkpoint {
    let all = try available()
    guard let checkpoint = all.first(where: { $0.step == step }) else {
      let others = all.map { "\($0.step)" }.joined(separator: ", ")
      throw TrainingError(
        .missingFile,
        "\(folder): there is no checkpoint after step \(step); "
          + (all.isEmpty ? "there is none" : "there are those after steps \(others)"))
    }
    try Self.requireUsable(checkpoint)
    return checkpoint
  }

  /// Refuses a checkpoint that is damaged, or whose numbers are not finite.
  static func requireUsable(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.verify()
    let state = try checkpoint.state()
    guard state.step == checkpoint.step else {
      throw TrainingError(
        .badData,
        "\(checkpoint.path): its state is of step \(state.step), its name says \(checkpoint.step)")
    }
    // Of newer versions it was proved when it was written.
    if !state.isProvedFinite { try FiniteNumbers.require(in: checkpoint.path) }
  }

  /// Every checkpoint, one included whose replacement was not finished.
  private func available() throws(TrainingError) -> [Checkpoint] {
    let names = Set(try Files.list(folder))
    return names.compactMap { name in
      let original = OwnFiles.replaced(name)
      if let original, names.contains(original) { return nil }
      return Checkpoint.step(ofFolder: original ?? name).map {
        Checkpoint(path: "\(folder)/\(name)", step: $0)
      }
    }.sorted { $0.step < $1.step }
  }

  /// Whether an interrupted write has left something behind.
  func hasLeftovers() throws(TrainingError) -> Bool {
    try Files.list(folder).contains { OwnFiles.isLeftover($0) || OwnFiles.replaced($0) != nil }
  }

  /// Clears away what an interrupted write left behind.
  ///
  /// - Returns: A remark for each thing that was found.
  package func recover() throws(TrainingError) -> [String] {
    var notes: [String] = []
    for name in try Files.list(folder) {
      let path = "\(folder)/\(name)"
      if let original = OwnFiles.replaced(name) {
        if try Files.has("\(folder)/\(original)") {
          if let note = try OwnFiles.sweep(path) { notes.append(note) }
        } else {
          try Files.rename(path, to: "\(folder)/\(original)")
          notes.append("put \(original) back, whose replacement was not finished")
        }
      } else if OwnFiles.isLeftover(name), !Self.isRowFile(name) {
        if let note = try OwnFiles.sweep(path) {
          notes.append(note)
        } else if name.hasPrefix(OwnFiles.temporaryPrefix) {
          notes.append("removed \(name), which an interrupted write left behind")
        }
      }
    }
    return notes
  }

  /// Rows that are being written anew may be all that is left of them (``RowFileMending``).
  private static func isRowFile(_ name: String) -> Bool {
    RunFolder.rowFiles.contains { $0 + Files.temporarySuffix == name }
  }

  /// Prepares the folder for going on after a checkpoint: newer folders are put aside, damaged ones under
  /// `damaged-...` and others in a folder of their own, and the links are set right.
  ///
  /// - Parameter aside: where newer checkpoints go that nothing is wrong with; nil where all are damaged.
  package func settle(
    on checkpoint: Checkpoint?, best: TrainerState.Best?, aside: String? = nil
  ) throws(TrainingError) -> [String] {
    var notes: [String] = []
    for other in try all().reversed() where other.step > (checkpoint?.step ?? -1) {
      let name = Checkpoint.folderName(step: other.step)
      let path =
        aside.map { "\($0)/\(name)" } ?? Files.free(other.path, prefix: Self.damagedPrefix)
      try Files.rename(other.path, to: path)
      notes.append("put \(name) aside as \(path.dropFirst(folder.count + 1))")
    }
    if let checkpoint {
      try OwnFiles.link("\(folder)/latest", to: Checkpoint.folderName(step: checkpoint.step))
    } else {
      try OwnFiles.unlink("\(folder)/latest")
    }
    if let best {
      try OwnFiles.link("\(folder)/best", to: Checkpoint.folderName(step: best.step))
    } else {
      try OwnFiles.unlink("\(folder)/best")
    }
    return notes
  }

  /// Whether nothing is left for `settle` to do.
  func isSettled(on checkpoint: Checkpoint, best: TrainerState.Best?) throws(TrainingError) -> Bool
  {
    let latest = try Files.target(ofLink: "\(folder)/latest")
    let bestName = try Files.target(ofLink: "\(folder)/best")
    return try all().last?.step == checkpoint.step
      && latest == Checkpoint.folderName(step: checkpoint.step)
      && bestName == best.map { Checkpoint.folderName(step: $0.step) }
  }
}
