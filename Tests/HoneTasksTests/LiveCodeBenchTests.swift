import HoneJSON
import HoneTasks
import Testing

@Suite struct LiveCodeBenchTests {
  private static let stdio: JSONObject = [
    "question_title": "Double", "question_content": "Print twice the number.",
    "platform": "somewhere", "question_id": "q_1", "starter_code": "", "difficulty": "easy",
    "public_test_cases": #"[{"input": "1\n", "output": "2\n", "testtype": "stdin"}]"#,
    "private_test_cases": #"[{"input": "0\n", "output": "0\n", "testtype": "stdin"}]"#,
    "metadata": "{}",
  ]

  private static let call: JSONObject = [
    "question_content": "Count.", "platform": "somewhere", "question_id": "q_2",
    "starter_code": "class Solution:\n    def count(self, items: List[int], n: int) -> int:\n",
    "public_test_cases":
      #"[{"input": "[1, 1.5]\n\"a\"", "output": "[[2], null]", "testtype": "functional"}]"#,
    "private_test_cases": .string(packed[4] ?? ""), "metadata": #"{"func_name": "count"}"#,
  ]

  /// One private case, `[1, 2]` and `3` to `[true, null, 1.5]`, as Python packs it, by protocol.
  private static let packed: [Int: String] = [
    2: "eJxrYIoIZGBgiK5WyswrKC1RslJQijbUUTCKjckzVtJRUMovLYEJlxSVpuoo5JXm5OgoGOqZxoKkS1KLS0oqC1"
      + "JBCtJK85JLMvPzEnOUamMLGfQAm3kbEg==",
    3: "eJxrYI4IZGBgiK5WyswrKC1RslJQijbUUTCKjckzVtJRUMovLYEJlxSVpuoo5JXm5OgoGOqZxoKkS1KLS0oqC1"
      + "JBCtJK85JLMvPzEnOUamMLGfQAm9MbEw==",
    4: "eJxrYJkaygABPYHR1UqZeQWlJUpWCkrRhjoKRrExecZKOgpK+aUlMOGSotJUHYW80pwcHQVDPdNYkHRJanFJSW"
      + "VBKkhBWmlecklmfl5ijlJt7BQ9AOmLHFU=",
    5: "eJxrYJ0aygABPYHR1UqZeQWlJUpWCkrRhjoKRrExecZKOgpK+aUlMOGSotJUHYW80pwcHQVDPdNYkHRJanFJSW"
      + "VBKkhBWmlecklmfl5ijlJt7BQ9AOnqHFY=",
  ]

  @Test("Standard input: public cases, then private ones")
  func standardInput() throws {
    let set = try CodeLayoutTests.load(Self.stdio)
    let problem = set.problems[0]
    #expect(problem.id == "q_1")
    #expect(problem.family == "somewhere")
    #expect(problem.grader == "code")
    #expect(problem.answer == nil)
    #expect(
      problem.tests == [
        "kind": "stdio",
        "cases": [["input": "1\n", "output": "2\n"], ["input": "0\n", "output": "0\n"]],
      ])
    #expect(problem.question.hasPrefix("Print twice the number.\n\nRead standard input"))
    #expect(
      set.summary
        == "1 problems, LiveCodeBench: id <- question_id, question <- question_content, "
        + "family <- platform, tests <- public_test_cases (with private_test_cases, starter_code "
        + "and metadata)")
  }

  @Test("Calls: arguments one a line, the starter code in the question, the name from metadata")
  func calls() throws {
    let problem = try CodeLayoutTests.load(Self.call).problems[0]
    #expect(
      problem.tests == [
        "kind": "function", "name": "count",
        "cases": [
          ["args": [[1, 1.5], "a"], "expected": [[2], nil]],
          ["args": [[1, 2], 3], "expected": [true, nil, 1.5]],
        ],
      ])
    #expect(problem.question.contains("```python\nclass Solution:\n    def count("))
  }

  @Test("Private cases are read from the pickles of every protocol that has them", arguments: 2...5)
  func protocols(version: Int) throws {
    var row = Self.call
    row["private_test_cases"] = .string(try #require(Self.packed[version]))
    #expect(try CodeLayoutTests.load(row).problems[0].tests?["cases"]?.array?.count == 2)
  }

  @Test("Cases may come as JSON itself, and private ones may be missing")
  func plain() throws {
    var row = Self.stdio
    row["private_test_cases"] = nil
    #expect(try CodeLayoutTests.load(row).problems[0].tests?["cases"]?.array?.count == 1)
    row["public_test_cases"] = [["input": "", "output": "x", "testtype": "stdin"]]
    row["metadata"] = nil
    #expect(
      try CodeLayoutTests.load(row).problems[0].tests?["cases"] == [["input": "", "output": "x"]])
  }

  /// The base64 of the zlib of things that are not the pickle of one string of JSON.
  private static let hostile: [(String, JSON?, String)] = [
    // os.system('echo'), then damaged data.
    (
      "private_test_cases", "eJxLzi/mKq4sLknN5dIIVk9NzshX5yoJ0gMAXzUHZQ==",
      "private_test_cases: the pickle holds more than one string: instruction 0x63"
    ),
    (
      "private_test_cases", "eJxrYJkaygABPYHR1Q==", "private_test_cases: the zlib data is truncated"
    ),
    ("private_test_cases", "bm90IHpsaWI=", "private_test_cases: not zlib data, or damaged"),
    ("private_test_cases", "%%", "private_test_cases is neither a JSON array nor base64"),
    ("private_test_cases", 3, "private_test_cases is the integer 3, wanted an array of cases"),
    ("private_test_cases", "[1]", "private_test_cases[0] wants the strings input, output and"),
    ("private_test_cases", "[{", "private_test_cases is not JSON"),
    (
      "private_test_cases", #"[{"input": "1", "output": "1", "testtype": "stdin"}]"#,
      "private_test_cases[0] has another testtype than public_test_cases[0]"
    ),
    (
      "private_test_cases", #"[{"input": "1", "output": "1", "testtype": "file"}]"#,
      "private_test_cases[0].testtype is 'file', wanted stdin or functional"
    ),
    (
      "private_test_cases", #"[{"input": "", "output": "1", "testtype": "functional"}]"#,
      "private_test_cases[0].input holds no argument"
    ),
    (
      "private_test_cases", #"[{"input": "[1", "output": "1", "testtype": "functional"}]"#,
      "private_test_cases[0].input is not JSON"
    ),
    ("metadata", "{}", "metadata names no func_name"), ("metadata", nil, "metadata names no func"),
    ("metadata", "func", "metadata is not JSON"),
    ("starter_code", 1, "starter_code is the integer"),
    ("question_content", "", "question_content is empty"),
  ]

  @Test("Malformed and hostile rows are named by field and line", arguments: hostile)
  func malformed(field: String, value: JSON?, message: String) throws {
    try CodeLayoutTests.expectRefusal(Self.call, field, value, message)
  }

  @Test("Rows without any case are refused")
  func noCases() throws {
    var row = Self.stdio
    row["public_test_cases"] = "[]"
    row["private_test_cases"] = ""
    #expect {
      try CodeLayoutTests.load(row)
    } throws: {
      "\($0)".contains("rows.jsonl:1: public_test_cases and private_test_cases hold no case")
    }
  }
}
