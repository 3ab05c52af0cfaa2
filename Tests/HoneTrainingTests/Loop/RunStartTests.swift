import Foundation
import HoneJSON
import HoneTraining
import Testing

@Suite("What can be refused is refused before anything is made", .serialized)
struct RunStartTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func stage(_ tasks: String, _ more: String = "") -> String {
    OwnTasks.recipe(
      "  - {kind: grpo, tasks: \(tasks), group_size: 2, prompts_per_step: 2, steps: 1,"
        + " sampling: {max_completion_length: 4}\(more.isEmpty ? "" : ", " + more)}\n")
  }

  private func refused(_ text: String, _ code: Int32) throws -> String {
    let path = folder.file("runs/one")
    let error = #expect(throws: TrainingError.self) { try OwnTasks.start(text, at: path) }
    #expect(error?.exitCode == code, "\(String(describing: error))")
    #expect(!FileManager.default.fileExists(atPath: folder.file("runs")), "a folder is left")
    return error?.message ?? ""
  }

  @Test(
    "Problems that nobody can grade",
    arguments: [
      "{\"prompt\": \"2+2\", \"completion\": \"4\"}", "{\"question\": \"q\", \"answer\": \"$$\"}",
      "{\"question\": \"q\", \"answer\": \"no solution\", \"grader\": \"countdown\"}",
    ])
  func nothingGradable(row: String) throws {
    try folder.write(row + "\n", to: "bad.jsonl")
    try folder.write(OwnTasks.rows(4), to: "good.jsonl")
    let train = try refused(stage("{train: \(folder.file("bad.jsonl"))}"), 65)
    #expect(train.contains("bad.jsonl:1") && train.contains("none of 1 problems can be graded"))
    let held = try refused(
      stage("{train: \(folder.file("good.jsonl")), eval: \(folder.file("bad.jsonl"))}"), 65)
    #expect(held.contains("stages.0.tasks.eval"))
  }

  @Test("Lengths that do not fit, in any stage; memory; demonstrations")
  func misfits() throws {
    try folder.write(OwnTasks.rows(4), to: "good.jsonl")
    let good = "{train: \(folder.file("good.jsonl")), eval: \(folder.file("good.jsonl"))}"
    _ = try refused(stage(good, "evaluation: {max_completion_length: 4000}"), 78)
    let second = stage(good) + "  - {kind: grpo, tasks: \(good), steps: 1, "
    #expect(
      try refused(second + "sampling: {max_completion_length: 4000}}\n", 78).contains("2048"))
    _ = try refused("memory_limit: 1000\n" + stage(good), 78)
    #expect(
      try refused(stage(good) + "  - {kind: sft, tasks: \(good), steps: 1}\n", 65)
        .contains("needs demonstrations"))
  }

  @Test("A folder that was there, and what is in it, stays")
  func foreignFiles() throws {
    try folder.write("{\"question\": \"q\", \"answer\": \"$$\"}\n", to: "bad.jsonl")
    let path = folder.file("mine")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try folder.write("mine", to: "mine/notes.txt")
    #expect(throws: TrainingError.self) {
      try OwnTasks.start(stage("{train: \(folder.file("bad.jsonl"))}"), at: path)
    }
    // Refused after the folder was made: nothing to learn from.
    try folder.write(
      OwnTasks.rows(4).replacing("\"answer\": \"", with: "\"answer\": \"1"), to: "hard.jsonl")
    let hard = stage("{train: \(folder.file("hard.jsonl"))}")
    let error = #expect(throws: TrainingError.self) { try OwnTasks.start(hard, at: path) }
    #expect(error?.exitCode == 71)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["notes.txt"])
    #expect(try folder.text("mine/notes.txt") == "mine")
  }

  @Test("A probe without signal stops the run where the gradient would be exactly 0")
  func noSignal() throws {
    // Answers of two digits to questions for one.
    try folder.write(
      OwnTasks.rows(4).replacing("\"answer\": \"", with: "\"answer\": \"1"), to: "hard.jsonl")
    let tasks = "{train: \(folder.file("hard.jsonl"))}"
    let message = try refused(stage(tasks), 71)
    #expect(message.contains("No signal") && message.contains("on_no_signal: note"))
    let noted = try OwnTasks.start(stage(tasks, "on_no_signal: note"), at: folder.file("noted"))
    #expect(noted.steps == 1)
    // A penalty for leaving the reference has a gradient of its own.
    let penalty = "objective: {kl: {beta: 0.1}}"
    #expect(try OwnTasks.start(stage(tasks, penalty), at: folder.file("penalty")).steps == 1)
    _ = try refused(stage(tasks, penalty + ", on_no_signal: stop"), 71)
    // No probe, no judgement.
    let blind = try OwnTasks.start(stage(tasks, "probe_problems: 0"), at: folder.file("blind"))
    #expect(blind.steps == 1)
  }

  @Test("A resume that fails before the first step leaves the run's files")
  func failedResume() throws {
    try folder.write(OwnTasks.rows(4), to: "good.jsonl")
    let text = stage("{train: \(folder.file("good.jsonl"))}")
    let path = folder.file("killed")
    // What a start leaves that is killed before its first checkpoint.
    let recipe = try Recipe.parse(text, file: "own.yaml")
    _ = try RunFolder.create(
      at: path, recipe: recipe,
      description: RunDescription(arguments: [], seed: 0, versions: [:], machine: [:]))
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.resume("memory_limit: 1000\n" + text, at: path)
    }
    #expect(error?.exitCode == 78)
    let left = try FileManager.default.contentsOfDirectory(atPath: path)
    #expect(left.contains("recipe.yaml") && left.contains("run.json"), "\(left)")
  }

  @Test("Some problems that nobody can grade are told, not refused")
  func partly() throws {
    try folder.write(
      OwnTasks.rows(4) + "{\"question\": \"q\", \"answer\": \"$$\"}\n", to: "mixed.jsonl")
    let ear = OwnTasks.Ear()
    _ = try OwnTasks.start(
      stage("{train: \(folder.file("mixed.jsonl"))}", "unscored_limit: 1, probe_problems: 0"),
      at: folder.file("mixed"), sink: ear)
    #expect(ear.notes.contains { $0.contains("1 of 5 problems cannot be graded") })
  }
}
