/// The one process of a keeper that lives longer than a program: it compiles Python source texts and
/// runs none of them, so that a program which does not parse costs no process, and one that does is
/// compiled once and not for every case.
enum StandingChecker {
  /// The text as a keeper wants it; the first text also starts the checker.
  static func job(_ source: String) -> SandboxJob {
    SandboxJob(
      program: .python(Array(source.utf8)), input: PythonJob.check.encoded(),
      limits: SandboxLimits(
        cpuSeconds: 5, memoryBytes: 512 << 20, outputBytes: 1 << 20, processes: 4, openFiles: 16,
        fileBytes: 1 << 20))
  }

  /// What it found.
  static func finding(_ outcome: SandboxOutcome) -> SourceCheck {
    if case .exited = outcome.ending, let record = ResultRecords(outcome.results).outcome {
      switch record {
      case .compiles(let code): return .compiles(code: code)
      case .compileError(let text): return .defect(text)
      default: break
      }
    }
    switch outcome.ending {
    case .wallLimit: return .defect("the compiler was still at it after 5 seconds")
    case .signalled(let signal): return .defect("the compiler died of it (signal \(signal))")
    default: return .defect("the compiler did not survive it")
    }
  }
}
