import Foundation
import HoneJSON
import Testing

@Suite(
  "hone train", .serialized, .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct TrainTests {
  let folder: TemporaryFolder
  let recipe: String

  init() throws {
    folder = try TemporaryFolder()
    recipe = try folder.write(Self.yaml, to: "small.yaml")
  }

  private static let yaml = """
    model: {architecture: llama, hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1,
            num_attention_heads: 2, num_key_value_heads: 1, head_dim: 8}
    tokenizer: {vocabulary_size: 261}
    stages:
      - kind: sft
        tasks:
          train: {family: arithmetic, count: 30, difficulty: 1, demonstrations: true}
          eval: {family: arithmetic, count: 4, difficulty: 1}
        prompt: {template: tiny}
        batch_size: 4
        steps: 2
      - kind: grpo
        tasks: {train: {family: arithmetic, count: 20, difficulty: 1}}
        prompt: {template: tiny}
        group_size: 2
        prompts_per_step: 2
        sampling: {max_completion_length: 8}
        probe_problems: 2
        on_no_signal: note
        steps: 2
        checkpoint_every: 1
    """

  private func run(_ more: String..., to name: String = "run") throws -> HoneProcess.Result {
    try HoneProcess.run(["train", recipe, "--output", folder.file(name)] + more)
  }

  @Test("a wrong key is 78 with file, line, column and a suggestion")
  func wrongKey() throws {
    let path = try folder.write("stages:\n  - kind: grpo\n    grop_size: 4\n", to: "wrong.yaml")
    let result = try HoneProcess.run(["train", path, "--dry-run"])
    #expect(result.status == 78)
    #expect(result.error.contains("\(path):3:5: unknown key 'grop_size'"))
    #expect(result.error.contains("did you mean 'group_size'?"))
    let override = try HoneProcess.run(["train", recipe, "--dry-run", "--set", "stepz=3"])
    #expect(override.status == 78)
  }

  @Test("a dry run shows everything and writes nothing")
  func dryRun() throws {
    let people = try run("--dry-run")
    #expect(people.status == 0, "\(people.error)")
    for text in ["hidden_size: 16", "parameters", "memory", "time", "Q: "] {
      #expect(people.output.contains(text), "\(text)")
    }
    let json = try run("--dry-run", "--json", "--set", "stages.1.steps=7")
    let row = try #require(try json.rows().first)
    #expect(row["stages"]?.array?.count == 2)
    #expect(row["stages"]?[1]?["steps"]?.int == 7)
    #expect(row["stages"]?[1]?["prompts"]?.array?.count == 3)
    #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
  }

  @Test("a run from random weights, its rows, its second start, its inspection")
  func wholeRun() throws {
    let first = try run()
    #expect(first.status == 0, "\(first.error)")
    #expect(!first.output.contains("\u{1B}"))
    #expect(first.lines.contains { $0.hasPrefix("step=1 loss=") })
    #expect(first.lines.contains { $0.hasPrefix("step=4 reward=") })
    #expect(first.lines.contains { $0.hasPrefix("sample=") })

    let again = try run()
    #expect(again.status == 73)
    #expect(again.error.contains("--resume"))
    let finished = try run("--resume", "--json")
    #expect(finished.status == 0)
    #expect(try finished.rows().last?["was_finished"]?.bool == true)

    // The last step was sampled by the checkpoint of the step before.
    let last = try folder.read("run/completions.jsonl").split(separator: "\n").suffix(4)
    let rows = try folder.write(last.joined(separator: "\n"), to: "last.jsonl")
    let scored = try HoneProcess.run(
      ["score", folder.file("run/checkpoint-3"), "--input", rows])
    #expect(scored.status == 0, "\(scored.error)")
    let recorded = try last.map { try JSON.parse(String($0))["logprobs"] }
    #expect(try scored.rows().map { $0["logprobs"] } == recorded)

    let inspected = try HoneProcess.run(["inspect", folder.file("run"), "--json"])
    #expect(inspected.status == 0, "\(inspected.error)")
    #expect(try inspected.rows().first?["metrics.jsonl"]?.int == 4)
    try flipByte(of: folder.file("run/checkpoint-4/optimizer.safetensors"))
    for path in ["run", "run/checkpoint-4"] {
      let damaged = try HoneProcess.run(["inspect", folder.file(path)])
      #expect(damaged.status == 65)
      #expect(damaged.error.contains("checkpoint-4/optimizer.safetensors"))
    }
  }

  @Test("--from goes back, on record; a flipped bit in rows is named with its line")
  func goingBack() throws {
    let path = folder.file("run")
    let alone = try run("--from", "3")
    #expect(alone.status == 64 && alone.error.contains("--from goes with --resume"))
    #expect(try run("--resume", "--from", "0").status == 64)
    #expect(try run("--resume", "--from", "3").status == 66)
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try run("--set", "keep_checkpoints=9").status == 0)
    let rows = try folder.read("run/completions.jsonl")
    let keep = "keep_checkpoints=9"
    let back = try run("--resume", "--from", "3", "--set", keep)
    #expect(back.status == 0, "\(back.error)")
    #expect(try folder.read("run/completions.jsonl") == rows)
    #expect(FileManager.default.fileExists(atPath: "\(path)/aside-1/checkpoint-4/config.json"))
    let missing = try run("--resume", "--from", "9", "--set", keep)
    #expect(
      missing.status == 66 && missing.error.contains("after steps 2, 3, 4"), "\(missing.error)")
    // The verbs that read rows are not disturbed by their checksums.
    for arguments in [
      ["grade", "--grader", "math"], ["tokenize", "\(path)/checkpoint-4", "--decode"],
    ] {
      let ids = rows.replacing("\"completion_ids\"", with: "\"ids\"").replacing(
        "\"text\"", with: "\"gold\":\"1\",\"completion\"")
      #expect(try HoneProcess.run(arguments, input: ids).status == 0, "\(arguments)")
    }
    #expect(try HoneProcess.run(["inspect", path]).status == 0)
    let file = "\(path)/metrics.jsonl"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let second = try #require(bytes.firstIndex(of: 0x0A)) + 9
    bytes[second] ^= 1
    try bytes.write(to: URL(fileURLWithPath: file))
    let damaged = try HoneProcess.run(["inspect", path])
    #expect(damaged.status == 65 && damaged.error.contains("\(file):2: "), "\(damaged.error)")
  }

  @Test(
    "the first signal saves, and the resumed run has the bits of one that never stopped",
    arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func stopAndResume(signal: Int32, status: Int32) throws {
    let path = folder.file("stopped")
    let process = try HoneProcess([
      "train", recipe, "--output", path, "--set", "stages.1.steps=100000",
    ])
    waitForRows(4, of: "stopped", process)
    process.send(signal)
    let stopped = try process.finish()
    #expect(stopped.status == status, "\(stopped.error)")
    let digits = stopped.error.split(separator: "stopped after step ").last?.prefix { $0.isNumber }
    let step = try #require(digits.flatMap { Int($0) })
    #expect(stopped.error.contains("saved \(path)/checkpoint-\(step)"))

    let other = try run("--resume", "--set", "seed=1", to: "stopped")
    #expect(other.status == 78)
    #expect(other.error.contains("seed"))
    // Two steps more than were made, of which two belong to the first stage.
    let steps = "stages.1.steps=\(step)"
    let resumed = try run("--resume", "--set", steps, to: "stopped")
    #expect(resumed.status == 0, "\(resumed.error)")
    let straight = try run("--set", steps, to: "straight")
    #expect(straight.status == 0)
    func weights(_ run: String) throws -> Data {
      let file = folder.file("\(run)/checkpoint-\(step + 2)/model.safetensors")
      return try Data(contentsOf: URL(fileURLWithPath: file))
    }
    #expect(try weights("stopped") == weights("straight"))
    #expect(
      try folder.read("stopped/completions.jsonl") == folder.read("straight/completions.jsonl"))
  }

  @Test(
    "killed at any moment and resumed, a run has the bits of one that never stopped",
    arguments: [1, 2, 3, 5, 8])
  func killAndResume(rows: Int) throws {
    let process = try HoneProcess([
      "train", recipe, "--output", folder.file("killed"), "--set", "stages.1.steps=9",
    ])
    waitForRows(rows, of: "killed", process)
    // Anywhere in the next step, or in the checkpoint after this one.
    usleep(UInt32(700 * rows))
    process.send(SIGKILL)
    _ = try process.finish()
    let resumed = try run("--resume", "--set", "stages.1.steps=9", to: "killed")
    #expect(resumed.status == 0, "\(resumed.error)")
    let straight = try run("--set", "stages.1.steps=9", to: "straight")
    #expect(straight.status == 0, "\(straight.error)")
    for file in ["latest/model.safetensors", "latest/optimizer.safetensors", "completions.jsonl"] {
      let killed = try Data(contentsOf: URL(fileURLWithPath: folder.file("killed/\(file)")))
      let whole = try Data(contentsOf: URL(fileURLWithPath: folder.file("straight/\(file)")))
      #expect(killed == whole, "\(file)")
    }
  }

  /// Waits until a run has written so many rows of metrics, at most a minute.
  private func waitForRows(_ count: Int, of run: String, _ process: HoneProcess) {
    for _ in 0..<30_000 where process.isRunning {
      let text = (try? folder.read("\(run)/metrics.jsonl")) ?? ""
      if text.count(where: { $0 == "\n" }) >= count { return }
      usleep(2000)
    }
  }

  @Test("asking for more problems than a family has is a wrong recipe")
  func tooMany() throws {
    let text = Self.yaml.replacingOccurrences(of: "count: 30", with: "count: 3000")
    let result = try HoneProcess.run(["train", folder.write(text, to: "many.yaml"), "--dry-run"])
    #expect(result.status == 78)
    #expect(result.error.contains("many.yaml"))
  }

  @Test("events as rows, words aside")
  func events() throws {
    let result = try run("--json", "--set", "stages.0.steps=1", "stages.1.steps=1")
    #expect(result.status == 0, "\(result.error)")
    let events = try result.rows().map { $0["event"]?.string }
    #expect(events.first == "stage")
    #expect(events.last == "done")
    #expect(events.count { $0 == "step" } == 2)
    #expect(events.contains("probe"))
    #expect(events.contains("checkpoint"))
    #expect(result.error.contains("step=2 reward="))
  }

  private func flipByte(of path: String) throws {
    var data = try Data(contentsOf: URL(fileURLWithPath: path))
    data[data.count - 1] ^= 1
    try data.write(to: URL(fileURLWithPath: path))
  }
}
