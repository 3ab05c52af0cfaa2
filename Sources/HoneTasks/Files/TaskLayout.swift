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
  /// Our field that says what is right, by the first row: `answer`, `tests` or `completion`.
  var judge: String = "answer"
  /// How question and completion are taken from fields that hold more than a text.
  var special: Special?

  /// Fields that have to be taken apart or put together.
  enum Special: Sendable, Hashable {
    /// The question's field holds the turns of a conversation.
    case conversation
    /// An instruction or question, with `input` behind it and `system` before it.
    case instruction
    /// A target, with `nums`: the question is written out.
    case countdown
  }

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
      if let note = special.flatMap({ Self.note($0, name) }) { return "\(place) (\(note))" }
      guard name == "answer", let extract else { return place }
      return "\(place) (\(extract.rawValue))"
    }
    return "\(name): " + parts.joined(separator: ", ")
  }

  /// What to do about a row of no known layout.
  private static func unknown(_ row: JSONObject) -> String {
    let texts = ["prompt"] + row.pairs.filter { $0.value.string != nil }.map(\.key)
    let field = texts.first { row[$0] != nil } ?? row.keys.first ?? "text"
    var message =
      "fields \(row.keys.joined(separator: ", ")) match no known layout (\(known)); say where to "
      + "find things: fields: {question: \(field), answer: …} under 'tasks' in a recipe, "
      + "--fields question=\(field) --fields answer=… on the command line"
    if let rows = row.pairs.first(where: { $0.value[0]?.object != nil }) {
      message += ". If '\(rows.key)' holds the rows: jq -c '.\(rows.key)[]' < FILE > FILE.jsonl"
    }
    return message
  }

  private static func note(_ special: Special, _ field: String) -> String? {
    switch (special, field) {
    case (.conversation, "question"): "system and user turns"
    case (.conversation, "completion"): "the assistant's last turn"
    case (.instruction, "question"): "with system and input"
    case (.countdown, "question"): "with nums; grader countdown"
    default: nil
    }
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
    if options.fields["question"] != nil, layout.special != nil {
      // What was put together from the field is not what is asked for.
      layout.special = nil
      layout.fields["completion"] = nil
    }
    layout.fields.merge(options.fields) { _, given in given }
    layout.extract = options.extract ?? layout.extract
    guard layout.fields["question"] != nil else {
      throw TaskError(unknown(row))
    }
    return layout
  }
}
