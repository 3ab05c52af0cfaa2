import HoneJSON

/// Grades rows as they come and hands out one row for each, in the order of the input.
///
/// Rows are read one at a time and graded by threads, with a bounded number on their way, so a
/// million rows need no more memory than a thousand. A finished row is handed out at once when
/// all rows before it are, so that a program which waits for each answer is answered.
///
/// ```
/// {"id": "a", "gold": "1/2", "completion": "so \\boxed{0.5}"}
/// {"id":"a","verdict":"correct","score":1,"extracted":"0.5","reason":"…","seconds":0.0001}
/// ```
///
/// A row that is malformed, or that lacks what its grader needs, gives `unscored` with the line
/// number in its reason. A blank line gives no row. See ``Submission/init(row:)`` for what a row holds.
///
/// A bounded number of answers waits to be read: who writes all rows before reading the first answer
/// waits for ever once the two pipes between are full (64 KiB each on Linux, some 1,800 short rows).
/// Write from one thread and read from another, or read an answer after each row.
public struct GradePipe: Sendable {
  /// What went through a pipe.
  public struct Summary: Sendable, Hashable {
    /// Rows read, blank lines aside.
    public var rows: Int = 0
    /// Rows that were bad data; if there are any, the exit code is 65.
    public var malformed: Int = 0
    /// Rows that the machine could not judge, such as programs without an interpreter, and why the
    /// first could not be.
    public var notJudged: Int = 0
    /// The reason of the first of those; empty where there is none.
    public var firstNotJudged: String = ""
    /// Rows by verdict; malformed rows are unscored.
    public var verdicts: [Verdict: Int] = [:]
  }

  /// The grader.
  public let grader: any Grader
  /// The number of threads that grade.
  public let workers: Int

  /// Makes a pipe.
  ///
  /// - Parameters:
  ///   - grader: The grader of all rows.
  ///   - workers: The number of threads, at least 1.
  public init(grader: any Grader, workers: Int) {
    precondition(workers >= 1, "GradePipe: \(workers) workers, wanted at least 1")
    self.grader = grader
    self.workers = workers
  }

  /// Grades all rows.
  ///
  /// - Parameters:
  ///   - rows: The input.
  ///   - write: Takes one or more output lines, each ending with a newline. Called from one
  ///     thread at a time, though not always the same one.
  /// - Returns: Counts of what was read and found.
  /// - Throws: The first error of `write`; nothing is written after it.
  public func run(
    _ rows: JSONLines, write: @escaping @Sendable (String) throws -> Void
  ) throws -> Summary {
    let grader = grader
    let line = OrderedLine<PipeRow, GradedRow>(workers: workers) { $0.graded(by: grader) }
    let summary = SummaryBox()
    try line.run(rows.lazy.map { PipeRow(line: $0.line, result: $0.result) }) { graded in
      for row in graded { summary.count(row) }
      try write(graded.map(\.text).joined())
    }
    return summary.value
  }
}

/// One row on its way to the grader.
struct PipeRow: Sendable {
  var line: Int
  var result: Result<JSON, JSONError>

  /// The row's judgement, whatever the row holds.
  func graded(by grader: any Grader) -> GradedRow {
    let json: JSON
    switch result {
    case .failure(let error):
      return malformed(
        id: nil, error.column > 0 ? "column \(error.column): \(error.message)" : error.message)
    case .success(let value): json = value
    }
    guard let row = json.object else {
      return malformed(id: nil, "\(json.kindDescription), wanted an object")
    }
    let id = row["id"]
    do throws(GraderError) {
      let submission = try Submission(row: row)
      if let defect = grader.defect(of: submission) { return malformed(id: id, defect) }
      return GradedRow(id: id, score: grader.timedGrade(submission))
    } catch {
      return malformed(id: id, error.message)
    }
  }

  private func malformed(id: JSON?, _ reason: String) -> GradedRow {
    let isName = id?.string != nil || id?.int != nil
    return GradedRow(id: isName ? id : nil, malformed: "line \(line): \(reason)")
  }
}

/// One row of output.
struct GradedRow: Sendable {
  var verdict: Verdict
  var isMalformed: Bool
  /// Why the machine could not judge it, if it could not.
  var machineFault: String?
  /// The line, with its newline.
  var text: String

  init(id: JSON?, score: Score) {
    var row: JSONObject = ["id": id ?? .null, "verdict": .string(score.verdict.rawValue)]
    if score.isScored { row["score"] = .number(score.value) }
    row["extracted"] = score.extracted.map(JSON.string) ?? .some(.null)
    row["reason"] = .string(score.reason)
    row.merge(score.details)
    // Microseconds: more digits would only be noise.
    row["seconds"] = .number((score.seconds * 1e6).rounded() / 1e6)
    verdict = score.verdict
    isMalformed = false
    machineFault = score.isMachineFault ? score.reason : nil
    text = JSON.object(row).serialized() + "\n"
  }

  init(id: JSON?, malformed reason: String) {
    let row: JSONObject = [
      "id": id ?? .null, "verdict": .string(Verdict.unscored.rawValue), "reason": .string(reason),
    ]
    verdict = .unscored
    isMalformed = true
    text = JSON.object(row).serialized() + "\n"
  }
}
