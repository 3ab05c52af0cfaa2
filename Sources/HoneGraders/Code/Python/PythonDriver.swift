import CPythonDriver

/// The Python program that runs solutions and judges their tests.
///
/// It is started once a sandbox, as ``arguments(python:)`` says, and forks a child for every case.
/// Its files in `Sources/CPythonDriver` tell how, and what can be trusted.
package enum PythonDriver {
  /// The program's text, well below the 128 KiB that Linux allows for one argument.
  package static let source: String = {
    var length = 0
    let bytes = cpythondriver_source(&length)
    return String(decoding: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self)
  }()

  /// The command that starts it: no site packages, nothing written beside modules, UTF-8, silent
  /// about deprecations.
  ///
  /// - Parameter python: the interpreter's path; Python 3.8 or later.
  package static func arguments(python: String) -> [String] {
    [python, "-S", "-s", "-B", "-X", "utf8", "-W", "ignore", "-c", source]
  }
}
