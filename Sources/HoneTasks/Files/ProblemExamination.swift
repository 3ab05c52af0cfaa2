import HoneGraders
import HoneJSON

/// Lets the problems of a file be judged by their own graders: references, then demonstrations.
struct ProblemExamination {
  let problems: [Problem]
  let path: String
  let workers: Int

  private typealias Task = (index: Int, grader: any Grader, submission: Submission)
  private typealias Placed = (index: Int, finding: TaskCheck.Finding)

  init(problems: [Problem], path: String, workers: Int) {
    self.problems = problems
    self.path = path
    self.workers = workers
  }

  /// What is wrong with references and graders, line by line, and with the demonstrations as a whole.
  mutating func findings(_ shelf: inout GraderShelf) -> [TaskCheck.Finding] {
    var found: [Placed] = []
    var unknown: Set<String> = []
    var references: [Task] = []
    var demonstrations: [Task] = []
    for (index, problem) in problems.enumerated()
    where problem.isGradable && !unknown.contains(problem.grader) {
      let grader: any Grader
      switch shelf.grader(problem.grader) {
      case .success(let known): grader = known
      case .failure(let error):
        unknown.insert(problem.grader)
        found.append(finding(index, .grader, error.message))
        continue
      }
      var reference = problem.submission(completion: problem.answer ?? "")
      reference.fields["mode"] = .string(AnswerMode.answer.rawValue)
      // As the row has it: a mode or policy that nobody knows is told as well.
      if let defect = grader.defect(of: problem.submission(completion: "")) {
        let shown = problem.answer.map { "'\(TaskCheck.shown($0))': " } ?? ""
        found.append(finding(index, .reference, shown + defect))
        continue
      }
      if problem.answer != nil { references.append((index, grader, reference)) }
      if let completion = problem.completion, problem.style != .flawed {
        demonstrations.append((index, grader, problem.submission(completion: completion)))
      }
    }
    found += judged(references)
    let broken = Set(found.map(\.index))
    demonstrations.removeAll { broken.contains($0.index) }
    return found.sorted { $0.index < $1.index }.map(\.finding)
      + judgedDemonstrations(demonstrations)
  }

  private func scores(_ tasks: [Task]) -> [Score] {
    // A grader is asked from several threads; what it needs is in its submission.
    GradingPool(workers: workers).map(
      tasks.map { Work(grader: $0.grader, submission: $0.submission) }
    ) { $0.grader.grade($0.submission) }
  }

  private struct Work: Sendable {
    var grader: any Grader
    var submission: Submission
  }

  /// A reference must be right by the rule that it sets.
  private func judged(_ references: [Task]) -> [Placed] {
    zip(references, scores(references)).compactMap { reference, score in
      guard score.verdict != .correct else { return nil }
      let shown = TaskCheck.shown(reference.submission.completion)
      return finding(
        reference.index, .reference, "'\(shown)' is \(score.verdict.rawValue): \(score.reason)")
    }
  }

  /// A demonstration must be right by its own answer: a policy learns what is shown to it.
  private func judgedDemonstrations(_ tasks: [Task]) -> [TaskCheck.Finding] {
    var unmarked: [(Task, Score)] = []
    var wrong: [(Task, Score)] = []
    for (task, score) in zip(tasks, scores(tasks)) where score.verdict != .correct {
      if score.verdict == .incorrect, score.extracted == nil {
        unmarked.append((task, score))
      } else {
        wrong.append((task, score))
      }
    }
    var findings: [TaskCheck.Finding] = []
    if let (first, score) = unmarked.first {
      let isCode = problems[first.index].tests != nil
      var message = "\(unmarked.count) of \(tasks.count) demonstrations "
      message +=
        isCode
        ? "hold no program: \(score.reason)"
        : "have no marked answer: rows need <answer>…</answer> or \\boxed{…}, or \"mode\": \"answer\" "
          + "where the completion is the bare answer (the first: \(score.reason))"
      findings.append(group(.demonstration, unmarked.map(\.0), message))
    }
    if !wrong.isEmpty {
      let shown = wrong.map { task, score in
        let wanted = problems[task.index].answer.map { " for '\(TaskCheck.shown($0))'" } ?? ""
        let line = problems[task.index].source.map { " on line \($0.line)" } ?? ""
        return "'\(TaskCheck.shown(score.extracted ?? score.reason))'\(wanted)\(line)"
      }
      findings.append(
        group(
          .demonstration, wrong.map(\.0),
          "\(wrong.count) of \(tasks.count) demonstrations are wrong by their own answer: "
            + TaskCheck.listed(shown, of: wrong.count)
            + "; leave them out, or give them \"style\": \"flawed\" if they are meant to be"))
    }
    return findings
  }

  private func finding(
    _ index: Int, _ kind: TaskCheck.Finding.Kind, _ message: String
  ) -> Placed {
    let place = problems[index].source?.description ?? path
    return (index, TaskCheck.Finding(kind: kind, place: place, message: message))
  }

  private func group(
    _ kind: TaskCheck.Finding.Kind, _ tasks: [Task], _ message: String
  ) -> TaskCheck.Finding {
    var finding = finding(tasks[0].index, kind, message).finding
    finding.count = tasks.count
    return finding
  }
}
