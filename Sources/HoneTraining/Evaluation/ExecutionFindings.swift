public import HoneGraders
public import HoneJSON

/// What graders that run programs saw beside their verdicts: how strong the isolation was, and
/// how often programs tried to get round their tests.
///
/// A rise of these counts is the first sign of a policy that learns to cheat.
public struct ExecutionFindings: Sendable, Hashable {
  /// The weakest isolation of a verdict, 0...3.
  public private(set) var isolation: Int
  /// Cases in which each kind of attempt was seen, by the names that graders give the kinds.
  public private(set) var attempts: JSONObject

  /// The findings of scores; nil where no program was judged for any of them.
  public init?(_ scores: [RubricScore]) {
    self.init(
      scores.flatMap(\.components).compactMap { component in
        let details = component.score.details
        guard let isolation = details["isolation"]?.int, let attempts = details["attempts"]?.object
        else { return nil }
        return ExecutionFindings(isolation: isolation, attempts: attempts)
      })
  }

  /// Findings added up; nil where there are none.
  public init?(_ parts: [ExecutionFindings]) {
    guard var sum = parts.first else { return nil }
    for part in parts.dropFirst() {
      sum.isolation = min(sum.isolation, part.isolation)
      for (kind, count) in part.attempts.pairs {
        sum.attempts[kind] = .integer((sum.attempts[kind]?.int ?? 0) + (count.int ?? 0))
      }
    }
    self = sum
  }

  private init(isolation: Int, attempts: JSONObject) {
    self.isolation = isolation
    self.attempts = attempts
  }

  /// Adds `isolation` and `attempts/<kind>` to a row.
  public func write(to row: inout JSONObject) {
    row["isolation"] = .integer(isolation)
    for (kind, count) in attempts.pairs { row["attempts/\(kind)"] = count }
  }
}
