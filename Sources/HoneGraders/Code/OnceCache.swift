import Foundation

/// Remembers results, and makes each of them once: whoever asks for one that is being made waits
/// for it.
///
/// The least recently used results go when there are too many, or when they cost too much
/// together. Keys are compared by equality; a hash alone decides nothing.
package final class OnceCache<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
  private struct Entry {
    var value: Value
    var cost: Int
    var lastUse: Int
  }

  private let maximumCount: Int
  private let maximumCost: Int
  /// Guards everything below.
  private let condition = NSCondition()
  private var entries: [Key: Entry] = [:]
  private var underway: Set<Key> = []
  private var order: [Int: Key] = [:]
  private var totalCost = 0
  private var clock = 0
  private var oldest = 0

  /// Makes an empty cache.
  ///
  /// - Parameters:
  ///   - maximumCount: The most results, at least 1.
  ///   - maximumCost: The most cost of all results together.
  package init(maximumCount: Int, maximumCost: Int) {
    precondition(maximumCount >= 1, "OnceCache: count \(maximumCount), wanted at least 1")
    self.maximumCount = maximumCount
    self.maximumCost = maximumCost
  }

  /// The number of results that are remembered.
  package var count: Int { condition.withLock { entries.count } }

  /// The result of a key: remembered, or waited for, or made.
  ///
  /// - Parameters:
  ///   - key: What the result depends on, all of it.
  ///   - make: Makes the result and says what it and its key cost, such as bytes; nil where the
  ///     result is not to be remembered. Then those who wait make their own, one after another.
  package func value(of key: Key, make: () -> (value: Value, cost: Int?)) -> Value {
    if let found = findOrClaim(key) { return found }
    let (value, cost) = make()
    condition.withLock {
      if let cost { store(value, key, cost) }
      underway.remove(key)
      condition.broadcast()
    }
    return value
  }

  /// A remembered result, or nil: then the caller has to make it.
  private func findOrClaim(_ key: Key) -> Value? {
    condition.withLock {
      while true {
        if let value = entries[key]?.value {
          touch(key)
          return value
        }
        guard underway.contains(key) else { break }
        condition.wait()
      }
      underway.insert(key)
      return nil
    }
  }

  private func store(_ value: Value, _ key: Key, _ cost: Int) {
    guard cost <= maximumCost else { return }
    // 0 is before every use.
    entries[key] = Entry(value: value, cost: cost, lastUse: 0)
    totalCost += cost
    touch(key)
    while entries.count > maximumCount || totalCost > maximumCost { removeOldest() }
  }

  /// Moves a key to the end of the order of use.
  private func touch(_ key: Key) {
    guard let before = entries[key]?.lastUse else { return }
    order[before] = nil
    clock += 1
    entries[key]?.lastUse = clock
    order[clock] = key
  }

  /// Removes the key that was not used for the longest time; each step of the clock is passed
  /// once, so this is constant on average.
  private func removeOldest() {
    while oldest <= clock {
      oldest += 1
      guard let key = order.removeValue(forKey: oldest) else { continue }
      totalCost -= entries.removeValue(forKey: key)?.cost ?? 0
      return
    }
  }
}
