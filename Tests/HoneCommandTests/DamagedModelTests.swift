import Foundation
import HoneJSON
import Testing

@Suite(
  "Damaged and unreadable models, by the command",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence), .timeLimit(.minutes(3)))
struct DamagedModelTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A checkpoint that a run of two steps wrote.
  private func checkpoint() throws -> String {
    let recipe = try folder.write(
      """
      model: {architecture: llama, hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1,
              num_attention_heads: 2, num_key_value_heads: 1, head_dim: 8}
      tokenizer: {vocabulary_size: 261}
      stages:
        - kind: sft
          tasks: {train: {family: arithmetic, count: 30, difficulty: 1, demonstrations: true}}
          prompt: {template: tiny}
          batch_size: 2
          steps: 1
      """, to: "small.yaml")
    let result = try HoneProcess.run(["train", recipe, "--output", folder.file("run")])
    try #require(result.status == 0, "\(result.error)")
    return folder.file("run/checkpoint-1")
  }

  @Test("A flipped bit ends every verb that uses the checkpoint, unless it is told not to look")
  func flippedBit() throws {
    let path = try checkpoint()
    let tasks = try folder.write(#"{"question":"1+1","answer":"2"}"#, to: "tasks.jsonl")
    let rows = try folder.write(
      #"{"id": "a", "prompt_ids": [5], "completion_ids": [6]}"#, to: "rows.jsonl")
    let next = try folder.write(
      """
      model: \(path)
      stages: [{kind: grpo, tasks: {train: \(tasks)}, steps: 1, group_size: 2,
                prompts_per_step: 1, sampling: {max_completion_length: 2}}]
      """, to: "next.yaml")
    let verbs = [
      ["score", path, "--input", rows], ["generate", path, "--prompt", "a", "--max-tokens", "1"],
      ["evaluate", path, "--tasks", tasks, "--max-tokens", "1"],
      ["train", next, "--dry-run"],
    ]
    for arguments in verbs {
      #expect(try HoneProcess.run(arguments).status == 0, "\(arguments[0])")
    }
    try flip(path + "/model.safetensors")
    for arguments in verbs {
      let refused = try HoneProcess.run(arguments)
      #expect(refused.status == 65, "\(arguments[0])")
      #expect(refused.error.contains("model.safetensors: damaged"))
      let taken = try HoneProcess.run(arguments + ["--no-verify"])
      #expect(taken.status == 0, "\(arguments[0]): \(taken.error)")
    }
    let inspected = try HoneProcess.run(["inspect", path])
    #expect(inspected.status == 65)
    #expect(inspected.error.contains("model.safetensors: damaged"))
    try flip(path + "/model.safetensors")
    try flip(path + "/tokenizer.json")
    #expect(try HoneProcess.run(["tokenize", path], input: "").status == 65)
  }

  /// Changes a bit that leaves the file readable: of its last byte but one.
  private func flip(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    var bytes = try Data(contentsOf: url)
    // In a text a space becomes a tab and a byte of the line's end stays one.
    let place = path.hasSuffix(".json") ? (bytes.firstIndex(of: 0x20) ?? 0) : bytes.count - 2
    bytes[place] ^= path.hasSuffix(".json") ? 0x29 : 1
    try bytes.write(to: url)
  }

  @Test("What the system refuses is 74, what is not there 66, what is damaged 65")
  func codes() throws {
    try TinyModel.write(to: folder)
    for name in ["config.json", "tokenizer.json", "model.safetensors"] {
      let aside = folder.file(name + ".aside")
      try FileManager.default.moveItem(atPath: folder.file(name), toPath: aside)
      #expect(try HoneProcess.run(["generate", folder.path, "--prompt", "a"]).status == 66)
      #expect(mkdir(folder.file(name), 0o700) == 0)
      let result = try HoneProcess.run(["generate", folder.path, "--prompt", "a"])
      #expect(result.status == 74)
      #expect(result.error.contains("\(name): cannot be read: Is a directory"))
      rmdir(folder.file(name))
      try FileManager.default.moveItem(atPath: aside, toPath: folder.file(name))
    }
    #expect(try HoneProcess.run(["generate", folder.path, "--prompt", "a"]).status == 0)
    try folder.write("{\"model_type\": \"llama\", \"vocab_size\": \"257\"}", to: "config.json")
    #expect(try HoneProcess.run(["generate", folder.path, "--prompt", "a"]).status == 65)
  }

  @Test("Endless devices and pipes without a writer end at once, pipes with one are read")
  func devices() throws {
    try TinyModel.write(to: folder)
    #expect(mkfifo(folder.file("manifest.json"), 0o600) == 0)
    #expect(try HoneProcess.run(["inspect", folder.path]).status == 65)
    unlink(folder.file("manifest.json"))
    #expect(symlink("/dev/zero", folder.file("endless.jsonl")) == 0)
    let endless = folder.file("endless.jsonl")
    #expect(try HoneProcess.run(["score", folder.path, "--input", endless]).status == 74)
    #expect(try HoneProcess.run(["evaluate", folder.path, "--tasks", endless]).status == 74)
    #expect(try HoneProcess.run(["train", endless, "--dry-run"]).status == 74)
    let row = #"{"id": "a", "prompt_ids": [5], "completion_ids": [6]}"#
    let read = try HoneProcess.run(
      ["score", folder.path, "--input", "/dev/stdin"], input: row)
    #expect(read.status == 0)
    #expect(read.lines.count == 1)
  }
}
