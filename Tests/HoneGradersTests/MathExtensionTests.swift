import Foundation
import HoneGraders
import HoneJSON
import Testing

// MARK: - The example of the article

/// A grader of one's own: the answer must be a palindrome.
private struct PalindromeGrader: Grader {
  var name: String { "palindrome" }

  func grade(_ submission: Submission) -> Score {
    let letters = submission.completion.lowercased().filter(\.isLetter)
    guard !letters.isEmpty else { return .incorrect("no letters") }
    return String(letters.reversed()) == letters
      ? .correct("reads the same backwards") : .incorrect("differs from its reverse")
  }
}

/// An answer between double brackets.
private struct BracketRule: ExtractionRule {
  var name: String { "double brackets" }

  func answer(in response: String) -> String? {
    guard let start = response.range(of: "[[", options: .backwards),
      let end = response.range(of: "]]", range: start.upperBound..<response.endIndex)
    else { return nil }
    return String(response[start.upperBound..<end.lowerBound])
  }
}

/// Two spellings of one colour.
private struct ColourComparator: MathComparator {
  func compare(reference: String, prediction: String) -> MathEquality? {
    guard reference == "grey" else { return nil }
    return ["grey", "gray"].contains(prediction) ? .equal("a colour") : nil
  }
}

@Suite struct MathExtensionTests {
  private func verdict(
    _ grader: MathGrader, _ reference: String, _ completion: String
  ) -> Verdict {
    grader.grade(Submission(completion: completion, reference: reference)).verdict
  }

  @Test("A grader of one's own works in a rubric")
  func ownGrader() throws {
    let rubric = try Rubric([
      Rubric.Entry(PalindromeGrader()), Rubric.Entry(FormatGrader(), weight: 0.1),
    ])
    #expect(rubric.grade(Submission(completion: "Never odd or even")).total == 1)
    #expect(rubric.grade(Submission(completion: "odd")).verdict == .incorrect)
  }

  @Test("Rules of extraction and equality of one's own come first, the usual ones behind them")
  func ownRules() {
    var grader = MathGrader()
    grader.extractionRules = [BracketRule()]
    #expect(verdict(grader, "42", "so [[42]] and \\boxed{41}") == .correct)
    #expect(verdict(grader, "42", "so \\boxed{42}") == .correct)
    #expect(verdict(MathGrader(), "42", "so [[42]]") == .incorrect)
    grader = MathGrader(mode: .answer)
    grader.comparators = [ColourComparator()]
    #expect(verdict(grader, "grey", "gray") == .correct)
    #expect(verdict(grader, "grey", "blue") == .incorrect)
    #expect(verdict(MathGrader(mode: .answer), "grey", "gray") == .incorrect)
  }

  @Test("Units of one's own convert")
  func ownUnits() throws {
    var policy = MathPolicy.strict
    try policy.units.add(["furlong", "furlongs"], "660", of: "ft")
    let grader = MathGrader(policy: policy, mode: .answer)
    #expect(verdict(grader, "2\\text{ furlongs}", "1320 ft") == .correct)
    #expect(verdict(grader, "2\\text{ furlongs}", "1320 m") == .incorrect)
    #expect(verdict(MathGrader(mode: .answer), "2\\text{ furlongs}", "1320 ft") == .incorrect)
    #expect(throws: GraderError.self) { try policy.units.add(["x"], "-1", of: "ft") }
    #expect(throws: GraderError.self) { try policy.units.add(["x"], "1/0", of: "ft") }
  }

