import HoneJSON

extension Problem {
  /// The keys of a row that a grader may want to see.
  static let settingKeys = [
    "mode", "policy", "numbers", "target", "language", "time_limit", "memory_limit_mb",
    "output_limit_kb", "tolerance", "checker", "credit",
  ]

  /// The problem as a row: `id`, `question`, `answer`, `grader`, `family`, `difficulty` and,
  /// where present, the tests, the grader's settings and the demonstration.
  public var json: JSON {
    var row: JSONObject = ["id": .string(id), "question": .string(question)]
    if let answer { row["answer"] = .string(answer) }
    row["grader"] = .string(grader)
    if let family { row["family"] = .string(family) }
    if let difficulty { row["difficulty"] = .integer(difficulty) }
    if let tests { row["tests"] = tests }
    row.merge(settings)
    if let completion { row["completion"] = .string(completion) }
    if let style { row["style"] = .string(style.rawValue) }
    return .object(row)
  }

  /// The row as one line, ending with a newline.
  public var line: String { json.serialized() + "\n" }
}

extension Problem {
  /// The rows of several problems as the text of a JSON Lines file.
  public static func lines(_ problems: [Problem]) -> String {
    problems.map(\.line).joined()
  }
}
