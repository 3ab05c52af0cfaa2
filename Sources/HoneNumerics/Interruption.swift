import Synchronization

/// A wish that what is being computed be given up, which a signal handler may utter.
///
/// Once raised it stays raised. A team of workers that sees it skips the tasks that are left, so that
/// a computation of any length ends within one task; its results mean nothing then. Whoever keeps
/// results asks before he does (``WorkerTeam/keepingOn(_:orElse:)``).
public final class Interruption: Sendable {
  private let flag = Atomic<Bool>(false)

  /// A wish that nobody has uttered.
  public init() {}

  /// Utters the wish; safe in a signal handler.
  public func raise() { flag.store(true, ordering: .sequentiallyConsistent) }

  /// Whether the wish was uttered.
  public var isRaised: Bool { flag.load(ordering: .sequentiallyConsistent) }
}

/// What was being computed was given up, since an ``Interruption`` was raised.
public struct Interrupted: Error, CustomStringConvertible {
  /// The error.
  public init() {}

  /// What is said of it where nobody knows better.
  public var description: String { "interrupted; what was being computed was given up" }
}

extension WorkerTeam {
  /// Throws where an interruption was raised: whatever was computed may have been skipped.
  public func requireUninterrupted() throws(Interrupted) {
    if interruption.isRaised { throw Interrupted() }
  }

  /// Does what must be done whole or not at all: an update of weights, say.
  ///
  /// Nothing is skipped in it, even where the interruption is raised meanwhile; if it was raised
  /// before, nothing is done, for the operands may be results of skipped tasks.
  public func keepingOn<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result, orElse interrupted: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outer = isKeepingOn
    // First the shield, then the look: whatever is raised after the look is ignored within.
    isKeepingOn = true
    defer { isKeepingOn = outer }
    if !outer, interruption.isRaised { return try interrupted() }
    return try body()
  }

  /// Does what skips nothing, even where the interruption is raised: its operands were computed whole.
  public func keepingOn(_ body: () -> Void) { keepingOn(body, orElse: body) }
}
