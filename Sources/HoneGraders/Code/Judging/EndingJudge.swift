/// Reads how a process ended, before anything that it said is looked at.
struct EndingJudge {
  /// The limits that it ran under.
  let limits: SandboxLimits
  /// The start of its last line when memory has run out.
  let memoryMarkers: [String]

  /// The outcome of a process that a bound ended, or nil.
  func limitReached(_ outcome: SandboxOutcome) -> CaseOutcome? {
    let seconds = outcome.cpuSeconds
    switch outcome.ending {
    case .exited, .signalled: return nil
    case .cpuLimit:
      return CaseOutcome(
        .timeLimit, seconds: seconds, reason: "more than \(limits.cpuSeconds) s of CPU")
    case .wallLimit:
      return CaseOutcome(
        .timeLimit, seconds: outcome.wallSeconds,
        reason: "still there after \(Self.rounded(outcome.wallSeconds)) s by the clock, "
          + "\(Self.rounded(seconds)) s of CPU")
    case .outputLimit:
      return CaseOutcome(
        .outputLimit, seconds: seconds, reason: "more than \(limits.outputBytes) bytes",
        attempts: [.outputCap])
    case .memoryLimit:
      return CaseOutcome(
        .memoryLimit, seconds: seconds, reason: "more than \(limits.memoryBytes >> 20) MB")
    case .forbiddenCall:
      return CaseOutcome(
        .forbidden, seconds: seconds, reason: "a forbidden system call",
        attempts: [.forbiddenCall])
    }
  }

  /// The outcome of a process that did not end with exit code 0, or nil.
  func failure(_ outcome: SandboxOutcome) -> CaseOutcome? {
    if let limit = limitReached(outcome) { return limit }
    if outcome.ending == .exited(0) { return nil }
    return raised(Excerpt.lastLine(outcome.errors), outcome)
  }

  /// The outcome of an uncaught exception, or of a crash.
  func raised(_ lastLine: String?, _ outcome: SandboxOutcome) -> CaseOutcome {
    let line = lastLine ?? ""
    if memoryMarkers.contains(where: { Self.line(line, isOf: $0) }) {
      return CaseOutcome(
        .memoryLimit, seconds: outcome.cpuSeconds, reason: Excerpt.shown(line.utf8))
    }
    return CaseOutcome(
      .runtimeError, seconds: outcome.cpuSeconds, reason: Self.reason(line, outcome.ending))
  }

  /// The last line; and how the process ended, unless that is what an exception comes to.
  private static func reason(_ line: String, _ ending: SandboxOutcome.Ending) -> String {
    switch ending {
    case .exited(0), .exited(1):
      line.isEmpty ? ending.description : Excerpt.shown(line.utf8)
    default: line.isEmpty ? ending.description : "\(Excerpt.shown(line.utf8)); \(ending)"
    }
  }

  /// `MemoryError` and `MemoryError: …`, not `MemoryErrors`.
  private static func line(_ line: String, isOf marker: String) -> Bool {
    guard line.hasPrefix(marker) else { return false }
    let next = line.dropFirst(marker.count).first
    return next.map { !$0.isLetter && !$0.isNumber } ?? true
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }
}