  @Test("Each field of a policy does what it says")
  func fields() {
    func judged(
      _ reference: String, _ answer: String, _ change: (inout MathPolicy) -> Void
    ) -> [Verdict] {
      var policy = MathPolicy.strict
      change(&policy)
      return [MathPolicy.strict, policy].map {
        verdict(MathGrader(policy: $0, mode: .answer), reference, answer)
      }
    }
    let refuses: [Verdict] = [.correct, .incorrect]
    let admits: [Verdict] = [.incorrect, .correct]
    #expect(judged("28\\%", "28") { $0.percentSignIsOptional = false } == refuses)
    #expect(judged("15", "15 cm") { $0.unitIsOptional = false } == refuses)
    #expect(judged("18", "18 eggs") { $0.allowsAnyNoun = true } == admits)
    #expect(judged("$5", "€5") { $0.comparesCurrency = false } == admits)
    #expect(judged("1234", "1,234") { $0.groupsThousands = false } == refuses)
    #expect(judged("(1,2)", "1,2") { $0.bareListIsTuple = false } == refuses)
    #expect(judged("2/3", "0.6666667") { $0.decimals.significantDigits = nil } == refuses)
    #expect(
      judged("2/3", "0.667") { $0.decimals = .init(significantDigits: 3, oneIn: 1000) } == admits)
    #expect(judged("16.67", "50/3") { $0.decimals.roundedReferenceDecimals = nil } == refuses)
    #expect(judged("1.60", "1.61") { $0.measurementOneIn = 100 } == admits)
    #expect(
      judged("\\sqrt{2}+\\sqrt[3]{5+\\sqrt{2}}", "\\sqrt[3]{\\sqrt{2}+5}+\\sqrt[4]{4}") { _ in }
        == [.correct, .correct])
    #expect(
      judged("\\sqrt[3]{2+\\sqrt5}+\\sqrt[3]{2-\\sqrt5}", "1") {
        $0.acceptsNumericEquality = false
      } == refuses)
  }

  @Test("The last number counts only where the policy says so")
  func lastNumber() {
    var policy = MathPolicy.strict
    policy.extraction = .lenient
    #expect(verdict(MathGrader(), "42", "so we get 41 and then 42") == .incorrect)
    #expect(verdict(MathGrader(policy: policy), "42", "so we get 41 and then 42") == .correct)
    policy.extraction.rules = [.hashLine]
    #expect(verdict(MathGrader(policy: policy), "42", "\\boxed{42}") == .incorrect)
  }

  @Test("An echo of the prompt is no answer")
  func echo() {
    let prompt = "What is 6 * 7? Write #### 42 for forty-two."
    let submission = Submission(
      completion: prompt + " I do not know", reference: "42", prompt: prompt)
    #expect(MathGrader().grade(submission).verdict == .incorrect)
  }

  @Test("An explanation says what was extracted, how both sides were read and which rule decided")
  func explanation() {
    let submission = Submission(completion: "so \\boxed{(x-1)^2}", reference: "x^2-2x+1")
    let explanation = MathGrader().explain(submission)
    #expect(explanation.extracted == "(x-1)^2")
    #expect(explanation.rule == "box")
    #expect(explanation.reference == "a value: (x^2 + -1*2*x + 1)")
    #expect(explanation.prediction == "a value: (x + -1)^2")
    #expect(explanation.equality?.isEqual == true)
    var grader = MathGrader()
    grader.explains = true
    #expect(grader.grade(submission).details["explanation"]?.string == explanation.description)
    #expect(grader.grade(submission).verdict == .correct)
  }

  @Test("Bounds are refusals with a name, never verdicts of equality")
  func limits() {
    var limits = MathLimits.standard
    limits.bytes = 10
    let reason = MathGrader(mode: .answer, limits: limits).grade(
      Submission(completion: "1+1+1+1+1+1", reference: "6")
    ).reason
    #expect(reason.contains("limit of bytes"), "\(reason)")
    for answer in ["9^{9^{9^{9}}}", "((((((((1))))))))", "1,2,3,4,5,6,7,8,9"] {
      var limits = MathLimits.standard
      limits.nesting = 4
      limits.members = 4
      limits.steps = 2000
      let score = MathGrader(mode: .answer, limits: limits).grade(
        Submission(completion: answer, reference: "1"))
      #expect(score.verdict == .incorrect && score.reason.hasPrefix("unknown"), "\(score.reason)")
    }
  }

  @Test("References that cannot be used are known before anything is graded")
  func references() {
    let grader = MathGrader()
    #expect(grader.defect(ofReference: "\\frac{1}{2}") == nil)
    #expect(grader.defect(ofReference: "") != nil)
    #expect(grader.defect(ofReference: "\\frac{1}{0}") != nil)
    #expect(grader.defect(ofReference: String(repeating: "9", count: 20_000)) != nil)
  }
}
