import HoneGraders
import HoneJSON

/// What is wrong, or worth knowing, about a number of task files.
public struct TaskCheck: Sendable {
  /// One thing that was found.
  public struct Finding: Sendable, Hashable, CustomStringConvertible {
    /// What kind of thing it is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// A file or row that cannot be read.
      case unreadable
      /// Two problems of one file that are the same but for order, names or wording.
      case duplicate
      /// A problem that is in two files.
      case overlap
      /// A reference that its own grader does not accept, or tests that it cannot read.
      case reference
      /// A grader that nobody knows, or that cannot work here.
      case grader
    }

    /// What kind of thing it is.
    public var kind: Kind
    /// Where it is: `file:line`, or the file.
    public var place: String
    /// What is wrong.
    public var message: String

    /// `train.jsonl:12: overlap: …`.
    public var description: String { "\(place): \(kind.rawValue): \(message)" }
  }

  /// One file that was checked.
  public struct File: Sendable, Hashable {
    /// The path.
    public var path: String
    /// What was read; see ``TaskSet/summary``.
    public var summary: String
    /// Problems read.
    public var problems: Int
    /// Distinct canonical keys among them.
    public var distinct: Int
  }

  /// The files, in the order given; files that cannot be read at all are missing.
  public private(set) var files: [File] = []
  /// What was found, file by file and line by line.
  public private(set) var findings: [Finding] = []

  /// Whether nothing was found.
  public var isClean: Bool { findings.isEmpty }

  /// Checks files, each by itself and all against each other.
  ///
  /// Problems are compared by ``Problem/canonicalKey``. Within a file of demonstrations, where
  /// one problem may well be shown in several ways, only equal questions with equal
  /// completions are duplicates. References are graded by the problem's own grader; those of code
  /// problems are programs, which are run in a sandbox.
  ///
  /// - Parameters:
  ///   - paths: The files.
  ///   - options: How to read them; unreadable rows are always collected.
  ///   - graders: How reference programs may be run.
  public init(
    paths: [String], options: TaskOptions = TaskOptions(),
    graders: GraderOptions = GraderOptions()
  ) {
    var options = options
    options.onError = .skip
    var firstPlaces: [String: (file: Int, place: String)] = [:]
    for (index, path) in paths.enumerated() {
      let set: TaskSet
      do {
        set = try TaskSet.load(path: path, options: options)
      } catch {
        findings.append(Self.unreadable(error, path))
        continue
      }
      findings += set.skipped.map { Self.unreadable($0, path) }
      checkReferences(of: set.problems, path, graders)
      var keys: [String: String] = [:]
      for problem in set.problems {
        let key = problem.canonicalKey
        let place = problem.source?.description ?? path
        if let earlier = keys[key] {
          if problem.completion == nil {
            add(.duplicate, place, "'\(Self.shown(problem.question))' is the problem of \(earlier)")
          }
        } else {
          keys[key] = place
          // One finding for each pair of files and problem, at the later file.
          if let other = firstPlaces[key], other.file != index {
            add(.overlap, place, "'\(Self.shown(problem.question))' is also in \(other.place)")
          }
        }
        if firstPlaces[key] == nil { firstPlaces[key] = (index, place) }
      }
      files.append(
        File(
          path: path, summary: set.summary, problems: set.problems.count, distinct: keys.count))
    }
  }

  private mutating func add(_ kind: Finding.Kind, _ place: String, _ message: String) {
    findings.append(Finding(kind: kind, place: place, message: message))
  }

  /// A reference must be right by the rule that it sets, and tests must be readable.
  private mutating func checkReferences(
    of problems: [Problem], _ path: String, _ options: GraderOptions
  ) {
    var graders: [String: any Grader] = [:]
    var unknown: Set<String> = []
    var references: [(index: Int, grader: any Grader, submission: Submission)] = []
    var found: [(index: Int, finding: Finding)] = []
    for (index, problem) in problems.enumerated() {
      let place = problem.source?.description ?? path
      let name = problem.grader
      guard !unknown.contains(name), problem.answer != nil || problem.tests != nil else { continue }
      let grader: any Grader
      do throws(GraderError) {
        if let known = graders[name] {
          grader = known
        } else {
          grader = try Graders.named(name, options: options)
          try grader.prepare()
        }
        graders[name] = grader
      } catch {
        unknown.insert(name)
        found.append((index, Finding(kind: .grader, place: place, message: error.message)))
        continue
      }
      var submission = problem.submission(completion: problem.answer ?? "")
      submission.fields["mode"] = .string(AnswerMode.answer.rawValue)
      if let defect = problem.tests == nil ? nil : grader.defect(of: submission) {
        found.append((index, Finding(kind: .reference, place: place, message: defect)))
      } else if problem.answer != nil {
        references.append((index, grader, submission))
      }
    }
    let scores = GradingPool(workers: options.workers)
      .map(references) { $0.grader.grade($0.submission) }
    for (reference, score) in zip(references, scores) where score.verdict != .correct {
      let problem = problems[reference.index]
      let shown = Self.shown(reference.submission.completion)
      found.append(
        (
          reference.index,
          Finding(
            kind: .reference, place: problem.source?.description ?? path,
            message: "'\(shown)' is \(score.verdict.rawValue): \(score.reason)")
        ))
    }
    findings += found.sorted { $0.index < $1.index }.map(\.finding)
  }

  private static func unreadable(_ error: TaskError, _ path: String) -> Finding {
    let place = error.line.map { "\(path):\($0)" } ?? path
    return Finding(kind: .unreadable, place: place, message: error.message)
  }

  private static func shown(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(60) + "…"
  }
}
