import HoneJSON

/// A source of problems of one kind, with exact answers and a difficulty knob.
///
/// A family only knows how to draw one instance and how to name it canonically. Uniqueness,
/// splits, ids and demonstrations are the same for all and live in ``Families/make(_:count:seed:difficulty:split:demonstrations:distinct:label:)``.
public protocol ProblemFamily: Sendable {
  /// The name used in rows, on the command line and in ids.
  var name: String { get }

  /// One line for a list of families.
  var summary: String { get }

  /// The difficulties it can draw; 1 is the easiest, and each is about one step of reasoning.
  var difficulties: ClosedRange<Int> { get }

  /// The difficulties to draw where none are asked for.
  var usualDifficulties: ClosedRange<Int> { get }

  /// Draws one instance.
  ///
  /// - Parameters:
  ///   - difficulty: One of ``difficulties``.
  ///   - random: The only source of chance; the same stream gives the same instance.
  func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance

  /// The canonical key of a question of this family, or nil if the text is not one.
  ///
  /// Questions that differ only in the order of commutative operands, in names or in wording
  /// have the same key. The key is what the train and test splits are made of.
  ///
  /// - Parameter question: The text, exactly as the family writes it.
  func canonicalKey(question: String) -> String?

  /// The tests of a question of this family; nil where the answer decides.
  ///
  /// They are a function of the question alone, and drawing does not need them: the size of a
  /// family is found without making tests.
  ///
  /// - Parameter question: The text, exactly as the family writes it.
  func tests(question: String) -> JSON?

  /// The exact number of distinct keys at a difficulty, where a formula gives it; else nil.
  func exactSize(difficulty: Int) -> Int?
}

extension ProblemFamily {
  /// No tests: the answer decides.
  public func tests(question: String) -> JSON? { nil }

  /// No formula.
  public func exactSize(difficulty: Int) -> Int? { nil }

  /// All difficulties.
  public var usualDifficulties: ClosedRange<Int> { difficulties }

  /// What was drawn against what there is, in one line for the user.
  ///
  /// `2000 problems drawn of 11220 distinct ones at difficulty 3 to 6`.
  public func report(
    drawn count: Int, difficulty: ClosedRange<Int>, split: TaskSplit, distinct: TaskDistinctness
  ) -> String {
    let part =
      switch split {
      case .all: ""
      case .train: ", four fifths of which are for training"
      case .test: ", a fifth of which are for testing"
      }
    let kind = distinct == .key ? "problems" : "questions"
    return "\(name): \(count) \(kind) drawn; the family has \(size(difficulties: difficulty)) "
      + "distinct problems at difficulty \(difficulty.lowerBound) to \(difficulty.upperBound)"
      + part
  }

  /// How many distinct keys there are at a difficulty.
  ///
  /// The exact number where it is known, else a lower bound: the distinct keys among 4,096
  /// instances of a fixed stream. For the families of this package the bound is known and costs
  /// nothing.
  public func size(difficulty: Int) -> FamilySize {
    if let count = exactSize(difficulty: difficulty) {
      return FamilySize(count: count, isExact: true)
    }
    let count = FamilySizes.counted(self, difficulty) ?? countedSize(difficulty: difficulty)
    return FamilySize(count: count, isExact: false)
  }

  /// The distinct keys among 4,096 instances of a fixed stream.
  package func countedSize(difficulty: Int) -> Int {
    var keys: Set<String> = []
    for index in 0..<4096 {
      var random = TaskRandom(seed: 0, labels: [name, "size", String(difficulty)], index: index)
      keys.insert(instance(difficulty: difficulty, random: &random).key)
    }
    return keys.count
  }

  /// The number of distinct keys over several difficulties.
  public func size(difficulties range: ClosedRange<Int>) -> FamilySize {
    let sizes = range.map { size(difficulty: $0) }
    return FamilySize(
      count: sizes.reduce(0) { $0 + $1.count }, isExact: sizes.allSatisfy(\.isExact))
  }
}

/// The number of distinct problems that a family has at some difficulties.
public struct FamilySize: Sendable, Hashable, CustomStringConvertible {
  /// Distinct canonical keys.
  public var count: Int
  /// Whether the count is exact; otherwise it is a lower bound.
  public var isExact: Bool

  /// Makes a size.
  public init(count: Int, isExact: Bool) {
    self.count = count
    self.isExact = isExact
  }

  /// `1287`, or `at least 4096`.
  public var description: String { isExact ? String(count) : "at least \(count)" }
}

/// One problem as its family draws it, with the material for its demonstrations.
public struct ProblemInstance: Sendable, Hashable {
  /// The text of the problem.
  public var question: String
  /// The exact answer, as the grader reads it; a reference program where tests decide.
  public var answer: String
  /// The grader that judges answers.
  public var grader: String
  /// The canonical key.
  public var key: String
  /// Correct steps.
  public var steps: String
  /// Steps with one mistake.
  public var flawedSteps: String
  /// The wrong answer that the flawed steps lead to.
  public var flawedAnswer: String
  /// How a completion gives its answer.
  public var form: AnswerForm

  /// Makes an instance from its parts.
  public init(
    question: String, answer: String, grader: String = "math", key: String, steps: String,
    flawedSteps: String, flawedAnswer: String, form: AnswerForm = .tagged
  ) {
    self.question = question
    self.answer = answer
    self.grader = grader
    self.key = key
    self.steps = steps
    self.flawedSteps = flawedSteps
    self.flawedAnswer = flawedAnswer
    self.form = form
  }

  /// Makes an instance whose steps are a derivation of an integer.
  package init(question: String, key: String, derivation: Derivation, random: inout TaskRandom) {
    guard let truth = derivation.rendered() else {
      preconditionFailure("ProblemInstance: the derivation of '\(question)' does not come out")
    }
    let wrong = derivation.flawed(random: &random)
    self.init(
      question: question, answer: String(truth.result), key: key, steps: truth.text,
      flawedSteps: wrong.text, flawedAnswer: String(wrong.result))
  }
}
