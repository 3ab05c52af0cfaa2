import Foundation
import HoneGraders
import HoneJSON
import Synchronization
import Testing

@Suite struct CodeGraderTests {
  private static let tests: JSON = [
    "kind": "stdio", "cases": [["input": "1", "output": "1"], ["input": "2", "output": "2"]],
  ]

  private static func echo(isolation: Int = 3) -> FakeSandbox {
    FakeSandbox(isolation: isolation) { job in
      .wrote(String(decoding: job.input, as: UTF8.self))
    }
  }

  private static func submission(
    _ program: String = "pass", tests: JSON = tests, fields more: JSONObject = [:]
  ) -> Submission {
    var fields: JSONObject = ["tests": tests]
    fields.merge(more)
    return Submission(completion: "```python\n\(program)\n```", fields: fields)
  }

  // MARK: - Isolation

  @Test(
    "Below level 2 the grader refuses, names what is missing, and runs nothing", arguments: [0, 1])
  func refusal(level: Int) {
    let sandbox = Self.echo(isolation: level)
    let grader = CodeGrader(options: sandbox.options())
    let error = #expect(throws: GraderError.self) { try grader.prepare() }
    #expect(error?.isUnsafe == true)
    #expect(
      error?.message.hasPrefix(
        "isolation level \(level), wanted at least 2; missing: no user namespace.") == true)
    #expect(error?.message.contains("--allow-weak-isolation") == true)
    let score = grader.grade(Self.submission())
    #expect(score.verdict == .unscored && score.reason == error?.message)
    #expect(score.details.isEmpty)
    #expect(sandbox.jobs.isEmpty)
  }

  @Test("Weak isolation that is allowed is on record", arguments: [0, 1])
  func allowed(level: Int) throws {
    let sandbox = Self.echo(isolation: level)
    let grader = CodeGrader(options: sandbox.options(allowsWeakIsolation: true))
    try grader.prepare()
    #expect(grader.isolation == level)
    let score = grader.grade(Self.submission())
    #expect(score.verdict == .correct && score.details["isolation"]?.int == level)
  }

  @Test("Level 2 and 3 are enough", arguments: [2, 3])
  func enough(level: Int) throws {
    let grader = CodeGrader(options: Self.echo(isolation: level).options())
    try grader.prepare()
    #expect(grader.isolation == level)
    #expect(grader.grade(Self.submission()).verdict == .correct)
  }

  @Test("A sandbox that is weaker than what was found is not used")
  func weakerSandbox() {
    let weak = Self.echo(isolation: 1)
    let options = GraderOptions(workers: 1, tools: ToolFinder(folders: [])) { capacity in
      BoundedSandboxPool(
        capacity: capacity,
        probe: { () throws(SandboxFailure) -> SandboxIsolation in SandboxIsolation(level: 3) },
        make: { () throws(SandboxFailure) -> any SandboxRunner in weak })
    }
    let score = CodeGrader(options: options).grade(Self.submission())
    #expect(score.verdict == .unscored && weak.jobs.isEmpty)
  }

  @Test("Where there is no sandbox at all, the grader refuses and says why, weak or not")
  func noSandbox() {
    for allows in [false, true] {
      let options = GraderOptions(
        allowsWeakIsolation: allows, workers: 1, tools: ToolFinder(folders: [])
      ) { capacity in
        BoundedSandboxPool(
          capacity: capacity,
          probe: { () throws(SandboxFailure) -> SandboxIsolation in
            throw SandboxFailure(message: "no processes")
          },
          make: { () throws(SandboxFailure) -> any SandboxRunner in
            throw SandboxFailure(message: "no processes")
          })
      }
      let grader = CodeGrader(options: options)
      let error = #expect(throws: GraderError.self) { try grader.prepare() }
      #expect(error?.isUnsafe == true)
      #expect(error?.message == "programs cannot be isolated here: no processes")
      #expect(grader.isolation == nil)
      #expect(grader.grade(Self.submission()).verdict == .unscored)
    }
  }

  @Test("Other graders need no preparation and isolate nothing")
  func others() throws {
    for grader in Graders.all where grader.name != "code" {
      try grader.prepare()
      #expect(grader.isolation == nil)
    }
    #expect(try !#require(throws: GraderError.self) { try Graders.named("x") }.isUnsafe)
  }

  // MARK: - Sandboxes

  @Test("A sandbox that cannot be made leaves completions unscored, and is tried again")
  func unmakeable() {
    let failures = Mutex(1)
    let sandbox = Self.echo()
    let options = GraderOptions(workers: 1, tools: ToolFinder(folders: [])) { capacity in
      BoundedSandboxPool(
        capacity: capacity,
        probe: { () throws(SandboxFailure) -> SandboxIsolation in SandboxIsolation(level: 3) },
        make: { () throws(SandboxFailure) -> any SandboxRunner in
          if failures.withLock({
            $0 -= 1; return $0 >= 0
          }) {
            throw SandboxFailure(message: "out of processes")
          }
          return sandbox
        })
    }
    let grader = CodeGrader(options: options)
    let first = grader.grade(Self.submission())
    #expect(first.verdict == .unscored && first.reason == "no sandbox: out of processes")
    #expect(grader.grade(Self.submission()).verdict == .correct)
  }

  @Test(
    "A sandbox that failed is not used again, and what it failed at gets one more", arguments: 0..<4
  )
  func broken(broken: Int) {
    let made = Mutex(0)
    let options = GraderOptions(workers: 1, tools: ToolFinder(folders: [])) { capacity in
      BoundedSandboxPool(
        capacity: capacity,
        probe: { () throws(SandboxFailure) -> SandboxIsolation in SandboxIsolation(level: 3) },
        make: { () throws(SandboxFailure) -> any SandboxRunner in
          let number = made.withLock {
            $0 += 1; return $0
          }
          return FakeSandbox { job throws(SandboxFailure) in
            if number <= broken { throw SandboxFailure(message: "gone") }
            return .wrote(String(decoding: job.input, as: UTF8.self))
          }
        })
    }
    let grader = CodeGrader(options: options)
    #expect(grader.grade(Self.submission()).verdict == (broken < 2 ? .correct : .unscored))
    #expect(grader.grade(Self.submission()).verdict == .correct)
    #expect(grader.grade(Self.submission("other")).verdict == .correct)
    #expect(made.withLock { $0 } == broken + 1)
  }

  @Test("No more sandboxes work at a time than there may be", .timeLimit(.minutes(1)))
  func bounded() {
    let state = Mutex((now: 0, most: 0, made: 0))
    let options = GraderOptions(workers: 2, tools: ToolFinder(folders: [])) { capacity in
      BoundedSandboxPool(
        capacity: min(2, capacity),
        probe: { () throws(SandboxFailure) -> SandboxIsolation in SandboxIsolation(level: 3) },
        make: { () throws(SandboxFailure) -> any SandboxRunner in
          state.withLock { $0.made += 1 }
          return FakeSandbox { job in
            state.withLock {
              $0.now += 1
              $0.most = max($0.most, $0.now)
            }
            Thread.sleep(forTimeInterval: 0.002)
            state.withLock { $0.now -= 1 }
            return .wrote(String(decoding: job.input, as: UTF8.self))
          }
        })
    }
    let scores = GradingPool(workers: 8).grade(
      (0..<60).map { Self.submission("p\($0)") }, with: CodeGrader(options: options))
    #expect(scores.allSatisfy { $0.verdict == .correct })
    let (_, most, made) = state.withLock { $0 }
    #expect(most <= 2 && made <= 2)
  }

  // MARK: - Remembered verdicts

  @Test("The same program with the same tests is judged once, by all graders of the options")
  func once() {
    let sandbox = Self.echo()
    let options = sandbox.options()
    let first = CodeGrader(options: options).grade(Self.submission())
    let second = CodeGrader(options: options).grade(Self.submission())
    #expect(first == second)
    #expect(sandbox.jobs.count == 2)
    // The same program found by another rule is the same program, with its own reason.
    var untagged = Self.submission()
    untagged.completion = "```\npass\n```"
    let third = CodeGrader(options: options).grade(untagged)
    #expect(third.reason == "passed 2 of 2 cases; the last block without a tag")
    #expect(sandbox.jobs.count == 2)
    // Other options remember nothing of it.
    _ = CodeGrader(options: sandbox.options()).grade(Self.submission())
    #expect(sandbox.jobs.count == 4)
  }

  @Test("Whatever differs is judged anew")
  func different() {
    let sandbox = Self.echo()
    let grader = CodeGrader(options: sandbox.options())
    let composed: JSON = ["kind": "stdio", "cases": [["input": "\u{e9}", "output": "\u{e9}"]]]
    let decomposed: JSON = ["kind": "stdio", "cases": [["input": "e\u{301}", "output": "\u{e9}"]]]
    let submissions = [
      Self.submission(), Self.submission("pass "), Self.submission("x = '\u{e9}'"),
      Self.submission("x = 'e\u{301}'"), Self.submission(tests: composed),
      Self.submission(tests: decomposed), Self.submission(fields: ["time_limit": 3]),
      Self.submission(fields: ["time_limit": 3.0]),
      Self.submission(fields: ["memory_limit_mb": 100]),
      Self.submission(fields: ["output_limit_kb": 10]), Self.submission(fields: ["tolerance": 0.5]),
      Self.submission(fields: ["credit": "fraction"]), Self.submission(fields: ["credit": "all"]),
    ]
    var jobs = 0
    for submission in submissions {
      _ = grader.grade(submission)
      #expect(sandbox.jobs.count > jobs, "\(submission)")
      jobs = sandbox.jobs.count
    }
    #expect(grader.grade(submissions[4]).verdict == .correct)
    #expect(grader.grade(submissions[5]).verdict == .incorrect)
    #expect(sandbox.jobs.count == jobs)
  }

  @Test("What could not be scored is judged again")
  func unscoredAgain() {
    let runs = Mutex(0)
    let sandbox = FakeSandbox { job throws(SandboxFailure) in
      if runs.withLock({
        $0 += 1; return $0
      }) <= 2 {
        throw SandboxFailure(message: "twice")
      }
      return .wrote(String(decoding: job.input, as: UTF8.self))
    }
    let grader = CodeGrader(options: sandbox.options())
    #expect(grader.grade(Self.submission()).verdict == .unscored)
    #expect(grader.grade(Self.submission()).verdict == .correct)
  }

  @Test(
    "Identical completions of a batch are judged once, the others beside them",
    .timeLimit(.minutes(1)))
  func concurrent() {
    let sandbox = FakeSandbox { job in
      Thread.sleep(forTimeInterval: 0.005)
      return .wrote(String(decoding: job.input, as: UTF8.self))
    }
    let scores = GradingPool(workers: 6).grade(
      (0..<120).map { Self.submission("p\($0 % 5)") }, with: CodeGrader(options: sandbox.options()))
    #expect(scores.allSatisfy { $0.verdict == .correct })
    #expect(sandbox.jobs.count == 10)
  }

  // MARK: - Over a pipe

  private static func pipe(
    _ input: String, sandbox: FakeSandbox = echo(), workers: Int = 3
  ) throws -> (rows: [JSON], summary: GradePipe.Summary) {
    let output = Mutex("")
    let summary = try GradePipe(
      grader: CodeGrader(options: sandbox.options()), workers: workers
    ).run(JSONLines(bytes: Array(input.utf8))) { text in output.withLock { $0 += text } }
    let rows = try output.withLock { $0 }.split(separator: "\n").map { try JSON.parse(String($0)) }
    return (rows, summary)
  }

  @Test("A row in gives a row out, with the fields of the contract")
  func row() throws {
    let (rows, summary) = try Self.pipe(
      #"{"id": "b", "completion": "```python\npass\n```", "tests": {"kind": "stdio", "cases": [{"input": "3", "output": "3\n"}]}}"#
    )
    let row = try #require(rows.first?.object)
    #expect(
      row.keys == [
        "id", "verdict", "score", "extracted", "reason", "passed", "total", "isolation",
        "attempts", "cases", "seconds",
      ])
    #expect(row["verdict"] == "correct" && row["score"] == 1.0 && row["id"] == "b")
    #expect(summary.malformed == 0)
  }

  @Test("A malformed row is unscored with its line, and the others are graded")
  func malformed() throws {
    let good = #""tests": {"kind": "stdio", "cases": [{"input": "3", "output": "3"}]}"#
    let input = """
      {"id": 0, "completion": "```python\\n```", \(good)}
      {"id": 1, "completion": "```python\\n```"}
      {"id": 2, "completion": "```python\\n```", "tests": {}}
      {"id": 3, "completion": "```python\\n```", "tests": {"kind": "stdio", "cases": []}}
      {"id": 4, "completion": "```python\\n```", "tests": "[]"}
      {"id": 5, "completion": "```python\\n```", \(good), "language": "perl"}
      {"id": 6, "completion": "```python\\n```", \(good), "time_limit": "1"}
      {"id": 7, "completion": "```python\\n```", \(good), "memory_limit_mb": 1.5}
      {"id": 8, "completion": "```python\\n```", \(good), "output_limit_kb": -1}
      {"id": 9, "completion": "```python\\n```", \(good), "tolerance": -1}
      {"id": 10, "completion": "```python\\n```", \(good), "checker": {"language": "python"}}
      {"id": 11, "completion": "```python\\n```", \(good), "credit": "weighted"}
      {"id": 12, "completion": ["```python\\n```"], \(good)}
      {"id": 13, \(good)}
      {"id": 14, "completion": "```python\\n```", "tests": {"kind": "stdio", "kind": "stdio"}}
      {"id": 15, "completion": "```python
      null
      {"id": 17, "completion": "no block", \(good)}
      """
    let (rows, summary) = try Self.pipe(input)
    #expect(rows.count == 18)
    for (line, row) in zip(1..., rows) where line > 1 && line < 18 {
      #expect(row["verdict"] == "unscored")
      #expect(row["reason"]?.string?.hasPrefix("line \(line): ") == true, "\(row)")
      #expect(row["score"] == nil)
    }
    #expect(rows[0]["verdict"] == "correct" && rows[17]["verdict"] == "incorrect")
    #expect(
      summary.malformed == 16 && summary.verdicts == [.correct: 1, .incorrect: 1, .unscored: 16])
  }

  @Test("A failing sandbox leaves well-formed rows unscored, which is not malformed")
  func failing() throws {
    let (rows, summary) = try Self.pipe(
      #"{"id": 1, "completion": "```python\n```", "tests": {"kind": "stdio", "cases": [{"input": "3", "output": "3"}]}}"#,
      sandbox: FakeSandbox())
    #expect(rows[0]["verdict"] == "unscored" && rows[0]["score"] == nil)
    #expect(rows[0]["cases"]?[0]?["outcome"] == "unscored")
    #expect(summary.malformed == 0)
  }

  @Test("Hostile text comes out harmless, a flood of it bounded")
  func hostileOutput() throws {
    let flood = String(repeating: "\u{1b}]0;\u{202e}\u{0}", count: 200_000)
    let sandbox = FakeSandbox { _ in
      SandboxOutcome(
        ending: .exited(1), output: [0xFF, 0xFE], errors: Array(flood.utf8) + [0xFF, 0xC3])
    }
    let (rows, _) = try Self.pipe(
      #"{"id": 1, "completion": "```python\n```", "tests": {"kind": "stdio", "cases": [{"input": "3", "output": "3"}]}}"#,
      sandbox: sandbox)
    let reason = try #require(rows[0]["reason"]?.string)
    #expect(reason.utf8.count < 4000)
    #expect(!reason.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202e}" })
  }

  @Test("Names of other trainers mean this grader")
  func aliases() throws {
    for name in ["code", "code_reward", "binary_code_reward", "prime_code", "sandbox_fusion"] {
      #expect(try Graders.named(name).name == "code")
    }
  }
}
