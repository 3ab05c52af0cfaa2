import HoneJSON

/// The layouts of published code problems, whose tests have to be put together from several fields.
///
/// A reference solution becomes the problem's answer, which `hone tasks check` grades like any
/// other reference. It is a demonstration only where that is asked for by
/// `fields: {completion: canonical_solution}` (HumanEval) or `{completion: code}` (MBPP): a
/// problem stays a problem. Demonstrations of whole programs are put in a block of ```python, where
/// the grader looks for them; HumanEval's continue the prompt.
enum CodeLayout: String, Sendable, Hashable {
  case humanEval = "HumanEval"
  case mbpp = "MBPP"
  case liveCodeBench = "LiveCodeBench"

  /// The layout of a row, or nil.
  static func recognised(_ row: JSONObject) -> CodeLayout? {
    let has = { (key: String) in row[key] != nil }
    if has("prompt"), has("entry_point"), has("test") { return .humanEval }
    if has("test_list"), has("text") || has("prompt") { return .mbpp }
    return has("question_content") && has("public_test_cases") ? .liveCodeBench : nil
  }

  /// Where our fields are, by the names that a file may have for each.
  var fields: [String: [String]] {
    switch self {
    case .humanEval:
      [
        "id": ["task_id"], "question": ["prompt"], "answer": ["canonical_solution"],
        "tests": ["test"],
      ]
    case .mbpp:
      [
        "id": ["task_id"], "question": ["text", "prompt"], "answer": ["code"],
        "tests": ["test_list"],
      ]
    case .liveCodeBench:
      [
        "id": ["question_id"], "question": ["question_content"], "family": ["platform"],
        "tests": ["public_test_cases"],
      ]
    }
  }

  /// A reference solution as a completion that the grader understands.
  func demonstration(_ solution: String) -> String {
    if self == .humanEval || solution.contains("```") { return solution }
    let end = solution.hasSuffix("\n") ? "" : "\n"
    return "```python\n\(solution)\(end)```"
  }

  /// What is read beside the field of the tests, for people.
  var testsNote: String {
    switch self {
    case .humanEval: "with prompt and entry_point"
    case .mbpp: "with test_setup_code and test_imports"
    case .liveCodeBench: "with private_test_cases, starter_code and metadata"
    }
  }
}

extension TaskRowReader {
  /// The question and the tests of a row of code problems.
  func codeProblem(_ code: CodeLayout) throws(TaskError) -> (question: String, tests: JSON) {
    let question = try question()
    switch code {
    case .humanEval: return (question, try humanEvalTests())
    case .mbpp:
      let asserts = try mbppAsserts()
      return (
        Self.mbppQuestion(question, asserts: asserts),
        [
          "kind": "script", "setup": .string(try mbppSetup()),
          "asserts": .array(asserts.map { .string($0) }),
        ]
      )
    case .liveCodeBench: return try liveCodeBenchProblem(question)
    }
  }

  /// A field of the row itself that must be a string.
  func requiredText(_ name: String) throws(TaskError) -> String {
    guard let value = row[name] else { throw TaskError("no field '\(name)'") }
    guard let text = value.string else {
      throw TaskError("\(name) is \(value.kindDescription), wanted a string")
    }
    return text
  }

  /// A field of the row itself that may be missing or null; `empty` then.
  func optionalText(_ name: String, empty: String = "") throws(TaskError) -> String {
    guard let value = row[name], !value.isNull else { return empty }
    return try requiredText(name)
  }
}
