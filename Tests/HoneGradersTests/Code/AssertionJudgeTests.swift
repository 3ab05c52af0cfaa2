import HoneGraders
import HoneJSON
import Testing

/// Programs that a trusted text calls from another process.
@Suite struct AssertionJudgeTests {
  private static let script: JSON = [
    "kind": "script", "setup": "x = 1", "asserts": ["assert f(1) == 2", "assert f(2) == 3"],
  ]
  private static let humaneval: JSON = [
    "kind": "humaneval", "prompt": "def f(a):\n", "entry_point": "f",
    "test": "def check(candidate):\n    assert candidate(1) == 2",
  ]

  private static func sandbox(
    judge: SandboxOutcome, program: SandboxOutcome = .reported([])
  ) -> FakeSandbox {
    FakeSandbox(judged: { _, _ in (program, judge) })
  }

  private static func score(
    judge: SandboxOutcome, program: SandboxOutcome = .reported([])
  ) -> Score {
    sandbox(judge: judge, program: program).score(tests: humaneval, program: "    return a + 1\n")
  }

  @Test("The judge's word decides, one case for each assertion")
  func passed() {
    let sandbox = Self.sandbox(judge: .reported(Wire.record("P")))
    let score = sandbox.score(tests: Self.script)
    #expect(score.verdict == .correct)
    #expect(outcomes(score) == ["passed", "passed"])
    #expect(sandbox.jobs.count == 4)
    #expect(Self.score(judge: .reported(Wire.record("P"))).verdict == .correct)
  }

  @Test("What the tests expect goes to the judge alone, who has more time and memory")
  func secrecy() throws {
    let sandbox = Self.sandbox(judge: .reported(Wire.record("P")))
    _ = sandbox.score(tests: Self.humaneval, program: "    return a + 1\n")
    func text(_ job: SandboxJob) -> String {
      guard case .python(let bytes) = job.program else { return "" }
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(sandbox.jobs.count == 2)
    let (program, judge) = (try #require(sandbox.jobs.first), try #require(sandbox.jobs.last))
    #expect(text(program).contains("def f(a):\n    return a + 1\n"))
    #expect(!text(program).contains("candidate(1)"))
    #expect(text(judge).contains("assert candidate(1) == 2"))
    #expect(!text(judge).contains("return a + 1"))
    #expect(program.limits.cpuSeconds == 4 && judge.limits.cpuSeconds == 9)
    #expect(judge.limits.memoryBytes == 1 << 30)
  }

  @Test(
    "Every word of the judge has its outcome",
    arguments: [
      (
        Wire.failure("F", "AssertionError: assert f(1) == 2"), "wrong-answer",
        "AssertionError: assert f(1) == 2"
      ),
      (
        Wire.exception("IndexError: pop from empty list"), "runtime-error",
        "IndexError: pop from empty list"
      ),
      (Wire.exception("MemoryError"), "memory-limit", "MemoryError"),
      (
        Wire.uncrossable("Point", trick: false), "wrong-answer",
        "a value of type Point is no plain value"
      ),
      (Wire.record("M", Wire.value("f")), "runtime-error", "the program defines no f"),
      (Wire.record("L"), "runtime-error", "ended while it was called"),
      (Wire.failure("B", "NameError: x"), "unscored", "the test does not work: NameError: x"),
      ([], "unscored", "the judge ended with exit code 0 without a judgement"),
      (
        Wire.record("P") + Wire.record("P"), "unscored",
        "the judge ended with exit code 0 without a judgement"
      ),
      (Wire.record("P") + [1], "unscored", "the judge ended with exit code 0 without a judgement"),
      (Wire.result(1), "unscored", "the judge ended with exit code 0 without a judgement"),
    ])
  func words(results: [UInt8], outcome: String, reason: String) {
    let score = Self.score(judge: .reported(results))
    #expect(outcomes(score) == [outcome])
    #expect(score.details["cases"]?[0]?["reason"]?.string == reason)
    #expect(score.verdict == (outcome == "unscored" ? .unscored : .incorrect))
  }

  @Test(
    "A judge that ends otherwise gives no judgement, whatever it wrote",
    arguments: [
      (.exited(70), "unscored"), (.signalled(11), "unscored"), (.outputLimit, "unscored"),
      (.forbiddenCall, "unscored"), (.cpuLimit, "time-limit"), (.wallLimit, "time-limit"),
      (.memoryLimit, "memory-limit"),
    ] as [(SandboxOutcome.Ending, String)])
  func judgeEndings(ending: SandboxOutcome.Ending, outcome: String) {
    let score = Self.score(judge: .reported(Wire.record("P"), ending: ending))
    #expect(outcomes(score) == [outcome])
  }

  @Test(
    "The program has to live to the end",
    arguments: [
      (.exited(1), "runtime-error"), (.signalled(9), "runtime-error"), (.cpuLimit, "time-limit"),
      (.wallLimit, "time-limit"), (.memoryLimit, "memory-limit"), (.outputLimit, "output-limit"),
      (.forbiddenCall, "forbidden"),
    ] as [(SandboxOutcome.Ending, String)])
  func programEndings(ending: SandboxOutcome.Ending, outcome: String) {
    let program = SandboxOutcome.reported([], ending: ending)
    for judge in [Wire.record("P"), Wire.record("L")] {
      #expect(outcomes(Self.score(judge: .reported(judge), program: program)) == [outcome])
    }
    // A test that does not work is not the program's fault.
    let broken = Self.score(judge: .reported(Wire.failure("B", "x")), program: program)
    #expect(broken.verdict == .unscored)
  }

  @Test("A program that does not load says why")
  func load() {
    let program = SandboxOutcome.reported(
      Wire.exception("ImportError: no x", stage: "load"), ending: .exited(1))
    let score = Self.score(judge: .reported(Wire.record("L")), program: program)
    #expect(outcomes(score) == ["runtime-error"])
    #expect(
      score.details["cases"]?[0]?["reason"] == "ImportError: no x")
  }

  @Test("An exit with code 0 in a call is an early exit")
  func earlyExit() {
    let score = Self.score(judge: .reported(Wire.record("L")))
    #expect(score.details["attempts"]?["early-exit"] == 1)
    #expect(score.verdict == .incorrect)
  }

  @Test("A program that plays the judge forges, and fails")
  func forgery() {
    for results in [Wire.record("P"), Wire.result(1) + Wire.result(1), [0x50]] {
      let score = Self.score(
        judge: .reported(Wire.record("P")), program: .reported(results))
      #expect(outcomes(score) == ["forbidden"])
      #expect(score.details["attempts"]?["forged-result"] == 1)
    }
  }

  @Test("Attempts of both processes are counted")
  func attempts() {
    let score = Self.score(
      judge: .reported(Wire.attempt("equality-trick") + Wire.uncrossable("Equal", trick: true)),
      program: .reported(Wire.attempt("write-outside")))
    #expect(outcomes(score) == ["wrong-answer"])
    #expect(score.details["attempts"]?["equality-trick"] == 1)
    #expect(score.details["attempts"]?["write-outside"] == 1)
  }
}
