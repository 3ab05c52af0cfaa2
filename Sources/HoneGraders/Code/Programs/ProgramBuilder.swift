/// A program that can be run, in the language's own way.
package enum BuiltProgram: Sendable {
  /// Python for the warm interpreter.
  case python(PythonProgram)
  /// Files for the scratch, a command, and what its processes need beside the task's limits.
  case command([String], files: [SandboxFile], processes: Int, extraMemoryBytes: Int)
}

/// What came of building a program.
package enum BuildResult: Sendable {
  /// It can be run.
  case ready(BuiltProgram)
  /// It does not parse or compile; why.
  case rejected(String)
  /// It cannot be told, since a tool is missing or broken; why.
  case unavailable(String)
}

/// Checks and compiles programs in a sandbox; each (language, source) that compiles, once.
package final class ProgramBuilder: Sendable {
  private struct Key: Hashable, Sendable {
    var language: String
    var source: [UInt8]
  }

  private let tools: ToolFinder
  private let results: OnceCache<Key, Result<BuildResult, SandboxFailure>>

  /// Makes a builder that remembers up to 256 MiB of compiled programs.
  package init(tools: ToolFinder) {
    self.tools = tools
    results = OnceCache(maximumCount: 256, maximumCost: 256 << 20)
  }

  /// Builds a program.
  package func build(
    _ source: String, _ language: ProgramLanguage, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> BuildResult {
    switch language.execution {
    case .warmInterpreter:
      switch try sandbox.check(source) {
      case .defect(let defect): return .rejected(Excerpt.shown(defect.utf8))
      case .compiles(let code): return .ready(.python(PythonProgram(source: source, code: code)))
      }
    case .commands(let commands):
      guard let tool = tools.path(ofFirst: commands.tools) else {
        return .unavailable(
          "no compiler or interpreter for \(language.name): wanted one of "
            + commands.tools.joined(separator: ", ") + " in \(tools.folders.joined(separator: ":"))"
        )
      }
      let build = CommandBuild(language: language.name, commands: commands, tool: tool)
      let result = try remembered(source, language) { () throws(SandboxFailure) -> BuildResult in
        try build.build(source, in: sandbox)
      }
      guard case .rejected = result else { return result }
      // Is it the program, or the tool? A sample that is surely right tells.
      let sample = try remembered(commands.sample, language) {
        () throws(SandboxFailure) -> BuildResult in
        try build.build(commands.sample, in: sandbox)
      }
      if case .rejected(let reason) = sample {
        return .unavailable("\(tool) does not work on a sample that is right: \(reason)")
      }
      return result
    }
  }

  private func remembered(
    _ source: String, _ language: ProgramLanguage,
    make: () throws(SandboxFailure) -> BuildResult
  ) throws(SandboxFailure) -> BuildResult {
    let key = Key(language: language.name, source: Array(source.utf8))
    return try results.value(of: key) {
      let result = Result { () throws(SandboxFailure) -> BuildResult in try make() }
      guard case .success(.ready(.command(_, let files, _, _))) = result else {
        return (result, nil)
      }
      return (result, files.reduce(key.source.count) { $0 + $1.bytes.count })
    }.get()
  }
}

/// One build by the commands of a language.
struct CommandBuild {
  let language: String
  let commands: ProgramCommands
  let tool: String

  func build(
    _ source: String, in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> BuildResult {
    let file = SandboxFile(name: commands.sourceFile, bytes: Array(source.utf8))
    if let check = commands.check, let defect = try failure(of: check, file, in: sandbox).reason {
      return .rejected(defect)
    }
    var files = [file]
    if let compile = commands.compile {
      let (reason, program) = try failure(
        of: compile, file, collecting: ProgramCommands.programFile, in: sandbox)
      if let reason { return .rejected(reason) }
      guard let program else {
        return .unavailable("\(tool) ended well but left no program")
      }
      files = [SandboxFile(name: ProgramCommands.programFile, bytes: program, isExecutable: true)]
    }
    return .ready(
      .command(
        commands.filled(commands.run, tool: tool), files: files, processes: commands.processes,
        extraMemoryBytes: commands.extraMemoryBytes))
  }

  /// Runs a command on the source; the reason is nil where it ended well.
  private func failure(
    of words: [String], _ file: SandboxFile, collecting name: String? = nil,
    in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> (reason: String?, file: [UInt8]?) {
    let outcome = try sandbox.run(
      SandboxJob(
        program: .command(commands.filled(words, tool: tool)), files: [file], collect: name,
        limits: commands.buildLimits))
    switch outcome.ending {
    case .exited(0): return (nil, outcome.collected)
    case .exited(let code):
      return (Self.firstError(outcome) ?? "\(tool) ended with exit code \(code)", nil)
    case let ending: return ("\(tool) \(ending.description)", nil)
    }
  }

  /// The first line that speaks of an error, or else the first line.
  private static func firstError(_ outcome: SandboxOutcome) -> String? {
    let lines = (outcome.errors + outcome.output).prefix(65_536)
      .split(separator: UInt8(ascii: "\n"), maxSplits: 200)
    let line = lines.first { String(decoding: $0, as: UTF8.self).contains("error") } ?? lines.first
    return line.map { Excerpt.shown($0) }
  }
}
