import Foundation
import HoneNumerics
import HoneTraining
import Synchronization

/// Ctrl-C and the request to terminate: what is being computed is given up, what was done is saved.
///
/// The first signal raises the compute's interruption; the second ends at once.
enum StopSignals {
  // A signal handler reaches nothing but globals; these are atomic, and initialised by `install`.
  private static let wish = Atomic<Int32>(0)
  private static let clearsLine = Atomic<Bool>(false)
  /// Whether there is nothing yet that could be lost: then a signal ends the program.
  private static let endsAtOnce = Atomic<Bool>(false)

  /// What is raised by the first signal: for the compute that is to be interrupted.
  static let interruption = Interruption()

  /// Takes over SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP.
  ///
  /// Until ``begin()`` a signal ends the program.
  static func install() {
    wish.store(0, ordering: .relaxed)
    endsAtOnce.store(true, ordering: .relaxed)
    // Made here, and not by a handler.
    _ = interruption
    clearsLine.store(Terminal.error.isTerminal, ordering: .relaxed)
    // Shells make background jobs ignore SIGINT; whoever sends one by hand means it all the same.
    handle(SIGINT)
    handle(SIGTERM)
    var hangup = sigaction()
    sigaction(SIGHUP, nil, &hangup)
    if !isIgnored(hangup) { handle(SIGHUP) }
  }

  /// From now on a signal asks for an end in which what was done is kept.
  static func begin() { endsAtOnce.store(false, ordering: .relaxed) }

  /// What the run should do.
  static var request: TrainingRun.StopRequest? {
    switch wish.load(ordering: .relaxed) {
    case 0: nil
    case SIGINT: .interrupted
    default: .terminated
    }
  }

  /// Asks for an end after this step, as SIGTERM does, without giving it up.
  static func requestStop() {
    _ = wish.compareExchange(expected: 0, desired: SIGTERM, ordering: .relaxed)
  }

  private static func handle(_ number: Int32) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { StopSignals.receive($0) }
    // Reads and writes go on as if nothing had happened.
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
    // A parent may start its children from a thread that blocks signals; they inherit that.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// Runs in the signal handler: atomics, `write` and `_exit` only.
  private static func receive(_ number: Int32) {
    let (isFirst, _) = wish.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    if clearsLine.load(ordering: .relaxed) { write("\r\u{1B}[K") }
    if isFirst, !endsAtOnce.load(ordering: .relaxed) {
      write("stopping; what was done is kept (once more stops at once)\n")
      interruption.raise()
    } else {
      write("stopped at once; what is on disk stays whole\n")
      _exit(number == SIGINT ? 130 : 143)
    }
  }

  private static func write(_ text: StaticString) {
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
