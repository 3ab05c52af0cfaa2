import HoneGraders
import HoneJSON
import Synchronization
import Testing

/// Programs in languages that are compiled.
@Suite struct NativeProgramTests {
  private static let tests: JSON = [
    "kind": "stdio", "cases": [["input": "1", "output": "1"], ["input": "2", "output": "2"]],
  ]

  /// A compiler that knows which sources are right, and programs that echo.
  private static func sandbox(
    rejecting: @escaping @Sendable (String) -> SandboxOutcome? = { _ in nil }
  ) -> FakeSandbox {
    FakeSandbox { job in
      guard case .command(let words) = job.program else { return .wrote("", code: 99) }
      if words[0] == "./program" { return .wrote(String(decoding: job.input, as: UTF8.self)) }
      let source = String(decoding: job.files[0].bytes, as: UTF8.self)
      if let outcome = rejecting(source) { return outcome }
      var outcome = SandboxOutcome.wrote("")
      outcome.collected = Array("binary of \(source)".utf8)
      return outcome
    }
  }

  @Test(
    "A program is compiled once and run for each case",
    arguments: [
      ("c", "gcc", "main.c", ["-O2", "-std=c17", "-w", "-o", "program", "main.c", "-lm"]),
      ("cpp", "g++", "main.cpp", ["-O2", "-std=c++20", "-w", "-o", "program", "main.cpp"]),
      ("swift", "swiftc", "main.swift", ["FOLDER", "main.swift", "program"]),
    ])
  func compiled(language: String, tool: String, file: String, arguments: [String]) throws {
    let folder = try ToolFolder([tool])
    let sandbox = Self.sandbox()
    let score = sandbox.score(
      tests: Self.tests, program: "source", language: language, tools: folder.tools)
    #expect(score.verdict == .correct)
    #expect(sandbox.jobs.count == 3)
    let build = sandbox.jobs[0]
    guard case .command(let words) = build.program else {
      Issue.record("\(build)")
      return
    }
    // A script gets the tool's folder, a plain command begins with the tool.
    let wanted =
      language == "swift"
      ? arguments.map { $0 == "FOLDER" ? folder.path : $0 }
      : [folder.path + "/" + tool] + arguments
    #expect(words.suffix(wanted.count) == wanted[...])
    #expect(build.files == [SandboxFile(name: file, bytes: Array("source".utf8))])
    #expect(build.collect == "program")
    #expect(build.limits.cpuSeconds >= 20)
    for job in sandbox.jobs.dropFirst() {
      guard case .command(["./program"]) = job.program else {
        Issue.record("\(job)")
        return
      }
      #expect(
        job.files == [
          SandboxFile(name: "program", bytes: Array("binary of source".utf8), isExecutable: true)
        ])
      #expect(job.limits.cpuSeconds == 4 && job.limits.memoryBytes >= 512 << 20)
    }
  }

  @Test("The first tool that is there is taken")
  func candidates() throws {
    let folder = try ToolFolder(["clang", "cc"])
    let sandbox = Self.sandbox()
    _ = sandbox.score(tests: Self.tests, language: "c", tools: folder.tools)
    guard case .command(let words)? = sandbox.jobs.first?.program else {
      Issue.record("nothing was run")
      return
    }
    #expect(words[0] == folder.path + "/cc")
  }

  @Test("Without a tool, the completion is unscored and the reason names what was looked for")
  func missingTool() throws {
    let folder = try ToolFolder(["g++"])
    let sandbox = Self.sandbox()
    let score = sandbox.score(tests: Self.tests, language: "swift", tools: folder.tools)
    #expect(score.verdict == .unscored)
    #expect(
      score.reason
        == "case 1: unscored: no compiler or interpreter for swift: wanted one of swiftc in \(folder.path)"
    )
    #expect(outcomes(score) == ["unscored", "not-run"])
    #expect(sandbox.jobs.isEmpty)
  }

  @Test("A program that does not compile says its first error")
  func rejected() throws {
    let folder = try ToolFolder(["g++"])
    let sandbox = Self.sandbox { source in
      source == "bad"
        ? .wrote(
          "", errors: "In file x:\nmain.cpp:1:1: error: 'bad' was not declared\nmore\n", code: 1)
        : nil
    }
    let score = sandbox.score(
      tests: Self.tests, program: "bad", language: "cpp", tools: folder.tools)
    #expect(score.verdict == .incorrect)
    #expect(outcomes(score) == ["compile-error", "not-run"])
    #expect(
      score.details["cases"]?[0]?["reason"] == "main.cpp:1:1: error: 'bad' was not declared")
    // A second job made sure that the compiler works.
    #expect(sandbox.jobs.count == 2)
  }

  @Test(
    "A compiler that a program wears out has rejected it",
    arguments: [
      (.cpuLimit, "used up its CPU time"), (.wallLimit, "took too long by the clock"),
      (.memoryLimit, "took more memory than it may"), (.outputLimit, "wrote more than it may"),
      (.signalled(11), "was ended by SIGSEGV"),
    ] as [(SandboxOutcome.Ending, String)])
  func bomb(ending: SandboxOutcome.Ending, words: String) throws {
    let folder = try ToolFolder(["gcc"])
    let sandbox = Self.sandbox { $0 == "bomb" ? SandboxOutcome(ending: ending) : nil }
    let score = sandbox.score(
      tests: Self.tests, program: "bomb", language: "c", tools: folder.tools)
    #expect(outcomes(score) == ["compile-error", "not-run"])
    #expect(score.details["cases"]?[0]?["reason"]?.string == "\(folder.path)/gcc \(words)")
  }

  @Test("A compiler that rejects a right sample is at fault itself")
  func brokenCompiler() throws {
    let folder = try ToolFolder(["gcc"])
    let sandbox = Self.sandbox { _ in .wrote("", errors: "fatal error: no stdio.h\n", code: 1) }
    let score = sandbox.score(tests: Self.tests, language: "c", tools: folder.tools)
    #expect(score.verdict == .unscored)
    #expect(
      score.reason
        == "case 1: unscored: \(folder.path)/gcc does not work on a sample that is right: fatal error: no stdio.h"
    )
  }

  @Test("A compiler that ends well without a program is at fault itself")
  func noBinary() throws {
    let folder = try ToolFolder(["gcc"])
    let sandbox = FakeSandbox { _ in .wrote("") }
    let score = sandbox.score(tests: Self.tests, language: "c", tools: folder.tools)
    #expect(score.verdict == .unscored)
    #expect(score.reason.contains("left no program"))
  }

  @Test("Memory that runs out in C++ is told by its last line")
  func badAlloc() throws {
    let folder = try ToolFolder(["g++"])
    let sandbox = FakeSandbox { job in
      guard case .command(let words) = job.program, words[0] != "./program" else {
        return SandboxOutcome(
          ending: .signalled(6),
          errors: Array(
            "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n"
              .utf8))
      }
      var outcome = SandboxOutcome.wrote("")
      outcome.collected = [1]
      return outcome
    }
    let score = sandbox.score(tests: Self.tests, language: "cpp", tools: folder.tools)
    #expect(outcomes(score) == ["memory-limit", "not-run"])
  }

  @Test("A language is a value: a script with a check command needs nothing else")
  func anotherLanguage() throws {
    let folder = try ToolFolder(["node"])
    let commands = ProgramCommands(
      tools: ["node"], sourceFile: "main.js", check: ["{tool}", "--check", "{source}"],
      compile: nil, run: ["{tool}", "{source}"], sample: "",
      buildLimits: SandboxLimits(cpuSeconds: 5, memoryBytes: 1 << 30, outputBytes: 1 << 20),
      processes: 16, extraMemoryBytes: 1 << 30)
    let language = ProgramLanguage(
      name: "javascript", tags: ["js"], kinds: [.stdio], execution: .commands(commands))
    let sandbox = FakeSandbox { job in
      guard case .command(let words) = job.program else { return .wrote("", code: 9) }
      return words.contains("--check") ? .wrote("") : .wrote("1")
    }
    let builder = ProgramBuilder(tools: folder.tools)
    guard case .ready(let program) = try builder.build("x", language, in: sandbox) else {
      Issue.record("not built")
      return
    }
    let job = program.job(
      input: [0x31],
      limits: SandboxLimits(cpuSeconds: 1, memoryBytes: 1 << 20, outputBytes: 1 << 20))
    guard case .command(let words) = job.program else {
      Issue.record("\(job)")
      return
    }
    #expect(words == [folder.path + "/node", "main.js"])
    #expect(job.files == [SandboxFile(name: "main.js", bytes: [UInt8(ascii: "x")])])
    #expect(job.limits.processes == 16 && job.limits.memoryBytes == (1 << 20) + (1 << 30))
  }

  @Test("Every language has a name and tags of its own, and a sample where it has a compiler")
  func table() {
    var names: Set<String> = []
    for language in ProgramLanguage.all {
      for name in Set(language.tags + [language.name]) {
        #expect(names.insert(name).inserted, "\(name)")
        #expect(name == name.lowercased())
        #expect(ProgramLanguage.named(name.uppercased()) == language)
      }
      #expect(!language.kinds.isEmpty)
      if case .commands(let commands) = language.execution {
        #expect(!commands.tools.isEmpty && !commands.sample.isEmpty)
        #expect(language.kinds == [.stdio])
      }
    }
    #expect(ProgramLanguage.named("fortran") == nil)
  }
}
