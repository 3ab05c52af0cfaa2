import HoneGraders
import HoneJSON
import Testing

@Suite struct CodeTaskTests {
  /// Fields of a row from its text.
  static func fields(_ text: String) throws -> JSONObject {
    try #require(try JSON.parse(text).object)
  }

  @Test("Defaults are those of the contract")
  func defaults() throws {
    let task = try CodeTask(
      fields: Self.fields(
        #"{"tests": {"kind": "stdio", "cases": [{"input": "1 2\n", "output": "3\n"}]}}"#))
    #expect(
      task.tests.content == .stdio([.init(input: Array("1 2\n".utf8), output: Array("3\n".utf8))]))
    #expect(task.language == .python)
    #expect(task.limits.cpuSeconds == 4)
    #expect(task.limits.memoryBytes == 512 << 20)
    #expect(task.limits.outputBytes == 1 << 20)
    #expect(task.tolerance == nil && task.checker == nil)
    #expect(task.credit == .all)
    #expect(task.mode == .response)
  }

  @Test("Every setting is read")
  func settings() throws {
    let task = try CodeTask(
      fields: Self.fields(
        """
        {"tests": {"kind": "stdio", "cases": [{"input": "", "output": "1", "weight": 2},
          {"input": "", "output": "2", "weight": 0.5}]}, "language": "C++", "time_limit": 0.5,
          "memory_limit_mb": 64, "output_limit_kb": 2, "tolerance": 1e-6, "credit": "weighted",
          "mode": "answer", "checker": null, "other": [1]}
        """))
    #expect(task.language == .cPlusPlus)
    #expect(task.limits == SandboxLimits(cpuSeconds: 0.5, memoryBytes: 64 << 20, outputBytes: 2048))
    #expect(task.tolerance == 1e-6)
    #expect(task.credit == .weighted([2, 0.5]))
    #expect(task.mode == .answer)
  }

  @Test("Calls, assertions and HumanEval are read")
  func kinds() throws {
    let call = try CodeTask(
      fields: Self.fields(
        """
        {"tests": {"kind": "function", "name": "Solution.f", "cases": [
          {"args": [1, "a", [2.5, null]], "expected": null},
          {"args": [], "kwargs": {"k": true}, "expected": 9223372036854775807}]}}
        """))
    guard case .function(let name, let calls) = call.tests.content else {
      Issue.record("\(call.tests)")
      return
    }
    #expect(name == "Solution.f" && calls.count == 2)
    #expect(calls[0].arguments == [1, "a", [2.5, .null]] && calls[0].named == [:])
    #expect(calls[0].expected == .null && calls[1].expected == .integer(.max))
    #expect(calls[1].named == ["k": true])
    let script = try CodeTask(
      fields: Self.fields(
        #"{"tests": {"kind": "script", "asserts": ["assert f(1) == 2", "assert f(2) == 3"]}}"#))
    #expect(
      script.tests.content
        == .script(setup: "", assertions: ["assert f(1) == 2", "assert f(2) == 3"]))
    #expect(script.tests.count == 2)
    let humaneval = try CodeTask(
      fields: Self.fields(
        """
        {"tests": {"kind": "humaneval", "prompt": "import math\\n\\ndef f(a):\\n", "entry_point": "f",
          "test": "def check(candidate): assert candidate(1) == 2"}}
        """))
    #expect(humaneval.tests.count == 1 && humaneval.tests.kind == .humaneval)
  }

  @Test("A checker is Python, or says what it is, and needs no answers")
  func checker() throws {
    let plain = try CodeTask(
      fields: Self.fields(
        #"{"tests": {"kind": "stdio", "cases": [{"input": "1"}]}, "checker": "exit(0)"}"#))
    #expect(plain.checker == CheckerSource(language: .python, source: "exit(0)"))
    #expect(plain.tests.content == .stdio([.init(input: [0x31], output: [])]))
    let other = try CodeTask(
      fields: Self.fields(
        """
        {"tests": {"kind": "stdio", "cases": [{"input": "1", "output": "2"}]},
          "checker": {"language": "cpp", "source": "int main() {}"}}
        """))
    #expect(other.checker?.language == .cPlusPlus)
  }

  private static let stdio = #""tests": {"kind": "stdio", "cases": [{"input": "", "output": ""}]}"#
  private static let script = #""tests": {"kind": "script", "asserts": ["assert f()"]}"#

  @Test(
    "A defect has its path, the value seen and the value wanted",
    arguments: [
      ("{}", "no tests"), (#"{"tests": null}"#, "tests is null"),
      (#"{"tests": []}"#, "tests is an array of 0, wanted an object"),
      (#"{"tests": "x"}"#, "tests is the string \"x\", wanted an object"),
      (#"{"tests": {}}"#, "tests: no kind"),
      (
        #"{"tests": {"kind": "x"}}"#,
        #"tests.kind is the string "x", wanted one of stdio, function, script, humaneval"#
      ),
      (
        #"{"tests": {"kind": 1}}"#,
        "tests.kind is the integer 1, wanted one of stdio, function, script, humaneval"
      ),
      (#"{"tests": {"kind": "stdio"}}"#, "tests: no cases"),
      (
        #"{"tests": {"kind": "stdio", "cases": []}}"#,
        "tests.cases is an array of 0, wanted an array of 1 to 10000 cases"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": {}}}"#,
        "tests.cases is an object with 0 keys, wanted an array of 1 to 10000 cases"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [1]}}"#,
        "tests.cases[0] is the integer 1, wanted an object"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": "", "output": ""}, {"input": ""}]}}"#,
        "tests.cases[1]: no output"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"output": ""}]}}"#, "tests.cases[0]: no input"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": 3, "output": ""}]}}"#,
        "tests.cases[0].input is the integer 3, wanted a string"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": "", "output": null}]}}"#,
        "tests.cases[0]: output is null"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"imput": "", "output": ""}]}}"#,
        #"tests.cases[0] holds "imput", wanted only input, output, weight"#
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": "", "output": ""}], "name": "f"}}"#,
        #"tests holds "name", wanted only kind, cases"#
      ),
      (#"{"tests": {"kind": "function", "cases": []}}"#, "tests: no name"),
      (
        #"{"tests": {"kind": "function", "name": "f(x)", "cases": []}}"#,
        #"tests.name is the string "f(x)", wanted a function's name, or Class.method, of at most 200 letters"#
      ),
      (
        #"{"tests": {"kind": "function", "name": "a.b.c", "cases": []}}"#,
        #"tests.name is the string "a.b.c", wanted a function's name, or Class.method, of at most 200 letters"#
      ),
      (
        #"{"tests": {"kind": "function", "name": "f", "cases": [{"args": 1, "expected": 1}]}}"#,
        "tests.cases[0].args is the integer 1, wanted an array of arguments"
      ),
      (
        #"{"tests": {"kind": "function", "name": "f", "cases": [{"args": []}]}}"#,
        "tests.cases[0]: no expected"
      ),
      (
        #"{"tests": {"kind": "function", "name": "f", "cases": [{"expected": 1}]}}"#,
        "tests.cases[0]: no args"
      ),
      (
        #"{"tests": {"kind": "function", "name": "f", "cases": [{"args": [], "kwargs": [], "expected": 1}]}}"#,
        "tests.cases[0].kwargs is an array of 0, wanted an object of arguments by name"
      ),
      (
        #"{"tests": {"kind": "script", "asserts": []}}"#,
        "tests.asserts is an array of 0, wanted an array of 1 to 10000 assertions"
      ),
      (
        #"{"tests": {"kind": "script", "asserts": ["assert f()", " "]}}"#,
        "tests.asserts[1] is blank, wanted an assertion"
      ),
      (
        #"{"tests": {"kind": "script", "asserts": "assert f()"}}"#,
        #"tests.asserts is the string "assert f()", wanted an array of 1 to 10000 assertions"#
      ),
      (
        #"{"tests": {"kind": "script", "setup": 1, "asserts": ["assert f()"]}}"#,
        "tests.setup is the integer 1, wanted a string"
      ),
      (
        #"{"tests": {"kind": "humaneval", "prompt": "def f():\n", "test": "def check(c): pass"}}"#,
        "tests: no entry_point"
      ),
      (
        #"{"tests": {"kind": "humaneval", "prompt": "def g():\n", "entry_point": "f", "test": "def check(c): pass"}}"#,
        "tests.prompt has no line that begins with 'def f', wanted a prompt that begins the function tests.entry_point"
      ),
      (
        #"{"tests": {"kind": "humaneval", "prompt": "def f():\n", "entry_point": "f", "test": "assert f()"}}"#,
        "tests.test has no line that begins with 'def check'"
      ),
      (
        #"{"tests": {"kind": "humaneval", "prompt": "def f():\n", "entry_point": "a.f", "test": "def check(c): pass"}}"#,
        #"tests.entry_point is the string "a.f", wanted a function's name, of at most 200 letters"#
      ),
      (
        "{\(stdio), \"language\": \"cobol\"}",
        #"language is the string "cobol", wanted one of python, c, cpp, swift"#
      ),
      (
        "{\(stdio), \"language\": 3}",
        "language is the integer 3, wanted one of python, c, cpp, swift"
      ),
      (
        "{\(script), \"language\": \"c\"}",
        "language is c, which has tests of kind stdio only; saw script"
      ),
      (
        "{\(stdio), \"time_limit\": 0}",
        "time_limit is the integer 0, wanted a number from 0.01 to 600.0"
      ),
      (
        "{\(stdio), \"time_limit\": \"4\"}",
        "time_limit is the string \"4\", wanted a number from 0.01 to 600.0"
      ),
      (
        "{\(stdio), \"time_limit\": -1.5}",
        "time_limit is the number -1.5, wanted a number from 0.01 to 600.0"
      ),
      (
        "{\(stdio), \"memory_limit_mb\": 8}",
        "memory_limit_mb is the integer 8, wanted a whole number from 32 to 65536"
      ),
      (
        "{\(stdio), \"memory_limit_mb\": 512.0}",
        "memory_limit_mb is the number 512.0, wanted a whole number from 32 to 65536"
      ),
      (
        "{\(stdio), \"output_limit_kb\": 0}",
        "output_limit_kb is the integer 0, wanted a whole number from 1 to 65536"
      ),
      (
        "{\(stdio), \"tolerance\": 0}",
        "tolerance is the integer 0, wanted a number from 1e-18 to 1.0"
      ),
      ("{\(stdio), \"tolerance\": true}", "tolerance is true, wanted a number from 1e-18 to 1.0"),
      (
        "{\(script), \"tolerance\": 0.1}",
        "tolerance is set, but tests of kind script compare for themselves; leave it out"
      ),
      (
        "{\(script), \"checker\": \"exit(0)\"}",
        "checker is set, but only tests of kind stdio have one; the kind is script"
      ),
      (
        "{\(stdio), \"checker\": \"exit(0)\", \"tolerance\": 0.1}",
        "tolerance and checker are both set; the checker decides, leave one out"
      ),
      ("{\(stdio), \"checker\": \"\"}", "checker is blank, wanted a program"),
      (
        "{\(stdio), \"checker\": 1}",
        "checker is the integer 1, wanted a Python program, or an object with language and source"
      ),
      ("{\(stdio), \"checker\": {\"source\": \"x\"}}", "checker: no language"),
      (
        "{\(stdio), \"credit\": \"some\"}",
        "credit is the string \"some\", wanted one of all, fraction, weighted"
      ),
      ("{\(stdio), \"credit\": 1}", "credit is the integer 1, wanted a string"),
      ("{\(stdio), \"credit\": \"weighted\"}", "tests.cases[0]: no weight"),
      (
        "{\(script), \"credit\": \"weighted\"}",
        "credit is 'weighted', wanted 'all' or 'fraction' for tests of kind script, which have no cases with weights"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": "", "output": "", "weight": 1}]}}"#,
        "tests.cases[0] has a weight, which credit 'all' does not look at; wanted credit 'weighted', or no weight"
      ),
      (
        #"{"tests": {"kind": "stdio", "cases": [{"input": "", "output": "", "weight": 0}]}, "credit": "weighted"}"#,
        "tests.cases[0].weight is the integer 0, wanted a number from 0.001 to 1000.0"
      ),
      (
        "{\(stdio), \"mode\": \"x\"}", "mode is the string \"x\", wanted one of answer, response"
      ),
    ])
  func defects(row: String, message: String) throws {
    let fields = try Self.fields(row)
    let error = #expect(throws: GraderError.self) { try CodeTask(fields: fields) }
    #expect(error?.message == message)
    // The grader says the same, and judges nothing.
    let submission = Submission(completion: "```python\n```", fields: fields)
    #expect(CodeGrader().defect(of: submission) == message)
    let score = CodeGrader().grade(submission)
    #expect(score.verdict == .unscored && score.reason == message)
  }

  @Test("Credit is all or nothing, the share of cases, or the share of weight")
  func credit() {
    #expect(Credit.all.value(passed: [true, true]) == 1)
    #expect(Credit.all.value(passed: [true, false]) == 0)
    #expect(Credit.fraction.value(passed: [true, false, true, true]) == 0.75)
    #expect(Credit.weighted([3, 1]).value(passed: [true, false]) == 0.75)
    #expect(Credit.weighted([3, 1]).value(passed: [false, true]) == 0.25)
    #expect(Credit.weighted([0.1, 0.2, 0.3]).value(passed: [true, true, true]) == 1)
    #expect(Credit.weighted([1000, 0.001]).value(passed: [true, false]) < 1)
  }
}
