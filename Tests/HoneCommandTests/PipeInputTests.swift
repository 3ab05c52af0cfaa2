import Foundation
import HoneJSON
import Testing

/// Pipes and `<(…)` in place of files: nothing is lost, and gzip works as well.
@Suite("inputs that are pipes", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct PipeInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let rows = """
    {"id": "a", "question": "1+1", "answer": "2", "prompt": "1+", "completion": "2"}
    {"id": "b", "question": "1+2", "answer": "3", "prompt": "1+", "completion": "3"}

    """

  /// `rows`, as gzip packs them.
  private func packed() throws -> Data {
    let path = try folder.write(rows, to: "packed.jsonl")
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-k", "-f", path]
    try gzip.run()
    gzip.waitUntilExit()
    return try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
  }

  /// A FIFO into which a thread writes once.
  private func pipe(_ data: Data) throws -> String {
    let path = folder.file("fifo-\(UUID().uuidString)")
    try #require(mkfifo(path, 0o600) == 0)
    let writer = Thread {
      guard let handle = FileHandle(forWritingAtPath: path) else { return }
      try? handle.write(contentsOf: data)
      try? handle.close()
    }
    writer.start()
    return path
  }

  @Test("tasks check reads a pipe as the file", arguments: [false, true])
  func check(isPacked: Bool) throws {
    let data = isPacked ? try packed() : Data(rows.utf8)
    let result = try HoneProcess.run(["tasks", "check", try pipe(data), "--mode", "answer"])
    #expect(result.status == 0, "\(result.output)\(result.error)")
    #expect(result.output.contains("2 problems"))
    let standard = try HoneProcess.run(
      ["tasks", "check", "/dev/stdin", "--mode", "answer"], input: rows)
    #expect(standard.status == 0 && standard.output.contains("2 problems"))
  }

  @Test("evaluate, generate and score read pipes", arguments: [false, true])
  func models(isPacked: Bool) throws {
    try TinyModel.write(to: folder)
    let data = isPacked ? try packed() : Data(rows.utf8)
    let evaluated = try HoneProcess.run([
      "evaluate", folder.path, "--tasks", try pipe(data), "--max-tokens", "4", "--json",
    ])
    #expect(evaluated.status == 0, "\(evaluated.error)")
    #expect(try evaluated.rows()[0]["problems"] == 2)
    let generated = try HoneProcess.run([
      "generate", folder.path, "--prompts", try pipe(data), "--max-tokens", "2", "--json",
    ])
    #expect(generated.status == 0, "\(generated.error)")
    #expect(try generated.rows().map { $0["id"]?.string } == ["a", "b"])
    let scored = try HoneProcess.run(["score", folder.path, "--input", try pipe(data)])
    #expect(scored.status == 0, "\(scored.error)")
    #expect(try scored.rows().map { $0["id"]?.string } == ["a", "b"])
  }

  @Test("train reads its tasks from a pipe")
  func train() throws {
    try TinyModel.write(to: folder)
    let recipe = try folder.write(
      """
      model: \(folder.path)
      stages:
        - kind: sft
          tasks: {train: \(try pipe(Data(rows.utf8))), mode: answer}
          steps: 1
      """, to: "recipe.yaml")
    let result = try HoneProcess.run(["train", recipe, "--output", folder.file("run")])
    #expect(result.status == 0, "\(result.output)\(result.error)")
  }

  @Test("Other formats are named, with the command that converts them, in every verb")
  func formats() throws {
    try TinyModel.write(to: folder)
    let table = try folder.write("question,answer\n1+1,2\n", to: "table.csv")
    let command = "csv.DictReader(sys.stdin)]\" < \(table) > \(folder.file("table.jsonl"))"
    for arguments in [
      ["tasks", "check", table], ["evaluate", folder.path, "--tasks", table],
      ["generate", folder.path, "--prompts", table], ["score", folder.path, "--input", table],
    ] {
      let result = try HoneProcess.run(arguments)
      #expect(result.status == 65)
      let text = result.output + result.error
      #expect(text.contains("this is CSV") && text.contains(command), "\(arguments): \(text)")
      // Told once.
      #expect(result.error.components(separatedBy: "this is CSV").count <= 2)
    }
    let graded = try HoneProcess.run(
      ["grade", "--grader", "math"], input: "[\n {\"gold\": 1}\n]\n")
    #expect(graded.status == 65)
    #expect(graded.error.contains("a JSON array") && graded.error.contains("jq -c '.[]'"))
  }
}
