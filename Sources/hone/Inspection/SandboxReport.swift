import HoneGraders
import HoneJSON

/// What isolates programs on this machine, and what can run them; starts a sandbox to find out.
struct SandboxReport {
  private let found: Result<KeeperSandbox, SandboxFailure>
  private let python: Result<PythonInterpreter, SandboxFailure>
  private let compilers: [(language: String, path: String?)]

  init() {
    found = Result { () throws(SandboxFailure) in try KeeperPool.keeper() }
    python = Result { () throws(SandboxFailure) in try PythonInterpreter.find() }
    let tools = ToolFinder()
    compilers = ProgramLanguage.all.compactMap { language in
      guard case .commands(let commands) = language.execution else { return nil }
      return (language.name, tools.path(ofFirst: commands.tools))
    }
  }

  /// The level of isolation that programs would run in, 0 where there is no sandbox.
  var level: Int { (try? found.get().isolation) ?? 0 }

  /// For people: names and what is to be said.
  var lines: [(String, String)] {
    var lines: [(String, String)] = []
    switch found {
    case .failure(let failure): lines.append(("sandbox", "none: \(failure.message)"))
    case .success(let keeper):
      let refused =
        keeper.isolation < SandboxIsolation.required
        ? "; programs are refused without --allow-weak-isolation" : ""
      lines.append(("sandbox", "level \(keeper.isolation) of 3\(refused)"))
      lines.append(("", keeper.layers.names.joined(separator: ", ")))
      lines += keeper.layers.missing.map { ("", $0) }
    }
    switch python {
    case .failure(let failure): lines.append(("programs", failure.message))
    case .success(let python):
      lines.append(("programs", "Python \(python.version) (\(python.path))"))
    }
    for (language, path) in compilers {
      lines.append(("", path.map { "\(language) (\($0))" } ?? "no compiler for \(language)"))
    }
    return lines
  }

  /// For machines.
  var json: JSON {
    var report: JSONObject = [:]
    switch found {
    case .failure(let failure):
      report["level"] = .null
      report["failure"] = .string(failure.message)
    case .success(let keeper):
      report["level"] = .integer(keeper.isolation)
      report["layers"] = .array(keeper.layers.names.map { .string($0) })
      report["missing"] = .array(keeper.layers.missing.map { .string($0) })
    }
    if case .success(let python) = python {
      report["python"] = ["path": .string(python.path), "version": .string(python.version)]
    } else {
      report["python"] = .null
    }
    for (language, path) in compilers { report[language] = path.map { .string($0) } ?? .null }
    return .object(report)
  }
}
