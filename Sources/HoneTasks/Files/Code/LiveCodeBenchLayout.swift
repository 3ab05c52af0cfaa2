import Foundation
import HoneJSON

/// LiveCodeBench (Jain et al. 2024): cases of standard input and output, or calls of a function.
///
/// Cases are a JSON text inside the row; private ones may be the base64 of the zlib of the pickle
/// of that text.
extension TaskRowReader {
  /// The most bytes that the private cases of one row may unpack to: 256 MiB.
  static let maximumCaseBytes = 256 << 20

  func liveCodeBenchProblem(
    _ content: String
  ) throws(TaskError) -> (question: String, tests: JSON) {
    let publicPlace = layout.fields["tests"] ?? "public_test_cases"
    var cases = try Self.cases(value("tests"), publicPlace)
    cases += try Self.cases(row["private_test_cases"], "private_test_cases")
    guard let first = cases.first else {
      throw TaskError("\(publicPlace) and private_test_cases hold no case")
    }
    if let other = cases.first(where: { $0.isCall != first.isCall }) {
      throw TaskError("\(other.place) has another testtype than \(first.place)")
    }
    let starter = try optionalText("starter_code")
    let question = content + Self.instruction(starter: starter, isCall: first.isCall)
    guard first.isCall else {
      let pairs = cases.map {
        JSON.object(["input": .string($0.input), "output": .string($0.output)])
      }
      return (question, ["kind": "stdio", "cases": .array(pairs)])
    }
    var calls: [JSON] = []
    for test in cases { calls.append(try test.call()) }
    return (
      question,
      ["kind": "function", "name": .string(try functionName()), "cases": .array(calls)]
    )
  }

  private static func instruction(starter: String, isCall: Bool) -> String {
    let rest = "Put the whole program into one block of ```python."
    if !starter.isEmpty {
      return "\n\nComplete this code:\n```python\n\(starter)\n```\n\(rest)"
    }
    return isCall
      ? "\n\n\(rest)"
      : "\n\nRead standard input and write the answer to standard output. \(rest)"
  }

  /// `metadata` is a JSON text with `func_name`, or the object itself.
  private func functionName() throws(TaskError) -> String {
    var metadata = row["metadata"]
    if let text = metadata?.string { metadata = try Self.parsed(text, "metadata") }
    guard let name = metadata?["func_name"]?.string, !name.isEmpty else {
      throw TaskError("metadata names no func_name, wanted for cases that call a function")
    }
    return name
  }

  // MARK: - Cases

  private struct Case {
    var place: String
    var input: String
    var output: String
    var isCall: Bool

    /// Arguments stand one a line, as JSON; the result is JSON as well.
    func call() throws(TaskError) -> JSON {
      var arguments: [JSON] = []
      for line in input.split(separator: "\n") {
        arguments.append(try TaskRowReader.parsed(String(line), place + ".input"))
      }
      guard !arguments.isEmpty else {
        throw TaskError("\(place).input holds no argument, wanted one a line")
      }
      return [
        "args": .array(arguments), "expected": try TaskRowReader.parsed(output, place + ".output"),
      ]
    }
  }

  private static func cases(_ value: JSON?, _ place: String) throws(TaskError) -> [Case] {
    guard var value, !value.isNull else { return [] }
    if let text = value.string {
      if text.isEmpty { return [] }
      let isPlain = text.first { !$0.isWhitespace } == "["
      value = try parsed(isPlain ? text : unpacked(text, place), place)
    }
    guard let elements = value.array else {
      throw TaskError("\(place) is \(value.kindDescription), wanted an array of cases")
    }
    var cases: [Case] = []
    for (index, element) in elements.enumerated() {
      let place = "\(place)[\(index)]"
      guard let input = element["input"]?.string, let output = element["output"]?.string,
        let type = element["testtype"]?.string
      else { throw TaskError("\(place) wants the strings input, output and testtype") }
      guard type == "stdin" || type == "functional" else {
        throw TaskError("\(place).testtype is '\(type)', wanted stdin or functional")
      }
      cases.append(Case(place: place, input: input, output: output, isCall: type == "functional"))
    }
    return cases
  }

  private static func unpacked(_ text: String, _ place: String) throws(TaskError) -> String {
    guard let data = Data(base64Encoded: text) else {
      throw TaskError("\(place) is neither a JSON array nor base64")
    }
    do throws(TaskError) {
      return try PickledString.read(Inflate.inflated(data, .zlib, limit: maximumCaseBytes))
    } catch {
      throw TaskError("\(place): \(error.message)")
    }
  }

  private static func parsed(_ text: String, _ place: String) throws(TaskError) -> JSON {
    do {
      return try JSON.parse(text)
    } catch {
      throw TaskError("\(place) is not JSON: \(error)")
    }
  }
}
