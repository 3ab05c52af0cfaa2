import BigInt

/// What a child of the warm interpreter is to do.
///
/// X runs a solution, J the trusted text of a test; a ``serve`` and a judge are run together,
/// joined by a link.
package enum PythonJob: Sendable {
  /// A whole program as `__main__`, from standard input to standard output.
  case stdio(source: String, arguments: [String] = [])
  /// One call: the solution is loaded as a module, then the function is called.
  ///
  /// `function` may name a method, `Solution.solve`; where the solution has no such function but a
  /// class `Solution` with a method of that name, the method of a fresh instance is called.
  case call(
    source: String, function: String, arguments: [TypedValue],
    keywords: [(name: String, value: TypedValue)] = [], outputBytes: Int = 1 << 20)
  /// A solution that answers the calls of a judge until the judge is done.
  case serve(source: String, outputBytes: Int = 1 << 20)
  /// The judge of a HumanEval test: the prompt (with its helper functions), then the test's
  /// `check`, called with a stub that stands for the solution's `entryPoint`.
  case judgeHumanEval(prompt: String, test: String, entryPoint: String, outputBytes: Int = 1 << 20)
  /// The judge of a script: the setup, then the assertion; names that they need and do not define
  /// are stubs for the solution's.
  case judgeScript(setup: String, assertion: String, outputBytes: Int = 1 << 20)
  /// A standing process that says of one source after the other whether it compiles; each arrives
  /// on the job pipe as ``frame(_:)``.
  case check

  /// The job's bytes on the job pipe.
  ///
  /// `outputBytes`, above 0, bounds the encoding of a result; see `Sources/CPythonDriver`.
  package func encoded() -> [UInt8] {
    switch self {
    case .stdio(let source, let arguments):
      Self.encoded([
        "mode": "stdio", "source": .string(source),
        "arguments": .list(arguments.map { .string($0) }),
      ])
    case .call(let source, let function, let arguments, let keywords, let outputBytes):
      Self.encoded([
        "mode": "call", "source": .string(source), "name": .string(function),
        "args": .list(arguments),
        "kwargs": .dictionary(keywords.map { TypedValue.Pair(.string($0.name), $0.value) }),
        "limit": .integer(BigInt(outputBytes)),
      ])
    case .serve(let source, let outputBytes):
      Self.encoded([
        "mode": "serve", "source": .string(source), "limit": .integer(BigInt(outputBytes)),
      ])
    case .judgeHumanEval(let prompt, let test, let entryPoint, let outputBytes):
      Self.encoded([
        "mode": "judge", "kind": "humaneval", "prompt": .string(prompt), "test": .string(test),
        "entry_point": .string(entryPoint), "limit": .integer(BigInt(outputBytes)),
      ])
    case .judgeScript(let setup, let assertion, let outputBytes):
      Self.encoded([
        "mode": "judge", "kind": "script", "setup": .string(setup), "assert": .string(assertion),
        "limit": .integer(BigInt(outputBytes)),
      ])
    case .check: Self.encoded(["mode": "check"])
    }
  }

  /// A source as a ``check`` reads it: its length, four bytes, then its UTF-8.
  package static func frame(_ source: String) -> [UInt8] {
    let bytes = Array(source.utf8)
    return withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { Array($0) } + bytes
  }

  private static func encoded(_ job: TypedValue) -> [UInt8] { job.encoded() }
}
