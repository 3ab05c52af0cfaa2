/// The sandboxes of this system.
enum SandboxFactory {
  /// A pool of sandboxes; none is started before it is needed.
  static func pool(capacity: Int) -> any SandboxPool {
    BoundedSandboxPool(
      capacity: capacity,
      probe: { () throws(SandboxFailure) -> SandboxIsolation in throw unavailable },
      make: { () throws(SandboxFailure) -> any SandboxRunner in throw unavailable })
  }

  private static let unavailable = SandboxFailure(message: "this build comes without a sandbox")
}
