import HoneJSON

/// What a child of the warm interpreter is to do; driver.py is the other end.
package enum PythonJob: Sendable {
  /// A whole program, from standard input to standard output.
  case stdio(source: String, arguments: [String])
  /// One call of a function that the program defines; the result takes at most `limit` bytes.
  case call(
    source: String, name: String, arguments: [TypedValue], keywords: [(String, TypedValue)],
    limit: Int)
  /// Calls, as a judge asks for them over the link.
  case serve(source: String, limit: Int)
  /// HumanEval's `check`, with a stub for the program's function.
  case judgeHumanEval(prompt: String, test: String, entryPoint: String, limit: Int)
  /// A line of assertions, with stubs for what it needs and does not define.
  case judgeScript(setup: String, assertion: String, limit: Int)
  /// Source texts to be compiled, one after the other, as the standing checker does.
  case check

  /// The job on the wire.
  package func encoded() -> [UInt8] {
    var pairs: [(String, TypedValue)]
    switch self {
    case .stdio(let source, let arguments):
      pairs = [
        ("mode", .text("stdio")), ("source", .text(source)),
        ("arguments", .sequence(.list, arguments.map { .text($0) })),
      ]
    case .call(let source, let name, let arguments, let keywords, let limit):
      pairs = [
        ("mode", .text("call")), ("source", .text(source)), ("name", .text(name)),
        ("args", .sequence(.list, arguments)),
        ("kwargs", .dictionary(keywords.map { .text($0.0) }, keywords.map(\.1))),
        ("limit", Self.number(limit)),
      ]
    case .serve(let source, let limit):
      pairs = [("mode", .text("serve")), ("source", .text(source)), ("limit", Self.number(limit))]
    case .judgeHumanEval(let prompt, let test, let entryPoint, let limit):
      pairs = [
        ("mode", .text("judge")), ("kind", .text("humaneval")), ("prompt", .text(prompt)),
        ("test", .text(test)), ("entry_point", .text(entryPoint)), ("limit", Self.number(limit)),
      ]
    case .judgeScript(let setup, let assertion, let limit):
      pairs = [
        ("mode", .text("judge")), ("kind", .text("script")), ("setup", .text(setup)),
        ("assert", .text(assertion)), ("limit", Self.number(limit)),
      ]
    case .check: pairs = [("mode", .text("check"))]
    }
    return TypedValue.dictionary(pairs.map { .text($0.0) }, pairs.map(\.1)).encoded()
  }

  private static func number(_ value: Int) -> TypedValue { TypedValue(json: .integer(value)) }
}
