public import HoneJSON

extension Submission {
  /// Keys with a place of their own in a submission; the others are settings for the grader.
  private static let ownKeys: Set<String> = [
    "id", "completion", "prompt", "completion_tokens", "tokens", "max_completion_length",
    "is_truncated", "truncated", "reward_model",
  ]

  /// Reads a row of the pipe, of TRL or verl, or of an evaluation's samples.
  ///
  /// - `completion`: a text, or a chat's messages, of which the last turn of the assistant counts.
  /// - the reference: see ``RowReference``; not every grader needs one.
  /// - `prompt`: a text or messages.
  /// - `completion_tokens` (or `tokens`), `max_completion_length`, `is_truncated` (or `truncated`).
  ///
  /// - Throws: ``GraderError`` with the key, the value seen and the value wanted. What is wrong with the
  ///   reference alone is a defect that graders report which need it.
  public init(row: JSONObject) throws(GraderError) {
    if let id = row["id"], id.string == nil, id.int == nil, !id.isNull {
      throw GraderError("id is \(id.kindDescription), wanted a string")
    }
    guard let completion = row["completion"], !completion.isNull else {
      throw GraderError("no completion")
    }
    self.init(completion: try RowMessages.completion(completion))
    id = row["id"]?.string ?? row["id"]?.int.map(String.init) ?? ""
    switch RowReference.reference(in: row) {
    case .success(let text): reference = text
    case .failure(let defect): referenceDefect = defect.message
    }
    if let prompt = row["prompt"] {
      let ending = RowMessages.prompt(prompt)
      self.prompt = ending.question
      beginsInReasoning = Self.opensReasoning(ending.last)
    }
    completionTokens = row["completion_tokens"]?.int ?? row["tokens"]?.int
    maximumTokens = row["max_completion_length"]?.int
    isTruncated = row["is_truncated"]?.bool ?? row["truncated"]?.bool ?? false
    for (key, value) in row.pairs
    where !Self.ownKeys.contains(key) && !RowReference.keys.contains(key) {
      fields[key] = value
    }
  }
}

/// A chat's messages, as prompts and completions of rows hold them.
enum RowMessages {
  private static let wanted = "a string or a list of messages with a turn of the assistant"

  /// The text of a completion: its own, or the content of the last turn of the assistant.
  static func completion(_ value: JSON) throws(GraderError) -> String {
    if let text = value.string { return text }
    let messages = value.array ?? (value["role"] == nil ? [] : [value])
    guard value.array != nil || !messages.isEmpty else {
      throw GraderError("completion is \(value.kindDescription), wanted \(wanted)")
    }
    guard let index = messages.lastIndex(where: { $0["role"]?.string == "assistant" }) else {
      let roles = messages.map { $0["role"]?.string ?? $0.kindDescription }.prefix(8)
      throw GraderError(
        messages.isEmpty
          ? "completion holds no messages, wanted \(wanted)"
          : "completion has no turn of the assistant, only \(roles.joined(separator: ", "))")
    }
    guard let text = content(messages[index]) else {
      throw GraderError(
        "completion[\(index)].content is \(messages[index]["content"]?.kindDescription ?? "missing"), "
          + "wanted a string or a list of parts with text")
    }
    return text
  }

  /// The question of a prompt, and the text that it ends with.
  static func prompt(_ value: JSON) -> (question: String, last: String) {
    if let text = value.string { return (text, text) }
    let messages = value.array ?? []
    let question = messages.last { $0["role"]?.string == "user" }.flatMap(content) ?? ""
    return (question, messages.last.flatMap(content) ?? "")
  }

  /// The content of a message: a text, or parts of which those of type `text` count.
  private static func content(_ message: JSON) -> String? {
    guard let content = message["content"] else { return nil }
    if let text = content.string { return text }
    // A turn that only calls tools has no content, and says nothing.
    if content.isNull { return "" }
    guard let parts = content.array else { return nil }
    var text = ""
    for part in parts {
      if let words = part.string ?? part["text"]?.string {
        text += words
      } else if part["type"]?.string == nil {
        return nil
      }
    }
    return text
  }
}
