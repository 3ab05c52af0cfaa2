import HoneFiles
import HoneJSON

/// A row file as a resume finds it, and what it takes to go on with it.
///
/// Rows are for people, for notes and for the judgement of a collapse; no step needs them. So a run goes
/// on without those that are lost, and says so.
struct RowFileMending: Sendable {
  private let path: String
  private let name: String
  /// Bytes to keep: those that the checkpoint knows.
  private let length: Int
  private let lastStep: Int
  /// The checksums of the rows that are kept.
  private var chain = RowChain()
  /// Whether what is kept must be written anew.
  private var isRewritten = false
  /// Whether there is a file.
  private let isThere: Bool
  /// Whether an earlier rewriting was ended before the new file had its name.
  private let isInterrupted: Bool
  /// Bytes that the file has.
  private let size: Int
  /// What is missing or damaged, for the person.
  private(set) var notes: [String] = []

  /// Looks at a file; nothing is changed.
  ///
  /// - Parameters:
  ///   - state: the state to go on from; nil where the run begins again.
  init(folder: String, name: String, state: TrainerState?) throws(TrainingError) {
    self.name = name
    path = "\(folder)/\(name)"
    length = state?.fileLengths[name] ?? 0
    lastStep = state?.step ?? 0
    let found = try Files.sizeOfFile(path)
    let unfinished = try Files.sizeOfFile(path + Files.temporarySuffix)
    isThere = found != nil
    isInterrupted = found == nil && unfinished != nil
    size = found ?? unfinished ?? 0
    guard length > 0 else { return }
    guard isThere || isInterrupted else {
      isRewritten = true
      notes.append(
        "\(path) is missing: \(ByteCount.describe(length)) of rows are lost" + consequence)
      return
    }
    try examine(checksum: state?.fileChecksums[name])
  }

  private mutating func examine(checksum: String?) throws(TrainingError) {
    var reader = try RowReader(path: isThere ? path : path + Files.temporarySuffix, limit: length)
    var last: RowReader.Row?
    var damage: [String] = []
    while let row = try reader.next() {
      if row.isEnded, case .damaged(let what) = row.finding {
        damage.append("\(path):\(row.line): \(what)")
      }
      if row.object != nil || last == nil || !row.isEnded { last = row }
    }
    chain = reader.chain
    let step = last?.object?["step"]?.int
    // A file that was rewritten since an older checkpoint has other rows at its length.
    if size < length || last?.isEnded == false || step ?? 0 > lastStep {
      isRewritten = true
      let seen = size < length ? "\(length - size) bytes are missing" : "it does not end with a row"
      notes.append(
        "\(path): \(seen) of what the checkpoint recorded. Its whole rows are kept" + consequence)
    } else if damage.isEmpty, let checksum, checksum != chain.checksum {
      damage.append(
        "\(path): its rows are not those that the checkpoint recorded: crc32 \(chain.checksum), wanted \(checksum)"
      )
    }
    for line in damage.prefix(3) { notes.append(line + consequence) }
    if damage.count > 3 { notes.append("\(path): \(damage.count - 3) more rows are damaged") }
  }

  /// What the loss of rows means.
  private var consequence: String {
    name == RunFolder.rowFiles[0]
      ? ". The run goes on; notes and the judgement of a collapse see fewer rows"
      : ". The run goes on without them"
  }

  /// Whether the file is as the checkpoint left it.
  var isSettled: Bool {
    !isRewritten && size == length && (isThere || length == 0) && !isInterrupted
  }

  /// Opens the file to add rows, mended.
  func open(in folder: FileIdentity) throws(TrainingError) -> RowLog {
    if !isThere, try Files.has(path) { try OwnFiles.keep(path) }
    if isInterrupted { try Files.rename(path + Files.temporarySuffix, to: path) }
    guard isRewritten else {
      return try RowLog(path: path, keeping: length, chain: chain, in: folder)
    }
    let (length, chain) = try rewrite()
    return try RowLog(path: path, keeping: length, chain: chain, in: folder)
  }

  /// Opens the file to be read alone.
  func openForReading() -> RowLog {
    RowLog(reading: path, keeping: min(length, size), chain: chain)
  }

  /// Keeps the rows that are whole, and the file as it was beside them under another name.
  private func rewrite() throws(TrainingError) -> (length: Int, chain: RowChain) {
    var chain = RowChain()
    var bytes: [UInt8] = []
    if isThere || isInterrupted {
      var reader = try RowReader(path: path)
      while let row = try reader.next() {
        guard let object = row.object, object["step"]?.int ?? 0 <= lastStep else { continue }
        bytes += chain.seal(RowChain.unsealed(row.bytes))
      }
    }
    try Files.writeFile(path + Files.temporarySuffix, bytes)
    if isThere || isInterrupted {
      try Files.rename(path, to: Files.free(path, prefix: CheckpointStore.damagedPrefix))
    }
    try Files.rename(path + Files.temporarySuffix, to: path)
    return (bytes.count, chain)
  }

  /// Whether there are rows behind those that are kept.
  var hasTail: Bool { isThere && size > length && !isRewritten }

  /// Copies the rows behind those that are kept to another folder.
  func copyTail(to folder: String) throws(TrainingError) {
    guard hasTail else { return }
    try Files.copy(path, from: length, to: "\(folder)/\(name)")
  }
}
