import HoneJSON
import Testing

@Suite(
  "hone grade: foreign rows, modes, options", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence)
)
struct GradeRowTests {
  @Test("rows of TRL and verl, as they are")
  func foreign() throws {
    let input = #"""
      {"prompt": [{"role": "user", "content": "1+1?"}], "completion": [{"role": "assistant", "content": "\\boxed{2}"}], "solution": "So $\\boxed{2}$."}
      {"data_source": "x", "prompt": [{"role": "user", "content": "q"}], "completion": "#### 3", "reward_model": {"style": "rule", "ground_truth": "3"}}
      {"id": "c", "completion": "#### 3"}
      {"id": "d", "completion": "#### 3", "gold": "3", "answer": "4"}
      """#
    let result = try HoneProcess.run(["grade", "--grader", "math"], input: input)
    #expect(result.status == 65)
    let rows = try result.rows()
    #expect(
      rows.map { $0["verdict"]?.string } == ["correct", "correct", "unscored", "unscored"])
    #expect(rows[2]["reason"]?.string?.contains("gold, answer, solution, ground_truth") == true)
    #expect(rows[3]["reason"]?.string?.contains("gold is '3' and answer is '4'") == true)
  }

  @Test("--mode, --policy and --option are for rows that say nothing")
  func defaults() throws {
    let input = """
      {"id": 1, "answer": "18", "completion": "18 eggs"}
      {"id": 2, "answer": "18", "completion": "18 eggs", "policy": "strict"}
      {"id": 3, "answer": "18", "completion": "18 eggs", "mode": "response"}
      """
    func verdicts(_ arguments: String...) throws -> [String?] {
      let result = try HoneProcess.run(["grade", "--grader", "math"] + arguments, input: input)
      #expect(result.status == 0)
      return try result.rows().map { $0["verdict"]?.string }
    }
    let wrong: [String?] = ["incorrect", "incorrect", "incorrect"]
    #expect(try verdicts() == wrong)
    #expect(try verdicts("--mode", "answer") == wrong)
    #expect(
      try verdicts("--mode", "answer", "--policy", "gsm8k") == [
        "correct", "incorrect", "incorrect",
      ])
    #expect(
      try verdicts("--mode", "answer", "--option", "allows_any_noun=true")
        == ["correct", "correct", "incorrect"])
  }

  @Test(
    "what a grader does not have is a usage error that names what it has",
    arguments: [
      (["math", "--mode", "lenient"], "known are: answer, response"),
      (["format", "--mode", "answer"], "has no modes"),
      (["math", "--policy", "x"], "known are: strict"),
      (["overlong", "--option", "margn=4"], "known are: margin"),
      (["overlong", "--option", "margin=none"], "wanted a whole number from 1"),
      (["overlong", "--option", "margin"], "wanted name=value"),
      (["sequence", "--option", "a=1"], "has no options"),
    ])
  func usage(_ arguments: [String], _ wanted: String) throws {
    let result = try HoneProcess.run(["grade", "--grader"] + arguments)
    #expect(result.status == 64)
    #expect(result.error.contains(wanted), "\(result.error)")
  }

  @Test("the samples of an evaluation get the same verdicts again")
  func samples() throws {
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let folder = try TemporaryFolder()
    let tasks = try folder.write(
      """
      {"id": "a", "question": "1+1?", "answer": "2"}
      {"id": "b", "question": "say", "answer": "7", "mode": "answer", "policy": "gsm8k"}
      """, to: "tasks.jsonl")
    let evaluated = try HoneProcess.run([
      "evaluate", model.path, "--tasks", tasks, "--samples", "4", "--max-tokens", "6", "--prefix",
      "The answer is 2", "--output", folder.file("r.json"),
    ])
    #expect(evaluated.status == 0, "\(evaluated.error)")
    let input = try folder.read("r.samples.jsonl")
    let samples = try input.split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(samples.count == 8)
    let graded = try HoneProcess.run(["grade", "--grader", "math"], input: input)
    #expect(graded.status == 0)
    let rows = try graded.rows()
    for key in ["verdict", "extracted", "reason"] {
      #expect(rows.map { $0[key] } == samples.map { $0[key] })
    }
    #expect(samples.allSatisfy { $0["vote"]?.int != nil })
  }

  @Test("an evaluation says how many samples have no marked answer, and refuses copies of one")
  func evaluation() throws {
    let model = try TemporaryFolder()
    try TinyModel.write(to: model)
    let folder = try TemporaryFolder()
    let tasks = try folder.write(#"{"question": "1+1?", "answer": "2"}"#, to: "tasks.jsonl")
    let arguments = ["evaluate", model.path, "--tasks", tasks, "--max-tokens", "4"]
    let result = try HoneProcess.run(arguments + ["--json"])
    #expect(try result.rows()[0]["no_answer"]?.double == 1)
    #expect(result.error.contains("100 % without a marked answer"))
    let copies = try HoneProcess.run(arguments + ["--samples", "3", "--temperature", "0"])
    #expect(copies.status == 64)
    #expect(copies.error.contains("3 samples at temperature 0 are 3 times the same"))
  }
}
