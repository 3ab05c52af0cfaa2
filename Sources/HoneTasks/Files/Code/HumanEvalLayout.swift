import HoneJSON

/// HumanEval (Chen et al. 2021): a prompt to be continued, and a text that defines `check`.
extension TaskRowReader {
  func humanEvalTests() throws(TaskError) -> JSON {
    let place = layout.fields["tests"] ?? "test"
    guard let value = value("tests") else { throw TaskError("no field '\(place)'") }
    guard let test = value.string else {
      throw TaskError("\(place) is \(value.kindDescription), wanted a string")
    }
    guard test.contains("def check") else {
      throw TaskError("\(place) defines no function 'check'")
    }
    let name = try requiredText("entry_point")
    guard !name.isEmpty else { throw TaskError("entry_point is empty, wanted a function's name") }
    return [
      "kind": "humaneval", "prompt": .string(try requiredText("prompt")),
      "entry_point": .string(name), "test": .string(test),
    ]
  }
}
