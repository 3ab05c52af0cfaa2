import HoneGraders
import HoneJSON
import Testing

/// Programs that read standard input and write standard output.
@Suite struct ExchangeJudgeTests {
  private static let sum: JSON = [
    "kind": "stdio",
    "cases": [
      ["input": "1 2\n", "output": "3\n"], ["input": "2 2\n", "output": "4\n"],
      ["input": "5 5\n", "output": "10\n"],
    ],
  ]

  /// Plays the right answers but for one case.
  private static func sandbox(
    case wrong: String = "", _ outcome: SandboxOutcome = .wrote("")
  ) -> FakeSandbox {
    FakeSandbox { job in
      let input = String(decoding: job.input, as: UTF8.self)
      if input == wrong { return outcome }
      let numbers = input.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
      return .wrote("\(numbers.reduce(0, +))\n")
    }
  }

  @Test("A right program is correct, with the fields of the contract")
  func right() throws {
    let sandbox = Self.sandbox()
    let score = sandbox.score(tests: Self.sum, program: "print(sum(map(int, input().split())))")
    #expect(score.verdict == .correct && score.value == 1)
    #expect(score.reason == "passed 3 of 3 cases; the whole text")
    #expect(score.extracted == "print(sum(map(int, input().split())))")
    #expect(score.details.keys == ["passed", "total", "isolation", "attempts", "cases"])
    #expect(score.details["passed"] == 3 && score.details["total"] == 3)
    #expect(score.details["isolation"] == 3)
    #expect(
      score.details["attempts"]
        == [
          "early-exit": 0, "forbidden-call": 0, "write-outside": 0, "equality-trick": 0,
          "output-cap": 0, "forged-result": 0,
        ])
    #expect(
      score.details["cases"]?.array
        == Array(repeating: ["outcome": "passed", "seconds": 0.25], count: 3))
    #expect(sandbox.jobs.map(\.input) == ["1 2\n", "2 2\n", "5 5\n"].map { Array($0.utf8) })
    #expect(sandbox.jobs.allSatisfy { $0.files.isEmpty && $0.collect == nil })
  }

  @Test("The row's limits are the job's")
  func limits() {
    let sandbox = Self.sandbox()
    _ = sandbox.score(
      tests: Self.sum, fields: ["time_limit": 1.5, "memory_limit_mb": 64, "output_limit_kb": 2])
    #expect(
      sandbox.jobs.first?.limits
        == SandboxLimits(cpuSeconds: 1.5, memoryBytes: 64 << 20, outputBytes: 2048))
  }

  @Test("With credit for all, the first failure ends it")
  func all() {
    let sandbox = Self.sandbox(case: "2 2\n", .wrote("5\n"))
    let score = sandbox.score(tests: Self.sum)
    #expect(score.verdict == .incorrect && score.value == 0)
    #expect(
      score.reason
        == "case 2: wrong-answer: line 1: saw '5', wanted '4'; passed 1 of 3; the whole text")
    #expect(outcomes(score) == ["passed", "wrong-answer", "not-run"])
    #expect(score.details["cases"]?[1]?["reason"] == "line 1: saw '5', wanted '4'")
    #expect(score.details["cases"]?[2] == ["outcome": "not-run", "seconds": 0.0])
    #expect(sandbox.jobs.count == 2)
  }

  @Test("With credit for fractions, all cases are run")
  func fraction() {
    let sandbox = Self.sandbox(case: "2 2\n", .wrote("5\n"))
    let score = sandbox.score(tests: Self.sum, fields: ["credit": "fraction"])
    #expect(score.verdict == .partial && abs(score.value - 2.0 / 3) < 1e-12)
    #expect(outcomes(score) == ["passed", "wrong-answer", "passed"])
    #expect(score.details["passed"] == 2)
    #expect(sandbox.jobs.count == 3)
    let none = FakeSandbox { _ in .wrote("x") }.score(
      tests: Self.sum, fields: ["credit": "fraction"])
    #expect(none.verdict == .incorrect && none.value == 0)
    let every = Self.sandbox().score(tests: Self.sum, fields: ["credit": "fraction"])
    #expect(every.verdict == .correct && every.value == 1)
  }

  @Test("With weights, cases count by them")
  func weighted() {
    let tests: JSON = [
      "kind": "stdio",
      "cases": [
        ["input": "1", "output": "1", "weight": 3], ["input": "2", "output": "2", "weight": 1],
      ],
    ]
    let score = Self.sandbox(case: "2", .wrote("5\n")).score(
      tests: tests, fields: ["credit": "weighted"])
    #expect(score.verdict == .partial && score.value == 0.75)
  }

  @Test(
    "Every way to end has its outcome, whatever was written",
    arguments: [
      (.exited(1), "", "runtime-error", "ended with exit code 1", nil),
      (
        .exited(1), "Traceback (most recent call last):\n  File …\nValueError: bad\n\n",
        "runtime-error", "ValueError: bad", nil
      ),
      (.exited(255), "", "runtime-error", "ended with exit code 255", nil),
      (.exited(1), "MemoryError\n", "memory-limit", "MemoryError", nil),
      (.exited(1), "MemoryError: out\n", "memory-limit", "MemoryError: out", nil),
      (
        .exited(1), "MemoryErrors\n", "runtime-error", "MemoryErrors", nil
      ),
      (.signalled(11), "", "runtime-error", "was ended by SIGSEGV", nil),
      (.signalled(9), "x\u{1b}[2J", "runtime-error", "x\\x1b[2J; was ended by SIGKILL", nil),
      (.signalled(42), "", "runtime-error", "was ended by signal 42", nil),
      (.cpuLimit, "", "time-limit", "more than 4.0 s of CPU", nil),
      (.wallLimit, "", "time-limit", "still there after 9.0 s by the clock, 0.25 s of CPU", nil),
      (.outputLimit, "", "output-limit", "more than 1048576 bytes", "output-cap"),
      (.memoryLimit, "", "memory-limit", "more than 512 MB", nil),
      (.forbiddenCall, "", "forbidden", "a forbidden system call", "forbidden-call"),
    ] as [(SandboxOutcome.Ending, String, String, String, String?)])
  func endings(
    ending: SandboxOutcome.Ending, errors: String, outcome: String, reason: String,
    attempt: String?
  ) {
    let run = SandboxOutcome(
      ending: ending, output: Array("3\n".utf8), errors: Array(errors.utf8), cpuSeconds: 0.25,
      wallSeconds: 9)
    let score = Self.sandbox(case: "1 2\n", run).score(tests: Self.sum)
    #expect(score.verdict == .incorrect)
    #expect(outcomes(score) == [outcome, "not-run", "not-run"])
    #expect(score.details["cases"]?[0]?["reason"]?.string == reason)
    #expect(
      score.details["cases"]?[0]?["seconds"]?.double == (ending == .wallLimit ? 9 : 0.25))
    let counts = score.details["attempts"]?.object?.pairs.filter { $0.value != 0 }.map(\.key)
    #expect(counts == (attempt.map { [$0] } ?? []))
  }

  @Test("Attempts are counted once a case and do not change what is right")
  func attempts() {
    let sandbox = FakeSandbox { _ in
      .wrote(
        "1",
        results: Wire.attempt("write-outside") + Wire.attempt("write-outside")
          + Wire.attempt("forbidden-call"))
    }
    let tests: JSON = [
      "kind": "stdio", "cases": [["input": "", "output": "1"], ["input": "", "output": "1"]],
    ]
    let score = sandbox.score(tests: tests)
    #expect(score.verdict == .correct)
    #expect(score.details["attempts"]?["write-outside"] == 2)
    #expect(score.details["attempts"]?["forbidden-call"] == 2)
    #expect(score.details["attempts"]?["early-exit"] == 0)
  }

  @Test("What is written into the channel of results is a forgery, and changes nothing")
  func forgery() {
    for results in [Array("PASSED\n".utf8), Wire.record("P"), Wire.attempt("winning")] {
      let wrong = FakeSandbox { _ in .wrote("2", results: results) }.score(
        tests: ["kind": "stdio", "cases": [["input": "", "output": "1"]]])
      #expect(wrong.verdict == .incorrect)
      #expect(wrong.details["attempts"]?["forged-result"] == 1)
    }
  }

  @Test("A program that does not parse is judged without being run")
  func compileError() {
    let sandbox = FakeSandbox(check: { source in
      source == "def" ? "SyntaxError: invalid syntax (program.py, line 1)" : nil
    })
    let score = sandbox.score(tests: Self.sum, program: "def")
    #expect(score.verdict == .incorrect)
    #expect(outcomes(score) == ["compile-error", "not-run", "not-run"])
    #expect(
      score.reason
        == "case 1: compile-error: SyntaxError: invalid syntax (program.py, line 1); passed 0 of 3; the whole text"
    )
    #expect(score.extracted == "def")
    let fraction = sandbox.score(tests: Self.sum, program: "def", fields: ["credit": "fraction"])
    #expect(outcomes(fraction) == ["compile-error", "compile-error", "compile-error"])
    #expect(fraction.value == 0 && fraction.verdict == .incorrect)
    #expect(sandbox.jobs.isEmpty)
  }

  @Test("A completion without a program is judged without a sandbox")
  func noProgram() {
    let score = FakeSandbox().score(
      tests: Self.sum, program: "I do not know.", fields: ["mode": "response"])
    #expect(score.verdict == .incorrect && score.extracted == nil)
    #expect(outcomes(score) == ["compile-error", "not-run", "not-run"])
    #expect(score.reason.hasPrefix("case 1: compile-error: no program: no block of python"))
    #expect(score.details["isolation"] == 3)
  }

  @Test("Where the sandbox fails, the completion is unscored, and the rest is not run")
  func failure() {
    for credit in ["all", "fraction"] {
      let sandbox = FakeSandbox { job throws(SandboxFailure) in
        if job.input == Array("2 2\n".utf8) { throw SandboxFailure(message: "no pipe") }
        return .wrote("3")
      }
      let score = sandbox.score(tests: Self.sum, fields: ["credit": .string(credit)])
      #expect(score.verdict == .unscored)
      #expect(score.reason == "case 2: unscored: the sandbox failed: no pipe")
      #expect(outcomes(score) == ["passed", "unscored", "not-run"])
    }
    let broken = FakeSandbox(check: { _ throws(SandboxFailure) in
      throw SandboxFailure(message: "no python3")
    })
    let score = broken.score(tests: Self.sum)
    #expect(score.verdict == .unscored)
    #expect(score.reason == "case 1: unscored: the sandbox failed: no python3")
    #expect(outcomes(score) == ["unscored", "not-run", "not-run"])
  }

  @Test("A tolerance is the row's, and only then")
  func tolerance() {
    let tests: JSON = ["kind": "stdio", "cases": [["input": "", "output": "0.5"]]]
    let sandbox = FakeSandbox { _ in .wrote("0.50000001") }
    #expect(sandbox.score(tests: tests).verdict == .incorrect)
    #expect(sandbox.score(tests: tests, fields: ["tolerance": 1e-6]).verdict == .correct)
  }

  @Test("A long program is shown in part")
  func longProgram() {
    let program = String(repeating: "#", count: 10_000)
    let score = Self.sandbox().score(tests: Self.sum, program: program)
    #expect(score.extracted == String(repeating: "#", count: 4000) + "…")
  }
}

/// The outcomes of a score's cases.
func outcomes(_ score: Score) -> [String] {
  (score.details["cases"]?.array ?? []).compactMap { $0["outcome"]?.string }
}
