import Foundation
import HoneGraders
import HoneJSON
import Testing

/// Programs that try to fool or to harm the code grader.
@Suite(.serialized) struct AttackSuiteTests {
  /// What a verdict may count; anything else was invented by a program.
  static let knownAttempts: Set<String> = [
    "early-exit", "forbidden-call", "write-outside", "equality-trick", "output-cap",
    "forged-result",
  ]

  @Test("The collection is large, well formed, and its right programs are few")
  func collection() throws {
    let attacks = try Attack.own()
    #expect(attacks.count > 400)
    #expect(Set(attacks.map(\.name)).count == attacks.count)
    let outcomes: Set<String> = [
      "passed", "wrong-answer", "runtime-error", "compile-error", "time-limit", "memory-limit",
      "output-limit", "forbidden",
    ]
    for attack in attacks {
      #expect(attack.expected.isSubset(of: outcomes), "\(attack.name)")
      #expect(attack.attempts.isSubset(of: Self.knownAttempts), "\(attack.name)")
      #expect(attack.isRight == attack.name.hasPrefix("odd_"), "\(attack.name)")
    }
    #expect(Set(attacks.map(\.format)) == Set(Attack.Format.allCases))
  }

  @Test("Nothing that a program does makes a wrong answer right, or leaves a trace")
  func own() throws {
    try Self.judge(Attack.own().filter { !$0.isSlow }, task: AttackTask(folder: Attack.folder))
  }

  @Test(
    "Compilers that are kept busy are ended as well",
    .enabled(
      if: ProcessInfo.processInfo.environment["HONE_SLOW_TESTS"] != nil,
      "takes minutes; set HONE_SLOW_TESTS"))
  func slow() throws {
    try Self.judge(Attack.own().filter(\.isSlow), task: AttackTask(folder: Attack.folder))
  }

  @Test(
    "The collection beside the checkout is judged as its comments say",
    .enabled(if: Attack.hasCollection, "the collection of attacks is not on this machine"))
  func collected() throws {
    try Self.judge(Attack.collected(), task: AttackTask(folder: Attack.collection))
  }

  /// Grades all attacks, each followed by a right program, and looks for what they left.
  private static func judge(_ attacks: [Attack], task: AttackTask) throws {
    let grader = try Graders.named("code")
    // As many as there are sandboxes: waiting for one would count as the time of a program.
    let pool = GradingPool(workers: GraderOptions().workers)
    let canary = try Canary()
    let warm = pool.map(Array(attacks.prefix(16))) { attack in
      (try? task.good(like: attack, mark: "warm \(attack.name)")).map(grader.timedGrade)
    }
    #expect(warm.allSatisfy { $0?.verdict == .correct }, "\(warm)")
    let keepers = Leftovers.descendants()

    let found = pool.map(attacks) { attack in
      var problems = Judged(attack, grader.timedGrade(task.submission(attack)), task).problems
      guard let good = try? task.good(like: attack, mark: "after \(attack.name)") else {
        return ["\(attack.name): no good program like it"]
      }
      let after = grader.timedGrade(good)
      if after.verdict != .correct {
        problems.append("\(attack.name): afterwards a right program is \(after.reason)")
      }
      return problems
    }
    let problems = found.flatMap(\.self)
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
    #expect(canary.changes() == [])
    #expect(Leftovers.found() == [])
    // Where programs are not told by their user, they are counted.
    if Leftovers.programUser == nil {
      #expect(Self.settled(at: keepers.count) <= keepers.count)
    }
  }

  /// The number of processes below this one when it has come down to a number, or after a while.
  private static func settled(at count: Int) -> Int {
    for _ in 0..<30 where Leftovers.descendants().count > count {
      Thread.sleep(forTimeInterval: 0.1)
    }
    return Leftovers.descendants().count
  }
}

/// A verdict beside what it should be.
struct Judged {
  /// What is not as it should be, with the name of the attack.
  var problems: [String] = []

  init(_ attack: Attack, _ score: Score, _ task: AttackTask) {
    let outcomes = (score.details["cases"]?.array ?? []).compactMap { $0["outcome"]?.string }
    let first = outcomes.first { $0 != "passed" } ?? "passed"
    func note(_ what: String) {
      problems.append(
        "\(attack.name): \(what); \(score.verdict.rawValue), \(outcomes), \(score.reason)")
    }
    if score.verdict != (attack.isRight ? .correct : .incorrect) { note("wrong verdict") }
    if !attack.expected.contains(first) { note("\(first), wanted \(attack.expected.sorted())") }
    if outcomes.count != task.count(attack.format) { note("\(outcomes.count) cases") }
    if score.seconds > AttackTask.patience, attack.format != .compile {
      note("took \(score.seconds) s")
    }
    let counts = score.details["attempts"]?.object ?? [:]
    for attempt in attack.attempts where (counts[attempt]?.int ?? 0) == 0 { note("no \(attempt)") }
    if !Set(counts.keys).isSubset(of: AttackSuiteTests.knownAttempts) { note("\(counts.keys)") }
    if score.reason.contains("BREACH") { note("breach") }
    if score.reason.utf8.count > 2000 || score.reason.unicodeScalars.contains(where: Self.isControl)
    {
      note("the reason is not fit to show")
    }
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || scalar.value == 0x7F
  }
}
