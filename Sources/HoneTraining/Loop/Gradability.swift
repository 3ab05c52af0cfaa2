import HoneGraders
public import HoneTasks

// What cannot be graded is found before anything is sampled.

extension Grading {
  /// Why nothing that is answered to a problem could be scored; nil where it could.
  ///
  /// A grader that runs nothing is asked to grade an empty answer: what is unscored then lies in the row.
  func defect(of problem: Problem) -> String? {
    let submission = problem.submission(completion: "", tokens: 1, maximumTokens: 2)
    for grader in graders(for: problem) {
      if let defect = grader.defect(of: submission) { return "\(grader.name): \(defect)" }
      guard grader.isolation == nil else { continue }
      let score = grader.grade(submission)
      if !score.isScored { return "\(grader.name): \(score.reason)" }
    }
    return nil
  }

  /// Refuses problems of which not one can be graded.
  ///
  /// - Parameters:
  ///   - problems: what is to be graded; none at all is fine.
  ///   - name: what they are, for messages: a file, or a key of the recipe.
  ///   - advice: what to do beside mending the rows.
  /// - Returns: A note where some of them, but not all, cannot be graded.
  /// - Throws: `TrainingError` of kind `badData` with the first problem's place and reason.
  public func requireGradable(
    _ problems: [Problem], as name: String, advice: String = ""
  ) throws(TrainingError) -> String? {
    var first: (problem: Problem, reason: String)?
    var count = 0
    for problem in problems {
      guard let reason = defect(of: problem) else { continue }
      count += 1
      first = first ?? (problem, reason)
    }
    guard let first else { return nil }
    let place = first.problem.source.map { "\($0)" } ?? "problem '\(first.problem.id)'"
    guard count == problems.count else {
      return "\(name): \(count) of \(problems.count) problems cannot be graded and teach nothing; "
        + "the first, \(place): \(first.reason)"
    }
    throw TrainingError(
      .badData,
      "\(name): none of \(problems.count) problems can be graded; the first, \(place): "
        + "\(first.reason).\(advice)")
  }
}
