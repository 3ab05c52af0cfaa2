/// What code graders with the same options share: sandboxes, compiled programs, verdicts.
package final class CodeGraderResources: Sendable {
  /// Where sandboxes come from.
  package let pool: any SandboxPool
  let builder: ProgramBuilder
  let verdicts: OnceCache<SubmissionKey, Result<CodeVerdict, SandboxFailure>>

  /// Verdicts that are remembered, and the bytes of programs and tests that they may hold.
  private static let verdictCount = 4096
  private static let verdictBytes = 32 << 20

  init(pool: any SandboxPool, tools: ToolFinder) {
    self.pool = pool
    builder = ProgramBuilder(tools: tools)
    verdicts = OnceCache(
      maximumCount: Self.verdictCount, maximumCost: Self.verdictBytes)
  }
}
