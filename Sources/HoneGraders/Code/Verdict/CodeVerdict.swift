import HoneJSON

/// The judgement of one program: its cases, and what they add up to.
package struct CodeVerdict: Sendable, Hashable {
  /// One outcome a case, in order; at least one.
  package var cases: [CaseOutcome]
  /// What cases are worth.
  package var credit: Credit
  /// The strength of the isolation in which they ran.
  package var isolation: Int
  /// Whether it is unscored because the machine lacks something, whatever the program.
  package var isMachineFault = false

  /// Makes a verdict.
  package init(cases: [CaseOutcome], credit: Credit, isolation: Int) {
    precondition(!cases.isEmpty, "CodeVerdict: no cases")
    self.cases = cases
    self.credit = credit
    self.isolation = isolation
  }

  /// The verdict on a program that cannot even be tried: with credit for all only the first case
  /// says so.
  package static func rejected(_ reason: String, task: CodeTask, isolation: Int) -> CodeVerdict {
    let outcome = CaseOutcome(.compileError, reason: reason)
    let tried = task.credit == .all ? 1 : task.tests.count
    return CodeVerdict(
      Array(repeating: outcome, count: tried), task: task, isolation: isolation)
  }

  /// The outcomes of the first cases; the others were not run.
  init(_ first: [CaseOutcome], task: CodeTask, isolation: Int) {
    let rest = task.tests.count - first.count
    self.init(
      cases: first + Array(repeating: CaseOutcome(.notRun), count: rest), credit: task.credit,
      isolation: isolation)
  }

  /// Whether a case could not be judged, which leaves the whole unscored.
  package var isUnscored: Bool { cases.contains { $0.kind == .unscored } }

  /// Cases passed.
  package var passed: Int { cases.count { $0.kind == .passed } }

  /// Cases in which each kind of attempt was seen.
  package var attempts: [Attempt: Int] {
    var counts: [Attempt: Int] = [:]
    for outcome in cases { for attempt in outcome.attempts { counts[attempt, default: 0] += 1 } }
    return counts
  }

  /// The score: unscored if any case is, 0 or 1 with credit for all, a share otherwise.
  ///
  /// - Parameters:
  ///   - extraction: Where the program came from; named in the reason.
  package func score(_ extraction: ProgramExtraction) -> Score {
    var score: Score
    let value = credit.value(passed: cases.map { $0.kind == .passed })
    if let index = cases.firstIndex(where: { $0.kind == .unscored }) {
      score = .unscored(reason(ofCase: index))
      score.isMachineFault = isMachineFault
    } else if passed == cases.count {
      score = .correct("passed \(cases.count) of \(cases.count) cases; \(extraction.rule)")
    } else {
      let first = cases.firstIndex { $0.kind != .passed } ?? 0
      let reason =
        "\(reason(ofCase: first)); passed \(passed) of \(cases.count); \(extraction.rule)"
      score = value > 0 ? .partial(value, reason) : .incorrect(reason)
    }
    score.extracted = extraction.program.map { Self.shown($0) }
    score.details = details
    return score
  }

  private func reason(ofCase index: Int) -> String {
    let outcome = cases[index]
    let why = outcome.reason.map { ": \($0)" } ?? ""
    return "case \(index + 1): \(outcome.kind.rawValue)\(why)"
  }

  /// The fields of the output row.
  private var details: JSONObject {
    let attempts = attempts
    return JSONObject([
      ("passed", .integer(passed)), ("total", .integer(cases.count)),
      ("isolation", .integer(isolation)),
      (
        "attempts",
        .object(
          JSONObject(Attempt.allCases.map { ($0.rawValue, .integer(attempts[$0] ?? 0)) }))
      ),
      ("cases", .array(cases.map(\.json))),
    ])
  }

  /// The first four thousand characters, which is enough to see what was judged.
  private static func shown(_ program: String) -> String {
    program.utf8.count <= 4000 ? program : program.prefix(4000) + "…"
  }
}

extension CaseOutcome {
  /// The case in an output row.
  var json: JSON {
    var row = JSONObject([
      ("outcome", .string(kind.rawValue)),
      // Microseconds: more digits would only be noise.
      ("seconds", .number((seconds * 1e6).rounded() / 1e6)),
    ])
    if let reason { row["reason"] = .string(reason) }
    return .object(row)
  }
}
