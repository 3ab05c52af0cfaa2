import HoneJSON

/// Judges programs by running them in a sandbox.
///
/// The program is found in the completion by fixed rules, checked without being run, and run for
/// each case of the submission's `tests`: standard input and output, calls of a function,
/// assertions, or HumanEval's `check`. What is right, the comparison and the verdict never enter
/// a process that runs the program. The documentation's article says how each kind is judged.
///
/// A submission's fields hold `tests`, and may hold `language`, `time_limit` (seconds of CPU a
/// case, 4), `memory_limit_mb` (512), `output_limit_kb` (1024), `tolerance`, `checker`, `credit`
/// (`all`) and `mode` (see ``AnswerMode``).
///
/// Verdicts are pure as far as a machine allows: times differ, and a program at the edge of its
/// time limit may fall on either side. The same program with the same tests is judged once and
/// remembered, unless it could not be scored.
public struct CodeGrader: Grader {
  private let options: GraderOptions
  /// Fields of rows that do not give them.
  var defaults: JSONObject = [:]

  /// Makes the grader; nothing is started before there is work.
  public init(options: GraderOptions = GraderOptions()) { self.options = options }

  /// `code`.
  public var name: String { "code" }

  /// Refuses to work where the isolation is too weak and that was not allowed.
  ///
  /// - Throws: ``GraderError`` with ``GraderError/isUnsafe`` that says what is missing.
  public func prepare() throws(GraderError) {
    _ = try allowedIsolation()
  }

  /// The level that was found, 0...3; nil where there is no sandbox at all.
  public var isolation: Int? { try? options.resources.pool.isolation().level }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    do throws(GraderError) {
      _ = try CodeTask(fields: completed(submission.fields))
      return nil
    } catch {
      return error.message
    }
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    let fields = completed(submission.fields)
    let task: CodeTask
    do throws(GraderError) {
      task = try CodeTask(fields: fields)
    } catch {
      return .unscored(error.message)
    }
    let level: Int
    do throws(GraderError) {
      level = try allowedIsolation()
    } catch {
      return .unscored(error.message)
    }
    let extraction = ProgramExtraction(
      submission.completion, task: task, isTruncated: submission.isTruncated,
      beginsInReasoning: submission.beginsInReasoning)
    guard let program = extraction.program else {
      var score = CodeVerdict.rejected(extraction.rule, task: task, isolation: level)
        .score(extraction)
      score.lacksAnswer = true
      return score
    }
    let key = SubmissionKey(program: program, fields: fields)
    let judged = options.resources.verdicts.value(of: key) {
      let result = judge(program, task)
      guard case .success(let verdict) = result, !verdict.isUnscored else { return (result, nil) }
      return (result, key.cost)
    }
    switch judged {
    case .success(let verdict): return verdict.score(extraction)
    case .failure(let failure):
      var score = Score.unscored("no sandbox: \(failure.message)")
      score.isMachineFault = true
      return score
    }
  }

  /// Judges a program in a sandbox of the pool.
  ///
  /// A sandbox that fails is no fault of the program's, which is judged once more in another. What two
  /// of them fail at stays unscored.
  private func judge(
    _ program: String, _ task: CodeTask
  ) -> Result<CodeVerdict, SandboxFailure> {
    Result { () throws(SandboxFailure) -> CodeVerdict in
      let first = try judgeOnce(program, task)
      return first.sandboxFailed ? try judgeOnce(program, task).verdict : first.verdict
    }
  }

  private func judgeOnce(
    _ program: String, _ task: CodeTask
  ) throws(SandboxFailure) -> (verdict: CodeVerdict, sandboxFailed: Bool) {
    let pool = options.resources.pool
    let sandbox = try pool.checkout()
    if let weakness = weakness(SandboxIsolation(level: sandbox.isolation)) {
      pool.checkin(sandbox, isBroken: true)
      throw SandboxFailure(message: weakness)
    }
    let judge = ProgramJudge(task: task, sandbox: sandbox, builder: options.resources.builder)
    let judged = judge.verdict(of: program)
    pool.checkin(sandbox, isBroken: judged.sandboxFailed)
    return judged
  }

  /// The level of isolation, if it may be worked at.
  private func allowedIsolation() throws(GraderError) -> Int {
    let isolation: SandboxIsolation
    do throws(SandboxFailure) {
      isolation = try options.resources.pool.isolation()
    } catch {
      throw GraderError("programs cannot be isolated here: \(error.message)", isUnsafe: true)
    }
    if let weakness = weakness(isolation) { throw GraderError(weakness, isUnsafe: true) }
    return isolation.level
  }

  /// What speaks against running programs in such isolation, or nil.
  private func weakness(_ isolation: SandboxIsolation) -> String? {
    guard isolation.level < SandboxIsolation.required, !options.allowsWeakIsolation else {
      return nil
    }
    let missing =
      isolation.missing.isEmpty ? "" : "; missing: \(isolation.missing.joined(separator: ", "))"
    return
      "isolation level \(isolation.level), wanted at least \(SandboxIsolation.required)\(missing). "
      + "Grade on a machine that allows more, or pass --allow-weak-isolation if the programs may "
      + "do what your user may do"
  }
}
