/// Judges a program by texts that hold assertions: `assert` lines, or HumanEval's `check`.
///
/// The text knows what is right, so it runs in a process of its own, the judge, where the program
/// is a stub that calls over. The judge's word is trusted; the program's is not.
struct AssertionJudge: CaseJudge {
  let program: PythonProgram
  let limits: SandboxLimits
  let ending: EndingJudge
  /// The judge's job for each case.
  let jobs: [PythonJob]

  func outcome(
    ofCase index: Int, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> CaseOutcome {
    let program = PythonJob.serve(program, outputBytes: limits.outputBytes)
    let runs = try sandbox.run(
      SandboxJob(program: .python(program.encoded()), limits: limits),
      judgedBy: SandboxJob(program: .python(jobs[index].encoded()), limits: judgeLimits))
    let claims = ProgramClaims(runs.program.results)
    let word = JudgeWord(runs.judge)
    var outcome = judged(runs.program, claims, word)
    outcome.attempts.formUnion(claims.attempts)
    outcome.attempts.formUnion(word.attempts)
    return outcome
  }

  /// The judge computes what is right beside waiting, and holds the program's values.
  private var judgeLimits: SandboxLimits {
    SandboxLimits(
      cpuSeconds: 2 * limits.cpuSeconds + 1, memoryBytes: max(1 << 30, 2 * limits.memoryBytes),
      outputBytes: max(1 << 20, limits.outputBytes), processes: limits.processes,
      openFiles: limits.openFiles, fileBytes: limits.fileBytes)
  }

  private func judged(
    _ run: SandboxOutcome, _ claims: ProgramClaims, _ word: JudgeWord
  ) -> CaseOutcome {
    let seconds = run.cpuSeconds
    // A broken text is broken whatever the program did.
    if case .broken(let reason) = word.kind {
      return CaseOutcome(.unscored, seconds: seconds, reason: reason)
    }
    if let limit = ending.limitReached(run) { return limit }
    if let forgery = claims.forgery(seconds: seconds) { return forgery }
    switch word.kind {
    case .passed:
      // The program has to have lived to the end, and to have ended in good order.
      return ending.failure(run) ?? CaseOutcome(.passed, seconds: seconds)
    case .failed(let lastLine):
      return CaseOutcome(.wrongAnswer, seconds: seconds, reason: Excerpt.shown(lastLine.utf8))
    case .raised(let lastLine): return ending.raised(lastLine, run)
    case .uncrossable(let value): return .uncrossable(value, seconds: seconds)
    case .missing(let name): return .missing(name, seconds: seconds)
    case .programEnded:
      if let problem = claims.problem(ending, run) { return problem }
      if let failure = ending.failure(run) { return failure }
      return CaseOutcome(
        .runtimeError, seconds: seconds, reason: "ended while it was called",
        attempts: [.earlyExit])
    case .outOfTime:
      return CaseOutcome(
        .timeLimit, seconds: seconds,
        reason: "the test was not done with the program's values in time")
    case .outOfMemory:
      return CaseOutcome(
        .memoryLimit, seconds: seconds,
        reason: "the test has no memory for the program's values")
    case .broken, .silent:
      return CaseOutcome(.unscored, seconds: seconds, reason: word.silence)
    }
  }
}

/// What the judge said.
struct JudgeWord {
  enum Kind {
    case passed
    case failed(lastLine: String)
    case raised(lastLine: String)
    case uncrossable(ResultRecord.Uncrossable)
    case missing(String)
    /// The program was gone before it answered a call.
    case programEnded
    /// The text itself does not work.
    case broken(String)
    /// It ran out of time over the program's values.
    case outOfTime
    /// It ran out of memory over the program's values.
    case outOfMemory
    /// It gave no judgement: a fault of the machinery.
    case silent
  }

  let kind: Kind
  private(set) var attempts: Set<Attempt> = []
  /// Why there is no judgement.
  let silence: String

  init(_ run: SandboxOutcome) {
    silence = "the judge \(run.ending.description) without a judgement"
    switch run.ending {
    case .cpuLimit, .wallLimit:
      kind = .outOfTime
      return
    case .memoryLimit:
      kind = .outOfMemory
      return
    case .exited(0): break
    default:
      kind = .silent
      return
    }
    var found: [Kind] = []
    let read = ResultRecords(run.results)
    for record in read.problem == nil ? read.records : [] {
      switch record {
      case .attempt(let kind): attempts.insert(Attempt(kind))
      case .passed: found.append(.passed)
      case .failed(let failure):
        found.append(
          failure.type == "MemoryError" ? .outOfMemory : .failed(lastLine: failure.lastLine))
      case .raised(_, let failure): found.append(.raised(lastLine: failure.lastLine))
      case .uncrossable(let value):
        if value.isTrick { attempts.insert(.equalityTrick) }
        found.append(.uncrossable(value))
      case .missing(let name): found.append(.missing(name))
      case .lost: found.append(.programEnded)
      case .broken(let failure):
        found.append(.broken("the test does not work: \(Excerpt.shown(failure.lastLine.utf8))"))
      case .value, .compileError, .compiles: found.append(.silent)
      }
    }
    kind = found.count == 1 ? found[0] : .silent
  }
}
