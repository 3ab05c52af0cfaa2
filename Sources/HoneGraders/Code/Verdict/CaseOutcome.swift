/// How a program did on one case.
package struct CaseOutcome: Sendable, Hashable {
  /// The outcome in a word, as rows have it.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Right.
    case passed
    /// It ran to its end and gave something else.
    case wrongAnswer = "wrong-answer"
    /// It raised, crashed, or ended when it should not have.
    case runtimeError = "runtime-error"
    /// It does not parse or compile, or there is no program.
    case compileError = "compile-error"
    /// It took too long.
    case timeLimit = "time-limit"
    /// It wanted too much memory.
    case memoryLimit = "memory-limit"
    /// It wrote too much.
    case outputLimit = "output-limit"
    /// It did what no program may do.
    case forbidden
    /// The tests or the machinery are at fault, not the program.
    case unscored
    /// Not tried, since the judgement was clear already.
    case notRun = "not-run"
  }

  /// The outcome.
  package var kind: Kind
  /// CPU seconds of the program; seconds by the clock where the clock ended it.
  package var seconds: Double
  /// Why, in words, bounded and safe to show; nil where there is nothing to add.
  package var reason: String?
  /// Signs that the program tried to get round the tests.
  package var attempts: Set<Attempt>

  /// Makes an outcome.
  package init(
    _ kind: Kind, seconds: Double = 0, reason: String? = nil, attempts: Set<Attempt> = []
  ) {
    self.kind = kind
    self.seconds = seconds
    self.reason = reason
    self.attempts = attempts
  }
}

/// A sign that a program tries to get round its tests rather than to pass them.
///
/// Counted at most once a case, so that nobody can run the counters up. The first rise of such a
/// count in training says that a policy learns to cheat.
package enum Attempt: String, Sendable, Hashable, CaseIterable {
  /// It ended before its function returned.
  case earlyExit = "early-exit"
  /// It made a forbidden call of the system.
  case forbiddenCall = "forbidden-call"
  /// It wanted to write outside its scratch.
  case writeOutside = "write-outside"
  /// It gave a value whose class redefines comparison or representation.
  case equalityTrick = "equality-trick"
  /// It wrote more than it may.
  case outputCap = "output-cap"
  /// It wrote into the channel of results, or answered a test's call with what is no answer.
  case forgedResult = "forged-result"

  /// What the interpreter saw.
  init(_ seen: CodeAttempt) {
    switch seen {
    case .earlyExit: self = .earlyExit
    case .forbiddenCall: self = .forbiddenCall
    case .writeOutside: self = .writeOutside
    case .equalityTrick: self = .equalityTrick
    case .forgedResult: self = .forgedResult
    }
  }
}
