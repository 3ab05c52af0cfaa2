import Foundation
import HoneJSON
import Testing

/// Work of minutes that is asked to end, and ends at once with what was done.
@Suite(
  "Asked to end", .serialized, .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct SignalTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Two seconds are promised; other tests run beside this one.
  private static let most = Duration.seconds(5)

  private func recipe(_ lines: String) throws -> String {
    try folder.write(
      """
      model: \(Self.root)/checkpoints/base
      stages:
        - kind: grpo
          group_size: 2
          prompts_per_step: 2
          sampling: {max_completion_length: 32}
      \(lines)
      """, to: "recipe.yaml")
  }

  /// Sends SIGTERM and waits for the end.
  private func end(_ process: HoneProcess) throws -> HoneProcess.Result {
    let clock = ContinuousClock()
    let start = clock.now
    process.send(SIGTERM)
    let result = try process.finish()
    #expect(clock.now - start < Self.most, "it took \(clock.now - start)")
    #expect(result.status == 143, "\(result.error)")
    return result
  }

  private func wait(_ process: HoneProcess, until isSo: () -> Bool) {
    for _ in 0..<20_000 where process.isRunning {
      if isSo() { return }
      usleep(3000)
    }
    Issue.record("the command never got as far: \((try? process.outputSoFar()) ?? "")")
  }

  @Test("in an evaluation after a step: the step is saved, the evaluation is made on resume")
  func evaluation() throws {
    let file = try recipe(
      """
          tasks:
            train: {family: arithmetic, count: 20, difficulty: 1}
            eval: {family: arithmetic, count: 8, difficulty: 1}
          probe_problems: 0
          evaluation: {samples: 800, temperature: 1.0, max_completion_length: 32}
          steps: 1
      """)
    let run = folder.file("run")
    let process = try HoneProcess(["train", file, "--output", run])
    wait(process) { ((try? folder.read("run/metrics.jsonl")) ?? "").contains("\n") }
    let result = try end(process)
    #expect(
      result.error.contains("after step 1, whose evaluation is yet to be made; saved \(run)"),
      "\(result.error)")
    let resumed = try HoneProcess.run(["train", file, "--output", run, "--resume"])
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try folder.read("run/evaluations.jsonl").count { $0 == "\n" } == 2)
    let again = try HoneProcess.run(["train", file, "--output", run, "--resume"])
    #expect(again.output.contains("the run is finished"))
  }

  @Test("in a probe")
  func probe() throws {
    let file = try recipe(
      """
          tasks: {train: {family: arithmetic, count: 1200, difficulty: [2, 4]}}
          probe_problems: 1200
          steps: 3
      """)
    let process = try HoneProcess([
      "train", file, "--output", folder.file("run"), "--set", "stages.0.group_size=64",
    ])
    wait(process) { FileManager.default.fileExists(atPath: folder.file("run/metrics.jsonl")) }
    usleep(1_000_000)
    let result = try end(process)
    #expect(result.error.contains("before the first step"), "\(result.error)")
  }

  @Test("in a step: the steps before it are saved and go on to the same bits")
  func step() throws {
    let file = try recipe(
      """
          tasks: {train: {family: arithmetic, count: 40, difficulty: [1, 2]}}
          probe_problems: 0
          steps: 1000
          checkpoint_every: 0
      """)
    let process = try HoneProcess(["train", file, "--output", folder.file("run")])
    wait(process) {
      ((try? folder.read("run/metrics.jsonl")) ?? "").count { $0 == "\n" } >= 3
    }
    let result = try end(process)
    let digits = result.error.split(separator: "stopped after step ").last?.prefix { $0.isNumber }
    let step = try #require(digits.flatMap { Int($0) })
    let steps = ["--set", "stages.0.steps=\(step)"]
    let resumed = try HoneProcess.run(
      ["train", file, "--output", folder.file("run"), "--resume"] + steps)
    #expect(resumed.status == 0, "\(resumed.error)")
    let straight = try HoneProcess.run(
      ["train", file, "--output", folder.file("straight")] + steps)
    #expect(straight.status == 0)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("run/latest/model.safetensors")))
        == Data(contentsOf: URL(fileURLWithPath: folder.file("straight/latest/model.safetensors"))))
  }

  @Test("in hone evaluate: the problems that are done are counted and written")
  func evaluateVerb() throws {
    let tasks = "\(Self.root)/tasks/last-digit/test.jsonl"
    try folder.write("the results of yesterday", to: "results.json")
    let process = try HoneProcess([
      "evaluate", "\(Self.root)/checkpoints/base", "--tasks", tasks, "--samples", "300", "--json",
      "--output", folder.file("results.json"),
    ])
    usleep(6_000_000)
    let result = try end(process)
    #expect(result.error.contains("of 512 problems"), "\(result.error)")
    #expect(try folder.read("results.json") == "the results of yesterday")
    // On a machine that got no problem done there is nothing to write.
    guard let row = try result.rows().first else { return }
    let done = try #require(row["problems"]?.int)
    #expect(done > 0 && done < 512 && row["problems_wanted"]?.int == 512)
    let samples = try folder.read("results.partial.samples.jsonl")
    #expect(samples.count { $0 == "\n" } == 300 * done)
  }

  @Test("while a model is loaded")
  func load() throws {
    let process = try HoneProcess([
      "evaluate", "\(Self.root)/checkpoints/base", "--tasks",
      "\(Self.root)/tasks/last-digit/train.jsonl", "--samples", "300",
    ])
    usleep(30_000)
    // Before the signals are taken over, the system's own way of ending is as good.
    process.send(SIGTERM)
    let result = try process.finish()
    #expect([143, 15].contains(result.status), "\(result.status): \(result.error)")
  }
}
