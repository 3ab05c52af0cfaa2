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
      switch askPatiently(named) {
      case .found(let python): return python
      case .none:
        throw SandboxFailure(
          message: "\(variable) is '\(named)', wanted the path of a Python 3.8 or later that runs")
      case .trouble(let what):
        throw SandboxFailure(message: "\(variable) is '\(named)', which cannot be asked: \(what)")
      }
    }
    var trouble: String?
    let folders =
      ["/usr/bin", "/usr/local/bin"]
      + (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    for folder in folders where folder.hasPrefix("/") {
      switch askPatiently(folder + "/python3") {
      case .found(let python): return python
      case .none: continue
      case .trouble(let what): trouble = trouble ?? "\(folder)/python3 cannot be asked: \(what)"
      }
    }
    if let trouble { throw SandboxFailure(message: trouble) }
    throw SandboxFailure(
      message: "no Python 3.8 or later: looked for python3 in "
        + folders.joined(separator: ":") + "; install it, or name it in \(variable)")
  }

  /// What an interpreter says of itself.
  private enum Answer {
    case found(PythonInterpreter)
    /// It is none.
    case none
    /// It was not let speak: it was killed, or the system would not start it.
    case trouble(String)
  }

  /// Asks again where an interpreter was not let speak: a machine short of something for a moment must
  /// not make a thousand rows unscored.
  private static func askPatiently(_ candidate: String) -> Answer {
    for attempt in 0..<4 {
      usleep(UInt32(attempt * 100_000))
      let answer = ask(candidate)
      guard case .trouble = answer, attempt < 3 else { return answer }
    }
    return .none
  }

  private static func ask(_ candidate: String) -> Answer {
    guard FileManager.default.isExecutableFile(atPath: candidate) else { return .none }
    let question =
      "import os, sys; print(os.path.realpath(sys.executable), sys.base_prefix, "
      + "'.'.join(map(str, sys.version_info[:3])), sys.version_info >= (3, 8), sep='\\n')"
    let (status, output): (Int32, String)
    switch ProgramAnswer.of(candidate, ["-I", "-S", "-c", question]) {
    case .trouble(let what): return .trouble(what)
    case .ended(let code, let text): (status, output) = (code, text)
    }
    let lines = output.split(separator: "\n").map(String.init)
    guard status == 0, lines.count == 4, lines[3] == "True" else { return .none }
    return .found(PythonInterpreter(path: lines[0], prefix: lines[1], version: lines[2]))
  }
}
