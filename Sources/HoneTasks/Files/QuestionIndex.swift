import HoneGraders
import HoneJSON

/// Finds questions that were met before, within a file and in others.
struct QuestionIndex {
  private struct Entry {
    var file: Int
    var problem: Problem
    var place: String
  }

  /// The first problem of each canonical key, over all files.
  private var first: [String: Entry] = [:]
  /// The first answered problem of each question that is the same to the letter, or to its family.
  private var answered: [String: Entry] = [:]
  private var paths: [Int: String] = [:]
  /// Distinct canonical keys of the last file.
  private(set) var distinct = 0

  /// What the problems of a file share with each other and with those of earlier files.
  mutating func findings(
    _ problems: [Problem], file: Int, path: String, _ shelf: inout GraderShelf
  ) -> [TaskCheck.Finding] {
    paths[file] = path
    var findings: [TaskCheck.Finding] = []
    var overlaps: [Int: [(question: String, place: String, other: String)]] = [:]
    var own: [String: String] = [:]
    for problem in problems {
      let key = problem.canonicalKey
      let place = problem.source?.description ?? path
      let question = TaskCheck.shown(problem.question)
      let contradiction = contradiction(problem, place, file, &shelf)
      if let contradiction { findings.append(contradiction) }
      if let earlier = own[key] {
        if problem.completion == nil, contradiction == nil {
          findings.append(
            .init(
              kind: .duplicate, place: place, message: "'\(question)' is the problem of \(earlier)")
          )
        }
      } else {
        own[key] = place
        if let other = first[key], other.file != file {
          overlaps[other.file, default: []].append((question, place, other.place))
        }
      }
      if first[key] == nil { first[key] = Entry(file: file, problem: problem, place: place) }
    }
    distinct = own.count
    for (other, shared) in overlaps.sorted(by: { $0.key < $1.key }) {
      findings.append(overlap(shared, with: paths[other] ?? ""))
    }
    return findings
  }

  /// One finding for each pair of files.
  private func overlap(
    _ shared: [(question: String, place: String, other: String)], with path: String
  ) -> TaskCheck.Finding {
    let items = shared.map { "'\($0.question)' (\($0.other))" }
    return TaskCheck.Finding(
      kind: .overlap, place: shared[0].place,
      message: shared.count == 1
        ? "'\(shared[0].question)' is also in \(shared[0].other)"
        : "\(shared.count) problems are also in \(path): "
          + TaskCheck.listed(items, of: shared.count),
      count: shared.count)
  }

  /// The same question with an answer that the earlier one's grader does not take for its own.
  private mutating func contradiction(
    _ problem: Problem, _ place: String, _ file: Int, _ shelf: inout GraderShelf
  ) -> TaskCheck.Finding? {
    // Programs differ as they please; their tests decide.
    guard let answer = problem.answer, problem.tests == nil else { return nil }
    let family = problem.family.flatMap(Families.known)?.canonicalKey(question: problem.question)
    let key = family ?? "text " + CanonicalOrder.sorted(problem.question)
    guard let earlier = answered[key] else {
      answered[key] = Entry(file: file, problem: problem, place: place)
      return nil
    }
    guard let known = earlier.problem.answer, known != answer,
      case .success(let grader) = shelf.grader(earlier.problem.grader)
    else { return nil }
    var submission = earlier.problem.submission(completion: answer)
    submission.fields["mode"] = .string(AnswerMode.answer.rawValue)
    guard grader.grade(submission).verdict == .incorrect else { return nil }
    return TaskCheck.Finding(
      kind: .contradiction, place: place,
      message:
        "'\(TaskCheck.shown(problem.question))' has the answer '\(TaskCheck.shown(answer))', "
        + "and '\(TaskCheck.shown(known))' in \(earlier.place)")
  }
}
