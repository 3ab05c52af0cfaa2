/// Judges runs of a whole program by what it writes to standard output.
struct ExchangeJudge: CaseJudge {
  let program: BuiltProgram
  let exchanges: [CodeTests.Exchange]
  let limits: SandboxLimits
  let ending: EndingJudge
  let comparison: OutputComparison
  let checker: Checker?

  func outcome(
    ofCase index: Int, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> CaseOutcome {
    let exchange = exchanges[index]
    let run = try sandbox.run(program.job(input: exchange.input, limits: limits))
    let claims = ProgramClaims(run.results)
    var outcome = try judged(run, claims, exchange, in: sandbox)
    outcome.attempts.formUnion(claims.attempts)
    return outcome
  }

  private func judged(
    _ run: SandboxOutcome, _ claims: ProgramClaims, _ exchange: CodeTests.Exchange,
    in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> CaseOutcome {
    // The exit code comes first: a right text before a crash is no right program.
    if let failure = ending.failure(run) { return failure }
    if let checker {
      switch try checker.check(exchange, output: run.output, in: sandbox) {
      case .right: break
      case .wrong(let reason):
        return CaseOutcome(.wrongAnswer, seconds: run.cpuSeconds, reason: reason)
      case .failed(let reason):
        return CaseOutcome(.unscored, seconds: run.cpuSeconds, reason: reason)
      }
    } else if let difference = comparison.difference(run.output, wanted: exchange.output) {
      return CaseOutcome(.wrongAnswer, seconds: run.cpuSeconds, reason: difference)
    }
    return CaseOutcome(.passed, seconds: run.cpuSeconds)
  }
}

extension BuiltProgram {
  /// A run of the program.
  package func job(
    arguments: [String] = [], input: [UInt8] = [], files extra: [SandboxFile] = [],
    limits: SandboxLimits
  ) -> SandboxJob {
    switch self {
    case .python(let program):
      return SandboxJob(
        program: .python(PythonJob.stdio(program, arguments: arguments).encoded()),
        input: input, files: extra, limits: limits)
    case .command(let words, let files, let processes, let extraMemoryBytes):
      var limits = limits
      limits.processes = processes
      limits.memoryBytes += extraMemoryBytes
      return SandboxJob(
        program: .command(words + arguments), input: input, files: files + extra, limits: limits)
    }
  }
}
