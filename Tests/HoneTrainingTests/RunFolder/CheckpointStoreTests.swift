import Foundation
import HoneJSON
import HoneTraining
import Synchronization
import Testing

@Suite("Checkpoints")
struct CheckpointStoreTests {
  let folder: TemporaryFolder
  let store: CheckpointStore

  init() throws {
    folder = try TemporaryFolder()
    store = CheckpointStore(folder: folder.path)
  }

  static func state(_ step: Int, best: Int? = nil) -> TrainerState {
    var state = TrainerState(step: step, stage: 0, seed: 7)
    state.best = best.map { TrainerState.Best(metric: 0.5, step: $0) }
    state.isProvedFinite = true
    return state
  }

  @discardableResult
  func write(_ step: Int, isBest: Bool = false, keep: Int = 2) throws -> Checkpoint {
    try store.write(Self.state(step, best: isBest ? step : nil), isBest: isBest, keep: keep) {
      path in
      try Files.replace("\(path)/model.safetensors", with: Array("weights \(step)".utf8))
      try Files.replace("\(path)/empty", with: [])
    }
  }

  func steps() throws -> [Int] { try store.all().map(\.step) }

  @Test func aWholeCheckpoint() throws {
    let checkpoint = try write(20, isBest: true)
    #expect(try checkpoint.verify() == [])
    #expect(try checkpoint.state() == Self.state(20, best: 20))
    #expect(
      try Files.list(checkpoint.path) == [
        "empty", "manifest.json", "model.safetensors", "trainer_state.json",
      ])
    #expect(Files.linkTarget(folder.file("latest")) == "checkpoint-20")
    #expect(Files.linkTarget(folder.file("best")) == "checkpoint-20")
    #expect(try Files.list(folder.path) == ["best", "checkpoint-20", "latest"])
  }

  @Test("old ones go, the best stays and is not counted")
  func pruning() throws {
    try write(1)
    try write(2, isBest: true)
    for step in 3...6 { try write(step) }
    #expect(try steps() == [2, 5, 6])
    try write(7, isBest: true)
    #expect(try steps() == [5, 6, 7])
    try write(8, keep: 1)
    #expect(try steps() == [7, 8])
    #expect(Files.linkTarget(folder.file("latest")) == "checkpoint-8")
    #expect(Files.linkTarget(folder.file("best")) == "checkpoint-7")
  }

  @Test("steps sort as numbers")
  func order() throws {
    try write(9)
    try write(10)
    try write(100, keep: 3)
    #expect(try steps() == [9, 10, 100])
    #expect(try store.newestWhole().checkpoint?.step == 100)
  }

  @Test("a failing write leaves everything as it was")
  func failingWrite() throws {
    struct Failure: Error {}
    try write(1)
    let before = try Files.list(folder.path)
    #expect(throws: Failure.self) {
      try store.write(Self.state(2), isBest: true, keep: 1) { path in
        try Files.replace("\(path)/half", with: [1, 2, 3])
        throw Failure()
      }
    }
    #expect(try Files.list(folder.path) == before)
    #expect(try store.newestWhole().checkpoint?.step == 1)
  }

  @Test("a full disk is an error of its own, and nothing is lost")
  func fullDisk() throws {
    try write(1)
    do {
      try store.write(Self.state(2), isBest: false, keep: 1) { _ in
        let full = open("/dev/full", O_WRONLY)
        defer { close(full) }
        try Files.write([1, 2, 3], to: full, path: "checkpoint-2/model.safetensors")
      }
      Issue.record("no error")
    } catch let error as TrainingError {
      #expect(error.exitCode == 74)
      #expect(error.message.contains("model.safetensors"))
      #expect(error.message.contains("Free some space"))
    }
    #expect(try steps() == [1])
  }

  @Test("writing a step again replaces it")
  func replacing() throws {
    try write(3)
    try store.write(Self.state(3), isBest: false, keep: 2) { path in
      try Files.replace("\(path)/other", with: [1])
    }
    #expect(try Files.list(folder.file("checkpoint-3")).contains("other"))
    #expect(try Files.list(folder.path) == ["checkpoint-3", "latest"])
    #expect(try store.newestWhole().damage == [])
  }

  @Test(
    "one changed bit anywhere is found and the file named",
    arguments: [
      "model.safetensors", "trainer_state.json", "manifest.json",
    ])
  func flippedBit(_ name: String) throws {
    try write(1)
    let checkpoint = try write(2)
    let size = try #require(Files.size("\(checkpoint.path)/\(name)"))
    for offset in 0..<size {
      try folder.flip("checkpoint-2/\(name)", at: offset)
      if let error = #expect(throws: TrainingError.self, performing: { try checkpoint.verify() }) {
        #expect(error.exitCode == 65)
        #expect(error.message.contains("checkpoint-2/"))
        if name != "manifest.json" { #expect(error.message.contains("checkpoint-2/\(name)")) }
      }
      try folder.flip("checkpoint-2/\(name)", at: offset)
    }
    try checkpoint.verify()
  }

  @Test func damagedCheckpointsArePassedOver() throws {
    try write(1, keep: 9)
    try write(2, keep: 9)
    try write(3, keep: 9)
    try write(4, keep: 9)
    try folder.flip("checkpoint-4/model.safetensors", at: 3)
    try Files.remove(folder.file("checkpoint-3/manifest.json"))
    let (checkpoint, damage) = try store.newestWhole()
    #expect(checkpoint?.step == 2)
    #expect(damage.count == 2)
    #expect(damage[0].contains("checkpoint-4/model.safetensors"))
    #expect(damage[1].contains("checkpoint-3/manifest.json"))
  }

  @Test func truncatedAndMissingFiles() throws {
    let checkpoint = try write(1)
    try folder.write("weig", to: "checkpoint-1/model.safetensors")
    let short = #expect(throws: TrainingError.self) { try checkpoint.verify() }
    #expect(short?.message.contains("5 bytes missing") == true)
    try Files.remove(folder.file("checkpoint-1/model.safetensors"))
    let missing = #expect(throws: TrainingError.self) { try checkpoint.verify() }
    #expect(missing?.message.contains("model.safetensors: missing") == true)
  }

  @Test func filesBesideTheManifestAreNoDamage() throws {
    let checkpoint = try write(1)
    try folder.write("mine", to: "checkpoint-1/notes.txt")
    #expect(try checkpoint.verify() == ["notes.txt"])
  }

  @Test("looking while a run writes, replaces and prunes finds no damage")
  func looking() throws {
    try write(1)
    let isDone = Mutex(false)
    let thread = Thread { [store] in
      for step in 2...150 {
        // Every third is replaced by another of the same step, as after an interrupted evaluation.
        for _ in 0..<(step % 3 == 0 ? 2 : 1) {
          _ = try? store.write(Self.state(step), isBest: step % 7 == 0, keep: 1) { path in
            try Files.replace("\(path)/model.safetensors", with: Array("weights \(step)".utf8))
          }
        }
      }
      isDone.withLock { $0 = true }
    }
    thread.start()
    var (looks, seen) = (0, Set<Int>())
    while !isDone.withLock({ $0 }) {
      let findings = try store.examine()
      #expect(findings.compactMap(\.damage) == [])
      seen.formUnion(findings.map(\.checkpoint.step))
      looks += 1
    }
    #expect(try steps().last == 150)
    #expect(looks > 20 && seen.count > 20, "\(looks) looks at \(seen.count) checkpoints")
  }

  @Test("what an interrupted write leaves is cleared away")
  func recovery() throws {
    try write(1)
    try write(2)
    try Files.makeFolder(folder.file(".tmp-checkpoint-3"))
    try folder.write("half", to: ".tmp-checkpoint-3/model.safetensors")
    // Killed between putting the old one aside and giving the new one its name.
    try Files.rename(folder.file("checkpoint-2"), to: folder.file(".old-checkpoint-2"))
    try folder.write("", to: "latest.tmp")
    let notes = try store.recover()
    #expect(notes.count == 2)
    #expect(try steps() == [1, 2])
    #expect(try Files.list(folder.path) == ["checkpoint-1", "checkpoint-2", "latest"])
    #expect(try store.newestWhole().checkpoint?.step == 2)
  }

  @Test("newer damaged folders are put aside and links are set right")
  func settling() throws {
    try write(1, isBest: true, keep: 9)
    try write(2, keep: 9)
    try write(3, isBest: true, keep: 9)
    try folder.flip("checkpoint-3/model.safetensors", at: 0)
    let (checkpoint, _) = try store.newestWhole()
    let notes = try store.settle(on: checkpoint, best: TrainerState.Best(metric: 1, step: 1))
    #expect(notes.count == 1)
    #expect(try steps() == [1, 2])
    #expect(Files.isFolder(folder.file("damaged-checkpoint-3")))
    #expect(Files.linkTarget(folder.file("latest")) == "checkpoint-2")
    #expect(Files.linkTarget(folder.file("best")) == "checkpoint-1")
    // Pruning afterwards does not count what was put aside.
    try write(3, keep: 1)
    #expect(try steps() == [1, 3])
  }

  @Test(arguments: ["checkpoint-", "checkpoint--1", "checkpoint-01", "checkpoint-x", "best", ""])
  func otherNames(_ name: String) {
    #expect(Checkpoint.step(ofFolder: name) == nil)
  }

  @Test func stateReadsBackEqual() throws {
    var state = TrainerState(step: 40, stage: 1, seed: 3)
    state.optimizerStep = 20
    state.cursor = BatchCursor(epoch: 2, position: 17)
    state.tokens = 123_456
    state.best = TrainerState.Best(metric: 1.0 / 3, step: 20)
    state.fileLengths = ["metrics.jsonl": 10, "completions.jsonl": 20]
    state.fileChecksums = ["metrics.jsonl": "00000000", "completions.jsonl": "0123abcd"]
    state.recipe = "stages:\n  - {kind: sft}\n"
    state.isProvedFinite = true
    state.extra = JSONObject([("temperature", .number(0.1))])
    try folder.write(state.json.serialized(pretty: true), to: "state.json")
    #expect(try TrainerState.read(folder.file("state.json")) == state)
    for key in ["global_step", "stage", "optimizer_step", "num_tokens"] {
      var fields = try #require(state.json.object)
      for number: JSON in [.integer(.max), -1, "3", 1.5] {
        fields[key] = number
        try folder.write(JSON.object(fields).serialized(), to: "crafted.json")
        #expect(throws: TrainingError.self, "\(key): \(number)") {
          try TrainerState.read(folder.file("crafted.json"))
        }
      }
    }
    try folder.write("{\"global_step\": 1}", to: "state.json")
    let error = #expect(throws: TrainingError.self) {
      try TrainerState.read(folder.file("state.json"))
    }
    #expect(error?.exitCode == 65)
  }
}
