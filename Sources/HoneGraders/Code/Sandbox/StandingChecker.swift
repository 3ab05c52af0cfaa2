/// The one process of a keeper that lives longer than a program: it compiles Python source texts and
/// runs none of them, so that a program which does not parse costs no process.
enum StandingChecker {
  /// The text as a keeper wants it; the first text also starts the checker.
  static func job(_ source: String) -> SandboxJob {
    SandboxJob(
      program: .python(Array(source.utf8)), input: PythonJob.check.encoded(),
      limits: SandboxLimits(
        cpuSeconds: 5, memoryBytes: 512 << 20, outputBytes: 1 << 20, processes: 4, openFiles: 16,
        fileBytes: 1 << 20))
  }

  /// What is wrong with the text, or nil.
  static func defect(_ outcome: SandboxOutcome) -> String? {
    if case .exited = outcome.ending, let record = ResultRecords(outcome.results).outcome {
      switch record {
      case .compiles: return nil
      case .compileError(let text): return text
      default: break
      }
    }
    switch outcome.ending {
    case .wallLimit: return "the compiler was still at it after 5 seconds"
    case .signalled(let signal): return "the compiler died of it (signal \(signal))"
    default: return "the compiler did not survive it"
    }
  }
}
