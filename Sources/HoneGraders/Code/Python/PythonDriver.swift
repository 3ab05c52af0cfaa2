import CPythonDriver

/// The Python program that runs solutions and judges their tests.
///
/// It is started once a sandbox, as ``PythonInterpreter/arguments`` says, and forks a child for every
/// case. Its files in `Sources/CPythonDriver` tell how, and what can be trusted.
package enum PythonDriver {
  /// The program's text as UTF-8.
  package static let source: [UInt8] = {
    var length = 0
    let bytes = cpythondriver_source(&length)
    return Array(UnsafeBufferPointer(start: bytes, count: length))
  }()
}
