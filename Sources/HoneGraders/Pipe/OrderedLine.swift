import Foundation
import Synchronization

/// An assembly line: items in, results out in the same order, threads in between.
///
/// At most `workers * 64` items are on the line. Whoever finishes the oldest missing result
/// hands out every result that is ready behind it.
final class OrderedLine<Item: Sendable, Output: Sendable>: @unchecked Sendable {
  private let workers: Int
  private let work: @Sendable (Item) -> Output
  /// Guards everything below.
  private let condition = NSCondition()
  private var waiting: [(index: Int, item: Item)] = []
  private var finished: [Int: Output] = [:]
  private var accepted = 0
  private var handedOut = 0
  private var isHandingOut = false
  private var isClosed = false
  private var failure: (any Error)?

  private var capacity: Int { workers * 64 }

  init(workers: Int, work: @escaping @Sendable (Item) -> Output) {
    self.workers = workers
    self.work = work
  }

  /// Sends all items through the line; the caller's thread reads them.
  ///
  /// - Throws: The first error of `handOut`; reading stops there.
  func run(
    _ items: some Sequence<Item>, handOut: @escaping @Sendable ([Output]) throws -> Void
  ) throws {
    let done = DispatchGroup()
    var hasThreads = false
    for _ in 0..<workers {
      done.enter()
      let isStarted = PlainThread.start { [self] in
        while let (index, item) = take() { finish(index, work(item), handOut) }
        done.leave()
      }
      if !isStarted { done.leave() }
      hasThreads = hasThreads || isStarted
    }
    for item in items {
      guard accept(item) else { break }
      // Where the system refuses every thread, who reads works.
      if !hasThreads, let (index, item) = take() { finish(index, work(item), handOut) }
    }
    close()
    done.wait()
    if let failure = condition.withLock({ failure }) { throw failure }
  }

  private func accept(_ item: Item) -> Bool {
    condition.withLock {
      while accepted - handedOut >= capacity, failure == nil { condition.wait() }
      guard failure == nil else { return false }
      waiting.append((accepted, item))
      accepted += 1
      condition.broadcast()
      return true
    }
  }

  private func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  private func take() -> (index: Int, item: Item)? {
    condition.withLock {
      while waiting.isEmpty, !isClosed { condition.wait() }
      return waiting.isEmpty || failure != nil ? nil : waiting.removeFirst()
    }
  }

  private func finish(
    _ index: Int, _ output: Output, _ handOut: ([Output]) throws -> Void
  ) {
    condition.lock()
    defer { condition.unlock() }
    finished[index] = output
    guard !isHandingOut else { return }
    isHandingOut = true
    while failure == nil, let ready = nextReady() {
      condition.unlock()
      let outcome = Result { try handOut(ready) }
      condition.lock()
      if case .failure(let error) = outcome { failure = error }
      handedOut += ready.count
      condition.broadcast()
    }
    isHandingOut = false
  }

  /// The finished results that are next in order, or nil; called under the lock.
  private func nextReady() -> [Output]? {
    var ready: [Output] = []
    while let output = finished.removeValue(forKey: handedOut + ready.count) {
      ready.append(output)
    }
    return ready.isEmpty ? nil : ready
  }
}

/// Counts rows across threads.
final class SummaryBox: Sendable {
  private let counts = Mutex(GradePipe.Summary())

  var value: GradePipe.Summary { counts.withLock { $0 } }

  func count(_ row: GradedRow) {
    counts.withLock { summary in
      summary.rows += 1
      summary.malformed += row.isMalformed ? 1 : 0
      if let reason = row.machineFault {
        if summary.notJudged == 0 { summary.firstNotJudged = reason }
        summary.notJudged += 1
      }
      summary.verdicts[row.verdict, default: 0] += 1
    }
  }
}
