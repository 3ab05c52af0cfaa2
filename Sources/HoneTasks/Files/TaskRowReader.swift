import HoneJSON

/// Reads one row by a layout.
struct TaskRowReader {
  let row: JSONObject
  let layout: TaskLayout
  let options: TaskOptions

  /// What a layout makes of a row.
  struct Parts {
    var question: String
    var answer: String?
    var tests: JSON?
    var completion: String?
    /// The grader that the layout calls for; a row's own name wins.
    var grader: String?
    var settings: JSONObject = [:]
  }

  /// The problem.
  ///
  /// - Throws: ``TaskError`` without a place; the caller knows it.
  func problem(defaultID: String) throws(TaskError) -> Problem {
    let parts = try parts()
    var problem = Problem(
      id: try name("id") ?? defaultID, question: parts.question, answer: parts.answer,
      grader: try text("grader") ?? parts.grader
        ?? (parts.tests == nil ? options.grader : "code"))
    problem.family = try text("family")
    problem.difficulty = try difficulty()
    problem.tests = parts.tests
    problem.completion = parts.completion
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
    for (key, value) in parts.settings.pairs + options.settings.pairs
    where problem.settings[key] == nil {
      problem.settings[key] = value
    }
    if layout.special == .countdown { problem.nameCountdown() }
    guard problem.isJudged || problem.completion != nil else {
      throw TaskError("no answer and no completion: \(missing)")
    }
    return problem
  }

  /// What a row would have to hold.
  private var missing: String {
    switch layout.special {
    case .conversation:
      "wanted a turn of the assistant at the end of \(layout.fields["question"] ?? "messages"), or an answer"
    default: "wanted a field '\(layout.fields[layout.judge] ?? layout.judge)'"
    }
  }

  // MARK: - Parts

  private func parts() throws(TaskError) -> Parts {
    if let code = layout.code {
      let (question, tests) = try codeProblem(code)
      let completion = try completion().map { code.demonstration($0) }
      return Parts(
        question: question, answer: try answer(), tests: tests, completion: completion)
    }
    if layout.special == .countdown { return try countdown() }
    var parts: Parts
    if layout.special == .conversation {
      let place = layout.fields["question"] ?? "messages"
      guard let turns = value("question")?.array else { throw TaskError("no array '\(place)'") }
      let conversation = try Conversation(turns, at: place)
      parts = Parts(
        question: try framed(conversation.question), completion: conversation.completion)
      if layout.fields["completion"] != place { parts.completion = try completion() }
    } else {
      parts = Parts(question: try question(), completion: try completion())
      if layout.special == .instruction { parts.question = try framed(parts.question) }
      if let tests = value("tests"), !tests.isNull { parts.tests = tests }
    }
    if layout.name == TaskLayout.verl, let truth = value("answer"),
      let known = try GroundTruth(truth, at: layout.fields["answer"] ?? "ground_truth")
    {
      switch known {
      case .answer(let text): parts.answer = try extracted(text)
      case .tests(let tests): parts.tests = tests
      case .countdown(let target, let numbers):
        parts.settings = ["target": target, "numbers": numbers]
        parts.grader = "countdown"
      }
      return parts
    }
    parts.answer = try answer(hasCompletion: parts.completion != nil)
    return parts
  }

  /// A countdown row without a question; it is asked as the family asks.
  private func countdown() throws(TaskError) -> Parts {
    guard let target = row["target"]?.int else {
      throw TaskError(
        "target is \((row["target"] ?? .null).kindDescription), wanted a whole number")
    }
    let numbers = row["nums"]?.array?.compactMap(\.int) ?? []
    guard !numbers.isEmpty, numbers.count == row["nums"]?.array?.count else {
      throw TaskError(
        "nums is \((row["nums"] ?? .null).kindDescription), wanted an array of whole numbers")
    }
    return Parts(
      question: "make \(target) from " + numbers.map(String.init).joined(separator: " "),
      grader: "countdown",
      settings: [
        "target": .integer(target), "numbers": .array(numbers.map { .integer($0) }),
      ])
  }

