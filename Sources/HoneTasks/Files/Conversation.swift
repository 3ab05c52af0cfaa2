import HoneJSON

/// A conversation as a row holds it, taken apart into what is asked and what is answered.
///
/// Turns are OpenAI's (`role`, `content`) or ShareGPT's (`from`, `value`). One exchange can be
/// represented: system and user turns, then at most one turn of the assistant at the end.
struct Conversation {
  private enum Role { case asking, answering }

  /// The system and user turns, as one text.
  var question: String
  /// The assistant's turn at the end, or nil where the user's turn is the last.
  var completion: String?

  /// Reads the turns.
  ///
  /// - Throws: ``TaskError`` without file: a turn that is malformed or that cannot be represented.
  init(_ turns: [JSON], at place: String) throws(TaskError) {
    var parts: [String] = []
    for (index, turn) in turns.enumerated() {
      let here = "\(place)[\(index)]"
      let (name, text) = try Self.turn(turn, here)
      guard let role = Self.role(name) else {
        throw TaskError(
          "\(here) is a turn of '\(name)', wanted system, user and at the end assistant: calls of "
            + "tools are not read")
      }
      switch role {
      case .asking: parts.append(text)
      case .answering:
        guard index == turns.count - 1 else {
          throw TaskError(
            "\(here) is a turn of '\(name)' before the end; one exchange can be read, not several. "
              + "Write a row for each exchange, or leave such rows out (on_error: skip)")
        }
        completion = text
      }
    }
    question = parts.joined(separator: "\n\n")
    guard question.contains(where: { !$0.isWhitespace }) else {
      throw TaskError("\(place) holds no turn of the user")
    }
  }

  /// The text of a completion that is written as messages: one turn of the assistant.
  static func completion(_ turns: [JSON], at place: String) throws(TaskError) -> String {
    guard turns.count == 1, let only = turns.first else {
      throw TaskError("\(place) is an array of \(turns.count), wanted a string or one message")
    }
    let (name, text) = try turn(only, "\(place)[0]")
    guard role(name) == .answering else {
      throw TaskError("\(place)[0] is a turn of '\(name)', wanted assistant")
    }
    return text
  }

  /// Whether the last turn is the assistant's.
  static func endsWithAnswer(_ turns: [JSON]) -> Bool {
    let name = turns.last.flatMap { $0["role"] ?? $0["from"] }?.string
    return name.flatMap(role) == .answering
  }

  private static func role(_ name: String) -> Role? {
    switch name {
    case "system", "user", "human", "developer": .asking
    case "assistant", "gpt", "model", "bot", "chatgpt": .answering
    default: nil
    }
  }

  private static func turn(_ turn: JSON, _ place: String) throws(TaskError) -> (String, String) {
    guard let role = (turn["role"] ?? turn["from"])?.string else {
      throw TaskError("\(place) is no message: wanted role and content (or from and value)")
    }
    if let calls = turn["tool_calls"], !calls.isNull, calls.array?.isEmpty != true {
      throw TaskError("\(place) calls tools, which is not read")
    }
    let content = turn["content"] ?? turn["value"] ?? .null
    if let text = content.string { return (role, text) }
    // OpenAI's content in parts; pictures and sound have no text.
    guard let parts = content.array, !parts.isEmpty else {
      throw TaskError("\(place) has content that is \(content.kindDescription), wanted a string")
    }
    var text = ""
    for (index, part) in parts.enumerated() {
      guard let piece = part["text"]?.string, part["type"]?.string ?? "text" == "text" else {
        let kind = part["type"]?.string.map { "of type '\($0)'" } ?? "no text"
        throw TaskError("\(place).content[\(index)] is \(kind), wanted type 'text'")
      }
      text += piece
    }
    return (role, text)
  }
}
