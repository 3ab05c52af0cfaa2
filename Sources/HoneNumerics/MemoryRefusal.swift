import Foundation
import Synchronization

/// What happens where the system refuses memory.
///
/// A computation cannot go on without its storage, and what is on the disk is whole at any moment: the
/// process ends. A program says how, once; a library's default is a trap with the same words.
public enum MemoryRefusal {
  private static let handler = Mutex<(@Sendable (String) -> Never)?>(nil)

  /// Sets how the process ends, given a message for people.
  public static func setHandler(_ handler: @escaping @Sendable (String) -> Never) {
    self.handler.withLock { $0 = handler }
  }

  /// The message: what was refused, and what to do.
  package static func message(of what: String) -> String {
    "the system refused memory: \(what). What is on the disk is whole, and a run goes on with "
      + "--resume; \(advice)"
  }

  /// What can be done about it.
  package static let advice =
    "raise the limit (ulimit -v, the control group), or need less: memory_limit in the recipe, a "
    + "smaller group_size or max_completion_length, fewer workers (HONE_NUM_THREADS)"

  /// Ends the process.
  static func end(_ message: String) -> Never {
    if let handler = handler.withLock({ $0 }) { handler(message) }
    fatalError(message)
  }
}

/// Where storage comes from: the one place that asks the system for it.
package enum Storage {
  // How many pieces are given before one is refused, for tests; negative for no end.
  private static let remaining = Atomic<Int>(-1)

  /// Has the piece after so many more refused, and all after it; nil gives all again.
  ///
  /// For tests.
  package static func refuse(after count: Int?) {
    remaining.store(count ?? -1, ordering: .relaxed)
  }

  /// Zeroed pages; nil where they are refused.
  package static func pages(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let left = remaining.load(ordering: .relaxed)
    if left == 0 {
      errno = ENOMEM
      return nil
    }
    if left > 0 { remaining.wrappingSubtract(1, ordering: .relaxed) }
    let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return memory == MAP_FAILED ? nil : memory
  }

  /// Zeroed pages, or the end.
  static func requiredPages(_ bytes: Int) -> UnsafeMutableRawPointer {
    guard let memory = pages(bytes) else {
      MemoryRefusal.end(MemoryRefusal.message(of: "\(bytes) bytes of tensor storage"))
    }
    return memory
  }
}
