import HoneJSON

/// Small Python functions from a description and two results: `f(x): times 3, then add 4. f(2)=10 f(0)=4`.
///
/// Difficulty `d` has `d` steps on a number or a list. Sometimes the last number is called `k`, and
/// the results say what it is: then a little reckoning comes before the program. Hidden cases
/// decide, at least eight of them, edge cases among them, chosen so that every program with one of
/// the expected mistakes fails. Their results come from an interpreter of the same steps, not from
/// Python. Problems whose programs behave alike are the same problem, however they are described.
public struct Synthesis: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// `synthesis`.
  public var name: String { "synthesis" }

  /// One line for a list of families.
  public var summary: String { "a Python function from a description: f(x): times 3, then add 4" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...6 }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 2...4 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    while true {
      let program = SynthesisDraw.program(difficulty: difficulty, random: &random)
      guard let question = SynthesisDraw.question(program, random: &random),
        let wrong = Self.flawed(question, random: &random)
      else { continue }
      return ProblemInstance(
        question: question.text(random: &random), answer: program.python, grader: "code",
        key: Self.key(program), steps: question.trace(of: program),
        flawedSteps: question.trace(of: wrong), flawedAnswer: wrong.python, form: .python)
    }
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    SynthesisQuestion(question).map { Self.key($0.program) }
  }

  /// The hidden cases of a question, or nil for a text that is not a question of this family.
  public func tests(question: String) -> JSON? {
    SynthesisQuestion(question).map { HiddenCases($0).json }
  }

  /// What the program does, not how it is written.
  private static func key(_ program: SmallProgram) -> String {
    let results = program.behaviour.map { $0?.python ?? "none" }.joined(separator: " ")
    let kind = program.takesList ? "list" : "number"
    return "synthesis \(kind) \(String(stableHash(results), radix: 16))"
  }

  /// A program with one mistake that shows in the reasoning and in the results; nil where the
  /// first example shows none.
  private static func flawed(
    _ question: SynthesisQuestion, random: inout TaskRandom
  ) -> SmallProgram? {
    let truth = question.program
    var candidates = truth.mutants
    if question.isHidden {
      // A slip in the reckoning.
      candidates = SynthesisQuestion.hiddenNumbers.map(truth.withLast(number:))
    }
    random.shuffle(&candidates)
    let shown = Set(question.examples.map(\.argument))
    let hidden = ProgramBattery.arguments(lists: truth.takesList).filter { !shown.contains($0) }
    let trace = question.trace(of: truth)
    return candidates.first { candidate in
      candidate.results(on: hidden) != truth.results(on: hidden)
        && question.trace(of: candidate) != trace
    }
  }
}
