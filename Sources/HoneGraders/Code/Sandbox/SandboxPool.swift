import Foundation

/// How strong the isolation of programs is, and what it lacks.
package struct SandboxIsolation: Sendable, Hashable {
  /// 3 namespaces and all else, 2 no namespaces, 1 a filter of system calls and limits, 0 limits
  /// alone.
  package var level: Int
  /// What is missing for level 3, in words.
  package var missing: [String]

  /// The level below which nothing is run unless that is allowed.
  package static let required = 2

  /// Makes a statement.
  package init(level: Int, missing: [String] = []) {
    self.level = level
    self.missing = missing
  }
}

/// Where graders get sandboxes from.
package protocol SandboxPool: AnyObject, Sendable {
  /// The isolation that its sandboxes have, found out by trying once.
  func isolation() throws(SandboxFailure) -> SandboxIsolation

  /// A sandbox for the caller alone; waits while all of them are in use.
  func checkout() throws(SandboxFailure) -> any SandboxRunner

  /// Takes a sandbox back.
  ///
  /// - Parameter isBroken: Whether it failed and is not to be used again.
  func checkin(_ sandbox: any SandboxRunner, isBroken: Bool)
}

/// A pool of a bounded number of sandboxes, each made when it is first needed.
package final class BoundedSandboxPool: SandboxPool, @unchecked Sendable {
  private let capacity: Int
  private let probe: @Sendable () throws(SandboxFailure) -> SandboxIsolation
  private let make: @Sendable () throws(SandboxFailure) -> any SandboxRunner
  /// Guards everything below.
  private let condition = NSCondition()
  private var free: [any SandboxRunner] = []
  private var inUse = 0
  private var found: Result<SandboxIsolation, SandboxFailure>?

  /// Makes an empty pool.
  ///
  /// - Parameters:
  ///   - capacity: The most sandboxes at a time, at least 1.
  ///   - probe: Finds out what isolation there is; called once.
  ///   - make: Makes a sandbox.
  package init(
    capacity: Int, probe: @escaping @Sendable () throws(SandboxFailure) -> SandboxIsolation,
    make: @escaping @Sendable () throws(SandboxFailure) -> any SandboxRunner
  ) {
    precondition(capacity >= 1, "BoundedSandboxPool: \(capacity) sandboxes, wanted at least 1")
    self.capacity = capacity
    self.probe = probe
    self.make = make
  }

  package func isolation() throws(SandboxFailure) -> SandboxIsolation {
    // Under the lock, so that it is tried once however many ask.
    let found = condition.withLock {
      let result =
        self.found ?? Result { () throws(SandboxFailure) -> SandboxIsolation in try probe() }
      self.found = result
      return result
    }
    return try found.get()
  }

  package func checkout() throws(SandboxFailure) -> any SandboxRunner {
    let ready = condition.withLock {
      while inUse >= capacity { condition.wait() }
      inUse += 1
      // The last one that came back is the warmest.
      return free.popLast()
    }
    if let ready { return ready }
    do throws(SandboxFailure) {
      return try make()
    } catch {
      leave()
      throw error
    }
  }

  package func checkin(_ sandbox: any SandboxRunner, isBroken: Bool) {
    condition.withLock {
      if !isBroken { free.append(sandbox) }
    }
    leave()
  }

  private func leave() {
    condition.withLock {
      inUse -= 1
      condition.signal()
    }
  }
}
