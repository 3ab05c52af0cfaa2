import Foundation

/// The Python that runs programs.
package struct PythonInterpreter: Sendable, Hashable {
  /// Its absolute path, all links followed.
  package var path: String
  /// Where its library is.
  package var prefix: String
  /// Its version, such as `3.11.2`.
  package var version: String

  /// The variable that names another interpreter.
  package static let variable = "HONE_PYTHON"

  /// The arguments of a warm interpreter, which runs what it finds at descriptor 6.
  ///
  /// Neither site packages nor the user's, no files written.
  package var arguments: [String] {
    [
      path, "-S", "-s", "-B", "-X", "utf8", "-W", "ignore", "-c",
      "exec(compile(open(6, encoding='utf-8').read(), 'driver.py', 'exec'))",
    ]
  }

  /// The first that works: the one that `HONE_PYTHON` names, or else the system's, or else the one on
  /// the `PATH`.
  ///
  /// - Throws: what was looked for, where, and what to do.
  package static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(SandboxFailure) -> PythonInterpreter {
    if let named = environment[variable], !named.isEmpty {
      guard let found = ask(named) else {
        throw SandboxFailure(
          message: "\(variable) is '\(named)', wanted the path of a Python 3.8 or later that runs")
      }
      return found
    }
    let folders =
      ["/usr/bin", "/usr/local/bin"]
      + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders where folder.hasPrefix("/") {
      if let found = ask(folder + "/python3") { return found }
    }
    throw SandboxFailure(
      message: "no Python 3.8 or later: looked for python3 in "
        + folders.joined(separator: ":") + "; install it, or name it in \(variable)")
  }

  /// What an interpreter says of itself, or nil if it is none.
  private static func ask(_ candidate: String) -> PythonInterpreter? {
    guard FileManager.default.isExecutableFile(atPath: candidate) else { return nil }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: candidate)
    process.arguments = [
      "-I", "-S", "-c",
      "import os, sys; print(os.path.realpath(sys.executable), sys.base_prefix, "
        + "'.'.join(map(str, sys.version_info[:3])), sys.version_info >= (3, 8), sep='\\n')",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardOutput = output
    guard (try? process.run()) != nil else { return nil }
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    guard process.terminationStatus == 0, lines.count == 4, lines[3] == "True" else { return nil }
    return PythonInterpreter(path: lines[0], prefix: lines[1], version: lines[2])
  }
}
