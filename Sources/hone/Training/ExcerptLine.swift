import HoneJSON
import HoneTraining

extension ProgressEvent.Excerpt {
  /// One line on a terminal: reward, question, and both ends of what the policy wrote.
  ///
  /// Everything in it is spelled out: a policy can write escape sequences.
  func line(_ terminal: Terminal) -> StyledText {
    let style = terminal.style
    let mark = isCorrect ? style.green("✓") : style.red("✗")
    let question = question.shown().clipped(to: max(8, terminal.width / 3))
    var expected = isCorrect ? "" : answer.map { "  (wanted \($0.shown().clipped(to: 24)))" } ?? ""
    let head = "\(reward.shown(digits: 2))  \(question)  "
    // The completion matters more than the answer, which the task's file has too.
    if terminal.width - 6 - head.columns - expected.columns < 16 { expected = "" }
    let room = max(8, terminal.width - 6 - head.columns - expected.columns)
    let ends = Self.ends(of: completion.shown(), columns: room)
    return "  " + mark + StyledText(" \(head)\(ends)") + style.dim(expected)
  }

  /// The same as `key=value`, texts as JSON strings.
  var plainLine: String {
    let fields: [(String, JSON)] = [
      ("reward", .number(reward)), ("question", .string(question)),
      ("completion", .string(completion)), ("answer", answer.map { .string($0) } ?? .null),
    ]
    // JSON escapes control characters below U+0020 only; the rest could still reach a terminal.
    return "sample=\(isCorrect ? "good" : "bad") "
      + fields.map { "\($0.0)=\($0.1.serialized().shown())" }.joined(separator: " ")
  }

  /// The beginning and the end of a text: answers stand at the end.
  private static func ends(of text: String, columns: Int) -> String {
    guard text.columns > columns else { return text }
    let end = columns / 2
    var tail = ""
    for character in text.reversed() {
      if tail.columns + character.columns > end { break }
      tail = String(character) + tail
    }
    return text.clipped(to: columns - tail.columns) + tail
  }
}
