import Foundation
import HoneJSON
import HoneNumerics
import HoneTraining
import Testing

@Suite("Going back to a checkpoint, and what a run was made from", .serialized)
struct GoingBackTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let everyStep = [
    "stages.0.checkpoint_every=1", "stages.1.checkpoint_every=1", "keep_checkpoints=20",
  ]

  private func goOn(
    _ path: String, from step: Int?, _ overrides: [String] = everyStep
  ) throws -> [String] {
    let ear = OwnTasks.Ear()
    _ = try TrainingRun.resume(
      try SmallRun.load(overrides), recipeFile: nil, from: step, at: path,
      arguments: ["train", "--from"], compute: Compute(workers: 1), sink: ear
    ).run()
    return ear.notes
  }

  @Test("From an older step to the same bits; what was newer is put aside whole")
  func sameBits() throws {
    let path = folder.file("run")
    try SmallRun.run(at: path, overrides: Self.everyStep)
    let wanted = try SmallRun.checksum(path)
    let completions = try Files.read("\(path)/completions.jsonl")
    let before = try Files.list("\(path)/checkpoint-9")
    for (number, step) in [7, 4].enumerated() {
      let notes = try goOn(path, from: step)
      let aside = "\(path)/aside-\(number + 1)"
      #expect(notes.contains { $0.contains(aside) }, "\(notes)")
      let names = try Files.list(aside)
      #expect((step + 1...11).allSatisfy { names.contains("checkpoint-\($0)") }, "\(names)")
      #expect(try Files.list("\(aside)/checkpoint-9") == before)
      try Checkpoint.verify(folder: "\(aside)/checkpoint-9")
      // The rows behind the checkpoint, as they were.
      let state = try Checkpoint(path: "\(path)/checkpoint-\(step)", step: step).state()
      let kept = state.fileLengths["completions.jsonl"] ?? 0
      #expect(try Files.read("\(aside)/completions.jsonl") == Array(completions[kept...]))
      #expect(try SmallRun.checksum(path) == wanted)
      #expect(try Files.read("\(path)/completions.jsonl") == completions)
      #expect(try RowInspection(path: "\(path)/metrics.jsonl").damage.isEmpty)
    }
    let resumes = try RunDescription.read("\(path)/run.json").resumes
    #expect(resumes.map(\.step) == [7, 4])
    #expect(resumes[0].arguments == ["train", "--from"] && resumes[0].executable?.count == 64)
  }

  @Test("Keys of the optimizer may change with it, on record, and not without it")
  func optimizer() throws {
    let path = folder.file("run")
    try SmallRun.run(at: path, overrides: Self.everyStep)
    let wanted = try SmallRun.checksum(path)
    let other = Self.everyStep + ["stages.1.optimizer.learning_rate=1e-4"]
    let refused = #expect(throws: TrainingError.self) { try goOn(path, from: nil, other) }
    #expect(refused?.exitCode == 78 && refused?.message.contains("--from STEP") == true)
    let seed = #expect(throws: TrainingError.self) { try goOn(path, from: 7, other + ["seed=8"]) }
    #expect(seed?.exitCode == 78)
    #expect(!Files.exists("\(path)/aside-1"), "a refusal changes nothing")
    let notes = try goOn(path, from: 7, other)
    #expect(notes.contains { $0.contains("stages.1.optimizer.learning_rate: 0.001 -> 0.0001") })
    #expect(try SmallRun.checksum(path) != wanted)
    let change = try #require(
      try RunDescription.read("\(path)/run.json").resumes.last?.changes.first)
    #expect(change.path == "stages.1.optimizer.learning_rate")
    #expect(change.before == "0.001" && change.now == "0.0001")
    // From now on those are the run's own keys, and the promise of equal bits is not made.
    #expect(try RunFolder.recipe(at: path) == (try SmallRun.load(other)))
    #expect(try Checkpoint(path: "\(path)/checkpoint-11", step: 11).state().keepsSchedule == false)
    let back = #expect(throws: TrainingError.self) { try goOn(path, from: nil) }
    #expect(back?.exitCode == 78)
  }

  @Test("A step without a checkpoint is 66 and names those that are there; a damaged one is 65")
  func noCheckpoint() throws {
    let path = folder.file("run")
    try SmallRun.run(at: path)
    let there = try CheckpointStore(folder: path).all().map(\.step)
    let error = #expect(throws: TrainingError.self) { try goOn(path, from: 3, []) }
    #expect(error?.exitCode == 66)
    #expect(
      error?.message.contains("after steps \(there.map(String.init).joined(separator: ", "))")
        == true)
    try folder.flip("run/checkpoint-5/model.safetensors", at: 900)
    let damaged = #expect(throws: TrainingError.self) { try goOn(path, from: 5, []) }
    #expect(damaged?.exitCode == 65 && damaged?.message.contains("checkpoint-5/model") == true)
  }

  // MARK: - What a run was made from

  /// A copy of the published base that may be changed.
  private func copyBase() throws -> String {
    let copy = folder.file("base")
    try FileManager.default.copyItem(atPath: OwnTasks.root + "/checkpoints/base", toPath: copy)
    return copy
  }

  private func recipe(_ base: String) throws -> String {
    try folder.write(OwnTasks.rows(8), to: "train.jsonl")
    return "model: \(base)\nstages:\n"
      + "  - {kind: grpo, tasks: {train: \(folder.file("train.jsonl"))}, group_size: 2,"
      + " prompts_per_step: 2, probe_problems: 0, sampling: {max_completion_length: 4}, steps: 2,"
      + " checkpoint_every: 1}\n"
  }

  @Test("The base's files, the tokenizer's and the program are in run.json; another base is told")
  func origin() throws {
    let base = try copyBase()
    let path = folder.file("run")
    let text = try recipe(base)
    #expect(throws: TrainingError.self) { try OwnTasks.start(text, at: path) { .interrupted } }
    let origin = try #require(try RunDescription.read("\(path)/run.json").origin)
    for name in ["config.json", "tokenizer.json"] {
      #expect(origin.base[name] == (try Files.checksum("\(base)/\(name)")))
    }
    #expect(origin.base.keys.contains { $0.hasSuffix(".safetensors") })
    #expect(origin.executable == (try Files.checksum("/proc/self/exe")))
    // A base that is another now: no step needs it, so it is a remark.
    var config = try Files.read("\(base)/generation_config.json")
    config.append(UInt8(ascii: "\n"))
    try Files.replace("\(base)/generation_config.json", with: config)
    let ear = OwnTasks.Ear()
    try OwnTasks.resume(text, at: path, sink: ear)
    #expect(
      ear.notes.contains {
        $0.contains("base model's generation_config.json") && $0.contains("the bits may differ")
      }, "\(ear.notes)")
  }

  @Test("A run that begins again must begin with the same base: 78; one that is gone is told")
  func beginningAgain() throws {
    let base = try copyBase()
    let path = folder.file("run")
    let text = try recipe(base)
    #expect(throws: TrainingError.self) { try OwnTasks.start(text, at: path) { .interrupted } }
    let early = folder.file("early")
    try FileManager.default.copyItem(atPath: path, toPath: early)
    for name in ["checkpoint-1", "latest"] { try Files.remove("\(early)/\(name)") }
    let whole = try Files.read("\(base)/generation_config.json")
    try Files.replace("\(base)/generation_config.json", with: whole + [UInt8(ascii: "\n")])
    let before = try Files.read("\(early)/metrics.jsonl")
    let error = #expect(throws: TrainingError.self) { try OwnTasks.resume(text, at: early) }
    #expect(error?.exitCode == 78)
    #expect(error?.message.contains("base model's generation_config.json") == true)
    #expect(try Files.read("\(early)/metrics.jsonl") == before)
    try Files.replace("\(base)/generation_config.json", with: whole)
    try OwnTasks.resume(text, at: early)
    try Files.remove(base)
    let ear = OwnTasks.Ear()
    try OwnTasks.resume(text, at: path, sink: ear)
    #expect(ear.notes.contains { $0.contains("base model is not there any more") }, "\(ear.notes)")
    #expect(try SmallRun.checksum(path) == (try SmallRun.checksum(early)))
  }
}
