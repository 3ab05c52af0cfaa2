import Foundation
import HoneFiles
import HonePolicy

/// Which names in a run's folder are this program's, and what is done with all others: nothing is removed
/// or overwritten that a person may have put there.
enum OwnFiles {
  static let temporaryPrefix = ".tmp-"
  static let replacedPrefix = ".old-"
  static let removedPrefix = ".tmp-removed-"
  static let keptPrefix = "kept-"
  static let links = ["latest", "best"]

  /// What a folder holds while a checkpoint is written or removed, beside what its manifest lists.
  private static let checkpointFiles: Set<String> = [
    "config.json", "generation_config.json", "model.safetensors", "model.safetensors.index.json",
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
    "README.md", "hone.json", "optimizer.safetensors", "reference.safetensors",
    "adapter_config.json", "adapter_model.safetensors", TrainerState.fileName, Manifest.fileName,
  ]

  /// Whether a name is one that an interrupted write leaves behind.
  static func isLeftover(_ name: String) -> Bool {
    if name.hasPrefix(removedPrefix) { return Int(name.dropFirst(removedPrefix.count)) != nil }
    if name.hasPrefix(temporaryPrefix) {
      return Checkpoint.step(ofFolder: String(name.dropFirst(temporaryPrefix.count))) != nil
    }
    return temporaryFiles.contains(name)
  }

  private static let temporaryFiles: Set<String> = Set(
    ([RunFolder.recipeFile, RunFolder.descriptionFile] + links + RunFolder.rowFiles).map {
      $0 + Files.temporarySuffix
    })

  /// The name of the checkpoint that a folder was, whose replacement was not finished; nil for others.
  static func replaced(_ name: String) -> String? {
    guard name.hasPrefix(replacedPrefix) else { return nil }
    let original = String(name.dropFirst(replacedPrefix.count))
    return Checkpoint.step(ofFolder: original) == nil ? nil : original
  }

  /// Whether a path is a link to a checkpoint, as `latest` and `best` are.
  static func isLink(_ path: String) throws(TrainingError) -> Bool {
    try Files.target(ofLink: path).flatMap(Checkpoint.step(ofFolder:)) != nil
  }

  /// Removes a leftover of this program; what is not its own in it stays, under a name of its own.
  ///
  /// - Returns: A remark where something was kept.
  @discardableResult
  static func sweep(_ path: String) throws(TrainingError) -> String? {
    var info = stat()
    guard SystemCalls.status(path, followsLinks: false, &info) == 0 else {
      guard errno == ENOENT else { throw Files.error(path, "cannot be looked at") }
      return nil
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    switch info.st_mode & S_IFMT {
    case S_IFDIR where name.hasSuffix(Files.temporarySuffix): return try keep(path)
    case S_IFDIR: return try sweepFolder(path)
    case S_IFREG where name.hasSuffix(Files.temporarySuffix): break
    case S_IFLNK where try isLink(path): break
    default: return try keep(path)
    }
    try Files.remove(path)
    return nil
  }

  private static func sweepFolder(_ path: String) throws(TrainingError) -> String? {
    var listed: [String] = []
    do throws(PolicyError) {
      listed = try Manifest.read(folder: path).files.map(\.name)
    } catch {
      guard error.kind == .badData else { throw TrainingError(error) }
    }
    let own = checkpointFiles.union(listed)
    var names: [String] = []
    for name in try Files.list(path) {
      let isTemporary = name.hasSuffix(Files.temporarySuffix)
      let plain = isTemporary ? String(name.dropLast(Files.temporarySuffix.count)) : name
      if own.contains(plain), try Files.sizeOfFile("\(path)/\(name)") != nil { names.append(name) }
    }
    // The manifest last: it says which of the others are our own, should this be interrupted.
    for name in names where name != Manifest.fileName { try Files.remove("\(path)/\(name)") }
    if names.contains(Manifest.fileName) { try Files.remove("\(path)/\(Manifest.fileName)") }
    guard try Files.list(path).isEmpty else { return try keep(path) }
    try Files.remove(path)
    return nil
  }

  /// Gives what is not ours a name that nothing of ours has.
  @discardableResult
  static func keep(_ path: String) throws(TrainingError) -> String {
    let kept = Files.free(path, prefix: keptPrefix)
    try Files.rename(path, to: kept)
    return "\(path): not of this run, or with files in it that are not; it is \(kept) now"
  }

  /// Points a link to a checkpoint; something else of that name is put aside.
  static func link(_ path: String, to target: String) throws(TrainingError) {
    if try Files.has(path), try !isLink(path) { try keep(path) }
    try Files.link(path, to: target)
  }

  /// Removes a link to a checkpoint; something else of that name stays.
  static func unlink(_ path: String) throws(TrainingError) {
    if try isLink(path) { try Files.remove(path) }
  }
}
