import Foundation

/// How graders that run programs may do so.
///
/// Graders that are made with the same options share sandboxes and remembered verdicts; these end
/// with the last copy of the options and the last such grader.
public struct GraderOptions: Sendable {
  /// Whether programs may be run where their isolation is below level 2.
  public let allowsWeakIsolation: Bool
  /// The most sandboxes at a time: the number of threads that grade, at most one a processor.
  public let workers: Int
  /// What code graders share.
  package let resources: CodeGraderResources

  /// Makes options; nothing is started before a program is to be run.
  ///
  /// - Parameters:
  ///   - allowsWeakIsolation: Whether to run programs below isolation level 2.
  ///   - workers: The number of threads that grade, at least 1. Default: one a processor.
  public init(
    allowsWeakIsolation: Bool = false,
    workers: Int = ProcessInfo.processInfo.activeProcessorCount
  ) {
    self.init(
      allowsWeakIsolation: allowsWeakIsolation, workers: workers,
      makePool: { KeeperPool.make(capacity: $0) })
  }

  /// Makes options with another source of sandboxes, or other places of compilers.
  package init(
    allowsWeakIsolation: Bool = false,
    workers: Int = ProcessInfo.processInfo.activeProcessorCount, tools: ToolFinder = ToolFinder(),
    makePool: (_ capacity: Int) -> any SandboxPool
  ) {
    precondition(workers >= 1, "GraderOptions: \(workers) workers, wanted at least 1")
    self.allowsWeakIsolation = allowsWeakIsolation
    self.workers = min(workers, max(1, ProcessInfo.processInfo.activeProcessorCount))
    resources = CodeGraderResources(pool: makePool(self.workers), tools: tools)
  }
}
