import Foundation
import HoneJSON
import Testing

@Suite(
  "The command line, as people and scripts use it",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct CommandLineTests {
  @Test("--version says which program this is, down to its bits")
  func version() throws {
    let result = try HoneProcess.run(["--version"])
    #expect(result.status == 0)
    #expect(
      result.output.wholeMatch(of: /hone \d+\.\d+\.\d+, build [0-9a-f]{12}, kernels .+\n/) != nil)
    let row = try #require(try HoneProcess.run(["version", "--json"]).rows().first)
    #expect(result.output.contains(try #require(row["build"]?.string)))
    #expect(row["kernels"]?.array?.contains("portable") == true)
  }

  @Test("the workers are the processors that the process is given", arguments: ["doctor"])
  func affinity(verb: String) throws {
    let json = try HoneProcess.run([verb, "--json"], environment: ["HONE_NUM_THREADS": ""])
    let row = try #require(try json.rows().first)
    let given = try #require(row["affinity"]?.int)
    let quota = row["processor_quota"]?.double ?? Double(given)
    #expect(row["workers"]?.int == max(1, min(given, Int(quota.rounded(.up)))))
    #expect(row["instruction_sets"]?.array != nil)
    #expect(row["memory_available"]?.int ?? 0 > 0)
    #expect((0...3).contains(row["isolation"]?.int ?? -1))
    for wrong in ["0", "-1", "abc"] {
      let result = try HoneProcess.run([verb], environment: ["HONE_NUM_THREADS": wrong])
      #expect(result.status == 64)
      #expect(result.error.contains("HONE_NUM_THREADS is '\(wrong)', wanted a number of workers"))
    }
  }

  @Test("ids become text again; what is no id is told with its range")
  func decode() throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    // Only the tokenizer's files are needed.
    for name in ["config.json", "model.safetensors", "hone.json"] {
      try FileManager.default.removeItem(atPath: folder.file(name))
    }
    let text = #"{"id": "a", "text": "1 + 1 = é<|end|>"}"#
    let encoded = try HoneProcess.run(["tokenize", folder.path], input: text)
    let ids = try #require(try encoded.rows().first?["ids"])
    let input = """
      {"id": "a", "ids": \(ids.serialized())}
      {"problem": "p", "sample": 3, "completion_ids": [49, 256]}
      {"id": "b", "ids": [1, 257]}
      {"id": "c"}
      """
    let result = try HoneProcess.run(["tokenize", folder.path, "--decode"], input: input)
    #expect(result.status == 65)
    let rows = try result.rows()
    #expect(rows[0] == ["id": "a", "text": "1 + 1 = é<|end|>"])
    #expect(rows[1]["text"] == "1<|end|>" && rows[1]["sample"] == 3)
    #expect(
      rows[2]["error"]
        == "line 3: 'ids' holds the integer 257 at index 1, wanted an id from 0 to 256")
    #expect(rows[3]["error"] == "line 4: no 'ids' (or 'completion_ids')")
    let plain = try HoneProcess.run(
      ["tokenize", folder.file("tokenizer.json"), "--decode", "--no-special"],
      input: #"{"id": "a", "ids": [49, 256]}"#)
    #expect(try plain.rows() == [["id": "a", "text": "1"]])
  }

  @Test("an output that cannot be written is told before the work, and nothing is lost after it")
  func outputs() throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    let tasks = try folder.write(#"{"question":"1+1","answer":"2"}"#, to: "tasks.jsonl")
    let evaluate = ["evaluate", folder.path, "--tasks", tasks, "--max-tokens", "4", "--output"]
    let missing = try HoneProcess.run(evaluate + [folder.file("no/x.json")])
    #expect(missing.status == 66)
    #expect(missing.output == "" && missing.error.contains("there is no folder"))
    #expect(!missing.error.contains("own rows"))
    let isFolder = try HoneProcess.run(evaluate + [folder.path])
    #expect(isFolder.status == 74 && isFolder.output == "")
    let full = try HoneProcess.run(evaluate + ["/dev/full"])
    #expect(full.status == 66 || full.status == 74)
    let make = ["tasks", "make", "arithmetic", "--count", "1000000", "--output"]
    #expect(try HoneProcess.run(make + [folder.file("no/x")]).status == 66)
    let kept = try folder.write("old", to: "old.json")
    #expect(try HoneProcess.run(evaluate + [kept]).status == 0)
    #expect(try JSON.parse(folder.read("old.json"))["problems"] == 1)
  }

  @Test("a path says where it was looked for, and from where a recipe is meant to be run")
  func paths() throws {
    let here = FileManager.default.currentDirectoryPath
    for arguments in [
      ["evaluate", "nowhere", "--tasks", "/dev/null"], ["tokenize", "nowhere"],
      ["inspect", "nowhere"], ["tasks", "check", "nowhere"], ["train", "nowhere.yaml"],
      ["score", "m", "--input", "nowhere"], ["evaluate", "m", "--tasks", "nowhere"],
    ] {
      let result = try HoneProcess.run(arguments)
      guard arguments[0] != "evaluate" || arguments[1] != "nowhere" else { continue }
      #expect(result.status == 66, "\(arguments)")
      #expect(result.error.contains("in the working directory, \(here)"), "\(result.error)")
    }
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("a/b"), withIntermediateDirectories: true)
    try folder.write("{}", to: "model")
    let recipe = try folder.write(
      "model: model\nstages: [{kind: grpo, tasks: {train: t.jsonl}, steps: 1}]", to: "a/b/r.yaml")
    let result = try HoneProcess.run(["train", recipe, "--output", folder.file("run")])
    #expect(result.status == 66)
    #expect(result.error.contains("beside the recipe, in \(folder.file("a/b"))"), "\(result.error)")
    #expect(result.error.contains("It is in \(folder.path): the recipe is meant to be run from"))
  }

  @Test("a run says which checkpoint is taken, and --resume where there is none to go on from")
  func runs() throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    let tasks = try folder.write(#"{"question":"1+1","answer":"2"}"#, to: "tasks.jsonl")
    let recipe = try folder.write(
      """
      model: \(folder.path)
      stages:
        - {kind: grpo, tasks: {train: \(tasks)}, prompts_per_step: 1, group_size: 2, steps: 1,
           on_no_signal: note, sampling: {max_completion_length: 4}}
      """, to: "recipe.yaml")
    let run = folder.file("run")
    let trained = try HoneProcess.run(["train", recipe, "--output", run, "--resume"])
    #expect(trained.status == 0, "\(trained.error)")
    #expect(trained.error.contains("no run in \(run) yet: starting from the beginning"))
    let evaluated = try HoneProcess.run(
      ["evaluate", run, "--tasks", tasks, "--max-tokens", "4", "--json"])
    #expect(evaluated.error.contains("\(run): took checkpoint-1, the run's latest"))
    let row = try #require(try evaluated.rows().first)
    #expect(row["model"] == .string(run + "/checkpoint-1") && row["step"] == 1)
    let generated = try HoneProcess.run(
      ["generate", run, "--prompt", "1+1", "--max-tokens", "2"])
    #expect(generated.error.contains("took checkpoint-1"))
    #expect(generated.error.contains("the prompt is taken raw; --template model renders it"))
    let named = try HoneProcess.run(
      ["generate", run, "--prompt", "1+1", "--max-tokens", "2", "--template", "model"])
    #expect(!named.error.contains("raw"))
    // Its notes name the file that they are about.
    #expect((trained.error + trained.output).contains("\(tasks): 1 problems"))
    for name in ["chat_template.jinja", "generation_config.json", "README.md"] {
      #expect(FileManager.default.fileExists(atPath: "\(run)/latest/\(name)"), "\(name)")
    }
  }

  @Test("absurd sizes are estimated, not worked off", .timeLimit(.minutes(1)))
  func dryRun() throws {
    let folder = try TemporaryFolder()
    try TinyModel.write(to: folder)
    let tasks = try folder.write(#"{"question":"1+1","answer":"2"}"#, to: "tasks.jsonl")
    let recipe = try folder.write(
      """
      model: \(folder.path)
      stages:
        - {kind: grpo, tasks: {train: \(tasks)}, prompts_per_step: 100, group_size: 100000,
           steps: 1, sampling: {max_completion_length: 8}}
      """, to: "recipe.yaml")
    let result = try HoneProcess.run(["train", recipe, "--dry-run", "--json"])
    #expect(result.status == 0, "\(result.error)")
    let stage = try #require(try result.rows().first?["stages"]?.array?.first)
    #expect(stage["seconds_per_step"]?.double ?? 0 > 1)
  }
}
