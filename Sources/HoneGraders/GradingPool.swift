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
    let count = min(workers, items.count)
    guard count > 1 else { return items.map(transform) }
    let board = Board<Result>(count: items.count)
    let done = DispatchGroup()
    for _ in 0..<count {
      done.enter()
      let thread = Thread {
        while let index = board.take() { board.put(transform(items[index]), at: index) }
        done.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    done.wait()
    return board.results()
  }
}

/// Hands out indices and gathers results.
private final class Board<Result: Sendable>: Sendable {
  private struct State {
    var next = 0
    var results: [Result?]
  }

  private let state: Mutex<State>
  private let count: Int

  init(count: Int) {
    self.count = count
    state = Mutex(State(results: Array(repeating: nil, count: count)))
  }

  func take() -> Int? {
    state.withLock { state in
      guard state.next < count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func put(_ result: Result, at index: Int) {
    state.withLock { $0.results[index] = result }
  }

  func results() -> [Result] {
    state.withLock { state in
      state.results.enumerated().map { index, result in
        guard let result else { preconditionFailure("GradingPool: no result at index \(index)") }
        return result
      }
    }
  }
}
