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
      /// The same question with two different answers.
      case contradiction
      /// Problems that are in two files.
      case overlap
      /// A reference that its own grader does not accept, or tests that it cannot read.
      case reference
      /// A grader that nobody knows, or that cannot work here.
      case grader
      /// Demonstrations that are wrong by their own answer, or in which none is found.
      case demonstration
    }

    /// What kind of thing it is.
    public var kind: Kind
    /// Where it is: `file:line`, or the file; the first place where there are several.
    public var place: String
    /// What is wrong.
    public var message: String
    /// How many problems it is about.
    public var count: Int = 1

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
  /// completions are duplicates; two answers to one question are a finding in every file. References
  /// and demonstrations are graded by the problem's own grader, and those of code problems are run in
  /// a sandbox. Demonstrations of the style `flawed` are meant to be wrong.
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
    var shelf = GraderShelf(options: graders, prepares: true)
    var questions = QuestionIndex()
    for (index, path) in paths.enumerated() {
      let set: TaskSet
      do {
        set = try TaskSet.load(path: path, options: options)
      } catch {
        findings.append(Self.unreadable(error, path))
        continue
      }
      findings += set.skipped.map { Self.unreadable($0, path) }
      var examination = ProblemExamination(
        problems: set.problems, path: path, workers: graders.workers)
      findings += examination.findings(&shelf)
      findings += questions.findings(set.problems, file: index, path: path, &shelf)
      files.append(
        File(
          path: path, summary: set.summary, problems: set.problems.count,
          distinct: questions.distinct))
    }
  }

  private static func unreadable(_ error: TaskError, _ path: String) -> Finding {
    let place = error.line.map { "\(path):\($0)" } ?? path
    return Finding(kind: .unreadable, place: place, message: error.message)
  }

  /// A text that fits into a line.
  static func shown(_ text: String) -> String {
    text.count <= 60 ? text : text.prefix(60) + "…"
  }

  /// The first few of a list, and that there are more.
  static func listed(_ items: [String], of count: Int) -> String {
    items.prefix(3).joined(separator: ", ") + (count > 3 ? ", …" : "")
  }
}
