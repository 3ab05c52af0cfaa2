import Glibc

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
    BoundedSandboxPool(
      capacity: capacity,
      probe: { () throws(SandboxFailure) -> SandboxIsolation in
        let keeper = try keeper(layers: layers)
        return SandboxIsolation(level: keeper.isolation, missing: keeper.layers.missing)
      },
      make: { () throws(SandboxFailure) -> any SandboxRunner in try keeper(layers: layers) })
  }

  /// Starts a keeper.
  package static func keeper(
    layers: IsolationLayers = .all
  ) throws(SandboxFailure) -> KeeperSandbox {
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
    return try KeeperSandbox(setup, interpreterDefect: defect)
  }
}
