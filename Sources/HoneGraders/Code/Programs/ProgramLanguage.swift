import Foundation

/// A programming language, as data: how its programs are found, checked, compiled and run.
///
/// Another language is another value in ``all``; nothing else has to change.
package struct ProgramLanguage: Sendable, Hashable {
  /// How programs are executed.
  package enum Execution: Sendable, Hashable {
    /// By the sandbox's warm Python interpreter.
    case warmInterpreter
    /// By commands in the sandbox.
    case commands(ProgramCommands)
  }

  /// The name in rows.
  package var name: String
  /// Tags of fenced blocks that hold such programs, in lower case; rows may use them as names.
  package var tags: [String]
  /// The kinds of tests that its programs can be put to.
  package var kinds: [CodeTests.Kind]
  /// How programs are executed.
  package var execution: Execution
  /// The start of the last line that a program leaves when its memory has run out.
  package var memoryMarkers: [String]

  /// Makes a language.
  package init(
    name: String, tags: [String], kinds: [CodeTests.Kind], execution: Execution,
    memoryMarkers: [String] = []
  ) {
    self.name = name
    self.tags = tags
    self.kinds = kinds
    self.execution = execution
    self.memoryMarkers = memoryMarkers
  }

  /// The language of a name or tag, in any letter case, or nil.
  package static func named(_ name: String) -> ProgramLanguage? {
    let wanted = name.lowercased()
    return all.first { $0.name == wanted || $0.tags.contains(wanted) }
  }
}

/// The commands of a language, each a list of words without a shell.
///
/// `{tool}` stands for the tool that was found, `{folder}` for the folder that it is in, links
/// followed, `{source}` and `{program}` for files of the scratch.
package struct ProgramCommands: Sendable, Hashable {
  /// Names of programs that can do it, the preferred one first.
  package var tools: [String]
  /// The name of the source file.
  package var sourceFile: String
  /// Looks at a program without running it, or nil; not needed where there is ``compile``.
  package var check: [String]?
  /// Turns `{source}` into `{program}`, or nil where the source itself is run.
  package var compile: [String]?
  /// Runs the program.
  package var run: [String]
  /// A right and small program; if it does not compile, the tool is at fault.
  package var sample: String
  /// What checking and compiling may use.
  package var buildLimits: SandboxLimits
  /// Processes and threads that a running program may have.
  package var processes: Int
  /// Bytes of address space that a running program is given beside its limit.
  package var extraMemoryBytes: Int

  /// The name of the compiled program in the scratch.
  package static let programFile = "program"

  /// Makes a set of commands.
  package init(
    tools: [String], sourceFile: String, check: [String]? = nil, compile: [String]?,
    run: [String], sample: String, buildLimits: SandboxLimits, processes: Int = 32,
    extraMemoryBytes: Int = 0
  ) {
    self.tools = tools
    self.sourceFile = sourceFile
    self.check = check
    self.compile = compile
    self.run = run
    self.sample = sample
    self.buildLimits = buildLimits
    self.processes = processes
    self.extraMemoryBytes = extraMemoryBytes
  }

  /// The folder that a tool is in, links of its own name followed.
  private static func folder(of tool: String) -> String {
    URL(fileURLWithPath: tool).resolvingSymlinksInPath().deletingLastPathComponent().path
  }

  /// The words of a command with everything put in.
  func filled(_ words: [String], tool: String) -> [String] {
    words.map { word in
      switch word {
      case "{tool}": tool
      case "{folder}": Self.folder(of: tool)
      case "{source}": sourceFile
      case "{program}": Self.programFile
      case "./{program}": "./" + Self.programFile
      default: word
      }
    }
  }
}
