import Foundation
import HoneFiles
import HoneGraders
import HoneJSON
import HonePolicy
import Synchronization

/// What a run was made from, beside its recipe and its problems: files by their SHA-256.
public struct RunOrigin: Sendable, Hashable {
  /// Checksums by name, of the files of the model folder that the run began with; empty for random weights.
  public var base: [String: String] = [:]
  /// Those of the tokenizer's files, where it is read from another path.
  public var tokenizer: [String: String] = [:]
  /// That of the program; nil where it cannot be read.
  public var executable: String?

  /// Files of a model folder that decide what a policy says.
  private static let endings = [".json", ".safetensors", ".jinja", ".model", ".txt", ".gguf"]
  /// Of a checkpoint, what its policy does not depend on.
  private static let others: Set<String> = [
    TrainerState.fileName, Manifest.fileName, "optimizer.safetensors", "reference.safetensors",
  ]

  /// Reads and hashes the files of a folder, or one file.
  static func checksums(_ path: String) throws(TrainingError) -> [String: String] {
    guard Files.isFolder(path) else {
      return [String(path.split(separator: "/").last ?? ""): try Files.checksum(path)]
    }
    var checksums: [String: String] = [:]
    for name in try Files.list(path) where endings.contains(where: name.hasSuffix) {
      let file = "\(path)/\(name)"
      guard !others.contains(name), Files.size(file) != nil else { continue }
      checksums[name] = try Files.checksum(file)
    }
    return checksums
  }

  /// The checksum of the running program, read once.
  static let runningExecutable: String? = try? Files.checksum("/proc/self/exe")

  /// What differs, in words, by what it is that does.
  func differences(to now: RunOrigin) -> (program: [String], base: [String]) {
    func compare(_ then: [String: String], _ now: [String: String], _ what: String) -> [String] {
      Set(then.keys).union(now.keys).sorted().filter { then[$0] != now[$0] }.map { name in
        func short(_ sum: String?) -> String { sum.map { "\($0.prefix(12))..." } ?? "absent" }
        return "\(what) \(name): SHA-256 \(short(then[name])) then, \(short(now[name])) now"
      }
    }
    let program: [String: String] = executable.map { ["hone": $0] } ?? [:]
    let present: [String: String] = now.executable.map { ["hone": $0] } ?? [:]
    return (
      program.isEmpty ? [] : compare(program, present, "program"),
      compare(base, now.base, "base model's") + compare(tokenizer, now.tokenizer, "tokenizer's")
    )
  }
}

extension RunOrigin {
  var json: JSON {
    func object(_ checksums: [String: String]) -> JSON {
      .object(JSONObject(checksums.keys.sorted().map { ($0, .string(checksums[$0] ?? "")) }))
    }
    var row = JSONObject([("base", object(base))])
    if !tokenizer.isEmpty { row["tokenizer"] = object(tokenizer) }
    if let executable { row["executable"] = .string(executable) }
    return .object(row)
  }

  init(json: JSON) {
    func checksums(_ json: JSON?) -> [String: String] {
      Dictionary(
        (json?.object?.pairs ?? []).compactMap { pair in pair.value.string.map { (pair.key, $0) } },
        uniquingKeysWith: { first, _ in first })
    }
    base = checksums(json["base"])
    tokenizer = checksums(json["tokenizer"])
    executable = json["executable"]?.string
  }
}

/// Hashes what a run is made from on a thread of its own, while the model is loaded.
final class OriginReading: Sendable {
  private let outcome = Mutex<Result<RunOrigin, TrainingError>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  /// Begins to read.
  ///
  /// - Parameters:
  ///   - base: the model folder; nil for random weights.
  ///   - tokenizer: where the tokenizer is read from, if not from there.
  init(base: String?, tokenizer: String?) {
    let body: @Sendable () -> Void = { [self] in
      let result = Result { () throws(TrainingError) in
        var origin = RunOrigin()
        if let base { origin.base = try RunOrigin.checksums(base) }
        if let tokenizer { origin.tokenizer = try RunOrigin.checksums(tokenizer) }
        origin.executable = RunOrigin.runningExecutable
        return origin
      }
      outcome.withLock { $0 = result }
      isDone.signal()
    }
    if !PlainThread.start(body) { body() }
  }

  /// Waits for the checksums; to be called once.
  func wait() throws(TrainingError) -> RunOrigin {
    isDone.wait()
    return try outcome.withLock { $0 }?.get() ?? RunOrigin()
  }
}
