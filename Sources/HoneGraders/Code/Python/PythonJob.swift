import BigInt

/// A Python program on its way to a child of the warm interpreter.
package struct PythonProgram: Sendable, Hashable {
  /// Its text.
  package var source: String
  /// What the text compiles to, marshalled by the same interpreter; empty where the child is to
  /// compile it.
  package var code: [UInt8]

  /// Makes a program.
  package init(source: String, code: [UInt8] = []) {
    self.source = source
    self.code = code
  }
}

extension PythonProgram: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral source: String) { self.init(source: source) }
}

/// What a child of the warm interpreter is to do.
///
/// X runs a solution, J the trusted text of a test; a ``serve`` and a judge are run together,
/// joined by a link.
package enum PythonJob: Sendable {
  /// A whole program as `__main__`, from standard input to standard output.
  case stdio(_ program: PythonProgram, arguments: [String] = [])
  /// One call: the solution is loaded as a module, then the function is called.
  ///
  /// `function` may name a method, `Solution.solve`; where the solution has no such function but a
  /// class `Solution` with a method of that name, the method of a fresh instance is called.
  case call(
    _ program: PythonProgram, function: String, arguments: [TypedValue],
    keywords: [(name: String, value: TypedValue)] = [], outputBytes: Int = 1 << 20)
  /// A solution that answers the calls of a judge until the judge is done.
  case serve(_ program: PythonProgram, outputBytes: Int = 1 << 20)
  /// The judge of a HumanEval test: the prompt (with its helper functions), then the test's
  /// `check`, called with a stub that stands for the solution's `entryPoint`.
  case judgeHumanEval(prompt: String, test: String, entryPoint: String, outputBytes: Int = 1 << 20)
  /// The judge of a script: the setup, then the assertion; names that they need and do not define
  /// are stubs for the solution's.
  case judgeScript(setup: String, assertion: String, outputBytes: Int = 1 << 20)
  /// A standing process that compiles one source after the other; each arrives
  /// on the job pipe as ``frame(_:)``.
  case check

  /// The job's bytes on the job pipe.
  ///
  /// `outputBytes`, above 0, bounds the encoding of a result; see `Sources/CPythonDriver`.
  package func encoded() -> [UInt8] {
    switch self {
    case .stdio(let program, let arguments):
      Self.encoded([
        "mode": "stdio", "source": .string(program.source), "code": .bytes(program.code),
        "arguments": .list(arguments.map { .string($0) }),
      ])
    case .call(let program, let function, let arguments, let keywords, let outputBytes):
      Self.encoded([
        "mode": "call", "source": .string(program.source), "code": .bytes(program.code),
        "name": .string(function),
        "args": .list(arguments),
        "kwargs": .dictionary(keywords.map { TypedValue.Pair(.string($0.name), $0.value) }),
        "limit": .integer(BigInt(outputBytes)),
      ])
    case .serve(let program, let outputBytes):
      Self.encoded([
        "mode": "serve", "source": .string(program.source), "code": .bytes(program.code),
        "limit": .integer(BigInt(outputBytes)),
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
