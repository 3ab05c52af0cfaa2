import HoneGraders
import HoneJSON
import Testing

/// Functions that are called with JSON arguments.
@Suite struct CallJudgeTests {
  private static func tests(_ expected: JSON...) -> JSON {
    [
      "kind": "function", "name": "f",
      "cases": .array(
        expected.map { ["args": [1, "a"], "kwargs": ["k": [true]], "expected": $0] }),
    ]
  }

  private static func score(
    _ outcome: SandboxOutcome, expected: JSON = 3, fields: JSONObject = [:]
  ) -> Score {
    FakeSandbox { _ in outcome }.score(tests: tests(expected), fields: fields)
  }

  @Test(
    "A right value is right",
    arguments: [
      3, "a", .null, true, 2.5, [1, [2, "x"]], ["a": 1, "b": [.null]], [], [:], "", -12,
      .integer(.min),
    ] as [JSON])
  func right(value: JSON) {
    let score = Self.score(.reported(Wire.result(value)), expected: value)
    #expect(score.verdict == .correct, "\(score.reason)")
  }

  @Test(
    "Another value is wrong",
    arguments: [
      (4, 3), ("3", 3), (.null, 3), ([3], 3), (3, [3]), ([1, 2], [2, 1]), ([1], [1, 2]),
      ("", .null),
      (["a": 1], ["a": 2]), (["a": 1], ["b": 1]), (2.5, 2.25), (false, .null),
      (0.30000000000000004, 0.3),
    ] as [(JSON, JSON)])
  func wrong(value: JSON, expected: JSON) {
    let score = Self.score(.reported(Wire.result(value)), expected: expected)
    #expect(outcomes(score) == ["wrong-answer"])
    #expect(score.details["cases"]?[0]?["reason"]?.string?.isEmpty == false)
    #expect(score.verdict == .incorrect)
  }

  @Test("A tolerance is the row's")
  func tolerance() {
    let run = SandboxOutcome.reported(Wire.result(0.30000000000000004))
    #expect(Self.score(run, expected: 0.3, fields: ["tolerance": 1e-9]).verdict == .correct)
    #expect(
      Self.score(
        .reported(Wire.result(0.31)), expected: 0.3, fields: ["tolerance": 1e-9]
      ).verdict == .incorrect)
  }

  @Test(
    "Silence, exit code 0 and half a record are no value",
    arguments: [
      (.reported([]), "runtime-error", "ended before f returned", "early-exit"),
      (
        .reported(Wire.attempt("early-exit")), "runtime-error", "ended before f returned",
        "early-exit"
      ),
      (.wrote("PASSED\n3\n"), "runtime-error", "ended before f returned", "early-exit"),
      (
        .reported(Array(Wire.result(3).dropLast())), "forbidden",
        "wrote into the channel of results", "forged-result"
      ),
      (
        .reported(Wire.result(3) + [0]), "forbidden", "wrote into the channel of results",
        "forged-result"
      ),
      (
        .reported(Wire.result(4) + Wire.result(3)), "forbidden",
        "wrote into the channel of results", "forged-result"
      ),
      (
        .reported(Wire.record("P")), "forbidden", "wrote into the channel of results",
        "forged-result"
      ),
      (
        .reported(Wire.result(3) + Wire.record("P")), "forbidden",
        "wrote into the channel of results", "forged-result"
      ),
      (
        .reported(Wire.result(3) + Wire.attempt("winning")), "forbidden",
        "wrote into the channel of results", "forged-result"
      ),
      (
        .reported(Array("{\"passed\": true}\n".utf8)), "forbidden",
        "wrote into the channel of results", "forged-result"
      ),
    ] as [(SandboxOutcome, String, String, String)])
  func nothing(run: SandboxOutcome, outcome: String, reason: String, attempt: String) {
    let score = Self.score(run)
    #expect(outcomes(score) == [outcome])
    #expect(score.details["cases"]?[0]?["reason"]?.string == reason)
    #expect(score.details["attempts"]?[attempt] == 1)
    #expect(score.verdict == .incorrect)
  }

  @Test(
    "What is reported instead of a value has its outcome",
    arguments: [
      (
        Wire.exception("ZeroDivisionError: division by zero"), "runtime-error",
        "ZeroDivisionError: division by zero"
      ),
      (
        Wire.exception("SystemExit: 0", stage: "load"), "runtime-error",
        "SystemExit: 0"
      ),
      (Wire.exception("MemoryError"), "memory-limit", "MemoryError"),
      (
        Wire.exception("E: \u{1b}[2J\u{202e}"), "runtime-error",
        "E: \\x1b[2J\\u{202e}"
      ),
      (
        Wire.uncrossable("Point", trick: false), "wrong-answer",
        "a value of type Point is no plain value"
      ),
      (
        Wire.uncrossable("list", trick: false, reason: "size"), "wrong-answer",
        "a value of type list is larger than the output limit"
      ),
      (
        Wire.uncrossable("list", trick: false, reason: "depth"), "wrong-answer",
        "a value of type list is nested too deeply"
      ),
      (Wire.record("M", Wire.value("f")), "runtime-error", "the program defines no f"),
      (Wire.record("C", Wire.value("SyntaxError: x")), "compile-error", "SyntaxError: x"),
    ])
  func problems(results: [UInt8], outcome: String, reason: String) {
    let score = Self.score(.reported(results, ending: .exited(1)))
    #expect(outcomes(score) == [outcome])
    #expect(score.details["cases"]?[0]?["reason"]?.string == reason)
  }

  @Test("An object made to deceive a comparison is an attempt")
  func trick() {
    let score = Self.score(.reported(Wire.uncrossable("Equal", trick: true), ending: .exited(1)))
    #expect(outcomes(score) == ["wrong-answer"])
    #expect(score.details["attempts"]?["equality-trick"] == 1)
  }

  @Test(
    "A right value before a bad end is not right",
    arguments: [
      (.exited(1), "runtime-error"), (.signalled(11), "runtime-error"), (.cpuLimit, "time-limit"),
      (.outputLimit, "output-limit"), (.forbiddenCall, "forbidden"), (.memoryLimit, "memory-limit"),
      (.wallLimit, "time-limit"),
    ] as [(SandboxOutcome.Ending, String)])
  func badEnd(ending: SandboxOutcome.Ending, outcome: String) {
    #expect(outcomes(Self.score(.reported(Wire.result(3), ending: ending))) == [outcome])
  }

  @Test("An exit in mid-call shows its last words")
  func exit() {
    let score = Self.score(.reported([], ending: .exited(3), errors: "panic\n"))
    #expect(outcomes(score) == ["runtime-error"])
    #expect(score.details["cases"]?[0]?["reason"] == "panic; ended with exit code 3")
  }

  @Test("Expected values never enter the sandbox")
  func secrecy() throws {
    let sandbox = FakeSandbox { _ in .reported(Wire.result(3)) }
    _ = sandbox.score(tests: Self.tests("the-secret-value"))
    let job = try #require(sandbox.jobs.first)
    guard case .python(let bytes) = job.program else {
      Issue.record("\(job)")
      return
    }
    let text = String(decoding: bytes + job.input + job.files.flatMap(\.bytes), as: UTF8.self)
    #expect(text.contains("pass"))
    #expect(!text.contains("the-secret-value"))
  }
}
