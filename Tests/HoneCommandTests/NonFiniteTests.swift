import Foundation
import HoneJSON
import Testing

@Suite(
  "a policy whose predictions are no numbers",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct NonFiniteTests {
  let model: TemporaryFolder

  /// A model with finite weights that overflow.
  init() throws {
    model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let url = URL(fileURLWithPath: model.file("model.safetensors"))
    var bytes = [UInt8](try Data(contentsOf: url))
    let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    for start in stride(from: 8 + length, to: bytes.count, by: 4) {
      let large = withUnsafeBytes(of: Float(3e38).bitPattern.littleEndian) { Array($0) }
      bytes.replaceSubrange(start..<start + 4, with: large)
    }
    try Data(bytes).write(to: url)
  }

  @Test("score: each row is an error, none is null")
  func score() throws {
    let row = #"{"id": "a", "prompt": "1", "completion": "23"}"# + "\n"
    let result = try HoneProcess.run(["score", model.path, "--input", "-"], input: row + row)
    #expect(result.status == 65)
    let rows = try result.rows()
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0["error"]?.string?.contains("not finite") == true })
    #expect(rows.allSatisfy { $0["logprobs"] == nil })
  }

  @Test("score: a temperature so small that logits overflow spoils rows, not the command")
  func temperature() throws {
    let sound = try TemporaryFolder()
    try TinyModel.write(to: sound)
    let row = #"{"id": "a", "prompt": "1", "completion": "23"}"# + "\n"
    let result = try HoneProcess.run(
      ["score", sound.path, "--input", "-", "--temperature", "1e-40"], input: row)
    #expect(result.status == 65)
    #expect(try result.rows()[0]["error"] != nil)
  }

  @Test("generate: an error that names the model, and no text")
  func generate() throws {
    for more in [["--json"], [], ["--temperature", "0"]] {
      let result = try HoneProcess.run(
        ["generate", model.path, "--prompt", "1", "--max-tokens", "4"] + more)
      #expect(result.status == 65)
      #expect(result.output == "")
      #expect(result.error.contains("error: \(model.path): the prompt, sample 0, position 0"))
      #expect(result.error.contains("take an earlier checkpoint"))
    }
  }

  @Test("evaluate: an error that names model and problem, and no share of right answers")
  func evaluate() throws {
    let tasks = try model.write(
      #"{"id": "first", "question": "1", "answer": "1", "grader": "math"}"#, to: "tasks.jsonl")
    let output = model.file("results.json")
    let result = try HoneProcess.run([
      "evaluate", model.path, "--tasks", tasks, "--max-tokens", "4", "--output", output,
    ])
    #expect(result.status == 65)
    #expect(result.error.contains("\(model.path): problem 'first'"))
    #expect(!result.output.contains("%"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test("inspect: not whole")
  func inspect() throws {
    let result = try HoneProcess.run(["inspect", model.path])
    #expect(result.status == 65)
    #expect(result.error.contains("activations are not finite"))
  }

  @Test("train: the run stops itself")
  func train() throws {
    let recipe = try model.write(
      """
      model: \(model.path)
      stages:
        - kind: grpo
          tasks: {train: {family: arithmetic, count: 20, difficulty: 1}}
          group_size: 2
          prompts_per_step: 2
          sampling: {max_completion_length: 8}
          probe_problems: 0
          steps: 2
      """, to: "r.yaml")
    for probed in ["0", "2"] {
      let result = try HoneProcess.run([
        "train", recipe, "--output", model.file("run-" + probed), "--set",
        "probe_problems=\(probed)",
      ])
      #expect(result.status == 71, "\(result.error)")
    }
  }
}
