import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HonePolicy
import Synchronization
import Testing

/// Remembers the longest read of a folder's files.
private final class LongestRead: FileFaults {
  private let bytes = Mutex(0)
  var longest: Int { bytes.withLock { $0 } }

  func fault(_ call: FileCall) -> Int32? { nil }
  func happened(_ call: FileCall, result: Int) {
    guard call.name == .read else { return }
    bytes.withLock { $0 = max($0, result) }
  }
}

/// Has calls of one name on a path fail.
private final class Refusal: FileFaults {
  let name: FileCall.Name
  let path: String

  init(_ name: FileCall.Name, of path: String) { (self.name, self.path) = (name, path) }

  func fault(_ call: FileCall) -> Int32? { call.name == name && call.path == path ? EIO : nil }
  func happened(_ call: FileCall, result: Int) {}
}

@Suite("Model folders", .serialized, .timeLimit(.minutes(1)))
struct ModelFolderTests {
  static let files = [
    "config.json", "generation_config.json", "model.safetensors", "tokenizer.json",
    "tokenizer_config.json", "hone.json",
  ]

  @Test("What is written is read, bit for bit")
  func roundTrip() throws {
    let folder = try TemporaryModel()
    let read = try folder.load()
    #expect(read.policy.parameters.array == folder.model.policy.parameters.array)
    var configuration = folder.model.policy.configuration
    // What ends a text is in generation_config.json, the tokenizer's own token too.
    configuration.endTokens = folder.model.endTokens
    #expect(read.policy.configuration == configuration)
  }

  @Test(
    "Large matrices arrive piece by piece, each element where it belongs", arguments: [false, true])
  func pieces(tied: Bool) throws {
    let folder = NSTemporaryDirectory() + "hone-pieces-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Pieces hold whole rows: lengths that divide neither a piece nor a square of the transposition.
    let policy = Policy(
      configuration: PolicyConfiguration(
        architecture: .qwen2, vocabularySize: 3001, hiddenSize: 330, intermediateSize: 1003,
        layers: 1, heads: 3, keyValueHeads: 1, headSize: 110, tiedHead: tied), seed: 5,
      compute: Compute(workers: 1))
    for index in 0..<policy.parameters.count where policy.parameters.pointer[index] == 0 {
      policy.parameters.pointer[index] = Float(index % 97)
    }
    try ModelFolder(path: folder).write(policy)
    let reads = LongestRead()
    SystemCalls.setFaults(reads, below: folder)
    defer { SystemCalls.setFaults(nil, below: folder) }
    let read = try ModelFolder(path: folder).policy(compute: policy.compute)
    for tensor in policy.layout.tensors {
      #expect(read.parameter(tensor) == policy.parameter(tensor), "\(tensor.name)")
    }
    // Of 8 MB of weights never more than one piece is held beside the policy.
    #expect(reads.longest > 0)
    #expect(reads.longest <= 1 << 20)
  }

