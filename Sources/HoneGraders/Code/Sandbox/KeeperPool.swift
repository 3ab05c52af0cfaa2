import Synchronization

/// Sandboxes of this machine: keepers with the Python, compilers and layers that there are.
package enum KeeperPool {
  /// A pool of keepers, none of which is started before it is needed.
  ///
  /// - Parameters:
  ///   - capacity: The most keepers at a time, at least 1; more than there are processors gain nothing.
  ///   - layers: The layers to try; fewer than all of them are for tests of the others.
  package static func make(
    capacity: Int, layers: IsolationLayers = .all
  ) -> BoundedSandboxPool {
    let starter = KeeperStarter(layers: layers)
    return BoundedSandboxPool(
      capacity: capacity,
      probe: { () throws(SandboxFailure) -> SandboxIsolation in try starter.probe() },
      make: { () throws(SandboxFailure) -> any SandboxRunner in try starter.keeper() })
  }

  /// Starts a keeper.
  package static func keeper(
    layers: IsolationLayers = .all
  ) throws(SandboxFailure) -> KeeperSandbox {
    try KeeperStarter(layers: layers).keeper()
  }
}

/// Starts keepers of one kind.
///
/// What they are told is found out once (a Python that was not found, three times), and the keeper that shows what isolation there is, is the
/// first to be used.
private final class KeeperStarter: Sendable {
  private struct State {
    var found: (setup: KeeperSetup, interpreterDefect: SandboxFailure?)?
    /// How often no Python was found: what fails once may be found later.
    var failures = 0
    var probed: KeeperSandbox?
  }

  private let layers: IsolationLayers
  private let state = Mutex(State())

  init(layers: IsolationLayers) { self.layers = layers }

  /// The isolation that keepers have.
  func probe() throws(SandboxFailure) -> SandboxIsolation {
    let keeper = try start()
    state.withLock { $0.probed = keeper }
    return SandboxIsolation(level: keeper.isolation, missing: keeper.layers.missing)
  }

  /// A keeper for the caller alone.
  func keeper() throws(SandboxFailure) -> KeeperSandbox {
    let probed = state.withLock { state in
      defer { state.probed = nil }
      return state.probed
    }
    if let probed { return probed }
    return try start()
  }

  private func start() throws(SandboxFailure) -> KeeperSandbox {
    let (setup, defect) = state.withLock { state in
      if let found = state.found { return found }
      let found = Self.setup(layers)
      if found.interpreterDefect != nil { state.failures += 1 }
      if found.interpreterDefect == nil || state.failures >= 3 { state.found = found }
      return found
    }
    return try KeeperSandbox(setup, interpreterDefect: defect)
  }

  /// The Python and the compilers of this machine; where there is no Python, why.
  private static func setup(_ layers: IsolationLayers) -> (
    setup: KeeperSetup, interpreterDefect: SandboxFailure?
  ) {
    var setup = KeeperSetup(layers: layers)
    var defect: SandboxFailure?
    do throws(SandboxFailure) {
      let python = try PythonInterpreter.find()
      setup.interpreter = python.arguments
      setup.driver = PythonDriver.source
      setup.readablePaths += [ReadableFolders.shown(python.prefix)].compactMap(\.self)
    } catch {
      defect = error
    }
    let tools = ToolFinder()
    for language in ProgramLanguage.all {
      guard case .commands(let commands) = language.execution,
        let tool = tools.path(ofFirst: commands.tools),
        let folder = ReadableFolders.prefix(ofTool: tool),
        !setup.readablePaths.contains(folder)
      else { continue }
      setup.readablePaths.append(folder)
    }
    return (setup, defect)
  }
}
