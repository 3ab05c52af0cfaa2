import HoneJSON

/// Judges calls of a function by the values that it returns.
struct CallJudge: CaseJudge {
  let program: PythonProgram
  let name: String
  let calls: [CodeTests.Call]
  let limits: SandboxLimits
  let ending: EndingJudge
  let comparison: ValueComparison

  func outcome(
    ofCase index: Int, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> CaseOutcome {
    let call = calls[index]
    let job = PythonJob.call(
      program, function: name, arguments: call.arguments.map { TypedValue($0) },
      keywords: call.named.pairs.map { ($0.key, TypedValue($0.value)) }, outputBytes: valueLimit)
    let run = try sandbox.run(
      SandboxJob(program: .python(job.encoded()), limits: limits))
    let claims = ProgramClaims(run.results)
    var outcome = judged(run, claims, expected: call.expected)
    outcome.attempts.formUnion(claims.attempts)
    return outcome
  }

  /// A value and the attempts before it have to fit into the results; one that does not should be
  /// reported as too large rather than end the program.
  private var valueLimit: Int { limits.outputBytes - 256 }

  private func judged(
    _ run: SandboxOutcome, _ claims: ProgramClaims, expected: JSON
  ) -> CaseOutcome {
    let seconds = run.cpuSeconds
    if let limit = ending.limitReached(run) { return limit }
    if let forgery = claims.forgery(seconds: seconds) { return forgery }
    if let problem = claims.problem(ending, run) { return problem }
    if let failure = ending.failure(run) { return failure }
    guard let value = claims.value else {
      return CaseOutcome(
        .runtimeError, seconds: seconds, reason: "ended before \(name) returned",
        attempts: [.earlyExit])
    }
    if let difference = comparison.difference(value, expected: expected) {
      return CaseOutcome(.wrongAnswer, seconds: seconds, reason: Excerpt.shown(difference.utf8))
    }
    return CaseOutcome(.passed, seconds: seconds)
  }
}
