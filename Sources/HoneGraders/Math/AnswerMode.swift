import HoneJSON

/// Where the answer is to be looked for.
public enum AnswerMode: String, Sendable, Hashable, CaseIterable {
  /// The completion is the bare answer.
  case answer
  /// The completion is a whole response, of which one part is the answer.
  case response
}

extension Submission {
  /// What is wrong with a field that must be one of a few words, or nil.
  func defect<Choice: RawRepresentable & CaseIterable>(
    ofField key: String, as choices: Choice.Type
  ) -> String? where Choice.RawValue == String {
    guard let field = fields[key] else { return nil }
    let known = Choice.allCases.map(\.rawValue)
    if let value = field.string, known.contains(value) { return nil }
    return "\(key) is \(field), wanted one of \(known.joined(separator: ", "))"
  }

  /// The answer of the completion, by the row's `mode` or the grader's own.
  func extraction(mode: AnswerMode = .response) -> AnswerExtraction {
    let mode = fields["mode"]?.string.flatMap(AnswerMode.init) ?? mode
    return mode == .answer
      ? AnswerExtraction.bare(completion)
      : AnswerExtraction.response(
        completion, prompt: prompt, beginsInReasoning: beginsInReasoning)
  }
}
