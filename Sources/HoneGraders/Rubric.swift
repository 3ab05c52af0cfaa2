/// A weighted sum of graders: the reward rule of a recipe.
///
/// The first entry that judges correctness leads, or the first where none does: its verdict is the
/// rubric's. Shaping entries (format, length) should
/// weigh so little that they cannot outrank correctness; ``shapingBound`` tells.
public struct Rubric: Sendable {
  /// One grader and what it weighs.
  public struct Entry: Sendable {
    /// The name of the component in logs; unique in the rubric.
    public var name: String
    /// The rule.
    public var grader: any Grader
    /// The factor of its value in the total.
    public var weight: Double

    /// Makes an entry; the name is the grader's own unless given.
    public init(_ grader: any Grader, weight: Double = 1, name: String? = nil) {
      self.grader = grader
      self.weight = weight
      self.name = name ?? grader.name
    }
  }

  /// The entries, in the order of their parts of a score.
  public let entries: [Entry]

  /// The index of the entry that leads.
  public var leadingIndex: Int {
    entries.firstIndex { $0.grader.judgesCorrectness } ?? 0
  }

  /// Makes a rubric.
  ///
  /// - Throws: ``GraderError`` if there are no entries, if two have the same name, or if a
  ///   weight is not finite.
  public init(_ entries: [Entry]) throws(GraderError) {
    guard !entries.isEmpty else { throw GraderError("a rubric needs at least one grader") }
    for (index, entry) in entries.enumerated() {
      guard entry.weight.isFinite else {
        throw GraderError("grader '\(entry.name)': weight \(entry.weight), wanted a finite number")
      }
      guard !entries[..<index].contains(where: { $0.name == entry.name }) else {
        throw GraderError("grader '\(entry.name)' is named twice; give one of them another name")
      }
    }
    self.entries = entries
  }

  /// Makes a rubric of one grader with weight 1.
  public init(_ grader: any Grader) {
    entries = [Entry(grader)]
  }

  /// The largest sum that the entries beside the leading one can add or take away, given values in
  /// -1...1; below the leading weight, shaping cannot turn wrong into better than right.
  public var shapingBound: Double {
    entries.indices.reduce(0) { $1 == leadingIndex ? $0 : $0 + abs(entries[$1].weight) }
  }

  /// Judges a completion by every entry, in order.
  public func grade(_ submission: Submission) -> RubricScore {
    RubricScore(
      components: entries.map {
        RubricScore.Component(
          name: $0.name, weight: $0.weight, score: $0.grader.timedGrade(submission))
      }, leadingIndex: leadingIndex)
  }
}

/// A rubric's judgement: every component, and their sum where all of them were scored.
public struct RubricScore: Sendable, Hashable {
  /// One entry's part.
  public struct Component: Sendable, Hashable {
    /// The entry's name.
    public var name: String
    /// The entry's weight.
    public var weight: Double
    /// The grader's score.
    public var score: Score

    /// Makes a component.
    public init(name: String, weight: Double, score: Score) {
      self.name = name
      self.weight = weight
      self.score = score
    }
  }

  /// The parts, in the rubric's order; never empty.
  public let components: [Component]

  /// The index of the part that leads.
  public let leadingIndex: Int

  /// Makes a score from its parts, of which the first leads unless another is named.
  public init(components: [Component], leadingIndex: Int = 0) {
    precondition(
      components.indices.contains(leadingIndex),
      "RubricScore: component \(leadingIndex) of \(components.count) cannot lead")
    self.components = components
    self.leadingIndex = leadingIndex
  }

  /// The weighted sum in the order of the entries, or nil if a part is unscored.
  public var total: Double? {
    var sum = 0.0
    for component in components {
      guard component.score.isScored else { return nil }
      sum += component.weight * component.score.value
    }
    return sum
  }

  /// The leading grader's score.
  public var leading: Score { components[leadingIndex].score }

  /// The leading grader's verdict; unscored if any part is.
  public var verdict: Verdict { total == nil ? .unscored : leading.verdict }

  /// Why there is no total: the first unscored part, or nil.
  public var unscoredReason: String? {
    components.first { !$0.score.isScored }.map { "\($0.name): \($0.score.reason)" }
  }
}
