import HoneJSON

/// Where rows hold the right answer, and how it is read.
///
/// The keys are those of Hone (`gold`, `answer`), of TRL's and verl's data sets (`solution`,
/// `ground_truth`, `reward_model.ground_truth`) and `reference`. A solution that is worked out, with a
/// `\boxed{…}` or a line `#### …`, stands for the answer in it. Several keys must give the same answer.
enum RowReference {
  /// The keys at the top of a row.
  static let keys = ["gold", "answer", "solution", "ground_truth", "reference"]

  /// All places where a reference is looked for.
  private static let places = keys + ["reward_model.ground_truth"]

  /// The reference of a row; nil where a grader may do without, with what to say if it may not.
  static func reference(in row: JSONObject) -> Result<String?, GraderError> {
    var found: (key: String, text: String)?
    for place in places {
      let value =
        place == "reward_model.ground_truth" ? row["reward_model"]?["ground_truth"] : row[place]
      guard let value, !value.isNull else { continue }
      switch text(of: value, at: place) {
      case .failure(let error): return .failure(error)
      case .success(let text):
        if let found, !isSame(found.text, text) {
          return .failure(
            GraderError(
              "\(found.key) is '\(found.text.prefix(60))' and \(place) is '\(text.prefix(60))'; "
                + "keep the one that is right"))
        }
        found = found ?? (place, text)
      }
    }
    guard let found else {
      return .failure(
        GraderError("no reference answer, wanted under one of \(places.joined(separator: ", "))"))
    }
    return .success(found.text)
  }

  /// A reference as text; numbers that JSON may have rounded are refused.
  private static func text(of value: JSON, at place: String) -> Result<String, GraderError> {
    switch value {
    case .string(let text):
      if place == "gold" { return .success(text) }
      if let inner = answers(inJSON: text) {
        guard inner.count == 1, let only = inner[0].string ?? number(inner[0]) else {
          return .failure(
            GraderError(
              "\(place) is JSON in a string, '\(text.prefix(60))', wanted the answer itself"))
        }
        return .success(only)
      }
      return .success(stated(text))
    case .integer, .number:
      if let text = number(value) { return .success(text) }
    default: break
    }
    return .failure(
      GraderError("\(place) is \(value.kindDescription), wanted a string or an exact number"))
  }

  /// Whether two references are the same but for white space.
  private static func isSame(_ first: String, _ second: String) -> Bool {
    first.utf8.filter { !isSpace($0) } == second.utf8.filter { !isSpace($0) }
  }

  private static func number(_ value: JSON) -> String? {
    switch value {
    case .integer(let integer): String(integer)
    case .number(let number) where abs(number) < 0x1p53: value.serialized()
    default: nil
    }
  }

  /// What stands in a JSON list of texts that was written as a string; nothing for an object.
  ///
  /// A list of bare numbers, `[1, 2]`, is mathematics.
  private static func answers(inJSON text: String) -> [JSON]? {
    let start = text.utf8.drop(while: isSpace)
    guard let first = start.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "{"),
      let next = start.dropFirst().first(where: { !isSpace($0) }),
      next == UInt8(ascii: "\"") || next == UInt8(ascii: "{"), let json = try? JSON.parse(text)
    else { return nil }
    return json.array ?? []
  }

  /// The answer that a worked solution states, or the text itself.
  private static func stated(_ text: String) -> String {
    guard text.contains("\\boxed") || text.contains("####") else { return text }
    let found = AnswerExtraction.response(
      text, policy: ExtractionPolicy(rules: [.box, .hashLine], skipsReasoning: false))
    return found.text ?? text
  }
}
