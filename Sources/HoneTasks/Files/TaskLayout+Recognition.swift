import HoneJSON

/// The layouts that are known, by the fields of a row.
extension TaskLayout {
  /// The names of the known layouts, for people.
  static let known =
    "own rows, GSM8K, MATH, MATH-500, AIME, HumanEval, MBPP, LiveCodeBench, prompt with an answer or "
    + "a completion, verl, countdown, messages, ShareGPT, Alpaca, input and output"

  static let verl = "verl"

  /// The names that a reference goes by, the plainest first.
  static let references = [
    "answer", "gold", "final_answer", "expected_answer", "correct_answer", "solution",
    "ground_truth",
  ]

  static func recognised(_ row: JSONObject) -> TaskLayout? {
    if let code = CodeLayout.recognised(row) {
      var layout = TaskLayout(name: code.rawValue, fields: present(code.fields, row), extract: nil)
      layout.code = code
      return layout
    }
    return countdown(row) ?? question(row) ?? problem(row) ?? prompt(row) ?? conversation(row)
      ?? instruction(row) ?? pair(row)
  }

  /// Rows of numbers and a target without a question (TinyZero's countdown).
  private static func countdown(_ row: JSONObject) -> TaskLayout? {
    let asked = ["question", "problem", "prompt", "messages"]
    guard row["target"] != nil, row["nums"] != nil, asked.allSatisfy({ row[$0] == nil }) else {
      return nil
    }
    var layout = TaskLayout(
      name: "countdown", fields: present(["id": ["id"]], row), extract: nil)
    layout.fields["question"] = "target"
    layout.special = .countdown
    return layout
  }

  private static func question(_ row: JSONObject) -> TaskLayout? {
    guard row["question"] != nil else {
      guard present(["question": ["question"]], row)["question"] != nil else { return nil }
      // Capital keys: a published file, not one of ours.
      return judged(
        "question with an answer",
        present(
          [
            "question": ["question"], "answer": references, "id": ["id"],
            "difficulty": ["difficulty", "level"],
          ], row))
    }
    let isGSM8K = row["answer"]?.string?.contains("#### ") ?? false
    if isGSM8K, row["grader"] == nil, row["family"] == nil {
      return TaskLayout(
        name: "GSM8K",
        fields: present(["id": ["id"], "question": ["question"], "answer": ["answer"]], row),
        extract: .hash4)
    }
    // Any of our fields may be missing in the first row and present in later ones. Other names for
    // the reference count as well.
    var fields = Dictionary(uniqueKeysWithValues: TaskOptions.fieldNames.map { ($0, $0) })
    fields["answer"] = references.first { row[$0] != nil } ?? "answer"
    var layout = TaskLayout(name: "own rows", fields: fields, extract: nil)
    if references.allSatisfy({ row[$0] == nil }) {
      if row["tests"] != nil {
        layout.judge = "tests"
      } else if row["completion"] != nil {
        layout.judge = "completion"
      } else if let response = ["response", "output"].first(where: { row[$0] != nil }) {
        layout.fields["completion"] = response
        layout.judge = "completion"
        layout.special = .instruction
      }
    }
    return layout
  }

  private static func problem(_ row: JSONObject) -> TaskLayout? {
    let fields = present(
      [
        "question": ["problem"], "id": ["unique_id", "id"], "family": ["subject", "type"],
        "difficulty": ["level", "difficulty"],
      ], row)
    guard let place = fields["question"] else { return nil }
    // The solution is a whole text, and the last resort.
    if let answer = present(["answer": references.filter { $0 != "solution" }], row)["answer"] {
      return TaskLayout(
        name: place == "problem" ? "MATH-500" : "AIME",
        fields: fields.merging(["answer": answer]) { $1 }, extract: nil)
    }
    guard let solution = present(["answer": ["solution"]], row)["answer"] else { return nil }
    return TaskLayout(
      name: "MATH", fields: fields.merging(["answer": solution]) { $1 }, extract: .boxed)
  }

