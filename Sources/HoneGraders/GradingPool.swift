import Foundation
import Synchronization

/// Grades many completions at once on threads of its own.
///
/// Not on the cooperative pool: a grader may wait for a child process. Workers take the next
/// submission as they become free, so a slow one delays nobody but itself. Results come in the
/// order of the submissions, whatever the number of workers.
public struct GradingPool: Sendable {
  /// The number of threads.
  public let workers: Int

  /// Makes a pool.
  ///
  /// - Parameter workers: The number of threads, at least 1.
  public init(workers: Int) {
    precondition(workers >= 1, "GradingPool: \(workers) workers, wanted at least 1")
    self.workers = workers
  }

  /// Grades with one grader; the scores carry their seconds.
  public func grade(_ submissions: [Submission], with grader: any Grader) -> [Score] {
    map(submissions) { grader.timedGrade($0) }
  }

  /// Grades with a rubric.
  public func grade(_ submissions: [Submission], with rubric: Rubric) -> [RubricScore] {
    map(submissions) { rubric.grade($0) }
  }

  /// Applies a function to every item; the results are in the order of the items.
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    guard min(workers, items.count) > 1 else { return items.map(transform) }
    let ongoing = begin(transform)
    for item in items { ongoing.add(item) }
    return ongoing.results()
  }

  /// Begins before all items are there: each is worked on from when it is added.
  ///
  /// A pool of one worker has no processor to spare beside that of the thread that adds: it begins when
  /// the results are asked for.
  public func begin<Item: Sendable, Result: Sendable>(
    _ transform: @escaping @Sendable (Item) -> Result
  ) -> OngoingGrading<Item, Result> {
    OngoingGrading(workers: workers, transform)
  }
}

/// Grading of items that come one after another, as completions do while others are still sampled.
public final class OngoingGrading<Item: Sendable, Result: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var next = 0
    var threads = 0
    /// Whether a thread was refused: then whoever waits works, too.
    var isShort = false
    var results: [Result?] = []
  }

  private let state = Mutex(State())
  private let workers: Int
  private let transform: @Sendable (Item) -> Result
  private let done = DispatchGroup()

  fileprivate init(workers: Int, _ transform: @escaping @Sendable (Item) -> Result) {
    self.workers = workers
    self.transform = transform
  }

  /// Adds an item; returns at once.
  public func add(_ item: Item) {
    let isStarting = state.withLock { state in
      state.items.append(item)
      state.results.append(nil)
      guard workers > 1, state.threads < workers else { return false }
      state.threads += 1
      return true
    }
    if isStarting { startThread() }
  }

  private func startThread() {
    done.enter()
    let isStarted = PlainThread.start { [self] in
      work()
      done.leave()
    }
    guard !isStarted else { return }
    state.withLock {
      $0.threads -= 1
      $0.isShort = true
    }
    done.leave()
  }

  private var isShort: Bool { state.withLock { $0.isShort } }

  /// Waits for what is still being worked on: the results, in the order of the items.
  public func results() -> [Result] {
    if workers == 1 || isShort { work() }
    done.wait()
    return partialResults().enumerated().map { index, result in
      guard let result else { preconditionFailure("grading: no result at index \(index)") }
      return result
    }
  }

  /// Waits for what is still being worked on, unless it is to be given up: the results so far, in the
  /// order of the items.
  ///
  /// - Parameter isGivenUp: Asked twenty times a second. Where it says so, nothing new is begun, and
  ///   what is being worked on goes on without anybody waiting for it.
  package func results(unless isGivenUp: () -> Bool) -> [Result?] {
    if workers == 1, state.withLock({ $0.next < $0.items.count }) {
      state.withLock { $0.threads += 1 }
      startThread()
    }
    if isShort { work(unless: isGivenUp) }
    while done.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      guard isGivenUp() else { continue }
      state.withLock { $0.next = $0.items.count }
      break
    }
    return partialResults()
  }

  private func partialResults() -> [Result?] { state.withLock { $0.results } }

  private func work(unless isGivenUp: () -> Bool = { false }) {
    while !isGivenUp(), let (index, item) = take() {
      let result = transform(item)
      state.withLock { $0.results[index] = result }
    }
  }

  /// The next item; nil ends the thread that asks.
  private func take() -> (Int, Item)? {
    state.withLock { state in
      guard state.next < state.items.count else {
        state.threads = max(0, state.threads - 1)
        return nil
      }
      defer { state.next += 1 }
      return (state.next, state.items[state.next])
    }
  }
}
