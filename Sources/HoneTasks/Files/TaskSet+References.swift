import HoneGraders
import HoneJSON

extension TaskSet {
  /// References that the math grader cannot use, each with its file and line.
  ///
  /// Such a reference cannot be read or does not equal itself; whatever is answered to its problem
  /// stays unscored. Known when the tasks are loaded, before any answer is sampled.
  public var unusableReferences: [TaskError] {
    var grader = MathGrader()
    var found: [TaskError] = []
    for problem in problems where problem.grader == grader.name {
      guard let answer = problem.answer else { continue }
      grader.policy = problem.settings["policy"]?.string.flatMap(MathPolicy.preset) ?? .strict
      guard let defect = grader.defect(ofReference: answer) else { continue }
      found.append(
        TaskError(
          "'\(answer.prefix(60))': \(defect)", file: problem.source?.file ?? problem.id,
          line: problem.source?.line))
    }
    return found
  }
}
