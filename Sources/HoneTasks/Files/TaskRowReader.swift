import HoneJSON

/// Reads one row by a layout.
struct TaskRowReader {
  let row: JSONObject
  let layout: TaskLayout
  /// The grader of rows that name none and carry no tests.
  let grader: String

  /// The problem.
  ///
  /// - Throws: ``TaskError`` without a place; the caller knows it.
  func problem(defaultID: String) throws(TaskError) -> Problem {
    let (question, tests) = try questionAndTests()
    var problem = Problem(
      id: try name("id") ?? defaultID, question: question, answer: try answer(),
      grader: try text("grader") ?? (tests == nil ? grader : "code"))
    problem.family = try text("family")
    problem.difficulty = try difficulty()
    problem.tests = tests
    problem.completion = try text("completion").map { layout.code?.demonstration($0) ?? $0 }
    if let style = try text("style") {
      guard let known = DemonstrationStyle(rawValue: style) else {
        let styles = DemonstrationStyle.allCases.map(\.rawValue).joined(separator: ", ")
        throw TaskError("style is '\(style)', wanted one of \(styles)")
      }
      problem.style = known
    }
    for key in Problem.settingKeys {
      if let value = row[key] { problem.settings[key] = value }
    }
    return problem
  }

  // MARK: - Parts

  private func questionAndTests() throws(TaskError) -> (question: String, tests: JSON?) {
    if let code = layout.code { return try codeProblem(code) }
    let tests = value("tests")
    return (try question(), tests?.isNull == true ? nil : tests)
  }

  func question() throws(TaskError) -> String {
    let place = layout.fields["question"] ?? "question"
    guard let value = value("question") else { throw TaskError("no field '\(place)'") }
    let text: String
    switch value {
    case .string(let string): text = string
    case .array(let messages): text = try conversation(messages, place)
    default:
      throw TaskError("\(place) is \(value.kindDescription), wanted a string or messages")
    }
    guard text.contains(where: { !$0.isWhitespace }) else { throw TaskError("\(place) is empty") }
    return text
  }

  /// A conversation that ends with the user's turn, as one text.
  private func conversation(_ messages: [JSON], _ place: String) throws(TaskError) -> String {
    var parts: [String] = []
    for message in messages {
      guard let role = message["role"]?.string, let content = message["content"]?.string else {
        throw TaskError("\(place) holds a message without role and content")
      }
      guard role == "system" || role == "user" else {
        throw TaskError(
          "\(place) holds a turn of '\(role)'; only system and user turns make a question")
      }
      parts.append(content)
    }
    return parts.joined(separator: "\n\n")
  }

  private func answer() throws(TaskError) -> String? {
    guard let place = layout.fields["answer"] else { return nil }
    guard let value = value("answer"), !value.isNull else {
      // Code problems, countdown targets and demonstrations come without an answer.
      let isOther = row["target"] != nil || self.value("completion") != nil
      if isOther || self.value("tests") != nil { return nil }
      throw TaskError("no field '\(place)'")
    }
    let text: String
    switch value {
    case .string(let string): text = string
    case .integer(let integer): text = String(integer)
    case .number(let number) where abs(number) < 0x1p53: text = value.serialized()
    default:
      throw TaskError("\(place) is \(value.kindDescription), wanted a string or an exact number")
    }
    guard let extract = layout.extract else { return text }
    guard let answer = ReferenceText.extract(extract, from: text) else {
      throw TaskError("\(place) holds no answer of the kind '\(extract.rawValue)'")
    }
    return answer
  }

  /// A whole number, or the number in `Level 5`; other levels are left out.
  private func difficulty() throws(TaskError) -> Int? {
    guard let value = value("difficulty"), !value.isNull else { return nil }
    if let number = value.int { return number }
    guard let text = value.string else {
      throw TaskError(
        "\(layout.fields["difficulty"] ?? "difficulty") is \(value.kindDescription), "
          + "wanted a whole number")
    }
    return text.split(separator: " ").last.flatMap { Int($0) }
  }

  /// A string or a whole number, as text.
  private func name(_ field: String) throws(TaskError) -> String? {
    if let number = value(field)?.int { return String(number) }
    return try text(field)
  }

  private func text(_ field: String) throws(TaskError) -> String? {
    guard let value = value(field), !value.isNull else { return nil }
    guard let text = value.string else {
      throw TaskError(
        "\(layout.fields[field] ?? field) is \(value.kindDescription), wanted a string")
    }
    return text
  }

  /// The value of one of our fields, by its path in the row.
  func value(_ field: String) -> JSON? {
    guard let path = layout.fields[field] else { return nil }
    if let value = row[path] { return value }
    var steps = path.split(separator: ".").map(String.init)[...]
    guard steps.count > 1, let first = steps.popFirst(), var value = row[first] else { return nil }
    for step in steps {
      guard let next = value[step] else { return nil }
      value = next
    }
    return value
  }
}
