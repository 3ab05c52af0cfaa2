import HoneGraders
import HoneJSON

extension TaskSet {
  /// Problems that their own grader cannot judge, each with its file and line.
  ///
  /// The reference is missing or cannot be read, does not equal itself, or tests are malformed;
  /// whatever is answered to such a problem stays unscored. Known when the tasks are loaded, before any
  /// answer is sampled: nothing is run for it.
  public var unusableReferences: [TaskError] {
    var shelf = GraderShelf(prepares: false)
    return problems.compactMap { problem in
      guard problem.isGradable, let defect = problem.defect(&shelf) else { return nil }
      return TaskError(
        defect, file: problem.source?.file ?? problem.id, line: problem.source?.line)
    }
  }

  /// How many problems can be demonstrated but not graded: they have a completion and nothing to
  /// compare with.
  public var demonstrationsWithoutAnswer: Int { problems.count { !$0.isGradable } }

  /// What a person should know of the problems' references; empty where all is well.
  var referenceNotes: String {
    var text = ""
    let missing = demonstrationsWithoutAnswer
    if missing > 0 {
      let rows =
        missing == problems.count ? "no row has an answer" : "\(missing) rows have no answer"
      text += "; \(rows): good for demonstrations (sft), not for grading (grpo, evaluation)"
    }
    let unusable = unusableReferences
    if let first = unusable.first {
      text += "; \(unusable.count) problems stay unscored, the first: \(first)"
    }
    return text
  }
}

extension Problem {
  /// Whether there is anything to judge a completion by; a demonstration may come without.
  var isGradable: Bool {
    answer != nil || tests != nil || settings["target"] != nil || completion == nil
  }

  /// Why no completion of this problem can be judged, or nil.
  func defect(_ shelf: inout GraderShelf) -> String? {
    switch shelf.grader(grader) {
    case .failure(let error): return error.message
    case .success(let grader):
      if let defect = grader.defect(of: submission(completion: answer ?? "")) {
        return answer.map { "'\($0.prefix(60))': \(defect)" } ?? defect
      }
      guard var math = grader as? MathGrader, let answer else { return nil }
      if let preset = settings["policy"]?.string.flatMap(MathPolicy.preset) { math.policy = preset }
      return math.defect(ofReference: answer).map { "'\(answer.prefix(60))': \($0)" }
    }
  }
}
