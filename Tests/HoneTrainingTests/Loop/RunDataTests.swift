import Foundation
import HoneJSON
import HonePolicy
import HoneTraining
import Testing

@Suite("A run is its data, too", .serialized)
struct RunDataTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Two supervised or GRPO steps, of which the first is made.
  private func recipe(
    _ kind: String, train: String = "train.jsonl", eval: String? = "eval.jsonl"
  ) -> String {
    let tasks =
      "{train: \(folder.file(train))" + (eval.map { ", eval: \(folder.file($0))" } ?? "") + "}"
    let settings =
      kind == "sft"
      ? "batch_size: 7"
      : "group_size: 2, prompts_per_step: 7, probe_problems: 0, sampling: {max_completion_length: 4}"
    return OwnTasks.recipe(
      "  - {kind: \(kind), tasks: \(tasks), \(settings), steps: 2, checkpoint_every: 1,"
        + " evaluation: {max_completion_length: 4}}\n")
  }

  private static func demonstrations(_ count: Int) -> String {
    OwnTasks.rows(count).replacing(
      "}\n", with: ", \"completion\": \"<answer>1</answer>\"}\n")
  }

  private func begin(_ kind: String) throws -> String {
    let rows = kind == "sft" ? Self.demonstrations(8) : OwnTasks.rows(8)
    try folder.write(rows, to: "train.jsonl")
    try folder.write(OwnTasks.rows(3, from: 20), to: "eval.jsonl")
    let path = folder.file("run-\(kind)")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.start(recipe(kind), at: path) { .interrupted }
    }
    #expect(error?.kind == .interrupted)
    return path
  }

  @Test(
    "Another file is refused and named: fewer rows, other rows, another order",
    arguments: ["sft", "grpo"])
  func changed(kind: String) throws {
    let path = try begin(kind)
    let whole = try folder.text("train.jsonl")
    let lines = whole.split(separator: "\n").map { $0 + "\n" }
    for rows in [
      lines[..<3].joined(), lines.reversed().joined(), whole + OwnTasks.rows(1, from: 60),
      lines[1...].joined() + (lines[0].replacing("last digit of 1", with: "last digit of 2")),
    ] {
      try folder.write(rows, to: "train.jsonl")
      for text in [recipe(kind), nil] {
        let error = #expect(throws: (any Error).self) { try OwnTasks.resume(text, at: path) }
        // A row of a problem without a demonstration has its own error in an sft stage.
        if kind == "grpo" || rows.count < whole.count {
          let error = try #require(error as? TrainingError)
          #expect(error.exitCode == 78)
          #expect(error.message.contains(folder.file("train.jsonl")), "\(error)")
          #expect(error.message.contains("stages.0.tasks.train"))
        }
      }
    }
    // Back as it was, the run goes on.
    try folder.write(whole, to: "train.jsonl")
    #expect(try OwnTasks.resume(recipe(kind), at: path).steps == 2)
  }

  @Test("A resume that is refused leaves every row and checkpoint where it was")
  func refusedResume() throws {
    let path = try begin("grpo")
    let whole = try folder.text("train.jsonl")
    // A row behind the checkpoint, as a killed run leaves it, and a checkpoint that is torn.
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: path + "/metrics.jsonl"))
    try log.seekToEnd()
    try log.write(contentsOf: Data("{\"step\":2}\n".utf8))
    try log.close()
    try FileManager.default.createDirectory(
      atPath: path + "/checkpoint-2", withIntermediateDirectories: true)
    let before = try Files.read(path + "/metrics.jsonl")
    func refused(_ text: String, _ code: Int32) throws {
      let error = #expect(throws: (any Error).self) { try OwnTasks.resume(text, at: path) }
      if let error = error as? TrainingError { #expect(error.exitCode == code, "\(error)") }
      #expect(try Files.read(path + "/metrics.jsonl") == before)
      #expect(Files.isFolder(path + "/checkpoint-2"))
    }
    try folder.write(OwnTasks.rows(3), to: "train.jsonl")
    try refused(recipe("grpo"), 78)
    try FileManager.default.removeItem(atPath: folder.file("train.jsonl"))
    try refused(recipe("grpo"), 66)
    try folder.write(whole, to: "train.jsonl")
    try refused("memory_limit: 1000\n" + recipe("grpo"), 78)
    #expect(try OwnTasks.resume(recipe("grpo"), at: path).steps == 2)
  }

  @Test("Fewer steps than were made are refused, and the run's recipe stays")
  func fewerSteps() throws {
    let path = try begin("grpo")
    try OwnTasks.resume(recipe("grpo"), at: path)
    let stored = try Files.read(path + "/recipe.yaml")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.resume(recipe("grpo").replacing("steps: 2", with: "steps: 1"), at: path)
    }
    #expect(error?.exitCode == 78 && error?.message.contains("has made 2 steps") == true)
    #expect(try Files.read(path + "/recipe.yaml") == stored)
  }

  @Test("A best checkpoint that is gone reigns no more, and is told")
  func lostBest() throws {
    let path = try begin("grpo")
    let file = path + "/checkpoint-1/trainer_state.json"
    var state = try TrainerState.read(file)
    state.best = TrainerState.Best(metric: 1, step: 7)
    try Files.replace(file, with: state.json.serializedBytes(pretty: true))
    let manifest = try Manifest.make(folder: path + "/checkpoint-1")
    try Files.replace(
      path + "/checkpoint-1/manifest.json", with: manifest.json.serializedBytes(pretty: true))
    let ear = OwnTasks.Ear()
    let outcome = try OwnTasks.resume(recipe("grpo"), at: path, sink: ear)
    #expect(ear.notes.contains { $0.contains("after step 7, is not there any more") })
    #expect(outcome.best?.step != 7)
  }

  @Test("Problems to evaluate on count as well")
  func evaluation() throws {
    let path = try begin("grpo")
    try folder.write(OwnTasks.rows(3, from: 21), to: "eval.jsonl")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.resume(recipe("grpo"), at: path)
    }
    #expect(error?.exitCode == 78)
    #expect(error?.message.contains("stages.0.tasks.eval") == true)
  }

  @Test("A file that was moved, renamed or has other line ends is the same; so are the bits")
  func moved() throws {
    let path = try begin("grpo")
    let straight = folder.file("straight")
    _ = try OwnTasks.start(recipe("grpo"), at: straight)
    let text = try folder.text("train.jsonl")
    try FileManager.default.createDirectory(
      atPath: folder.file("elsewhere"), withIntermediateDirectories: true)
    try folder.write(text.replacing("\n", with: "\r\n"), to: "elsewhere/other.jsonl")
    try FileManager.default.removeItem(atPath: folder.file("train.jsonl"))
    // Rows without an id keep the names that they had, which name their random streams.
    try OwnTasks.resume(recipe("grpo", train: "elsewhere/other.jsonl"), at: path)
    #expect(try SmallRun.checksum(path) == SmallRun.checksum(straight))
    let ids = try OwnTasks.rows(of: path + "/completions.jsonl").map { $0["problem"]?.string ?? "" }
    #expect(ids.allSatisfy { $0.hasPrefix("train-") })
  }

  @Test("Sources, counts, checksums and mappings are in the state")
  func recorded() throws {
    let path = try begin("grpo")
    let state = try Checkpoint(path: path + "/checkpoint-1", step: 1).state()
    let data = try #require(state.data?.first)
    #expect(data.train.map(\.source) == [folder.file("train.jsonl")])
    #expect(data.train.map(\.problems) == [8] && data.evaluation.map(\.problems) == [3])
    #expect(data.train[0].sha256.count == 64 && data.train[0].sha256 != data.evaluation[0].sha256)
    #expect(data.train[0].mapping?.contains("question") == true)
  }

  @Test(
    "A checkpoint of an older version is taken on trust, and told; a cursor beyond the data is not")
  func older() throws {
    let path = try begin("grpo")
    func strip() throws {
      let file = path + "/checkpoint-1/trainer_state.json"
      var json = try #require(try JSON.parse(try Files.read(file), file: file).object)
      json = JSONObject(json.pairs.filter { $0.key != "data" }.map { ($0.key, $0.value) })
      try Files.replace(file, with: JSON.object(json).serializedBytes(pretty: true))
      let manifest = try Manifest.make(folder: path + "/checkpoint-1")
      try Files.replace(
        path + "/checkpoint-1/manifest.json", with: manifest.json.serializedBytes(pretty: true))
    }
    try strip()
    try folder.write(OwnTasks.rows(3), to: "train.jsonl")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.resume(recipe("grpo"), at: path)
    }
    #expect(error?.exitCode == 78 && error?.message.contains("7 problems") == true)
    try folder.write(OwnTasks.rows(8), to: "train.jsonl")
    let ear = OwnTasks.Ear()
    try OwnTasks.resume(recipe("grpo"), at: path, sink: ear)
    #expect(ear.notes.contains { $0.contains("taken to be the same") })
  }

  @Test("A schedule that is made longer on resume is told, with what happens")
  func schedule() throws {
    try folder.write(OwnTasks.rows(8), to: "train.jsonl")
    func text(_ steps: Int, _ schedule: String) -> String {
      recipe("grpo", eval: nil).replacing("steps: 2", with: "steps: \(steps)").replacing(
        "checkpoint_every",
        with: "optimizer: {learning_rate: 1e-4, schedule: \(schedule)}, checkpoint_every")
    }
    for schedule in ["cosine", "linear", "constant"] {
      let path = folder.file(schedule)
      _ = try OwnTasks.start(text(2, schedule), at: path)
      let ear = OwnTasks.Ear()
      try OwnTasks.resume(text(4, schedule), at: path, sink: ear)
      let told = ear.notes.filter { $0.contains("is not that of a run of 4 steps") }
      #expect(told.count == (schedule == "constant" ? 0 : 1), "\(schedule)")
      if schedule != "constant" { #expect(told.first?.contains("'\(schedule)'") == true) }
      // The promise of equal bits is not made again by a later resume with the same steps.
      let state = try Checkpoint(path: path + "/checkpoint-4", step: 4).state()
      #expect(state.keepsSchedule == (schedule == "constant"))
    }
  }
}
