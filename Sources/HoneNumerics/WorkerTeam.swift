import Foundation
import Synchronization

/// A fixed team of threads that share the tasks of one computation at a time.
///
/// Which worker runs which task is left to chance; no result may depend on it. Tasks are cut by the
/// shapes of the data alone, so the same tasks exist whatever the team's size.
public final class WorkerTeam: @unchecked Sendable {
  // @unchecked: `state` is atomics and a condition; `run` is called by one thread at a time.
  /// The number of threads that work, the caller of ``run(tasks:_:)`` included.
  public let workers: Int
  /// The wish that what is left of a computation be skipped.
  public let interruption: Interruption
  /// Whether the wish is ignored for now; see ``keepingOn(_:orElse:)``.
  var isKeepingOn = false
  private let state = SharedState()

  /// A team of `workers` threads (at least 1).
  public init(workers: Int, interruption: Interruption = Interruption()) {
    self.interruption = interruption
    precondition(workers >= 1, "a team needs at least one worker, not \(workers)")
    self.workers = workers
    for _ in 1..<max(1, workers) { state.startThread() }
  }

  deinit { state.stop() }

  /// `HONE_NUM_THREADS`, or the number of processors that this process is given.
  ///
  /// See ``ProcessorAllowance``. No result depends on it.
  public static var defaultWorkers: Int {
    let setting = ProcessInfo.processInfo.environment[environmentName]
    return setting.flatMap(workers(setting:)) ?? ProcessorAllowance.current.workers
  }

  /// The environment variable that sets the number of workers.
  public static let environmentName = "HONE_NUM_THREADS"

  /// The number that a value of `HONE_NUM_THREADS` means, 1 to 1024; nil for anything else.
  public static func workers(setting: String) -> Int? {
    Int(setting).flatMap { (1...1024).contains($0) ? $0 : nil }
  }

  /// Calls `body` once for each index in `0..<tasks`, spread over the team; returns when all are done.
  ///
  /// Tasks start in index order. `body` must not call `run` on the same team. Where ``interruption`` is
  /// raised, the tasks that have not begun are skipped.
  public func run(tasks: Int, _ body: (Int) -> Void) {
    let interruption = isKeepingOn ? nil : interruption
    if workers == 1 || tasks <= 1 {
      for index in 0..<tasks where interruption?.isRaised != true { body(index) }
      return
    }
    withoutActuallyEscaping(body) { escaping in
      var job = Job(body: escaping, interruption: interruption)
      withUnsafeMutablePointer(to: &job) { state.publish($0, tasks: tasks) }
    }
  }
}

/// What `run` hands to the threads, by address: it outlives the run because `run` waits.
private struct Job {
  let body: (Int) -> Void
  /// Who may end it early; nil where it must not end early.
  let interruption: Interruption?
}

/// The state that threads share; threads keep it alive, not the team, so a team can end.
private final class SharedState: @unchecked Sendable {
  // The ticket is (generation << 32 | next index). A worker owns an index only by moving the
  // ticket on, which fails if another run has begun, so a late worker can never touch a job that
  // has ended.
  private let ticket = Atomic<UInt64>(0)
  private let tasks = Atomic<Int>(0)
  private let job = Atomic<UInt>(0)
  private let completed = Atomic<Int>(0)
  private let sleepers = Atomic<Int>(0)
  private let stopped = Atomic<Bool>(false)
  private let busy = Atomic<Bool>(false)
  private let condition = NSCondition()

  // About 250 microseconds of spinning before a worker sleeps: longer than the gaps inside a step, the
  // choice of tokens and what is prepared for the next ones included.
  private static let spins = 20000

  func startThread() {
    let thread = Thread { [self] in work() }
    thread.stackSize = 8 << 20
    thread.name = "hone worker"
    thread.start()
  }

  func stop() {
    condition.lock()
    stopped.store(true, ordering: .sequentiallyConsistent)
    condition.broadcast()
    condition.unlock()
  }

  func publish(_ pointer: UnsafeMutablePointer<Job>, tasks count: Int) {
    precondition(
      !busy.exchange(true, ordering: .acquiring),
      "a team runs one computation at a time: a task, or another thread, called run on a busy team")
    let generation = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    completed.store(0, ordering: .relaxed)
    // The index part is closed (all ones) while the fields of the new job are being written. They
    // are released after it: whoever sees one of them also sees that the old ticket has gone.
    ticket.store(generation << 32 | 0xFFFF_FFFF, ordering: .sequentiallyConsistent)
    job.store(UInt(bitPattern: pointer), ordering: .releasing)
    tasks.store(count, ordering: .releasing)
    ticket.store(generation << 32, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      condition.lock()
      condition.broadcast()
      condition.unlock()
    }
    takeTasks()
    var waited = 0
    while completed.load(ordering: .acquiring) < count {
      waited += 1
      if waited > SharedState.spins { sched_yield() } else { pause() }
    }
    busy.store(false, ordering: .releasing)
  }

  /// Takes tasks of the current run until none is left; returns whether it took any.
  @discardableResult
  private func takeTasks() -> Bool {
    var took = false
    while true {
      let seen = ticket.load(ordering: .acquiring)
      let index = Int(seen & 0xFFFF_FFFF)
      let address = job.load(ordering: .acquiring)
      guard index < tasks.load(ordering: .acquiring), index != 0xFFFF_FFFF else { return took }
      let exchange = ticket.compareExchange(
        expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
      guard exchange.exchanged else { continue }
      guard let pointer = UnsafeMutablePointer<Job>(bitPattern: address) else { return took }
      if pointer.pointee.interruption?.isRaised != true { pointer.pointee.body(index) }
      completed.wrappingAdd(1, ordering: .releasing)
      took = true
    }
  }

  private func work() {
    var idle = 0
    while !stopped.load(ordering: .relaxed) {
      if takeTasks() {
        idle = 0
        continue
      }
      idle += 1
      if idle < SharedState.spins {
        pause()
      } else {
        sleep()
        idle = 0
      }
    }
  }

  private func sleep() {
    condition.lock()
    let seen = ticket.load(ordering: .sequentiallyConsistent)
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while ticket.load(ordering: .sequentiallyConsistent) == seen,
      !stopped.load(ordering: .sequentiallyConsistent)
    {
      // A run may have been published between our last look and the lock.
      let index = Int(seen & 0xFFFF_FFFF)
      if index < tasks.load(ordering: .relaxed) { break }
      condition.wait()
    }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    condition.unlock()
  }

  /// A breath between two looks at shared memory.
  private func pause() {
    for _ in 0..<4 { _ = stopped.load(ordering: .relaxed) }
  }
}
