import Foundation
import HoneJSON
import Testing

@Suite(
  "generate, score, tokenize, inspect and evaluate on a tiny model",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct ModelVerbTests {
  let model: TemporaryFolder

  init() throws {
    model = try TemporaryFolder()
    try TinyModel.write(to: model)
  }

  // MARK: - tokenize

  @Test("ids and back; rows that cannot be used are answered as well")
  func tokenize() throws {
    let input = """
      {"id": "a", "text": "Hé <|end|>"}
      {"id": "b"}
      {"id": "c", "text": ""}
      """
    let result = try HoneProcess.run(["tokenize", model.path], input: input)
    #expect(result.status == 65)
    #expect(result.error.contains("<stdin>:2: no 'text'"))
    let rows = try result.rows()
    #expect(rows[0]["ids"] == [72, 195, 169, 32, 256])
    #expect(rows[0]["decoded"]?.string == "Hé <|end|>")
    #expect(rows[1] == ["id": "b", "error": "line 2: no 'text'"])
    #expect(rows[2] == ["id": "c", "ids": [], "decoded": ""])
    let plain = try HoneProcess.run(
      ["tokenize", model.path, "--no-special"], input: #"{"id": "a", "text": "<|end|>"}"#)
    #expect(plain.status == 0)
    #expect(try plain.rows()[0]["ids"] == [60, 124, 101, 110, 100, 124, 62])
  }

  // MARK: - generate and score

  @Test("scoring what was sampled gives the recorded log-probabilities, bit by bit")
  func sampledAndScored() throws {
    let generated = try HoneProcess.run([
      "generate", model.path, "--prompt", "12 + 3", "--samples", "3", "--max-tokens", "12",
      "--seed", "4", "--json",
    ])
    #expect(generated.status == 0)
    let rows = try generated.rows()
    #expect(rows.count == 3)
    #expect(Set(rows.map { $0["completion_ids"] }).count > 1)
    let folder = try TemporaryFolder()
    let path = try folder.write(generated.output, to: "rows.jsonl")
    for workers in ["1", "2"] {
      let scored = try HoneProcess.run(
        ["score", model.path, "--input", path], environment: ["HONE_NUM_THREADS": workers])
      #expect(scored.status == 0)
      #expect(try scored.rows().map { $0["logprobs"] } == rows.map { $0["logprobs"] })
    }
  }

  @Test("a prompt gives its completion alone, in company and greedily")
  func alone() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<5).map { #"{"id": "p\#($0)", "prompt": "what is \#($0)"}"# }
    let all = try folder.write(rows.joined(separator: "\n"), to: "all.jsonl")
    let one = try folder.write(rows[3], to: "one.jsonl")
    func generate(_ path: String, _ temperature: String) throws -> [JSON] {
      try HoneProcess.run([
        "generate", model.path, "--prompts", path, "--max-tokens", "8", "--json",
        "--temperature", temperature,
      ]).rows()
    }
    for temperature in ["1", "0"] {
      let company = try generate(all, temperature)
      #expect(company.map { $0["id"]?.string } == ["p0", "p1", "p2", "p3", "p4"])
      #expect(try generate(one, temperature) == [company[3]])
    }
  }

  @Test("rows that cannot be scored are answered, and the first is named at the end")
  func badRows() throws {
    let input = """
      {"id": "a", "prompt": "1", "completion": "2"}
      {"id": "b", "prompt_ids": [1, 999], "completion_ids": [3]}
      {"id": "c", "prompt_ids": [1]}
      {"id": "d", "prompt_ids": [49], "completion_ids": [50]}
      """
    let result = try HoneProcess.run(["score", model.path, "--input", "-"], input: input)
    #expect(result.status == 65)
    #expect(result.error.contains("<stdin>:2: 'prompt_ids' holds the integer 999 at index 1"))
    let rows = try result.rows()
    #expect(rows[1]["error"]?.string?.hasPrefix("line 2: ") == true)
    #expect(rows[2]["error"]?.string?.hasPrefix("line 3: ") == true)
    #expect(rows[0]["logprobs"] == rows[3]["logprobs"])
    let sum = try #require(rows[0]["sum"]?.double)
    #expect(sum < 0)
  }

  @Test("a prompt that leaves no room is refused, not trapped on")
  func tooLong() throws {
    let long = try HoneProcess.run([
      "generate", model.path, "--prompt", String(repeating: "x", count: 100),
    ])
    #expect(long.status == 64)
    #expect(long.error.contains("--max-tokens 29"))
    let empty = try HoneProcess.run(["generate", model.path, "--prompt", ""])
    #expect(empty.status == 64)
  }

  // MARK: - evaluate

  @Test("results and samples are written, and read back")
  func evaluate() throws {
    let folder = try TemporaryFolder()
    let tasks = folder.file("tasks.jsonl")
    _ = try HoneProcess.run([
      "tasks", "make", "arithmetic", "--count", "6", "--difficulty", "1-3", "--output", tasks,
    ])
    let result = try HoneProcess.run([
      "evaluate", model.path, "--tasks", tasks, "--samples", "2", "--max-tokens", "8", "--limit",
      "5", "--output", folder.file("results.json"), "--json",
    ])
    #expect(result.status == 0, "\(result.error)")
    let row = try #require(try result.rows().first)
    #expect(row["problems"]?.int == 5)
    #expect(row["samples"]?.int == 2)
    #expect(row["settings"]?["template"]?.string == "tiny")
    #expect(row["settings"]?["temperature"]?.double == 1)
    #expect(try JSON.parse(try folder.read("results.json")) == row)
    let samples = try folder.read("results.samples.jsonl").split(separator: "\n")
    #expect(samples.count == 10)
    #expect(try JSON.parse(String(samples[0]))["verdict"]?.string != nil)
  }

  // MARK: - inspect

  @Test("inspect says what a model is")
  func inspect() throws {
    let json = try HoneProcess.run(["inspect", model.path, "--json"])
    #expect(json.status == 0, "\(json.error)")
    let row = try #require(try json.rows().first)
    #expect(row["kind"]?.string == "model")
    #expect(row["parameters"]?.int == TinyModel.parameterCount)
    #expect(row["damage"] == [])
    let people = try HoneProcess.run(["inspect", model.path + "/"])
    #expect(people.output.contains("tiny"))
    #expect(people.output.contains("whole"))
  }

  @Test("a weight that is no number, and a torn file, are named")
  func damagedWeights() throws {
    let path = model.file("model.safetensors")
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var poisoned = whole
    // The last weight of the last norm becomes NaN.
    poisoned.replaceSubrange(whole.count - 4..<whole.count, with: [0, 0, 0xC0, 0x7F])
    try poisoned.write(to: URL(fileURLWithPath: path))
    let nan = try HoneProcess.run(["inspect", model.path])
    #expect(nan.status == 65)
    #expect(nan.error.contains("model.norm.weight"))
    let generate = try HoneProcess.run(["generate", model.path, "--prompt", "a"])
    #expect(generate.status == 65)
    try whole.dropLast(10).write(to: URL(fileURLWithPath: path))
    let torn = try HoneProcess.run(["inspect", model.path])
    #expect(torn.status == 65)
    #expect(torn.error.contains(path))
  }

  @Test("a configuration that is no JSON is named by line")
  func brokenConfiguration() throws {
    try model.write("{\"model_type\": \"llama\",\n oops}", to: "config.json")
    let result = try HoneProcess.run(["generate", model.path, "--prompt", "a"])
    #expect(result.status == 65)
    #expect(result.error.contains("config.json:2"))
  }
}
