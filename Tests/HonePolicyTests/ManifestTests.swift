import Foundation
import HoneFiles
import HoneJSON
import HonePolicy
import Testing

@Suite("Manifests where checkpoints are used", .timeLimit(.minutes(1)))
struct ManifestTests {
  /// Writes the manifest of a folder as it is.
  private func seal(_ folder: TemporaryModel) throws {
    let names = try #require(SystemCalls.list(folder.path)).filter { $0 != Manifest.fileName }
    let files = try names.map { name in
      Manifest.File(
        name: name, size: try folder.bytes(name).count,
        sha256: SHA256.checksum(try folder.bytes(name)))
    }
    try folder.write(Manifest(files: files).json.serialized(), to: Manifest.fileName)
  }

  @Test(
    "One flipped bit of any file that is used is found, and named",
    arguments: ModelFolderTests.files)
  func flipped(_ name: String) throws {
    let folder = try TemporaryModel()
    try seal(folder)
    _ = try folder.load()
    var bytes = try folder.bytes(name)
    for place in [0, bytes.count / 2, bytes.count - 2] {
      bytes[place] ^= 1
      try folder.write(bytes, to: name)
      let error = try #require(folder.failure())
      #expect(error.kind == .badData)
      #expect(error.description.hasPrefix("\(folder.file(name)): damaged"), "\(error)")
      #expect(error.description.hasSuffix("--no-verify takes it all the same"))
      bytes[place] ^= 1
    }
    try folder.write(bytes, to: name)
    _ = try folder.load()
  }

  @Test("Without verification a damaged checkpoint is taken")
  func unverified() throws {
    let folder = try TemporaryModel()
    try seal(folder)
    var bytes = try folder.bytes("model.safetensors")
    bytes[bytes.count - 3] ^= 1
    try folder.write(bytes, to: "model.safetensors")
    #expect(folder.failure()?.kind == .badData)
    _ = try folder.load(verifies: false)
  }

  @Test("Sizes of all files are compared, also of those that are not read")
  func sizes() throws {
    let folder = try TemporaryModel()
    try folder.write("moments", to: "optimizer.safetensors")
    try seal(folder)
    try folder.write("mOments", to: "optimizer.safetensors")
    _ = try folder.load()
    try folder.write("moment", to: "optimizer.safetensors")
    #expect(folder.failure()?.description.contains("1 bytes missing; it has 6") == true)
    unlink(folder.file("optimizer.safetensors"))
    #expect(folder.failure()?.description.contains("missing; the manifest lists 7") == true)
  }

  @Test("A damaged or foreign manifest")
  func damaged() throws {
    let folder = try TemporaryModel()
    try seal(folder)
    let bytes = try folder.bytes(Manifest.fileName)
    for place in stride(from: 1, to: bytes.count, by: 7) {
      var flipped = bytes
      flipped[place] ^= 1
      try folder.write(flipped, to: Manifest.fileName)
      // The name of one of its keys is all that tells a manifest of ours from another's.
      try folder.write("{}", to: "trainer_state.json")
      #expect(folder.failure()?.kind == .badData, "byte \(place)")
      unlink(folder.file("trainer_state.json"))
    }
    try folder.write(#"{"name": "of another program"}"#, to: Manifest.fileName)
    _ = try folder.load()
    unlink(folder.file(Manifest.fileName))
    #expect(mkfifo(folder.file(Manifest.fileName), 0o600) == 0)
    #expect(folder.failure()?.kind == .badData)
  }

  @Test("Crafted manifests are damaged, not trusted")
  func crafted() throws {
    let sum = String(repeating: "0", count: 64)
    let file = Manifest.File(name: "a", size: 1, sha256: sum)
    func refusal(_ files: [Manifest.File]) -> String? {
      do throws(PolicyError) {
        _ = try Manifest(json: Manifest(files: files).json, path: "manifest.json")
        return nil
      } catch {
        return error.kind == .badData ? error.description : nil
      }
    }
    #expect(refusal([file]) == nil)
    #expect(refusal([])?.contains("lists no files") == true)
    #expect(refusal([file, file])?.contains("'a' is there twice") == true)
    for size in [Int.min, -1] {
      #expect(refusal([.init(name: "a", size: size, sha256: sum)])?.contains("bytes") == true)
    }
    for name in ["../a", "/etc/passwd", "..", ".", "", "a/b", "manifest.json", "a\0b"] {
      #expect(refusal([.init(name: name, size: 1, sha256: sum)]) != nil, "\(name)")
    }
    // The largest size there is: compared, not subtracted.
    let folder = try TemporaryModel()
    let all = ["config.json", "model.safetensors"].map {
      Manifest.File(name: $0, size: .max, sha256: sum)
    }
    try folder.write(Manifest(files: all).json.serialized(), to: Manifest.fileName)
    #expect(folder.failure()?.description.contains("bytes missing") == true)
  }

  @Test("A manifest that leaves the weights out vouches for nothing")
  func unlisted() throws {
    let folder = try TemporaryModel()
    let config = Manifest.File(
      name: "config.json", size: try folder.bytes("config.json").count,
      sha256: SHA256.checksum(try folder.bytes("config.json")))
    try folder.write(Manifest(files: [config]).json.serialized(), to: Manifest.fileName)
    #expect(
      folder.failure()?.description.contains(
        "model.safetensors: the checkpoint's manifest does not")
        == true)
  }
}
