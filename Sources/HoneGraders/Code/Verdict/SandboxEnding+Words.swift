import Glibc

extension SandboxOutcome.Ending: CustomStringConvertible {
  /// What happened, to be read behind the name of what ended.
  package var description: String {
    switch self {
    case .exited(let code): "ended with exit code \(code)"
    case .signalled(let signal): "was ended by \(Self.name(ofSignal: signal))"
    case .cpuLimit: "used up its CPU time"
    case .wallLimit: "took too long by the clock"
    case .outputLimit: "wrote more than it may"
    case .memoryLimit: "took more memory than it may"
    case .forbiddenCall: "made a forbidden system call"
    }
  }

  private static func name(ofSignal signal: Int32) -> String {
    let names: [Int32: String] = [
      SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT", SIGFPE: "SIGFPE", SIGILL: "SIGILL",
      SIGBUS: "SIGBUS", SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGPIPE: "SIGPIPE",
      SIGTRAP: "SIGTRAP", SIGINT: "SIGINT", SIGHUP: "SIGHUP", SIGXFSZ: "SIGXFSZ",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
