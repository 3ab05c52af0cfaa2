import HoneJSON

/// What a reward model of verl's layout compares with.
///
/// Beside a text or a number, published files put JSON there, often as a string: one answer in a list
/// (Skywork-OR1), inputs and outputs of a program (PRIME), a target with numbers (TinyZero). It is
/// read as what it is or refused; as a text no answer would ever equal it.
enum GroundTruth {
  /// An answer to compare with.
  case answer(String)
  /// Tests of a program.
  case tests(JSON)
  /// A countdown problem.
  case countdown(target: JSON, numbers: JSON)

  /// Reads the value at a place; nil where it is none of these kinds, and the usual rules decide.
  ///
  /// - Throws: ``TaskError`` without file.
  init?(_ value: JSON, at place: String) throws(TaskError) {
    switch value {
    case .string(let text):
      let start = text.first { !$0.isWhitespace }
      // `[0, 1]` and `{1, 2}` are an interval and a set; JSON with strings or keys is no answer.
      guard start == "[" || start == "{", let json = try? JSON.parse(text) else { return nil }
      switch json {
      case .array(let elements) where elements.contains(where: { $0.string != nil }):
        self = .answer(try Self.only(elements, place, "JSON in a string, "))
      case .object(let object): try self.init(object, place, "JSON in a string, ")
      default: return nil
      }
    case .array(let elements): self = .answer(try Self.only(elements, place, ""))
    case .object(let object): try self.init(object, place, "")
    default: return nil
    }
  }

  private init(_ object: JSONObject, _ place: String, _ form: String) throws(TaskError) {
    if let target = object["target"], let numbers = object["numbers"] ?? object["nums"] {
      self = .countdown(target: target, numbers: numbers)
      return
    }
    guard let inputs = object["inputs"]?.array, let outputs = object["outputs"]?.array else {
      throw TaskError(
        "\(place) is \(form)an object with \(object.keys.prefix(6).joined(separator: ", ")); read are "
          + "an answer, inputs with outputs, and a target with numbers")
    }
    if let name = object["fn_name"], !name.isNull {
      throw TaskError(
        "\(place) tests calls of \(name.string ?? "a function"), and such files do not say whether a "
          + "result is wrapped in a list; write tests of kind 'function' instead")
    }
    guard inputs.count == outputs.count, !inputs.isEmpty else {
      throw TaskError(
        "\(place) has \(inputs.count) inputs and \(outputs.count) outputs, wanted as many of both")
    }
    var cases: [JSON] = []
    for (index, (input, output)) in zip(inputs, outputs).enumerated() {
      guard let input = input.string, let output = output.string else {
        throw TaskError(
          "\(place): case \(index) holds \(input.kindDescription) and \(output.kindDescription), "
            + "wanted two strings")
      }
      cases.append(["input": .string(input), "output": .string(output)])
    }
    self = .tests(["kind": "stdio", "cases": .array(cases)])
  }

  private static func only(
    _ elements: [JSON], _ place: String, _ form: String
  ) throws(TaskError) -> String {
    guard elements.count == 1, let answer = TaskRowReader.exactText(elements[0]) else {
      throw TaskError(
        "\(place) is \(form)a list of \(elements.count), wanted one answer; several acceptable "
          + "answers are not compared with")
    }
    return answer
  }
}
