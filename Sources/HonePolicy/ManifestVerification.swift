import Dispatch
import HoneFiles
import HoneJSON
import HoneText
import Synchronization

/// Compares the files of a folder with its manifest, on a thread of its own, while they are read.
///
/// The sizes of all that are listed are compared, and the checksums of those that are used.
package final class ManifestVerification: Sendable {
  private let result = Mutex<Result<Void, PolicyError>>(.success(()))
  private let done = DispatchGroup()

  /// Begins to compare what a model is loaded from; nil where the folder has no manifest.
  package convenience init?(modelIn folder: ModelFolder) throws(PolicyError) {
    let names =
      ["config.json", "generation_config.json", "hone.json", "chat_template.jinja"]
      + Tokenizer.fileNames
    guard Self.hasManifest(folder) else { return nil }
    let weights: [String]
    do {
      weights = try WeightFiles.fileNames(folder)
    } catch {
      // An index that cannot be read is compared as a whole; why is for the one who reads it to say.
      weights = [WeightFiles.index]
    }
    try self.init(folder, using: names + weights, requiring: ["config.json"] + weights)
  }

  /// Begins to compare a tokenizer's files; nil where the folder has no manifest.
  package convenience init?(tokenizerIn folder: ModelFolder) throws(PolicyError) {
    guard Self.hasManifest(folder) else { return nil }
    try self.init(folder, using: Tokenizer.fileNames, requiring: [])
  }

  /// Whether the folder has a manifest of ours: others write files of that name too.
  private static func hasManifest(_ folder: ModelFolder) -> Bool {
    guard SystemCalls.exists(folder.file(Manifest.fileName)) else { return false }
    if SystemCalls.exists(folder.file("trainer_state.json")) { return true }
    // One that cannot be read is looked at again, and explained.
    guard let json = try? folder.parse(Manifest.fileName) else { return true }
    return json["files"] != nil && json["checksum"] != nil
  }

  private init(
    _ folder: ModelFolder, using used: [String], requiring required: [String]
  ) throws(PolicyError) {
    let manifest = try Self.explained { () throws(PolicyError) in
      let manifest = try Manifest.read(folder: folder.path)
      let listed = Set(manifest.files.map(\.name))
      for name in required where !listed.contains(name) {
        throw PolicyError(
          .badData, "\(folder.file(name)): the checkpoint's manifest does not list it")
      }
      for file in manifest.files { try manifest.checkSize(file, in: folder.path) }
      return manifest
    }
    let files = manifest.files.filter { used.contains($0.name) }
    DispatchQueue.global().async(group: done) { [self] in
      let outcome = Result { () throws(PolicyError) in
        for file in files { try manifest.checkSum(file, in: folder.path) }
      }
      result.withLock { $0 = outcome }
    }
  }

  /// Waits until all is compared.
  ///
  /// - Throws: `PolicyError` of kind `badData` with the first file that differs.
  package func finish() throws(PolicyError) {
    done.wait()
    let result = result.withLock { $0 }
    try Self.explained { () throws(PolicyError) in try result.get() }
  }

  /// Damage, with the way around it.
  private static func explained<Value>(
    _ body: () throws(PolicyError) -> Value
  ) throws(PolicyError) -> Value {
    do {
      return try body()
    } catch {
      guard error.kind == .badData else { throw error }
      throw PolicyError(.badData, "\(error.description). --no-verify takes it all the same")
    }
  }
}
