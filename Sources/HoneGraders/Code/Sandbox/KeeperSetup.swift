/// What a keeper is told when it starts.
package struct KeeperSetup: Sendable, Hashable {
  /// The layers to try; those without effect on this machine are left out.
  package var layers: IsolationLayers
  /// Folders that programs may read beside the system's own, such as a compiler's.
  package var readablePaths: [String]
  /// The warm interpreter: an absolute path and its arguments; empty if there is none.
  package var interpreter: [String]
  /// What the interpreter finds at descriptor 6.
  package var driver: [UInt8]

  /// Makes a setup.
  package init(
    layers: IsolationLayers = .all, readablePaths: [String] = [], interpreter: [String] = [],
    driver: [UInt8] = []
  ) {
    self.layers = layers
    self.readablePaths = readablePaths
    self.interpreter = interpreter
    self.driver = driver
  }
}
