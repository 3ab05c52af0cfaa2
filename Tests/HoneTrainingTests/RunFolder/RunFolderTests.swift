import Foundation
import HoneJSON
import HoneTraining
import Testing

@Suite("Run folder")
struct RunFolderTests {
  let folder: TemporaryFolder
  let recipe: Recipe
  let description = RunDescription(
    arguments: ["hone", "train", "my.yaml"], seed: 0,
    versions: JSONObject([("hone", "0.1.0")]), machine: JSONObject([("isa", "avx2")]))

  init() throws {
    folder = try TemporaryFolder()
    recipe = try Recipe.parse(RecipeTests.minimal)
  }

  var path: String { folder.file("run") }

  func create() throws -> RunFolder {
    try RunFolder.create(at: path, recipe: recipe, description: description)
  }

  static func row(_ step: Int) -> JSONObject { JSONObject([("step", .integer(step))]) }

  static func save(_ run: RunFolder, step: Int, isBest: Bool = false) throws {
    var state = TrainerState(step: step, stage: 0, seed: 0)
    if isBest { state.best = TrainerState.Best(metric: 1, step: step) }
    state.isProvedFinite = true
    try run.saveCheckpoint(state, isBest: isBest, keep: 2) { folder in
      try Files.replace("\(folder)/model.safetensors", with: [UInt8](repeating: 1, count: 100))
    }
  }

  @Test func newRun() throws {
    let run = try create()
    try run.metrics.append(Self.row(1))
    #expect(try folder.rows("run/metrics.jsonl") == "{\"step\":1}\n")
    #expect(try Recipe.load(contentsOf: "\(path)/recipe.yaml") == recipe)
    #expect(try RunDescription.read("\(path)/run.json") == description)
  }

  @Test("a folder that holds a run is never overwritten")
  func refusal() throws {
    do { _ = try create() }
    let error = #expect(throws: TrainingError.self) { try create() }
    #expect(error?.exitCode == 73)
    #expect(error?.message.contains("--resume") == true)
  }

  @Test func aModelIsNeverOverwritten() throws {
    try Files.makeFolder(path)
    try folder.write("{}", to: "run/config.json")
    #expect(throws: TrainingError.self) { try create() }
    #expect(try Files.list(path) == ["config.json"])
  }

  @Test("a start that was killed before it had a recipe can be started again")
  func killedStart() throws {
    try Files.makeFolder(path)
    try folder.write("{\"mine\": 1}", to: "run/run.json")
    let error = #expect(throws: TrainingError.self) { try create() }
    #expect(error?.exitCode == 73, "a file of somebody's own")
    #expect(try folder.text("run/run.json") == "{\"mine\": 1}")
    try folder.write(description.json.serialized(pretty: true), to: "run/run.json")
    try folder.write("12\n", to: "run/.lock")
    try folder.write("half", to: "run/recipe.yaml.tmp")
    #expect(try !RunFolder.holdsRun(path))
    _ = try create()
    #expect(try RunFolder.holdsRun(path))
  }