  /// verl, TRL's prompt-only rows, and prompts with completions.
  private static func prompt(_ row: JSONObject) -> TaskLayout? {
    guard row["prompt"] != nil else { return nil }
    if row["reward_model"]?["ground_truth"] != nil {
      var fields = ["question": "prompt", "answer": "reward_model.ground_truth"]
      // The index is the row's name in that layout; published files repeat rows.
      if row["extra_info"]?["index"] != nil { fields["id"] = "extra_info.index" }
      return TaskLayout(name: verl, fields: fields, extract: nil)
    }
    let fields = present(
      [
        "question": ["prompt"], "id": ["id"], "completion": ["completion", "response"],
        "answer": ["answer", "solution", "ground_truth"]
          + references.filter { !["answer", "solution", "ground_truth"].contains($0) },
      ], row)
    if let answer = fields["answer"] {
      let text = row[answer]?.string ?? ""
      let extract: TaskOptions.Extract? =
        text.contains("#### ") ? .hash4 : text.contains("\\boxed") ? .boxed : nil
      return TaskLayout(name: "prompt with an answer", fields: fields, extract: extract)
    }
    return fields["completion"] == nil ? nil : judged("prompt with a completion", fields)
  }

  /// Whole conversations: OpenAI's `messages`, or ShareGPT's turns of `from` and `value`.
  private static func conversation(_ row: JSONObject) -> TaskLayout? {
    let names = ["messages", "conversations", "conversation"]
    guard let place = names.first(where: { row[$0]?.array != nil }) else { return nil }
    let isShareGPT = row[place]?[0]?["from"] != nil
    var layout = judged(
      isShareGPT ? "ShareGPT" : "messages",
      present(["answer": references, "id": ["id"], "difficulty": ["difficulty"]], row)
        .merging(["question": place, "completion": place]) { $1 })
    layout.special = .conversation
    return layout
  }

  /// Alpaca and its kin: an instruction, sometimes with an input, and what is to be written.
  private static func instruction(_ row: JSONObject) -> TaskLayout? {
    let fields = present(
      [
        "question": ["instruction"], "completion": ["output", "response", "completion"],
        "answer": references, "id": ["id"],
      ], row)
    guard fields["question"] != nil, fields["completion"] ?? fields["answer"] != nil else {
      return nil
    }
    var layout = judged("Alpaca", fields)
    layout.special = .instruction
    return layout
  }

  /// Two texts under plain names.
  private static func pair(_ row: JSONObject) -> TaskLayout? {
    let pairs = [
      ("input", "output", ["target"]), ("query", "response", []),
    ]
    for (question, completion, more) in pairs {
      let fields = present(
        [
          "question": [question], "completion": [completion], "answer": references + more,
          "id": ["id"],
        ], row)
      guard fields["question"] != nil, fields["completion"] ?? fields["answer"] != nil else {
        continue
      }
      return judged("\(question) and \(fields["completion"] ?? fields["answer"] ?? "")", fields)
    }
    return nil
  }

  /// A layout whose judge is the answer where there is one, else the completion.
  private static func judged(_ name: String, _ fields: [String: String]) -> TaskLayout {
    var layout = TaskLayout(name: name, fields: fields, extract: nil)
    if fields["answer"] == nil { layout.judge = "completion" }
    return layout
  }

  /// The first name that a row has for each field; published files also write keys with capitals.
  private static func present(
    _ candidates: [String: [String]], _ row: JSONObject
  ) -> [String: String] {
    var fields: [String: String] = [:]
    for (name, names) in candidates {
      let spelled = names.flatMap {
        [$0, $0.prefix(1).uppercased() + $0.dropFirst(), $0.uppercased()]
      }
      if let found = spelled.first(where: { row[$0] != nil }) { fields[name] = found }
    }
    return fields
  }
}
