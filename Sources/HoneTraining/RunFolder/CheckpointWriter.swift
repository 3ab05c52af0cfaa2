import Foundation
import HoneGraders
import Synchronization

/// Writes checkpoints beside the steps that follow, one at a time, on a thread of its own.
///
/// What is written must not change meanwhile: a ``PolicySnapshot``, not the policy. A checkpoint is whole
/// or absent as ever; who needs to know waits for it.
final class CheckpointWriter {
  /// A checkpoint that was written, and what a person is told of it.
  struct Saved: Sendable {
    var checkpoint: Checkpoint
    var isBest: Bool
  }

  private final class Work: Sendable {
    let outcome = Mutex<Result<Saved, any Error>?>(nil)
    let isDone = DispatchSemaphore(value: 0)
  }

  private var work: Work?

  /// Begins to write; the one before must have been waited for.
  func begin(_ write: @escaping @Sendable () throws -> Saved) {
    precondition(work == nil, "two checkpoints at a time")
    let work = Work()
    self.work = work
    let body: @Sendable () -> Void = {
      let outcome = Result { try write() }
      work.outcome.withLock { $0 = outcome }
      work.isDone.signal()
    }
    // Where the system refuses a thread, it is written before the next step.
    if !PlainThread.start(body) { body() }
  }

  /// Whether there is something to wait for that is done by now.
  var hasFinished: Bool { work?.outcome.withLock { $0 != nil } ?? false }

  /// Waits for the checkpoint that is being written; nil where there is none.
  ///
  /// - Throws: the error that kept it from being written; the older checkpoints are untouched then.
  func finish() throws -> Saved? {
    guard let work else { return nil }
    self.work = nil
    work.isDone.wait()
    return try work.outcome.withLock { $0 }?.get()
  }
}

/// Hands a value to another thread, whose only owner it has until that thread is done.
struct Handed<Value>: @unchecked Sendable {
  // @unchecked: the giver does not touch it until it has waited for the taker.
  let value: Value
}