  @Test("A pipe, a device or a folder in place of any file is refused at once", arguments: files)
  func places(_ name: String) throws {
    let folder = try TemporaryModel()
    let path = folder.file(name)
    unlink(path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(folder.failure()?.kind == .inputOutput)
    #expect(
      folder.failure()?.description == "\(path): cannot be read: a pipe, wanted a regular file")
    unlink(path)
    #expect(symlink("/dev/zero", path) == 0)
    #expect(
      folder.failure()?.description == "\(path): cannot be read: a device, wanted a regular file")
    unlink(path)
    #expect(mkdir(path, 0o700) == 0)
    #expect(folder.failure()?.kind == .inputOutput)
    #expect(folder.failure()?.description == "\(path): cannot be read: Is a directory")
  }

  @Test("A file that cannot be read is told with the system's reason", arguments: files)
  func unreadable(_ name: String) throws {
    let folder = try TemporaryModel()
    for call in [FileCall.Name.open, .read] {
      SystemCalls.setFaults(Refusal(call, of: folder.file(name)), below: folder.path)
      defer { SystemCalls.setFaults(nil, below: folder.path) }
      let error = folder.failure()
      #expect(error?.kind == .inputOutput, "\(call): \(error?.description ?? "none")")
      #expect(error?.description.hasSuffix("Input/output error") == true)
      #expect(error?.description.hasPrefix(folder.file(name)) == true)
    }
  }

  @Test("Layers and sizes are compared with the weights before anything is laid out")
  func comparison() throws {
    let folder = try TemporaryModel()
    for (key, value): (String, Int) in [
      ("num_hidden_layers", 2_147_483_647), ("num_hidden_layers", 60_000),
      ("num_hidden_layers", 3), ("num_hidden_layers", 1), ("vocab_size", 1_000_000_000),
      ("hidden_size", 30_000_000), ("intermediate_size", 100_000_000), ("head_dim", 1_000_000),
    ] {
      try folder.configure([(key, .integer(value))])
      let bytes = TensorBuffer.allocatedBytes
      let clock = ContinuousClock()
      let spent = clock.measure { #expect(folder.failure()?.kind == .badData, "\(key) \(value)") }
      #expect(spent < .seconds(2))
      #expect(TensorBuffer.allocatedBytes == bytes)
      try folder.write(folder.model.policy.configuration.json.serialized(), to: "config.json")
    }
  }

  @Test("Shards lie in the folder, whatever the index says")
  func shards() throws {
    let folder = try TemporaryModel()
    let elsewhere = try TemporaryModel()
    let weights = try folder.bytes("model.safetensors")
    unlink(folder.file("model.safetensors"))
    try folder.write(weights, to: "part-1.safetensors")
    func index(_ name: JSON) throws {
      let names = folder.model.policy.layout.tensors.map(\.name)
      let map = JSONObject(names.map { ($0, name) })
      try folder.write(
        JSON.object(["weight_map": .object(map)]).serialized(), to: "model.safetensors.index.json")
    }
    try index("part-1.safetensors")
    #expect(try folder.load().policy.parameters.array == folder.model.policy.parameters.array)
    let outside = "../" + (elsewhere.path.split(separator: "/").last ?? "") + "/model.safetensors"
    for name in [outside, elsewhere.file("model.safetensors"), "..", ".", "", "a/../b"] {
      try index(.string(name))
      let error = try #require(folder.failure())
      #expect(error.kind == .badData)
      #expect(error.description.contains("is not the name of a file in this folder"))
    }
    try index(3)
    #expect(folder.failure()?.kind == .badData)
    // The hub's cache keeps files elsewhere, by links that a person's program made.
    try index("part-1.safetensors")
    unlink(folder.file("part-1.safetensors"))
    #expect(symlink(elsewhere.file("model.safetensors"), folder.file("part-1.safetensors")) == 0)
    #expect(try folder.load().policy.parameters.array == folder.model.policy.parameters.array)
    unlink(folder.file("part-1.safetensors"))
    #expect(folder.failure()?.kind == .missingFile)
  }

  @Test("A run's links stay in its folder")
  func links() throws {
    let run = try TemporaryModel()
    let elsewhere = try TemporaryModel()
    for name in Self.files { #expect(rename(run.file(name), run.file("was-" + name)) == 0) }
    let checkpoint = run.file("checkpoint-4")
    try elsewhere.model.write(to: checkpoint)
    #expect(symlink("checkpoint-4", run.file("latest")) == 0)
    #expect(try ModelLocation(run.path).path == checkpoint)
    unlink(run.file("latest"))
    #expect(symlink(checkpoint, run.file("latest")) == 0)
    #expect(try ModelLocation(run.path).path == run.file("latest"))
    unlink(run.file("latest"))
    let name = String(elsewhere.path.split(separator: "/").last ?? "")
    for target in [elsewhere.path, "../" + name] {
      #expect(symlink(target, run.file("latest")) == 0)
      let error = #expect(throws: PolicyError.self) { try ModelLocation(run.path) }
      #expect(error?.kind == .badData)
      #expect(error?.description.contains("outside of the run's folder") == true)
      unlink(run.file("latest"))
    }
    // A link to a model that a person made and names is followed.
    #expect(symlink(elsewhere.path, run.file("mine")) == 0)
    #expect(try ModelLocation(run.file("mine")).path == run.file("mine"))
  }
}
