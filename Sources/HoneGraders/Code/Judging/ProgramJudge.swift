/// Judges one program by its tests: the path from a source text to a verdict.
///
/// Nothing here runs anything itself. Expected values, comparisons and the verdict stay on this
/// side; a sandbox gets sources, inputs and arguments, and its answers are taken for claims.
struct ProgramJudge {
  let task: CodeTask
  let sandbox: any SandboxRunner
  let builder: ProgramBuilder

  /// The verdict, and whether the sandbox failed on the way.
  ///
  /// Cases run in order. With credit for all, the first failure ends it; an unscored case ends it
  /// whatever the credit, since no score can come of it.
  func verdict(of source: String) -> (verdict: CodeVerdict, sandboxFailed: Bool) {
    var cases: [CaseOutcome] = []
    var sandboxFailed = false
    do throws(SandboxFailure) {
      let judge: any CaseJudge
      switch try builder.build(source, task.language, in: sandbox) {
      case .rejected(let reason):
        return (.rejected(reason, task: task, isolation: sandbox.isolation), false)
      case .unavailable(let reason):
        var verdict = verdict([CaseOutcome(.unscored, reason: reason)])
        verdict.isMachineFault = true
        return (verdict, false)
      case .ready(let program): judge = try caseJudge(program)
      }
      for index in 0..<task.tests.count {
        let outcome = try judge.outcome(ofCase: index, in: sandbox)
        cases.append(outcome)
        if outcome.kind == .unscored || (task.credit == .all && outcome.kind != .passed) { break }
      }
    } catch {
      sandboxFailed = true
      cases.append(CaseOutcome(.unscored, reason: "the sandbox failed: \(error.message)"))
    }
    var verdict = verdict(cases)
    verdict.isMachineFault = sandboxFailed
    return (verdict, sandboxFailed)
  }

  private func verdict(_ first: [CaseOutcome]) -> CodeVerdict {
    CodeVerdict(first, task: task, isolation: sandbox.isolation)
  }

  private func caseJudge(_ built: BuiltProgram) throws(SandboxFailure) -> any CaseJudge {
    let limit = task.limits.outputBytes
    let ending = EndingJudge(limits: task.limits, memoryMarkers: task.language.memoryMarkers)
    switch (task.tests.content, built) {
    case (.stdio(let exchanges), _):
      return ExchangeJudge(
        program: built, exchanges: exchanges, limits: task.limits, ending: ending,
        comparison: OutputComparison(tolerance: task.tolerance),
        checker: try task.checker.map { source throws(SandboxFailure) in
          try Checker(source, builder: builder, sandbox: sandbox, limits: task.limits)
        })
    case (.function(let name, let calls), .python(let program)):
      return CallJudge(
        program: program, name: name, calls: calls, limits: task.limits, ending: ending,
        comparison: ValueComparison(tolerance: task.tolerance))
    case (.script(let setup, let assertions), .python(let program)):
      return AssertionJudge(
        program: program, limits: task.limits, ending: ending,
        jobs: assertions.map {
          PythonJob.judgeScript(setup: setup, assertion: $0, outputBytes: limit)
        })
    case (.humaneval(let prompt, let entryPoint, let test), .python(let program)):
      return AssertionJudge(
        program: program, limits: task.limits, ending: ending,
        jobs: [
          PythonJob.judgeHumanEval(
            prompt: prompt, test: test, entryPoint: entryPoint, outputBytes: limit)
        ])
    case (_, .command):
      preconditionFailure("language \(task.language.name) has tests of kind stdio only")
    }
  }
}

/// Judges single cases of one program.
protocol CaseJudge {
  /// The outcome of a case, by its index.
  func outcome(
    ofCase index: Int, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> CaseOutcome
}
