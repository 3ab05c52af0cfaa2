import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

@Suite("A run whose updates destroy the policy", .serialized)
struct CollapseRunTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(OwnTasks.rows(200), to: "train.jsonl")
  }

  private func recipe(rate: String, steps: Int, _ more: String = "") -> String {
    OwnTasks.recipe(
      "  - {kind: grpo, tasks: {train: \(folder.file("train.jsonl"))}, group_size: 8,"
        + " prompts_per_step: 8, probe_problems: 16, steps: \(steps), checkpoint_every: 1,"
        + " optimizer: {learning_rate: \(rate)}, sampling: {max_completion_length: 32}"
        + "\(more.isEmpty ? "" : ", " + more)}\n")
  }

  @Test("It stops, and names the step, the learning rate and the last good policy")
  func stops() throws {
    let ear = OwnTasks.Ear()
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.start(recipe(rate: "1", steps: 40), at: folder.file("run"), sink: ear)
    }
    #expect(error?.exitCode == 71)
    let message = error?.message ?? ""
    #expect(message.contains("The learning rate is 1: take a tenth of it"), "\(message)")
    #expect(message.contains("the one that the run began with"))
    #expect(ear.notes.contains { $0.contains("an update moves a weight by about that much") })
    // The diagnosis of the other kind is not given.
    #expect(!ear.notes.contains { $0.contains("easier problems") })
  }

  @Test("With on_collapse: note it says so once and goes on")
  func notes() throws {
    let ear = OwnTasks.Ear()
    let outcome = try OwnTasks.start(
      recipe(rate: "1", steps: 30, "on_collapse: note"), at: folder.file("run"), sink: ear)
    #expect(outcome.steps == 30)
    #expect(ear.notes.count { $0.contains("The updates destroy the policy") } == 1)
    #expect(!ear.notes.contains { $0.contains("easier problems") })
  }

  @Test(
    "With on_collapse: rollback it goes on from the last good policy, and resumes to the same bits")
  func rollback() throws {
    // A rate so high that halving it helps only by and by: the third way back is the last.
    let text = recipe(rate: "2e-2", steps: 36, "on_collapse: rollback").replacing(
      "checkpoint_every: 1", with: "checkpoint_every: 3")
    let path = folder.file("run")
    let ear = OwnTasks.Ear()
    var straight: Result<TrainingRun.Outcome, any Error>
    do { straight = .success(try OwnTasks.start(text, at: path, sink: ear)) } catch {
      straight = .failure(error)
    }
    let rows = try OwnTasks.rows(of: path + "/metrics.jsonl")
    let back = try #require(rows.first { $0["rolled_back_to"] != nil })
    let step = try #require(back["step"]?.int)
    let target = try #require(back["rolled_back_to"]?.int)
    #expect(target < step)
    // Checkpoints between the two hold ruined policies, however well the present one does.
    try #require(step % 3 != 0 && step + 3 <= rows.count)
    for checkpoint in try CheckpointStore(folder: path).all() where checkpoint.step > step {
      let good = try checkpoint.state().good?.step ?? 0
      #expect(good <= target || good >= step, "\(good) between \(target) and \(step)")
    }
    // The next step has half the rate and about the reward of the beginning again.
    if step < rows.count {
      #expect(rows[step]["learning_rate"]?.double == 1e-2)
      let first = try #require(rows[0]["reward"]?.double)
      #expect(try #require(rows[step]["reward"]?.double) > first / 3)
    }
    #expect(ear.notes.contains { $0.contains("Going on from") && $0.contains("0.5 of the rate") })
    // Interrupted around the way back, a run ends as one that never stopped.
    for stop in [step - 1, step, step + 1] where stop >= 1 && stop < rows.count {
      let other = folder.file("stopped-\(stop)")
      let counter = Counter()
      #expect(throws: TrainingError.self) {
        try OwnTasks.start(text, at: other) { counter.next() == stop ? .interrupted : nil }
      }
      do {
        try OwnTasks.resume(text, at: other)
        if case .failure(let error) = straight { Issue.record("the straight run failed: \(error)") }
      } catch {
        guard case .failure = straight else { throw error }
      }
      #expect(
        try folder.text("stopped-\(stop)/completions.jsonl") == folder.text("run/completions.jsonl")
      )
    }
  }

  @Test("A checkpoint stays until it has proved itself, whatever is saved in between")
  func pendingStays() throws {
    let text = recipe(rate: "1e-5", steps: 8).replacing(
      "checkpoint_every: 1", with: "checkpoint_every: 4")
    let path = folder.file("run")
    // Interrupted between regular checkpoints again and again: each leaves one of its own.
    for stop in 1...3 {
      let counter = Counter()
      func request() -> TrainingRun.StopRequest? {
        counter.next() == (stop == 1 ? 5 : 1) ? .interrupted : nil
      }
      #expect(throws: TrainingError.self) {
        if stop == 1 {
          _ = try OwnTasks.start("keep_checkpoints: 1\n" + text, at: path, shouldStop: request)
        } else {
          _ = try TrainingRun.resume(
            nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1),
            sink: SmallRun.Listener(), shouldStop: request
          ).run()
        }
      }
      #expect(Files.isFolder(path + "/checkpoint-4"), "after stop \(stop)")
    }
    try OwnTasks.resume(nil, at: path)
    let state = try Checkpoint(path: path + "/checkpoint-8", step: 8).state()
    let good = try #require(state.good)
    #expect(good.step == 0 || Files.isFolder(path + "/checkpoint-\(good.step)"))
  }

  @Test("A checkpoint from before the fall is never rotated out")
  func goodStays() throws {
    // Four quiet steps from a checkpoint, then ruin: the rate of a linear warm-up.
    let text = OwnTasks.recipe(
      "  - {kind: grpo, tasks: {train: \(folder.file("train.jsonl"))}, group_size: 8,"
        + " prompts_per_step: 8, probe_problems: 0, steps: 30, checkpoint_every: 2,"
        + " optimizer: {learning_rate: 0.6, warmup_steps: 2000}, on_collapse: note,"
        + " sampling: {max_completion_length: 32}}\n", more: "keep_checkpoints: 1")
    let path = folder.file("run")
    _ = try OwnTasks.start(text, at: path)
    let rows = try OwnTasks.rows(of: path + "/metrics.jsonl").map { $0["reward"]?.double ?? 0 }
    #expect(rows[25...].max() ?? 1 < 0.5 * (rows[..<4].max() ?? 0), "\(rows)")
    let kept = try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasPrefix("checkpoint-") }.compactMap { Int($0.dropFirst(11)) }.sorted()
    let state = try Checkpoint(path: path + "/checkpoint-30", step: 30).state()
    let good = try #require(state.good)
    #expect(good.measure > 0.5 * (rows[..<4].max() ?? 0))
    #expect(good.step == 0 || kept.contains(good.step), "\(good.step) in \(kept)")
  }

  @Test("Weights that are no numbers are not saved over those that are")
  func notFinite() throws {
    let path = folder.file("run")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.start(recipe(rate: "3e38", steps: 4), at: path)
    }
    #expect(error?.exitCode == 71)
    #expect(
      error?.message.contains("There is no checkpoint yet") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("the update made numbers that are none") == true)
    // No step was kept, so nothing is: the same command with another rate can be given.
    #expect(!Files.exists(path))
  }

  @Test("A later update that makes what is no number leaves the checkpoints before it")
  func laterNotFinite() throws {
    let path = folder.file("run")
    let text = OwnTasks.recipe(
      "  - {kind: grpo, tasks: {train: \(folder.file("train.jsonl"))}, group_size: 4,"
        + " prompts_per_step: 4, probe_problems: 0, steps: 8, checkpoint_every: 1,"
        + " optimizer: {learning_rate: 3e38, warmup_steps: 3, warmup_from_zero: true},"
        + " on_collapse: note, sampling: {max_completion_length: 8}}\n")
    let error = #expect(throws: TrainingError.self) { try OwnTasks.start(text, at: path) }
    #expect(error?.exitCode == 71, "\(error?.message ?? "")")
    let steps = try CheckpointStore(folder: path).all().map(\.step)
    let last = try #require(steps.last)
    #expect(
      error?.message.contains("The last whole checkpoint is \(path)/checkpoint-\(last)") == true)
    for step in steps {
      // Reading refuses what is not finite.
      _ = try LoadedModel.load("\(path)/checkpoint-\(step)", compute: Compute(workers: 1))
    }
  }

  @Test("Supervised training that diverges is told as well")
  func supervised() throws {
    try folder.write(
      OwnTasks.rows(60).replacing("}\n", with: ", \"completion\": \"<answer>1</answer>\"}\n"),
      to: "demonstrations.jsonl")
    let text = OwnTasks.recipe(
      "  - {kind: sft, tasks: {train: \(folder.file("demonstrations.jsonl"))}, batch_size: 8,"
        + " steps: 30, optimizer: {learning_rate: 3}}\n")
    let error = #expect(throws: TrainingError.self) {
      try OwnTasks.start(text, at: folder.file("run"))
    }
    #expect(error?.exitCode == 71 && error?.message.contains("the loss rose") == true)
  }
}
