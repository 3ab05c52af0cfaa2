import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HoneTraining
import Testing

@Suite("A run whose grader runs programs", .serialized)
struct CodeRunTests {
  /// A sandbox that runs nothing: every program writes "1", wants to write a file, and ends.
  private final class PlayedSandbox: SandboxRunner {
    let isolation: Int

    init(isolation: Int) { self.isolation = isolation }

    func run(_ job: SandboxJob) throws(SandboxFailure) -> SandboxOutcome {
      let attempt = Array("write-outside".utf8)
      return SandboxOutcome(
        ending: .exited(0), output: [UInt8(ascii: "1")],
        results: [UInt8(ascii: "A"), UInt8(attempt.count), 0, 0, 0] + attempt)
    }

    func run(
      _ job: SandboxJob, judgedBy judge: SandboxJob
    ) throws(SandboxFailure) -> (program: SandboxOutcome, judge: SandboxOutcome) {
      throw SandboxFailure(message: "no judge")
    }

    func check(_ source: String) throws(SandboxFailure) -> SourceCheck { .compiles(code: []) }

    static func graders(isolation: Int, allowsWeak: Bool = false) -> GraderOptions {
      GraderOptions(allowsWeakIsolation: allowsWeak, workers: 1) { capacity in
        BoundedSandboxPool(
          capacity: capacity,
          probe: { () throws(SandboxFailure) -> SandboxIsolation in
            SandboxIsolation(level: isolation)
          },
          make: { () throws(SandboxFailure) -> any SandboxRunner in
            PlayedSandbox(isolation: isolation)
          })
      }
    }
  }

  private let folder: TemporaryFolder
  private let recipe: Recipe

  init() throws {
    folder = try TemporaryFolder()
    let row = """
      {"id": "ID", "question": "one", "grader": "code", "mode": "answer", "credit": "fraction", \
      "tests": {"kind": "stdio", "cases": [{"input": "", "output": "1"}, {"input": "", "output": "2"}]}}

      """
    let rows = (0..<4).map { row.replacingOccurrences(of: "ID", with: "p\($0)") }.joined()
    try folder.write(rows, to: "tasks.jsonl")
    let tasks = folder.file("tasks.jsonl")
    recipe = try Recipe.parse(
      """
      model: {architecture: qwen3, hidden_size: 32, intermediate_size: 48, num_hidden_layers: 1,
              num_attention_heads: 4, num_key_value_heads: 2, max_position_embeddings: 64}
      tokenizer: {vocabulary_size: 290}
      seed: 7
      stages:
        - kind: grpo
          tasks: {train: \(tasks), eval: \(tasks)}
          prompt: {template: plain}
          group_size: 2
          prompts_per_step: 2
          sampling: {max_completion_length: 4}
          evaluation: {max_completion_length: 4}
          steps: 2
          evaluate_every: 2
          on_no_signal: note
      """, file: "code.yaml")
  }

  private func start(_ graders: GraderOptions) throws -> TrainingRun {
    try TrainingRun.start(
      recipe, recipeFile: nil, at: folder.path + "/run", arguments: [],
      compute: Compute(workers: 1), graders: graders, sink: SmallRun.Listener())
  }

  private func rows(_ name: String) throws -> [JSON] {
    try JSONLines(contentsOf: folder.path + "/run/" + name).map { try $0.result.get() }
  }

  @Test("Isolation and attempts are in the run, in its metrics and in its evaluations")
  func records() throws {
    _ = try start(PlayedSandbox.graders(isolation: 3)).run()
    let description = try RunDescription.read(folder.path + "/run/run.json")
    #expect(description.isolation == 3)
    let metrics = try rows("metrics.jsonl")
    #expect(metrics.count == 2)
    for row in metrics {
      #expect(row["isolation"] == 3)
      // Two cases for each of the four samples.
      #expect(row["attempts/write-outside"] == 8)
      #expect(row["attempts/forged-result"] == 0)
      #expect(row["reward"]?.double == 0.5)
    }
    let evaluation = try #require(try rows("evaluations.jsonl").first)
    #expect(evaluation["isolation"] == 3)
    // Two cases for each of the samples.
    let attempts = evaluation["attempts/write-outside"]?.int ?? 0
    #expect(attempts > 0 && attempts % 2 == 0)
    for row in try rows("completions.jsonl") {
      #expect(row["reason"]?.string?.hasPrefix("case 2: wrong-answer: ") == true)
    }
  }

  @Test("A run that may not grade is refused before it has a folder")
  func refusal() throws {
    let error = #expect(throws: GraderError.self) {
      try start(PlayedSandbox.graders(isolation: 1))
    }
    #expect(error?.isUnsafe == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
  }

  @Test("Weak isolation that was allowed is on record")
  func weak() throws {
    _ = try start(PlayedSandbox.graders(isolation: 1, allowsWeak: true)).run()
    #expect(try RunDescription.read(folder.path + "/run/run.json").isolation == 1)
    #expect(try rows("metrics.jsonl").allSatisfy { $0["isolation"] == 1 })
  }

  @Test("A resumed run is told of another isolation")
  func differences() {
    func description(_ isolation: Int?) -> RunDescription {
      RunDescription(
        arguments: [], seed: 0, versions: [:], machine: [:], isolation: isolation)
    }
    #expect(description(3).differences(to: description(3)).isEmpty)
    #expect(description(3).differences(to: description(2)) == ["isolation: 3 then, 2 now"])
    #expect(description(nil).differences(to: description(2)) == ["isolation: absent then, 2 now"])
  }

  @Test("Runs without such graders say nothing of isolation")
  func others() throws {
    let path = folder.path + "/small"
    let listener = try SmallRun.run(at: path)
    #expect(try RunDescription.read(path + "/run.json").isolation == nil)
    for row in listener.rows {
      #expect(!row.keys.contains { $0 == "isolation" || $0.hasPrefix("attempts/") })
    }
  }

  @Test("Findings add up; a score without details adds nothing")
  func findings() throws {
    func score(_ details: JSONObject) -> RubricScore {
      var score = Score.correct("")
      score.details = details
      return RubricScore(components: [.init(name: "code", weight: 1, score: score)])
    }
    let found = try #require(
      ExecutionFindings([
        score(["isolation": 3, "attempts": ["early-exit": 1, "output-cap": 0]]), score([:]),
        score(["isolation": 2, "attempts": ["early-exit": 2, "forbidden-call": 4]]),
      ]))
    var row: JSONObject = [:]
    found.write(to: &row)
    #expect(
      row == [
        "isolation": 2, "attempts/early-exit": 3, "attempts/output-cap": 0,
        "attempts/forbidden-call": 4,
      ])
    #expect(ExecutionFindings([score([:])]) == nil)
    #expect(ExecutionFindings([RubricScore]()) == nil)
  }
}
