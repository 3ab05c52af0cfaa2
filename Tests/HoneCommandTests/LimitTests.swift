import Foundation
import HoneJSON
import Testing

@Suite(
  "limits and descriptors of the system", .serialized,
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct LimitTests {
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

  private func train(_ script: String, to name: String) throws -> HoneProcess.Result {
    try HoneProcess.run(
      ["train", recipe, "--output", folder.file(name)],
      environment: ["HONE_NUM_THREADS": "2"], script: script)
  }

  private func checksum(_ run: String, _ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.file("\(run)/\(name)")))
  }

  // MARK: - Closed descriptors

  @Test(
    "a daemon without standard streams trains as usual, and writes into its own files alone",
    arguments: ["<&- >&- 2>&-", ">&-", "<&-", "2>&-", "<&- 2>&-"])
  func daemon(closed: String) throws {
    let usual = try train(#"exec "$@""#, to: "usual")
    #expect(usual.status == 0, "\(usual.error)")
    let daemon = try train(#"exec "$@" "# + closed, to: "daemon")
    #expect(daemon.status == 0, "\(daemon.error)")
    for name in ["latest/model.safetensors", "completions.jsonl", "recipe.yaml"] {
      #expect(try checksum("daemon", name) == checksum("usual", name), "\(name)")
    }
    for name in ["metrics.jsonl", ".lock"] {
      #expect(try !folder.read("daemon/\(name)").contains("kind="), "\(name)")
    }
    #expect(try HoneProcess.run(["inspect", folder.file("daemon")]).status == 0)
  }

  @Test("rows that were asked for and can go nowhere are an error")
  func closedOutput() throws {
    for arguments in [["doctor", "--json"], ["tasks", "make", "arithmetic", "--count", "1"]] {
      let result = try HoneProcess.run(arguments, script: #"exec "$@" >&-"#)
      #expect(result.status == 74, "\(arguments)")
      #expect(result.error == "error: standard output: it is closed\n")
    }
    let input = try HoneProcess.run(["grade", "--grader", "math"], script: #"exec "$@" <&-"#)
    #expect(input.status == 65)
    #expect(input.output.contains("cannot be read: Bad file descriptor"))
  }

  // MARK: - Memory

  @Test(
    "a little address space: every verb does its work, or says that memory was refused",
    arguments: [110_000, 160_000, 240_000, 320_000, 500_000])
  func addressSpace(kilobytes: Int) throws {
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let tasks = try folder.write(
      #"{"id": "a", "question": "1 + 1", "answer": "2", "grader": "math"}"#, to: "tasks.jsonl")
    let row = #"{"id": "a", "gold": "2", "completion": "\\boxed{2}", "prompt": "1", "text": "1"}"#
    let verbs = [
      ["grade", "--grader", "math"], ["tasks", "list"], ["doctor"], ["inspect", model.path],
      ["score", model.path, "--input", "-"], ["tokenize", model.path],
      ["generate", model.path, "--prompt", "1", "--max-tokens", "4"],
      ["evaluate", model.path, "--tasks", tasks, "--max-tokens", "4"],
      ["train", recipe, "--output", folder.file("run-\(kilobytes)")],
    ]
    for verb in verbs {
      let result = try HoneProcess.run(
        verb, input: row, environment: ["HONE_NUM_THREADS": "2"],
        script: "ulimit -v \(kilobytes); exec \"$@\"")
      #expect([0, 74].contains(result.status), "\(verb[0]): \(result.status) \(result.error)")
      guard result.status == 74 else { continue }
      #expect(
        result.error.contains("the system refused memory")
          || result.error.contains("bound by the limit on address space"), "\(result.error)")
    }
  }

  @Test("grading loads no BLAS, as the loader tells")
  func withoutBLAS() throws {
    let result = try HoneProcess.run(
      ["grade", "--grader", "math"], input: #"{"id": "a", "gold": "2", "completion": "2"}"#,
      environment: ["LD_DEBUG": "libs"])
    #expect(result.status == 0)
    #expect(result.error.contains("libjson-c"))
    #expect(!result.error.contains("openblas"))
  }

  @Test("a library that cannot be loaded: said by doctor, an error of train, no matter to score")
  func noBLAS() throws {
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let libraries = try TemporaryFolder()
    try libraries.write("no library", to: "libopenblas.so.0")
    try libraries.write("no library", to: "libopenblas.so")
    let environment = ["LD_LIBRARY_PATH": libraries.path]
    let trained = try HoneProcess.run(
      ["train", recipe, "--output", folder.file("run")], environment: environment)
    #expect(trained.status == 66)
    #expect(trained.error.contains("OpenBLAS, which makes the gradients of weights"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("run")))
    let doctor = try HoneProcess.run(["doctor"], environment: environment)
    #expect(doctor.status == 0)
    #expect(doctor.output.contains("none, so that nothing can be trained"))
    for isa in ["portable", ""] {
      let scored = try HoneProcess.run(
        ["score", model.path, "--input", "-"],
        input: #"{"id": "a", "prompt": "1", "completion": "2"}"#,
        environment: environment.merging(["HONE_ISA": isa]) { $1 })
      #expect(scored.status == 0, "\(scored.error)")
    }
  }

  @Test("a defect stays visible: its signal ends the process as ever")
  func defects() throws {
    let process = try HoneProcess([
      "train", recipe, "--output", folder.file("run"), "--set", "steps=100000",
    ])
    for _ in 0..<100 where try !process.outputSoFar().contains("step=1 ") { usleep(50_000) }
    process.send(SIGSEGV)
    let result = try process.finish()
    #expect(result.status == SIGSEGV)
    #expect(!result.error.contains("refused"))
  }

  // MARK: - A run at work

  @Test("a run at work is never called damaged", .timeLimit(.minutes(2)))
  func liveRun() throws {
    let path = folder.file("run")
    let process = try HoneProcess([
      "train", recipe, "--output", path, "--set", "steps=100000", "--set", "keep_checkpoints=1",
      "--set", "probe_problems=0",
    ])
    defer {
      process.send(SIGTERM)
      _ = try? process.finish()
    }
    let manager = FileManager.default
    for _ in 0..<100 where !manager.fileExists(atPath: path + "/latest/manifest.json") {
      usleep(50_000)
    }
    for look in 0..<40 {
      let result = try HoneProcess.run(["inspect", look % 4 == 3 ? path + "/latest" : path])
      #expect(result.status == 0, "\(result.error)")
    }
    #expect(process.isRunning)
  }

  // MARK: - Files

  @Test("a limit on the size of files is an error of writing, with advice")
  func fileSize() throws {
    let result = try train(#"ulimit -f 8; exec "$@""#, to: "run")
    #expect(result.status == 74)
    #expect(result.error.contains("File too large"), "\(result.error)")
    #expect(result.error.contains("ulimit -f"))
    #expect(result.error.contains("--resume"))
    let resumed = try HoneProcess.run(
      ["train", recipe, "--output", folder.file("run"), "--resume"],
      environment: ["HONE_NUM_THREADS": "2"])
    #expect(resumed.status == 0, "\(resumed.error)")
    _ = try train(#"exec "$@""#, to: "usual")
    let name = "latest/model.safetensors"
    #expect(try checksum("run", name) == checksum("usual", name))
  }

  @Test("a full device is said with its advice")
  func full() throws {
    let result = try HoneProcess.run(["tasks", "list"], output: "/dev/full")
    #expect(result.status == 74)
    #expect(result.error.contains("No space left on device. Free some space"))
  }
}