  @Test("one process trains in a folder")
  func locking() throws {
    let descriptors = try Files.list("/proc/self/fd").count
    do {
      let run = try create()
      for _ in 0..<5 {
        let error = #expect(throws: TrainingError.self) { try RunFolder.resume(at: path) }
        #expect(error?.exitCode == 73)
        #expect(error?.message.contains("another process (process \(getpid()))") == true)
      }
      try run.metrics.append(Self.row(1))
    }
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.checkpoint == nil)
    // Other tests run beside this one and open files of their own; a leak of ours would grow.
    #expect(try Files.list("/proc/self/fd").count < descriptors + 60)
  }

  @Test("rows after the checkpoint are cut off")
  func resume() throws {
    do {
      let run = try create()
      for step in 1...3 { try run.metrics.append(Self.row(step)) }
      try run.completions.append([Self.row(1), Self.row(2)])
      try Self.save(run, step: 3, isBest: true)
      try run.metrics.append(Self.row(4))
      try run.evaluations.append(Self.row(4))
    }
    // A torn row, as a full disk or a power cut may leave it.
    let handle = try #require(FileHandle(forWritingAtPath: "\(path)/completions.jsonl"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("{\"step\":".utf8))
    try handle.close()

    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.checkpoint?.step == 3 && resumed.state?.step == 3)
    #expect(resumed.recipe == recipe && resumed.notes == [])
    #expect(try folder.rows("run/metrics.jsonl") == "{\"step\":1}\n{\"step\":2}\n{\"step\":3}\n")
    #expect(try folder.rows("run/completions.jsonl") == "{\"step\":1}\n{\"step\":2}\n")
    #expect(try folder.rows("run/evaluations.jsonl") == "")
    try resumed.run.metrics.append(Self.row(4))
    #expect(try folder.rows("run/metrics.jsonl").hasSuffix("{\"step\":3}\n{\"step\":4}\n"))
  }

  @Test("without a checkpoint a run begins again")
  func resumeFromNothing() throws {
    do {
      let run = try create()
      try run.metrics.append(Self.row(1))
    }
    try Files.makeFolder("\(path)/.tmp-checkpoint-5")
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.checkpoint == nil && resumed.state == nil)
    #expect(resumed.notes.count == 1)
    #expect(try folder.rows("run/metrics.jsonl") == "")
  }

  @Test("a damaged checkpoint is passed over with a remark")
  func resumeFromDamage() throws {
    do {
      let run = try create()
      try run.metrics.append(Self.row(1))
      try Self.save(run, step: 1)
      try run.metrics.append(Self.row(2))
      try Self.save(run, step: 2)
    }
    try folder.flip("run/checkpoint-2/model.safetensors", at: 50)
    let resumed = try RunFolder.resume(at: path)
    #expect(resumed.checkpoint?.step == 1)
    #expect(resumed.notes.contains { $0.contains("checkpoint-2/model.safetensors") })
    #expect(try folder.rows("run/metrics.jsonl") == "{\"step\":1}\n")
    #expect(Files.linkTarget("\(path)/latest") == "checkpoint-1")
  }

  @Test("a refusal changes nothing")
  func refusedResume() throws {
    do {
      let run = try create()
      try Self.save(run, step: 1)
      try run.metrics.append(Self.row(2))
    }
    let other = try Recipe.parse(RecipeTests.minimal, overrides: ["seed=5"])
    let error = #expect(throws: TrainingError.self) {
      try RunFolder.resume(at: path) { run in
        try RecipeComparison(run: run, given: other).require(recipeFile: "my.yaml")
      }
    }
    #expect(error?.exitCode == 78)
    #expect(error?.message.contains("seed: 0 in the run, 5 now") == true)
    #expect(try folder.rows("run/metrics.jsonl") == "{\"step\":2}\n")
  }

  @Test func nothingToResume() throws {
    let error = #expect(throws: TrainingError.self) { try RunFolder.resume(at: path) }
    #expect(error?.exitCode == 66)
  }

  @Test("values that are not finite are null")
  func notFinite() throws {
    let run = try create()
    try run.metrics.append(
      JSONObject([("a", .number(.nan)), ("b", .number(.infinity)), ("c", .number(0.1))]))
    #expect(try folder.rows("run/metrics.jsonl") == "{\"a\":null,\"b\":null,\"c\":0.1}\n")
  }

  @Test func diskSpace() throws {
    try RunFolder.requireSpace(at: path, checkpointBytes: 1, keep: 2)
    let error = #expect(throws: TrainingError.self) {
      try RunFolder.requireSpace(at: path, checkpointBytes: 1 << 56, keep: 2)
    }
    #expect(error?.exitCode == 74)
    #expect(error?.message.contains("3 checkpoints of 65536.0 TiB") == true)
  }

  @Test func anotherMachineIsNoticed() {
    var other = description
    other.machine["isa"] = "portable"
    #expect(description.differences(to: other) == ["isa: \"avx2\" then, \"portable\" now"])
    #expect(description.differences(to: description) == [])
  }
}

extension RunFolder {
  /// What a resumed run goes on from.
  struct Resumption {
    var run: RunFolder
    var checkpoint: Checkpoint?
    var state: TrainerState?
    var recipe: Recipe
    var notes: [String]
  }

  /// Looks, asks, and opens, as a run that goes on does.
  @discardableResult
  static func resume(
    at path: String, from step: Int? = nil, isFinished: Bool = false,
    check: (Recipe) throws -> Void = { _ in }
  ) throws -> Resumption {
    var found = try RunFolder.examine(at: path, from: step)
    try check(found.recipe)
    let run = try found.open(isFinished: isFinished)
    return Resumption(
      run: run, checkpoint: found.checkpoint, state: found.state, recipe: found.recipe,
      notes: found.notes)
  }
}
