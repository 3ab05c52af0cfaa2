import Foundation
import HoneJSON
import HoneTraining
import Testing

@Suite("The best checkpoint is the best of what compares", .serialized)
struct BestCheckpointTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func stage(_ eval: String, steps: Int, _ more: String = "") -> String {
    "  - {kind: grpo, tasks: {train: \(folder.file("train.jsonl")), eval: \(folder.file(eval))},"
      + " group_size: 4, prompts_per_step: 2, probe_problems: 0, steps: \(steps),"
      + " evaluate_every: 1, optimizer: {learning_rate: 0},"
      + " sampling: {max_completion_length: 24}\(more.isEmpty ? "" : ", " + more)}\n"
  }

  private func write() throws {
    try folder.write(OwnTasks.rows(40), to: "train.jsonl")
    try folder.write(OwnTasks.rows(80), to: "easy.jsonl")
    // Nothing here is ever right: two digits where one is asked for.
    try folder.write(
      OwnTasks.rows(4).replacing("\"answer\": \"", with: "\"answer\": \"1"), to: "never.jsonl")
  }

  private func link(_ path: String, _ name: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path + "/" + name)
  }

  private func checkpoints(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).filter {
      $0.hasPrefix("checkpoint-")
    }.sorted()
  }

  @Test("Ties go to the later; the run tells before and after; every evaluation is a row")
  func ties() throws {
    try write()
    let path = folder.file("ties")
    // A learning rate of 0: every evaluation gives the same.
    let outcome = try OwnTasks.start(OwnTasks.recipe(stage("easy.jsonl", steps: 3)), at: path)
    #expect(link(path, "best") == "checkpoint-3")
    let best = try #require(outcome.best)
    #expect(best.step == 3 && best.metric > 0 && best.stage == 0)
    #expect(outcome.evaluated.before == best.metric && outcome.evaluated.after == best.metric)
    let rows = try OwnTasks.rows(of: path + "/evaluations.jsonl")
    #expect(rows.map { $0["step"]?.int } == [0, 1, 2, 3])
    #expect(rows[0]["model"]?.string?.hasSuffix("checkpoints/base") == true)
    #expect(rows[1]["model"] == "checkpoint-1")
  }

  @Test("Another stage's numbers do not compare, and nothing is best where nothing is right")
  func stages() throws {
    try write()
    let path = folder.file("stages")
    let text = OwnTasks.recipe(
      stage("easy.jsonl", steps: 2) + stage("never.jsonl", steps: 5, "checkpoint_every: 1"),
      more: "keep_checkpoints: 1")
    let outcome = try OwnTasks.start(text, at: path)
    #expect(outcome.best == nil && link(path, "best") == nil)
    #expect(link(path, "latest") == "checkpoint-7")
    // The end of a stage is kept whatever keep_checkpoints says.
    #expect(try checkpoints(path).contains("checkpoint-2"))
    let rows = try OwnTasks.rows(of: path + "/evaluations.jsonl")
    #expect(rows.map { $0["step"]?.int } == [0, 1, 2, 2, 3, 4, 5, 6, 7])
    let back = OwnTasks.recipe(
      stage("never.jsonl", steps: 1) + stage("easy.jsonl", steps: 1), more: "seed: 1")
    let other = folder.file("back")
    #expect(try OwnTasks.start(back, at: other).best?.step == 2)
    #expect(link(other, "best") == "checkpoint-2")
  }

  @Test("The best is ranked by the metric that the recipe names")
  func metric() throws {
    try write()
    let path = folder.file("metric")
    let text = OwnTasks.recipe(
      stage("easy.jsonl", steps: 1, "evaluation: {samples: 2}"), more: "best_metric: pass@k")
    let outcome = try OwnTasks.start(text, at: path)
    let row = try #require(try OwnTasks.rows(of: path + "/evaluations.jsonl").last)
    #expect(outcome.best?.name == .passAtK)
    #expect(outcome.best?.metric == row["pass@k"]?.double)
    #expect(row["pass@k"]?.double != row["pass@1"]?.double)
  }

  @Test("An interrupted run ends with the same best, rows and checkpoints' weights")
  func resumed() throws {
    try write()
    let text = OwnTasks.recipe(
      stage("easy.jsonl", steps: 2, "checkpoint_every: 1")
        + stage("easy.jsonl", steps: 2, "checkpoint_every: 1"))
    let straight = folder.file("straight")
    _ = try OwnTasks.start(text, at: straight)
    for stop in 1...3 {
      let path = folder.file("stopped-\(stop)")
      let counter = Counter()
      #expect(throws: TrainingError.self) {
        try OwnTasks.start(text, at: path) { counter.next() == stop ? .interrupted : nil }
      }
      try OwnTasks.resume(text, at: path)
      #expect(link(path, "best") == link(straight, "best"))
      let rows = try folder.text("stopped-\(stop)/evaluations.jsonl")
      #expect(try rows == folder.text("straight/evaluations.jsonl"))
      #expect(try SmallRun.checksum(path) == SmallRun.checksum(straight))
    }
  }

  @Test("The record can be read: each completion has its question and its text")
  func texts() throws {
    try write()
    let path = folder.file("texts")
    _ = try OwnTasks.start(OwnTasks.recipe(stage("easy.jsonl", steps: 1)), at: path)
    let rows = try OwnTasks.rows(of: path + "/completions.jsonl")
    #expect(rows.count == 8)
    for row in rows {
      #expect(row["question"]?.string?.hasPrefix("last digit of ") == true)
      let text = try #require(row["text"]?.string)
      if let extracted = row["extracted"]?.string { #expect(text.contains(extracted)) }
    }
  }
}
