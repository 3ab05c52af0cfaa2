import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

/// Whole checkpoints are enough to go on with, whatever else is lost.
@Suite("Lost and damaged files of a run", .serialized)
struct LostFilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A run that stopped after step 8 of 11.
  private func begin() throws -> String {
    let path = folder.file("run")
    let counter = Counter()
    #expect(throws: TrainingError.self) {
      try SmallRun.run(at: path) { counter.next() == 8 ? .terminated : nil }
    }
    return path
  }

  private func goOn(_ path: String, _ overrides: [String] = []) throws -> [String] {
    let ear = OwnTasks.Ear()
    _ = try TrainingRun.resume(
      try SmallRun.load(overrides), recipeFile: nil, at: path, arguments: ["hone", "again"],
      compute: Compute(workers: 1), sink: ear
    ).run()
    return ear.notes
  }

  private func straight() throws -> String {
    let path = folder.file("straight")
    try SmallRun.run(at: path)
    return try SmallRun.checksum(path)
  }

  @Test("Rows that are missing, too short or changed do not end a run")
  func rows() throws {
    let path = try begin()
    let wanted = try straight()
    let whole = try Files.read("\(path)/metrics.jsonl")
    let lines = whole.split(separator: UInt8(ascii: "\n"))
    // Changed: the fourth row.
    var changed = whole
    let offset = lines[..<3].reduce(0) { $0 + $1.count + 1 } + 12
    changed[offset] ^= 1
    // Lost, short by half a row, changed in one bit, without its last row's end.
    let cases: [([UInt8]?, String, Int)] = [
      (nil, "metrics.jsonl is missing", 3), (Array(whole.dropLast(40)), "bytes are missing", 10),
      (changed, "metrics.jsonl:4: crc32 is", 11),
      (Array(whole[..<300]) + whole[301...], "bytes are missing", 10),
    ]
    for (index, (bytes, text, count)) in cases.enumerated() {
      let copy = folder.file("run-\(index)")
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try Files.remove("\(copy)/metrics.jsonl")
      if let bytes { try Files.replace("\(copy)/metrics.jsonl", with: bytes) }
      let notes = try goOn(copy)
      #expect(notes.contains { $0.contains(text) && $0.contains("fewer rows") }, "\(notes)")
      #expect(try SmallRun.checksum(copy) == wanted)
      let inspection = try RowInspection(path: "\(copy)/metrics.jsonl")
      #expect(try OwnTasks.rows(of: "\(copy)/metrics.jsonl").count == count)
      if let bytes, bytes.count < whole.count {
        // As it was, beside what was kept of it.
        #expect(try Files.read("\(copy)/damaged-metrics.jsonl") == bytes)
        #expect(inspection.damage.isEmpty && inspection.unguarded == 0)
      } else {
        #expect(inspection.damage.count == (bytes == nil ? 0 : 1))
      }
    }
  }

  @Test("A run goes on over its older checkpoints and a rewritten file, however often")
  func rewrittenTwice() throws {
    let path = try begin()
    // Rows of old steps are gone, so that the file is shorter than old checkpoints say.
    try Files.replace("\(path)/completions.jsonl", with: [])
    _ = try goOn(path)
    #expect(try RowInspection(path: "\(path)/completions.jsonl").rows == 36)
    try folder.flip("run/checkpoint-11/model.safetensors", at: 900)
    _ = try goOn(path)
    #expect(try SmallRun.checksum(path) == (try straight()))
    let steps = try OwnTasks.rows(of: "\(path)/completions.jsonl").compactMap { $0["step"]?.int }
    #expect(steps == steps.sorted() && steps.count == 36, "\(steps)")
    #expect(try RowInspection(path: "\(path)/completions.jsonl").damage.isEmpty)
  }

  @Test(
    "A recipe or a description that is missing, torn or changed is told; the checkpoint's is taken",
    arguments: ["recipe.yaml", "run.json"])
  func documents(name: String) throws {
    let path = try begin()
    let wanted = try straight()
    let whole = try Files.read("\(path)/\(name)")
    let seed = String(decoding: whole, as: UTF8.self).replacing("seed: 7", with: "seed: 5")
      .replacing("\"seed\": 7", with: "\"seed\": 5")
    for (index, bytes) in [nil, Array(whole.prefix(70)), Array(seed.utf8)].enumerated() {
      let copy = folder.file("\(index)-\(name)")
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try Files.remove("\(copy)/\(name)")
      if let bytes { try Files.replace("\(copy)/\(name)", with: bytes) }
      let notes = try goOn(copy)
      #expect(notes.contains { $0.contains("\(copy)/\(name)") }, "\(notes)")
      #expect(try SmallRun.checksum(copy) == wanted)
      #expect(Files.exists("\(copy)/damaged-\(name)") == (bytes != nil))
      #expect(try RunFolder.recipe(at: copy) == (try SmallRun.load()))
      #expect(try RunDescription.read("\(copy)/run.json").seed == 7)
    }
  }

  @Test("A recipe that another run wrote is not this run's")
  func otherRecipe() throws {
    let path = try begin()
    let other = folder.file("other")
    try SmallRun.run(at: other, overrides: ["seed=5"])
    try Files.replace("\(path)/recipe.yaml", with: try Files.read("\(other)/recipe.yaml"))
    let notes = try goOn(path)
    #expect(notes.contains { $0.contains("not this run's: 'seed' is 5") }, "\(notes)")
    #expect(try SmallRun.checksum(path) == (try straight()))
  }

  @Test("A checkpoint of numbers that are none is passed over, and tensor and index named")
  func notFinite() throws {
    let path = try begin()
    for (file, tensor) in [
      ("model.safetensors", "model.norm.weight"), ("optimizer.safetensors", "exp_avg_sq."),
    ] {
      let copy = folder.file("copy-\(file)")
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      // As older versions wrote it: whole by its checksums, and not proved.
      let checkpoint = "\(copy)/checkpoint-8"
      var bytes = try Files.read("\(checkpoint)/\(file)")
      bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
      try Files.replace("\(checkpoint)/\(file)", with: bytes)
      var state = try TrainerState.read("\(checkpoint)/trainer_state.json")
      #expect(state.isProvedFinite)
      state.isProvedFinite = false
      try Files.replace(
        "\(checkpoint)/trainer_state.json", with: state.json.serializedBytes(pretty: true))
      let manifest = try Manifest.make(folder: checkpoint)
      try Files.replace(
        "\(checkpoint)/manifest.json", with: manifest.json.serializedBytes(pretty: true))
      let notes = try goOn(copy)
      let note = try #require(notes.first { $0.contains("holds nan at index") }, "\(notes)")
      #expect(note.contains("checkpoint-8/\(file)") && note.contains(tensor), "\(note)")
      #expect(Files.isFolder("\(copy)/damaged-checkpoint-8"))
      #expect(try SmallRun.checksum(copy) == (try straightOnce()))
    }
  }

  private func straightOnce() throws -> String {
    let path = folder.file("straight")
    return Files.isFolder(path) ? try SmallRun.checksum(path) : try straight()
  }

  @Test("A best checkpoint that is damaged or gone is not called the best")
  func lostBest() throws {
    let path = folder.file("run")
    try SmallRun.run(at: path)
    let file = "\(path)/checkpoint-11/trainer_state.json"
    var state = try TrainerState.read(file)
    let others = try CheckpointStore(folder: path).all().map(\.step)
    let old = try #require(others.last { $0 != 11 && $0 != state.good?.step })
    state.best = TrainerState.Best(metric: 0.5, step: old, stage: 1)
    try Files.replace(file, with: state.json.serializedBytes(pretty: true))
    let manifest = try Manifest.make(folder: "\(path)/checkpoint-11")
    try Files.replace(
      "\(path)/checkpoint-11/manifest.json", with: manifest.json.serializedBytes(pretty: true))
    try Files.link("\(path)/best", to: "checkpoint-\(old)")
    try folder.flip("run/checkpoint-\(old)/model.safetensors", at: 900)
    for isThere in [true, false] {
      if !isThere { try Files.remove("\(path)/checkpoint-\(old)") }
      let ear = OwnTasks.Ear()
      let outcome = try TrainingRun.resume(
        nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1), sink: ear
      ).run()
      #expect(outcome.wasFinished && outcome.best == nil)
      #expect(
        ear.notes.contains { $0.contains("the best checkpoint, after step \(old), is not there") })
      #expect(Files.linkTarget("\(path)/best") == nil)
    }
  }
}
