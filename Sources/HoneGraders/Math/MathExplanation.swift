/// How a verdict came about.
public struct MathExplanation: Sendable, Hashable, CustomStringConvertible {
  /// The policy's name.
  public var policy: String = ""
  /// Why the reference is unusable, or nil; then the rest is empty and the verdict is unscored.
  public var referenceDefect: String?
  /// What was extracted, or nil.
  public var extracted: String?
  /// The rule that extracted it, or why none did.
  public var rule: String = ""
  /// How the reference was read.
  public var reference: String = ""
  /// How the answer was read, or why it could not be.
  public var prediction: String = ""
  /// Whether the two are equal, and by which rule; nil where nothing was extracted.
  public var equality: MathEquality?

  init(policy: String) { self.policy = policy }

  init(referenceDefect: String) { self.referenceDefect = referenceDefect }

  /// The score that follows.
  public var score: Score {
    if let referenceDefect { return .unscored(referenceDefect) }
    guard let equality else { return .unanswered(rule) }
    return equality.isEqual
      ? .correct(equality.reason, extracted: extracted)
      : .incorrect(equality.reason, extracted: extracted)
  }

  /// A line for each step.
  public var description: String {
    if let referenceDefect { return "unscored: \(referenceDefect)" }
    var lines = ["policy: \(policy)", "extracted by \(rule): \(extracted ?? "nothing")"]
    lines.append("reference: \(reference)")
    if let equality {
      lines.append("answer: \(prediction)")
      lines.append(equality.reason)
    }
    return lines.joined(separator: "\n")
  }
}
