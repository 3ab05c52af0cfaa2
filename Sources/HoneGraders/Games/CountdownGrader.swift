import BigInt
import HoneJSON

/// Judges solutions of countdown problems by evaluating them.
///
/// The answer is an expression of the given numbers, each used exactly once, with `+ - * /`
/// and parentheses; its exact value must be the target. What is given comes from the
/// submission's fields `numbers` and `target`, or else from the reference, which is one
/// solution: its numbers and its value. A claim behind an equals sign (`3*5+7=22`) is allowed
/// if it is the target.
public struct CountdownGrader: Grader {
  /// The mode of submissions that name none.
  public var mode: AnswerMode

  /// Makes the grader.
  public init(mode: AnswerMode = .response) { self.mode = mode }

  /// `countdown`.
  public var name: String { "countdown" }

  /// The names of ``AnswerMode``.
  public var modes: [String] { AnswerMode.allCases.map(\.rawValue) }

  /// The grader with a mode for submissions that name none.
  public func with(mode name: String) -> (any Grader)? {
    AnswerMode(rawValue: name).map(CountdownGrader.init)
  }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    if let defect = submission.defect(ofField: "mode", as: AnswerMode.self) { return defect }
    switch Self.task(of: submission) {
    case .success: return nil
    case .failure(let defect): return defect.message
    }
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    let task: Task
    switch Self.task(of: submission) {
    case .success(let found): task = found
    case .failure(let defect): return .unscored(defect.message)
    }
    let extraction = submission.extraction(mode: mode)
    guard let text = extraction.text else { return .unanswered(extraction.reason) }
    var sides = text.split(separator: "=", omittingEmptySubsequences: false)
    if sides.count == 2, FormulaReader.read(String(sides[1]))?.value == task.target {
      sides.removeLast()
    }
    guard sides.count == 1, let formula = FormulaReader.read(String(sides[0])) else {
      return .incorrect("not an expression in + - * / and parentheses", extracted: text)
    }
    guard formula.numbers.sorted() == task.numbers else {
      let seen = formula.numbers.sorted().map(String.init).joined(separator: " ")
      let wanted = task.numbers.map(String.init).joined(separator: " ")
      return .incorrect("uses the numbers \(seen), wanted \(wanted)", extracted: text)
    }
    guard let value = formula.value else {
      return .incorrect("divides by zero", extracted: text)
    }
    return value == task.target
      ? .correct("equal: \(task.target)", extracted: text)
      : .incorrect("different: \(value), wanted \(task.target)", extracted: text)
  }

  // MARK: - What is given

  private struct Task {
    var numbers: [Int]
    var target: Rational
  }

  private static func task(of submission: Submission) -> Result<Task, GraderError> {
    let fields = submission.fields
    if let numbers = fields["numbers"], let target = fields["target"] {
      let values = numbers.array?.compactMap(\.int) ?? []
      guard !values.isEmpty, values.count == numbers.array?.count, values.allSatisfy({ $0 >= 0 })
      else {
        return .failure(GraderError("numbers is \(numbers), wanted an array of whole numbers"))
      }
      guard let target = target.int else {
        return .failure(GraderError("target is \(target), wanted a whole number"))
      }
      return .success(Task(numbers: values.sorted(), target: Rational(BigInt(target))))
    }
    guard let reference = submission.reference else {
      return .failure(GraderError("\(submission.missingReference), and no numbers with a target"))
    }
    guard let formula = FormulaReader.read(reference), let target = formula.value else {
      return .failure(
        GraderError("the reference '\(reference.prefix(60))' is no expression with a value"))
    }
    return .success(Task(numbers: formula.numbers.sorted(), target: target))
  }
}
