import Glibc
import HoneFiles
import HoneJSON

/// The model folder that a path means: itself, or a checkpoint of the run that it holds.
public struct ModelLocation: Sendable, Hashable {
  /// Which folder of a run was taken.
  public enum Choice: String, Sendable, Hashable {
    /// The checkpoint with the best evaluation.
    case best
    /// The newest checkpoint, where none was evaluated.
    case latest
  }

  /// The path as it was given.
  public let given: String
  /// The model folder; of a run the checkpoint itself, not the link to it.
  public let path: String
  /// Which checkpoint of a run was taken; nil where the path is a model folder itself.
  public let choice: Choice?

  /// Finds the folder: the path itself, or a run's best checkpoint, or its latest.
  ///
  /// - Throws: `PolicyError` of kind `missingFile` that says where it was looked for, or `badData` where
  ///   a run's link leads out of the run's folder.
  public init(_ given: String) throws(PolicyError) {
    self.given = given
    let folder = given.count > 1 && given.hasSuffix("/") ? String(given.dropLast()) : given
    if ModelFolder(path: given).exists {
      path = Self.checkpoint(behind: folder) ?? folder
      choice = nil
      return
    }
    for choice in [Choice.best, .latest] {
      let link = folder + "/" + choice.rawValue
      guard ModelFolder(path: link).exists else { continue }
      path = try Self.followed(link, in: folder)
      self.choice = choice
      return
    }
    guard SystemCalls.exists(given) else {
      throw PolicyError(
        .missingFile, "\(given): \(MissingPath.reason(given, wanted: "model folder"))")
    }
    throw PolicyError(
      .missingFile,
      "\(given): neither a model folder (no config.json) nor a run with a checkpoint ('best' or "
        + "'latest')")
  }

  /// The checkpoint beside a link that names it; nil for other links, and for folders.
  private static func checkpoint(behind link: String) -> String? {
    guard let target = SystemCalls.readLink(link), target.hasPrefix("checkpoint-"),
      PlainName.isPlain(target)
    else { return nil }
    let folder = link.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return (folder + [Substring(target)]).joined(separator: "/")
  }

  /// The folder that a run's `best` or `latest` stands for.
  private static func followed(_ link: String, in folder: String) throws(PolicyError) -> String {
    if let checkpoint = checkpoint(behind: link) { return checkpoint }
    try requireWithin(folder, link: link)
    return link
  }

  /// Refuses a run's link that leads out of the run's folder: a run that was fetched from elsewhere
  /// must not stand for another model of this machine.
  package static func requireWithin(_ folder: String, link: String) throws(PolicyError) {
    guard let target = SystemCalls.readLink(link), !PlainName.isPlain(target) else { return }
    guard let root = realPath(folder), let end = realPath(link), end.hasPrefix(root + "/") else {
      throw PolicyError(
        .badData,
        "\(link): points to \(target), which is outside of the run's folder; wanted: the name of a checkpoint in it"
      )
    }
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The step that a checkpoint's folder is named after; nil for other folders.
  public var step: Int? {
    let name = path.split(separator: "/").last ?? ""
    return name.hasPrefix("checkpoint-") ? Int(name.dropFirst("checkpoint-".count)) : nil
  }

  /// Which checkpoint of a run was taken and why, for people; nil where nothing had to be chosen.
  public var remark: String? {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    switch choice {
    case .best: return "\(given): took \(name), the run's best evaluation"
    case .latest: return "\(given): took \(name), the run's latest; none was evaluated"
    case nil: return nil
    }
  }
}

extension LoadedModel {
  /// The model folder that a path means: itself, or a run's best checkpoint, or its latest.
  public static func resolve(_ path: String) throws(PolicyError) -> String {
    try ModelLocation(path).path
  }
}
