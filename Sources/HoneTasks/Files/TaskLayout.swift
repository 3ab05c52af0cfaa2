import HoneJSON

/// Where the parts of a problem are in the rows of a file.
public struct TaskLayout: Sendable, Hashable, CustomStringConvertible {
  /// The name of the layout: `GSM8K`, for instance.
  public var name: String
  /// Our field names to the file's, with points where a field lies in an object.
  public var fields: [String: String]
  /// How the answer is taken from its field; nil takes the whole field.
  public var extract: TaskOptions.Extract?
  /// How question and tests are put together, for published code problems.
  var code: CodeLayout?
  /// Our field that says what is right, by the first row: `answer`, or `tests`.
  var judge: String = "answer"

  /// Makes a layout of fields that need no putting together.
  public init(name: String, fields: [String: String], extract: TaskOptions.Extract?) {
    self.name = name
    self.fields = fields
    self.extract = extract
  }

  /// One line that tells what is read from where.
  public var description: String {
    // Fields under their own names need no mention, but for the two that matter most.
    let known = TaskOptions.fieldNames.filter { name in
      guard let place = fields[name] else { return false }
      return place != name || name == "question" || name == judge
    }
    let parts = known.map { name in
      let place = "\(name) <- \(fields[name] ?? name)"
      if name == "tests", let code { return "\(place) (\(code.testsNote))" }
      guard name == "answer", let extract else { return place }
      return "\(place) (\(extract.rawValue))"
    }
    return "\(name): " + parts.joined(separator: ", ")
  }

  /// Recognises the layout of a row by its fields.
  ///
  /// - Parameters:
  ///   - row: The first row of a file.
  ///   - options: Fields and extraction that override what is recognised.
  /// - Throws: ``TaskError`` that lists the row's fields and the known layouts.
  public static func detect(
    _ row: JSONObject, options: TaskOptions
  ) throws(TaskError) -> TaskLayout {
    for name in options.fields.keys.sorted() where !TaskOptions.fieldNames.contains(name) {
      throw TaskError(
        "fields: '\(name)' is no field of a problem; known are: "
          + TaskOptions.fieldNames.joined(separator: ", "))
    }
    var layout =
      recognised(row) ?? TaskLayout(name: "given fields", fields: [:], extract: nil)
    layout.fields.merge(options.fields) { _, given in given }
    layout.extract = options.extract ?? layout.extract
    guard layout.fields["question"] != nil else {
      throw TaskError(
        "fields \(row.keys.joined(separator: ", ")) match no known layout (own rows, GSM8K, MATH,"
          + " MATH-500, HumanEval, MBPP, LiveCodeBench, prompt with an answer, verl); say where to find things, for instance"
          + " fields: {question: \(row.keys.first ?? "text"), answer: ...}")
    }
    return layout
  }

  private static func recognised(_ row: JSONObject) -> TaskLayout? {
    let has = { (key: String) in row[key] != nil }
    if let code = CodeLayout.recognised(row) {
      var layout = TaskLayout(
        name: code.rawValue, fields: present(code.fields, row), extract: nil)
      layout.code = code
      return layout
    }
    if has("question") {
      let isGSM8K = row["answer"]?.string?.contains("#### ") ?? false
      if isGSM8K, !has("grader"), !has("family") {
        return TaskLayout(
          name: "GSM8K", fields: present(["id": ["id"]], row, ["question", "answer"]),
          extract: .hash4)
      }
      // Any of our fields may be missing in the first row and present in later ones. Other
      // names for the reference count as well.
      var fields = Dictionary(uniqueKeysWithValues: TaskOptions.fieldNames.map { ($0, $0) })
      let names = ["answer", "gold", "solution", "ground_truth"]
      fields["answer"] = names.first { row[$0] != nil } ?? "answer"
      var layout = TaskLayout(name: "own rows", fields: fields, extract: nil)
      if has("tests"), names.allSatisfy({ row[$0] == nil }) { layout.judge = "tests" }
      return layout
    }
    if has("problem") {
      let fields = present(
        [
          "question": ["problem"], "id": ["unique_id", "id"], "family": ["subject", "type"],
          "difficulty": ["level", "difficulty"],
        ], row)
      if has("answer") {
        return TaskLayout(
          name: "MATH-500", fields: fields.merging(["answer": "answer"]) { $1 }, extract: nil)
      }
      guard has("solution") else { return nil }
      return TaskLayout(
        name: "MATH", fields: fields.merging(["answer": "solution"]) { $1 }, extract: .boxed)
    }
    return has("prompt") ? promptLayout(row) : nil
  }

  /// verl, TRL's prompt-only rows, and prompts with completions.
  private static func promptLayout(_ row: JSONObject) -> TaskLayout? {
    if row["reward_model"]?["ground_truth"] != nil {
      var fields = ["question": "prompt", "answer": "reward_model.ground_truth"]
      // The index is the row's name in that layout; published files repeat rows.
      if row["extra_info"]?["index"] != nil { fields["id"] = "extra_info.index" }
      return TaskLayout(name: "verl", fields: fields, extract: nil)
    }
    let fields = present(
      [
        "question": ["prompt"], "answer": ["answer", "solution", "ground_truth"], "id": ["id"],
        "completion": ["completion"],
      ], row)
    if let answer = fields["answer"] {
      let text = row[answer]?.string ?? ""
      let extract: TaskOptions.Extract? =
        text.contains("#### ") ? .hash4 : text.contains("\\boxed") ? .boxed : nil
      return TaskLayout(name: "prompt with an answer", fields: fields, extract: extract)
    }
    return fields["completion"] == nil
      ? nil : TaskLayout(name: "prompt with a completion", fields: fields, extract: nil)
  }

  /// The first name that a row has for each field.
  private static func present(
    _ candidates: [String: [String]], _ row: JSONObject, _ same: [String] = []
  ) -> [String: String] {
    var fields: [String: String] = [:]
    for name in same where row[name] != nil { fields[name] = name }
    for (name, names) in candidates {
      if let found = names.first(where: { row[$0] != nil }) { fields[name] = found }
    }
    return fields
  }
}
