import Foundation
import HoneGraders
import HoneJSON
import HoneTasks
import Testing

@Suite struct CodeLayoutTests {
  // MARK: - HumanEval

  private static let humanEval: JSONObject = [
    "task_id": "T/0", "prompt": "def add(a, b):\n    \"\"\" the sum \"\"\"\n", "entry_point": "add",
    "canonical_solution": "    return a + b\n",
    "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
  ]

  @Test("HumanEval: the prompt is the question, and check decides")
  func humanEval() throws {
    let set = try Self.load(Self.humanEval)
    let problem = set.problems[0]
    #expect(problem.id == "T/0")
    #expect(problem.question == Self.humanEval["prompt"]?.string)
    #expect(problem.grader == "code")
    #expect(problem.answer == "    return a + b\n")
    #expect(problem.completion == nil)
    #expect(
      problem.tests == [
        "kind": "humaneval", "prompt": .string(problem.question), "entry_point": "add",
        "test": "def check(candidate):\n    assert candidate(1, 2) == 3\n",
      ])
    #expect(
      set.summary
        == "1 problems, HumanEval: id <- task_id, question <- prompt, answer <- canonical_solution, "
        + "tests <- test (with prompt and entry_point)")
    #expect(problem.submission(completion: "x").fields["tests"] == problem.tests)
  }

  @Test("A reference solution is a demonstration where that is asked for")
  func demonstration() throws {
    let set = try Self.load(
      Self.humanEval, TaskOptions(fields: ["completion": "canonical_solution"]))
    #expect(set.problems[0].completion == "    return a + b\n")
    #expect(set.summary.contains("completion <- canonical_solution"))
    // A whole program stands in a block; one that stands in a block already stays as it is.
    var row = Self.mbpp
    let asked = TaskOptions(fields: ["completion": "code"])
    let block = "```python\ndef add(a, b): return a + b\n```"
    #expect(try Self.load(row, asked).problems[0].completion == block)
    row["code"] = .string(block)
    #expect(try Self.load(row, asked).problems[0].completion == block)
  }

  @Test("A problem without a reference solution is a problem all the same")
  func noReference() throws {
    var row = Self.humanEval
    row["canonical_solution"] = nil
    #expect(try Self.load(row).problems[0].answer == nil)
    row["task_id"] = "T/1"
    let both = try TaskSetTests.load(Self.humanEval.line + row.line)
    #expect(both.problems.map(\.answer) == ["    return a + b\n", nil])
  }

  @Test(
    "Malformed rows of HumanEval are named by field",
    arguments: [
      ("test", nil, "no field 'test'"), ("test", 3, "test is the integer 3, wanted a string"),
      ("test", "assert add(1, 2) == 3", "test defines no function 'check'"),
      ("entry_point", "", "entry_point is empty"), ("entry_point", [], "entry_point is an array"),
      ("prompt", 1, "prompt is the integer 1"), ("canonical_solution", [], "canonical_solution is"),
    ] as [(String, JSON?, String)])
  func malformedHumanEval(field: String, value: JSON?, message: String) throws {
    try Self.expectRefusal(Self.humanEval, field, value, message)
  }

  // MARK: - MBPP

  private static let mbpp: JSONObject = [
    "task_id": 11, "text": "Write a function to add.", "code": "def add(a, b): return a + b",
    "test_list": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
    "test_setup_code": "x = 1", "challenge_test_list": ["assert add(5, 5) == 10"],
  ]

  @Test("MBPP: the text and the asserts are the question, the asserts decide")
  func mbpp() throws {
    let set = try Self.load(Self.mbpp)
    let problem = set.problems[0]
    #expect(problem.id == "11")
    #expect(
      problem.question
        == "You are an expert Python programmer, and here is your task: Write a function to add. "
        + "Your code should pass these tests:\n\nassert add(1, 2) == 3\nassert add(0, 0) == 0")
    #expect(problem.answer == "def add(a, b): return a + b")
    #expect(problem.grader == "code")
    #expect(
      problem.tests == [
        "kind": "script", "setup": "x = 1",
        "asserts": ["assert add(1, 2) == 3", "assert add(0, 0) == 0"],
      ])
    #expect(set.summary.contains("MBPP: id <- task_id, question <- text, answer <- code, tests <-"))
  }

  @Test("MBPP, sanitized: the prompt under its other name, imports before the set-up")
  func sanitized() throws {
    var row = Self.mbpp
    row["prompt"] = row["text"]
    row["text"] = nil
    row["test_imports"] = ["import math", "import re"]
    let problem = try Self.load(row).problems[0]
    #expect(problem.tests?["setup"] == "import math\nimport re\nx = 1")
    row["test_setup_code"] = .some(.null)
    row["test_imports"] = []
    #expect(try Self.load(row).problems[0].tests?["setup"] == "")
  }

  @Test("Other asserts can be named")
  func challenge() throws {
    let set = try Self.load(Self.mbpp, TaskOptions(fields: ["tests": "challenge_test_list"]))
    #expect(set.problems[0].tests?["asserts"] == ["assert add(5, 5) == 10"])
    #expect(set.problems[0].question.hasSuffix("\n\nassert add(5, 5) == 10"))
  }

  @Test(
    "Malformed rows of MBPP are named by field",
    arguments: [
      ("test_list", [], "test_list is an array of 0, wanted an array of asserts"),
      ("test_list", "assert True", "test_list is the string"),
      ("test_list", ["assert True", 2], "test_list[1] is the integer 2, wanted a string"),
      ("test_setup_code", 4, "test_setup_code is the integer 4"),
      ("test_imports", "import re", "test_imports is the string"),
      ("text", " ", "text is empty"), ("task_id", 1.5, "task_id is"),
    ] as [(String, JSON?, String)])
  func malformedMBPP(field: String, value: JSON?, message: String) throws {
    try Self.expectRefusal(Self.mbpp, field, value, message)
  }

  // MARK: - Help

  static func load(_ row: JSONObject, _ options: TaskOptions = TaskOptions()) throws -> TaskSet {
    try TaskSetTests.load(row.line, options)
  }

  /// A good row, then the same with one field changed: the second line must be named.
  static func expectRefusal(
    _ row: JSONObject, _ field: String, _ value: JSON?, _ message: String
  ) throws {
    var bad = row
    bad[field] = value
    #expect {
      try TaskSetTests.load(row.line + bad.line)
    } throws: {
      "\($0)".contains("rows.jsonl:2: \(message)")
    }
    let skipped = try TaskSetTests.load(row.line + bad.line, TaskOptions(onError: .skip))
    #expect(skipped.problems.count == 1)
    #expect(skipped.skipped.map(\.line) == [2])
  }
}

extension JSONObject {
  /// The object as a row.
  fileprivate var line: String { JSON.object(self).serialized() + "\n" }
}
