public import HoneJSON

/// DAPO's soft overlong punishment, in tokens.
///
/// Equation 13 of Yu et al. 2025. With the longest length L and a margin C: 0 up to L - C, then falling in a straight line to
/// -1 at L, and -1 beyond. The verdict is correct at 0, incorrect at -1, and partial between.
public struct OverlongGrader: Grader {
  /// The margin C in tokens, or nil for a fifth of the longest length (DAPO: 4096 of 20480).
  public var margin: Int?

  /// Makes the grader.
  ///
  /// - Parameter margin: The margin in tokens, at least 1; a fifth of the longest length
  ///   unless given.
  public init(margin: Int? = nil) {
    precondition(margin ?? 1 >= 1, "OverlongGrader: margin \(margin ?? 0), wanted at least 1")
    self.margin = margin
  }

  /// `overlong`.
  public var name: String { "overlong" }

  /// It judges length.
  public var judgesCorrectness: Bool { false }

  /// `margin`.
  public var settings: [GraderSetting] {
    [
      GraderSetting(
        "margin", .integer(1...1_000_000), standard: "a fifth of the longest length",
        "tokens before the longest length over which the punishment grows")
    ]
  }

  /// The grader with values of its settings.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    return OverlongGrader(margin: values["margin"]?.int ?? margin)
  }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    guard let tokens = submission.completionTokens, let maximum = submission.maximumTokens else {
      return "overlong needs the completion's length and the longest length, both in tokens"
    }
    guard tokens >= 0, maximum >= 1 else {
      return "overlong: \(tokens) tokens of at most \(maximum), wanted 0 or more of at least 1"
    }
    return nil
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    guard let tokens = submission.completionTokens, let maximum = submission.maximumTokens,
      defect(of: submission) == nil
    else { return .unscored(defect(of: submission) ?? "overlong: no lengths") }
    let margin = min(margin ?? max(1, maximum / 5), maximum)
    let penalty = Self.penalty(tokens: tokens, maximum: maximum, margin: margin)
    let reason = "\(tokens) tokens, free up to \(maximum - margin), at most \(maximum)"
    let verdict: Verdict = penalty == 0 ? .correct : penalty == -1 ? .incorrect : .partial
    return Score(verdict: verdict, value: penalty, reason: reason)
  }

  /// The punishment, -1...0.
  ///
  /// - Parameters:
  ///   - tokens: The completion's length.
  ///   - maximum: L.
  ///   - margin: C, 1...L.
  public static func penalty(tokens: Int, maximum: Int, margin: Int) -> Double {
    let free = maximum - margin
    if tokens <= free { return 0 }
    if tokens > maximum { return -1 }
    return Double(free - tokens) / Double(margin)
  }
}
