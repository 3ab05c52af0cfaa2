import HoneGraders
import HoneJSON
import Testing

@Suite struct CheckerTests {
  private static let tests: JSON = [
    "kind": "stdio", "cases": [["input": "in", "output": "jury"]],
  ]

  /// A program that writes "out", and a checker that ends in some way.
  private static func sandbox(
    _ verdict: SandboxOutcome, isBroken: Bool = false
  ) -> FakeSandbox {
    FakeSandbox(
      run: { job in job.files.isEmpty ? .wrote("out") : verdict },
      check: { source in source == "checker" && isBroken ? "SyntaxError: checker" : nil })
  }

  @Test("The checker sees input, output and answer, in a run of its own with more time")
  func files() throws {
    let sandbox = Self.sandbox(.wrote(""))
    let score = sandbox.score(tests: Self.tests, fields: ["checker": "checker"])
    #expect(score.verdict == .correct)
    #expect(sandbox.jobs.count == 2)
    let job = try #require(sandbox.jobs.last)
    #expect(job.files.map(\.name) == ["input.txt", "output.txt", "answer.txt"])
    #expect(job.files.map(\.bytes) == ["in", "out", "jury"].map { Array($0.utf8) })
    #expect(job.input.isEmpty)
    #expect(job.limits.cpuSeconds == 10 && job.limits.memoryBytes == 1 << 30)
  }

  @Test(
    "Exit codes are testlib's: 0 right, 1 and 2 wrong, everything else a failure of the checker",
    arguments: [
      (.exited(0), "ok 3 tokens", "", "passed", nil),
      (
        .exited(1), "wrong answer 1st words differ\n", "", "wrong-answer",
        "the checker says no: wrong answer 1st words differ"
      ),
      (.exited(1), "", "no\n", "wrong-answer", "the checker says no: no"),
      (.exited(2), "", "", "wrong-answer", "the checker says no"),
      (
        .exited(3), "FAIL no answer", "", "unscored",
        "the checker ended with exit code 3: FAIL no answer"
      ),
      (.exited(4), "", "", "unscored", "the checker ended with exit code 4"),
      (.exited(7), "", "", "unscored", "the checker ended with exit code 7"),
      (.signalled(11), "", "", "unscored", "the checker was ended by SIGSEGV"),
      (.cpuLimit, "", "", "unscored", "the checker used up its CPU time"),
      (.wallLimit, "", "", "unscored", "the checker took too long by the clock"),
      (.outputLimit, "", "", "unscored", "the checker wrote more than it may"),
      (.memoryLimit, "", "", "unscored", "the checker took more memory than it may"),
      (.forbiddenCall, "", "", "unscored", "the checker made a forbidden system call"),
      (
        .exited(1), "Traceback (most recent call last):\n  File\nValueError: x\n", "", "unscored",
        "the checker failed: ValueError: x"
      ),
    ] as [(SandboxOutcome.Ending, String, String, String, String?)])
  func exitCodes(
    ending: SandboxOutcome.Ending, errors: String, output: String, outcome: String,
    reason: String?
  ) {
    let verdict = SandboxOutcome(
      ending: ending, output: Array(output.utf8), errors: Array(errors.utf8))
    let score = Self.sandbox(verdict).score(tests: Self.tests, fields: ["checker": "checker"])
    #expect(outcomes(score) == [outcome])
    #expect(score.details["cases"]?[0]?["reason"]?.string == reason)
    let verdicts: [String: Verdict] = [
      "passed": .correct, "wrong-answer": .incorrect, "unscored": .unscored,
    ]
    #expect(score.verdict == verdicts[outcome])
  }

  @Test("A checker that does not parse leaves everything unscored")
  func broken() {
    let score = Self.sandbox(.wrote(""), isBroken: true).score(
      tests: Self.tests, fields: ["checker": "checker"])
    #expect(score.verdict == .unscored)
    #expect(
      score.reason == "case 1: unscored: the checker does not compile: SyntaxError: checker")
  }

  @Test("A program that fails is not checked")
  func crash() {
    let sandbox = FakeSandbox { _ in .wrote("out", code: 1) }
    let score = sandbox.score(tests: Self.tests, fields: ["checker": "checker"])
    #expect(outcomes(score) == ["runtime-error"])
    #expect(sandbox.jobs.count == 1)
  }

  @Test("A checker in another language is compiled once for all cases")
  func compiled() throws {
    let folder = try ToolFolder(["g++"])
    let sandbox = FakeSandbox { job in
      guard case .command(let words) = job.program else { return .wrote("out") }
      if words.first == folder.path + "/g++" {
        var outcome = SandboxOutcome.wrote("")
        outcome.collected = [1, 2, 3]
        return outcome
      }
      return .wrote("", code: job.files.contains { $0.name == "program" } ? 0 : 3)
    }
    let tests: JSON = [
      "kind": "stdio", "cases": [["input": "a", "output": ""], ["input": "b", "output": ""]],
    ]
    let score = sandbox.score(
      tests: tests, fields: ["checker": ["language": "cpp", "source": "int main() {}"]],
      tools: folder.tools)
    #expect(score.verdict == .correct)
    let commands = sandbox.jobs.compactMap { job -> [String]? in
      guard case .command(let words) = job.program else { return nil }
      return words
    }
    #expect(commands.count == 3)
    #expect(
      commands.dropFirst().allSatisfy {
        $0 == ["./program", "input.txt", "output.txt", "answer.txt"]
      })
    #expect(
      sandbox.jobs.last?.files.first
        == SandboxFile(name: "program", bytes: [1, 2, 3], isExecutable: true))
  }

  @Test("Without its compiler, a checker leaves everything unscored")
  func noCompiler() {
    let score = Self.sandbox(.wrote("")).score(
      tests: Self.tests, fields: ["checker": ["language": "cpp", "source": "int main() {}"]])
    #expect(score.verdict == .unscored)
    #expect(
      score.reason.contains("no compiler or interpreter for cpp: wanted one of g++, c++, clang++"))
  }
}
