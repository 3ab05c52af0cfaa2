/// How a demonstration answers: tersely, step by step, or step by step with a mistake.
public enum DemonstrationStyle: String, Sendable, Hashable, CaseIterable {
  /// The answer alone.
  case terse
  /// Correct steps, then the answer.
  case steps
  /// Steps of which one is wrong and carried on to a wrong answer.
  case flawed
}

/// The shares of the styles in a set of demonstrations.
///
/// A base policy that is trained on a mixture can do all of it and prefers none: the reward
/// then has something to select. Terse answers are the majority by default, so that the base
/// answers tersely even when it is sampled greedily.
public struct DemonstrationMixture: Sendable, Hashable {
  /// Share of terse answers, 0...1.
  public var terse: Double
  /// Share of correct step-by-step reasoning, 0...1.
  public var steps: Double
  /// Share of flawed step-by-step reasoning, 0...1.
  public var flawed: Double

  /// Makes a mixture.
  ///
  /// - Parameters:
  ///   - terse: Share of terse answers.
  ///   - steps: Share of correct reasoning.
  ///   - flawed: Share of flawed reasoning.
  /// - Throws: ``TaskError`` unless the shares are in 0...1 and add up to 1 (within 1e-9).
  public init(terse: Double, steps: Double, flawed: Double) throws(TaskError) {
    let shares = [terse, steps, flawed]
    guard shares.allSatisfy({ (0...1).contains($0) }), abs(terse + steps + flawed - 1) < 1e-9
    else {
      throw TaskError(
        "demonstration shares terse \(terse), steps \(steps), flawed \(flawed): "
          + "each must be in 0...1 and together they must be 1")
    }
    self.terse = terse
    self.steps = steps
    self.flawed = flawed
  }

  private init() {
    terse = 0.55
    steps = 0.40
    flawed = 0.05
  }

  /// Terse 0.55, steps 0.40, flawed 0.05.
  public static let standard = DemonstrationMixture()

  /// Draws a style.
  package func style(random: inout TaskRandom) -> DemonstrationStyle {
    let point = random.unit()
    if point < terse { return .terse }
    return point < terse + steps ? .steps : .flawed
  }
}

/// How a completion gives its answer, where its grader looks for it.
public enum AnswerForm: String, Sendable, Hashable, CaseIterable {
  /// `<answer>31</answer>`, the tags of R1-Zero.
  case tagged
  /// A fenced block of Python.
  case python
}

/// The text of demonstrations, without a stop token (the trainer adds it).
package enum Demonstration {
  /// `<answer>31</answer>`, or the program in its fence.
  package static func terse(answer: String, form: AnswerForm = .tagged) -> String {
    switch form {
    case .tagged: "<answer>\(answer)</answer>"
    case .python: "```python\n\(answer)\n```"
    }
  }

  /// `<think>7+5=12 12+8=20</think><answer>20</answer>`; a fence begins on a line of its own.
  package static func reasoned(
    steps: String, answer: String, form: AnswerForm = .tagged
  ) -> String {
    "<think>\(steps)</think>" + (form == .python ? "\n" : "") + terse(answer: answer, form: form)
  }
}