  /// A question with the row's system text before it and an instruction's input behind it.
  private func framed(_ question: String) throws(TaskError) -> String {
    if let history = row["history"]?.array, !history.isEmpty {
      throw TaskError("history holds \(history.count) earlier exchanges; one exchange can be read")
    }
    let system = try optionalText(row["system"] == nil ? "system_prompt" : "system")
    let input = layout.special == .instruction ? try optionalText("input") : ""
    return [system, question, input].filter { $0.contains { !$0.isWhitespace } }
      .joined(separator: "\n\n")
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
    guard !Conversation.endsWithAnswer(messages) else {
      throw TaskError(
        "\(place) holds a turn of 'assistant' at its end; a prompt ends with the user's")
    }
    return try Conversation(messages, at: place).question
  }

  /// A text, or the message that it is in.
  private func completion() throws(TaskError) -> String? {
    if let turns = value("completion")?.array {
      return try Conversation.completion(turns, at: layout.fields["completion"] ?? "completion")
    }
    return try text("completion")
  }

  private func answer(hasCompletion: Bool? = nil) throws(TaskError) -> String? {
    guard let place = layout.fields["answer"] else { return nil }
    guard let value = value("answer"), !value.isNull else {
      // Code problems, countdown targets and demonstrations come without an answer.
      let isOther = row["target"] != nil || hasCompletion ?? (self.value("completion") != nil)
      if isOther || self.value("tests") != nil { return nil }
      throw TaskError("no field '\(place)'")
    }
    guard let text = Self.exactText(value) else {
      throw TaskError(
        "\(place) is \(value.kindDescription), wanted a string or an exact number")
    }
    return try extracted(text)
  }

  /// The answer in a longer text, where it is to be looked for.
  private func extracted(_ text: String) throws(TaskError) -> String {
    guard let extract = layout.extract else { return text }
    guard let answer = ReferenceText.extract(extract, from: text) else {
      throw TaskError(
        "\(layout.fields["answer"] ?? "answer") holds no answer of the kind '\(extract.rawValue)'")
    }
    return answer
  }

  /// A string, a number that JSON has not rounded, or an array of one of them.
  static func exactText(_ value: JSON) -> String? {
    switch value {
    case .string(let string): string
    case .integer(let integer): String(integer)
    case .number(let number) where abs(number) < 0x1p53: value.serialized()
    case .array(let elements) where elements.count == 1:
      elements[0].array == nil ? exactText(elements[0]) : nil
    default: nil
    }
  }

  /// A whole number, or the number in `Level 5`; other levels are left out.
  private func difficulty() throws(TaskError) -> Int? {
    guard let value = value("difficulty"), !value.isNull else { return nil }
    if let number = value.int { return number }
    // DeepMath's 5.5 lies between levels.
    if let number = value.double { return Int(exactly: number) }
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

  func text(_ field: String) throws(TaskError) -> String? {
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
    // Most names are no paths, and most of the fields that are asked for are not there.
    guard path.utf8.contains(UInt8(ascii: ".")) else { return nil }
    var steps = path.split(separator: ".").map(String.init)[...]
    guard steps.count > 1, let first = steps.popFirst(), var value = row[first] else { return nil }
    for step in steps {
      guard let next = value[step] else { return nil }
      value = next
    }
    return value
  }
}

extension Problem {
  /// Whether there is anything to compare a completion with.
  fileprivate var isJudged: Bool { answer != nil || tests != nil || settings["target"] != nil }

  /// What the family of the same name would say of its own problem.
  fileprivate mutating func nameCountdown() {
    let family = Countdown()
    self.family = self.family ?? family.name
    let count = settings["numbers"]?.array?.count ?? 0
    if difficulty == nil, family.difficulties.contains(count - 1) { difficulty = count - 1 }
  }
}
