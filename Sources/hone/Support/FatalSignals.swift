import Foundation
import HoneNumerics
import Synchronization

/// Memory that is refused where nobody can answer for it: in the language's runtime, or in a library of C.
///
/// Those end in a trap, an abort or an access through nothing. Where the system's last error on that
/// thread is that it has no memory, the process ends as for any memory that is refused; any other
/// such signal is a defect, and does what it would have done without us.
enum FatalSignals {
  private static let numbers = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS]
  /// What was to be done before, by signal. A handler may reach nothing that could still be made.
  // Written by `install` alone, before anything can call the handler.
  private nonisolated(unsafe) static let former = UnsafeMutablePointer<sigaction>.allocate(
    capacity: 65)
  /// Whether a person watches a line that is painted over.
  private static let clearsLine = Atomic<Bool>(false)

  /// Takes the signals over, for as long as the process lives.
  static func install() {
    MemoryRefusal.setHandler { message in
      // In order, on whichever thread it happens: the message needs memory of its own, which small
      // pieces usually still get; if not, the signal says it.
      try? OutputStream.standard.flush()
      _ = ErrorReport(CommandError(.inputOutput, message)).tell()
      _exit(ExitStatus.inputOutput.rawValue)
    }
    clearsLine.store(isatty(STDERR_FILENO) == 1, ordering: .relaxed)
    useOwnStack()
    for number in numbers {
      var action = sigaction()
      action.__sigaction_handler.sa_sigaction = { number, info, _ in
        FatalSignals.receive(number, info)
      }
      action.sa_flags = SA_SIGINFO | SA_ONSTACK | Int32(bitPattern: UInt32(SA_NODEFER))
      sigaction(number, &action, former + Int(number))
    }
    // A file that reaches the limit on its size is an error of writing like any other.
    signal(SIGXFSZ, SIG_IGN)
  }

  /// A stack for handlers, so that they run where the thread's own has no room.
  private static func useOwnStack() {
    let size = 64 << 10
    guard let memory = Storage.pages(size) else { return }
    var stack = stack_t(ss_sp: memory, ss_flags: 0, ss_size: size)
    sigaltstack(&stack, nil)
  }

  /// Runs in the handler: `write` and `_exit` only.
  private static func receive(_ number: Int32, _ info: UnsafeMutablePointer<siginfo_t>?) {
    let code = errno
    if code == ENOMEM {
      write(
        """
        error: the system refused memory. What is on the disk is whole, and a run goes on with \
        --resume; raise the limit (ulimit -v, the control group), or need less: memory_limit in the \
        recipe, a smaller group_size, fewer workers (HONE_NUM_THREADS)

        """)
      _exit(ExitStatus.inputOutput.rawValue)
    }
    if number == SIGBUS, info?.pointee.si_code == Int32(BUS_ADRERR) {
      write(
        """
        error: a file was cut short while it was being read, or its disk failed; see that nothing \
        writes to the model's files, and try again

        """)
      _exit(ExitStatus.inputOutput.rawValue)
    }
    sigaction(number, former + Int(number), nil)
    // What a processor raised happens again when this returns; what was sent is sent again. The
    // language's own handler tells where, and counts on the signal's coming once more.
    if let code = info?.pointee.si_code, code > 0 { return }
    raise(number)
    Foundation.signal(number, SIG_DFL)
    raise(number)
  }

  private static func write(_ text: StaticString) {
    if clearsLine.load(ordering: .relaxed) { _ = Foundation.write(STDERR_FILENO, "\r\u{1B}[K", 4) }
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
