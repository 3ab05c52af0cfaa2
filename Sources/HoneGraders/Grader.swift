public import HoneJSON

/// A rule that judges completions.
///
/// A grader is a pure function: the same submission gets the same verdict, value, extract and
/// reason in every process, on every thread and beside any other work. It bounds its own work
/// before it begins, so that no completion can make it hang.
public protocol Grader: Sendable {
  /// The name used in recipes, rows and logs.
  var name: String { get }

  /// Makes sure that the grader can work; called once before a batch of work.
  ///
  /// - Throws: ``GraderError`` if it cannot, or must not: nothing is graded then.
  func prepare() throws(GraderError)

  /// The strength of the isolation in which completions are run, 0...3; nil where none is run.
  var isolation: Int? { get }

  /// The names of the policies that it can judge by, the default first; none where there is but one
  /// way to judge.
  var policies: [String] { get }

  /// The grader with the policy of that name, or nil where it has none.
  func with(policy name: String) -> (any Grader)?

  /// Whether a correct verdict says that the answer is right; false for rules of form or length, which
  /// shape a reward and never stand for pass@1 beside a grader that judges answers.
  var judgesCorrectness: Bool { get }

  /// The modes of submissions that it knows (``AnswerMode``); none where no answer is looked for.
  var modes: [String] { get }

  /// The grader with a mode for submissions that name none, or nil where it knows no such mode.
  func with(mode name: String) -> (any Grader)?

  /// The settings that recipes and commands can give it.
  var settings: [GraderSetting] { get }

  /// The grader with values of its settings.
  ///
  /// - Throws: ``GraderError`` where ``check(settings:)`` does.
  func with(settings values: JSONObject) throws(GraderError) -> any Grader

  /// Whether two answers that were extracted from completions of one problem are the same, for votes.
  ///
  /// Bounded like ``grade(_:)``, and well below it: a vote compares many pairs.
  ///
  /// - Parameters:
  ///   - submission: The problem, with any completion of it.
  func isSameAnswer(_ first: String, _ second: String, in submission: Submission) -> Bool

  /// Whether the submission can be judged at all, whatever its completion says.
  ///
  /// - Returns: Nil, or what is missing or malformed: the value seen and the value wanted. Such
  ///   a row of a file is bad data, and grading it gives `unscored`.
  func defect(of submission: Submission) -> String?

  /// Judges a completion.
  ///
  /// - Parameter submission: The completion and its reference.
  /// - Returns: The score; `unscored` where ``defect(of:)`` has something to say.
  func grade(_ submission: Submission) -> Score
}

extension Grader {
  /// There is nothing to prepare.
  public func prepare() throws(GraderError) {}

  /// Nothing is run.
  public var isolation: Int? { nil }

  /// There is but one way to judge.
  public var policies: [String] { [] }

  /// There is none.
  public func with(policy name: String) -> (any Grader)? { nil }

  /// It judges answers.
  public var judgesCorrectness: Bool { true }

  /// No answer is looked for.
  public var modes: [String] { [] }

  /// There is none.
  public func with(mode name: String) -> (any Grader)? { nil }

  /// There is nothing to set.
  public var settings: [GraderSetting] { [] }

  /// There is nothing to set.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    return self
  }

  /// The same text.
  public func isSameAnswer(_ first: String, _ second: String, in submission: Submission) -> Bool {
    first == second
  }

  /// Nothing is needed but the completion.
  public func defect(of submission: Submission) -> String? { nil }

  /// ``grade(_:)`` with the time it took filled in.
  public func timedGrade(_ submission: Submission) -> Score {
    let clock = ContinuousClock()
    let start = clock.now
    var score = grade(submission)
    let (seconds, attoseconds) = (clock.now - start).components
    score.seconds = Double(seconds) + Double(attoseconds) * 1e-18
    return score
  }
}

/// What is wrong with a request to the graders.
public struct GraderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, what was seen and what was wanted.
  public var message: String
  /// Whether work was refused because it would not be safe.
  public var isUnsafe: Bool

  /// Makes an error.
  public init(_ message: String, isUnsafe: Bool = false) {
    self.message = message
    self.isUnsafe = isUnsafe
  }

  /// The message.
  public var description: String { message }
}
