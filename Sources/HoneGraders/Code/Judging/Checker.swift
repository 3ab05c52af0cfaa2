/// A checker program, ready to decide whether outputs are right.
///
/// It runs in a sandbox of its own with the arguments `input.txt output.txt answer.txt`, and
/// answers by its exit code, as testlib has it: 0 is right, 1 and 2 are wrong; 3 and everything
/// else says that the checker failed, which leaves the case unscored.
struct Checker {
  /// What a checker says.
  enum Answer {
    case right
    case wrong(String)
    /// It could not decide: its own fault.
    case failed(String)
  }

  private let build: BuildResult
  private let language: ProgramLanguage
  private let limits: SandboxLimits

  /// Builds a checker.
  ///
  /// - Parameter limits: those of the program that is judged; the checker has more.
  init(
    _ source: CheckerSource, builder: ProgramBuilder, sandbox: any SandboxRunner,
    limits: SandboxLimits
  ) throws(SandboxFailure) {
    build = try builder.build(source.source, source.language, in: sandbox)
    language = source.language
    self.limits = SandboxLimits(
      cpuSeconds: max(10, 2 * limits.cpuSeconds),
      memoryBytes: max(1 << 30, limits.memoryBytes), outputBytes: 1 << 20)
  }

  /// Whether an output is right.
  func check(
    _ exchange: CodeTests.Exchange, output: [UInt8], in sandbox: any SandboxRunner
  ) throws(SandboxFailure) -> Answer {
    let program: BuiltProgram
    switch build {
    case .ready(let built): program = built
    case .rejected(let reason): return .failed("the checker does not compile: \(reason)")
    case .unavailable(let reason): return .failed("the checker cannot be built: \(reason)")
    }
    let files = [
      SandboxFile(name: "input.txt", bytes: exchange.input),
      SandboxFile(name: "output.txt", bytes: output),
      SandboxFile(name: "answer.txt", bytes: exchange.output),
    ]
    let run = try sandbox.run(
      program.job(arguments: files.map(\.name), files: files, limits: limits))
    let said = Excerpt.lastLine(run.errors) ?? Excerpt.lastLine(run.output)
    let words = said.map { ": \($0)" } ?? ""
    switch run.ending {
    case .exited(0): return .right
    // Python's own exit code for an uncaught exception is 1, which would read as "wrong".
    case .exited(1) where hasRaised(run): return .failed("the checker failed\(words)")
    case .exited(1), .exited(2): return .wrong("the checker says no\(words)")
    case let ending: return .failed("the checker \(ending.description)\(words)")
    }
  }

  private func hasRaised(_ run: SandboxOutcome) -> Bool {
    guard case .warmInterpreter = language.execution else { return false }
    let heading = "Traceback (most recent call last):"
    return run.errors.split(separator: UInt8(ascii: "\n"))
      .contains { $0.starts(with: heading.utf8) }
  }
}
