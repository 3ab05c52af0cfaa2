import HoneGraders
import HoneJSON
import Testing

@Suite struct MathGraderTests {
  static func verdict(
    _ gold: String, _ answer: String, policy: MathPolicy = .strict, mode: AnswerMode = .answer
  ) -> Score {
    MathGrader(policy: policy, mode: mode).grade(Submission(completion: answer, reference: gold))
  }

  @Test(
    "Different notations of one value are equal",
    arguments: [
      ("42", "42"), ("42", "42."), ("42", "$42$"), ("42", "\\(42\\)"), ("42", "+42"),
      ("42", "042"), ("42", "42.0"), ("42", "\\text{42}"), ("42", "\\mathbf{42}"),
      ("-7", "−7"), ("-7", "- 7"), ("7430", "7,430"), ("7430", "7{,}430"), ("7430", "7\\,430"),
      ("1234567", "1,234,567"), ("1/2", "\\frac{1}{2}"), ("1/2", "\\dfrac12"), ("1/2", "0.5"),
      ("1/2", ".5"), ("1/2", "½"), ("\\frac{5}{2}", "2½"), ("\\frac{23}{5}", "4\\frac{3}{5}"),
      ("23/5", "4 3/5"), ("-23/5", "-4\\frac{3}{5}"), ("-5/6", "\\frac{5}{-6}"),
      ("5/6", "{5 \\over 6}"), ("1/6", "\\frac{\\frac{2}{3}}{4}"), ("28\\%", "0.28"),
      ("28\\%", "28 percent"), ("28\\%", "28"), ("18.5", "\\$18.50"), ("1850", "€1,850"),
      ("-5", "-$5"), ("15", "15\\text{ cm}"), ("15 cm", "15 centimeters"), ("5", "x = 5"),
      ("x=5", "5"), ("f(x)=5", "5"), ("320000", "3.2 \\times 10^5"), ("320000", "3.2e5"),
      ("1024", "2^{10}"), ("1/8", "2^{-3}"), ("16", "4²"), ("3000000", "3 million"),
      ("(1, 2)", "\\left(1,2\\right)"), ("(1,\\frac12)", "(1, 0.5)"),
      ("\\{2,3,5\\}", "\\{5,2,3\\}"), ("2,3", "3 and 2"), ("(C)", "C"), ("\\text{Yes}", "yes"),
      ("x^2", "x^{2}"), ("30^\\circ", "30"), ("2/3", "0.6666667"), ("16.67", "\\frac{50}{3}"),
      ("16.67", "16.6667"),
    ])
  func equal(gold: String, answer: String) {
    let score = Self.verdict(gold, answer)
    #expect(score.verdict == .correct, "\(gold) = \(answer): \(score.reason)")
    #expect(score.value == 1)
  }

  @Test(
    "Different values are different, however alike they look",
    arguments: [
      ("42", "43"), ("42", "-42"), ("42", ""), ("42", "42 or 43"), ("42", "42, 43"),
      ("42", "\\{41, 42\\}"), ("42", "42=43"), ("42", "x"), ("42", "42x"), ("42", "4 2"),
      ("42", "[0, 100]"), ("42", "about 42"), ("42", "not 42"), ("42", "42 squared"),
      ("42", "42 \\text{ or } 43"), ("42", "\\text{maybe } 42"), ("9", "1000=9"),
      ("1/23", "\\frac{12}{3}"), ("\\frac{x}{23}", "\\frac{x2}{3}"), ("0.28", "28"),
      ("0.28\\%", "0.28"), ("12345678901234567890", "12345678901234567891"),
      ("3", "3.0000001"), ("3/8", "0.37"), ("2/3", "0.67"), ("2/3", "0.66666"),
      ("16.67", "16.66"), ("0.25", "0.254"), ("-17/5", "-4\\frac{3}{5}"),
      ("23/5", "\\frac{12}{5}"), ("15 cm", "15 m"), ("$5", "€5"), ("x=5", "y=5"),
      ("(1,2)", "(2,1)"), ("(1,2)", "[1,2]"), ("(1,2)", "\\{1,2\\}"), ("(1,2)", "1"),
      ("2,3", "2"), ("2,3", "2,3,5"), ("2,3,3", "2,2,3"), ("2ab", "2AB"), ("B", "C"), ("b", "B"),
      ("x^{23}", "x^{2}3"), ("5", "1/0"), ("5", "5/0"), ("5m", "5"), ("5", "5m"),
      ("1", "10^{-400}"), ("10^{20}", "10^{20}+1"),
    ])
  func different(gold: String, answer: String) {
    let score = Self.verdict(gold, answer)
    #expect(score.verdict == .incorrect, "\(gold) = \(answer): \(score.reason)")
    #expect(score.value == 0)
  }

  @Test("Every readable reference is equal to itself and different from its successor")
  func reflexive() {
    for numerator in -30...30 {
      for denominator in 1...12 {
        let gold = "\\frac{\(numerator)}{\(denominator)}"
        #expect(Self.verdict(gold, gold).verdict == .correct)
        #expect(Self.verdict(gold, "\(2 * numerator)/\(2 * denominator)").verdict == .correct)
        #expect(
          Self.verdict(gold, "\\frac{\(numerator + 1)}{\(denominator)}").verdict == .incorrect)
      }
    }
  }

  @Test(
    "The answer is found by the documented rules, in their order",
    arguments: [
      ("So $\\boxed{42}$.", "42"), ("\\boxed 42", "42"), ("\\fbox{42}", "42"),
      ("\\boxed{\\frac{x}{\\sqrt{y+1}}}", "\\frac{x}{\\sqrt{y+1}}"),
      ("First \\boxed{17} is a start. Then we get \\boxed{42}.", "42"),
      ("<think>\\boxed{7}</think>\\boxed{42}", "42"),
      ("<think>so <answer>40</answer>?</think>\n<answer> 42 </answer>", "42"),
      ("<answer>\\boxed{42}</answer>", "42"), ("<answer>42</answer> \\boxed{7}", "42"),
      ("so 9*2\n#### $18", "$18"), ("#### 57\nagain\n#### 12", "12"),
      ("**Final Answer:** 42", "42"), ("The answer is 42. Good.", "42"),
      ("The answer is: 1,234.5", "1,234.5"), ("ANSWER: 42", "42"),
      ("A is wrong, C too. Answer: B", "B"), ("The answer is not easy. Answer: 7", "7"),
    ])
  func extraction(completion: String, extracted: String) {
    let score = Self.verdict("42", completion, mode: .response)
    #expect(score.extracted == extracted, "\(score)")
  }

  @Test(
    "No answer is found where there is none; the last number is not one",
    arguments: [
      "", "42", "so we get 42", "<think>\\boxed{42}",
      "<think>a</think>\\boxed{41}</think>\\boxed{42}",
      "<answer>42", "\\boxed{42", "####", "The answer is", "<answer>41</answer><answer>42</answer>",
      "<think>a</think><think>\\boxed{42}",
    ])
  func nothing(completion: String) {
    let score = Self.verdict("42", completion, mode: .response)
    #expect(score.verdict == .incorrect)
    #expect(score.extracted == nil)
    #expect(!score.reason.isEmpty)
  }

  @Test("Several boxes in one sentence are a list, so a hedge is wrong and a list is right")
  func hedges() {
    let hedge = "The answer is either \\boxed{3} or \\boxed{4}."
    #expect(Self.verdict("3", hedge, mode: .response).verdict == .incorrect)
    #expect(Self.verdict("4", hedge, mode: .response).verdict == .incorrect)
    #expect(Self.verdict("3, 4", hedge, mode: .response).verdict == .correct)
    #expect(
      Self.verdict("3", "\\boxed{3}, that is \\boxed{3}", mode: .response).verdict == .correct)
  }

  @Test(
    "A reference that cannot be read leaves the completion unscored",
    arguments: [
      "", "   ", String(repeating: "(", count: 500), String(repeating: "1", count: 20_000),
      "a\u{0}b",
    ])
  func unreadableReference(gold: String) {
    let score = Self.verdict(gold, "42")
    #expect(score.verdict == .unscored, "\(score.reason)")
    #expect(score.reason.hasPrefix("the reference"))
  }

  @Test("Missing references, unknown modes and unknown policies are defects of the row")
  func defects() {
    let grader = MathGrader()
    #expect(grader.grade(Submission(completion: "42")).verdict == .unscored)
    for (key, value) in [("mode", JSON.string("loose")), ("policy", .integer(1))] {
      let submission = Submission(completion: "42", reference: "42", fields: [key: value])
      #expect(grader.defect(of: submission)?.contains("wanted one of") == true)
      #expect(grader.grade(submission).verdict == .unscored)
    }
  }

  @Test("Policies differ where they say")
  func policies() {
    #expect(Self.verdict("18", "18 eggs", policy: .gsm8k).verdict == .correct)
    #expect(Self.verdict("18", "18 eggs", policy: .strict).verdict == .incorrect)
    #expect(Self.verdict("18", "18 or 19", policy: .gsm8k).verdict == .incorrect)
    #expect(Self.verdict("$18", "€18", policy: .gsm8k).verdict == .correct)
    #expect(Self.verdict("1.60", "1.61", policy: .minerva).verdict == .correct)
    #expect(Self.verdict("1.60", "1.61", policy: .strict).verdict == .incorrect)
    #expect(Self.verdict("160", "161", policy: .minerva).verdict == .incorrect)
  }

  @Test(
    "Hostile answers are refused by their size, not computed",
    .timeLimit(.minutes(1)),
    arguments: [
      "9^{9^{9^{9}}}", "9^{999999999}", "10^{10^{10}}", "1e999999999",
      String(repeating: "(", count: 5000) + "5" + String(repeating: ")", count: 5000),
      String(repeating: "-", count: 10_000) + "6", String(repeating: "9", count: 300_000),
      String(repeating: "\\frac{1}{", count: 1500) + "5" + String(repeating: "}", count: 1500),
      String(repeating: "9^{999}*", count: 1500) + "1",
      String(repeating: "9^{9999}+", count: 1500) + "1",
      String(repeating: "$", count: 10_000), String(repeating: "\\{", count: 4000),
      String(repeating: "1,", count: 8000), String(repeating: "x=", count: 8000),
      "0." + String(repeating: "0", count: 9000) + "1",
    ])
  func hostile(answer: String) {
    for gold in ["5", "\\frac{1}{3}", "0.25", "(1,2)"] {
      #expect(Self.verdict(gold, answer).verdict == .incorrect)
    }
  }

  @Test("Long completions are scanned in linear time", .timeLimit(.minutes(1)))
  func long() {
    let boxes = String(repeating: "\\boxed{", count: 50_000)
    #expect(Self.verdict("5", boxes, mode: .response).verdict == .incorrect)
    let letters = String(repeating: "a", count: 500_000)
    #expect(Self.verdict("5", letters + " \\boxed{5}", mode: .response).verdict == .correct)
    #expect(Self.verdict("5", "\\boxed{5}" + letters, mode: .response).verdict == .correct)
    let hedges = String(repeating: "\\boxed{4} ", count: 20_000) + "\\boxed{5}"
    #expect(Self.verdict("5", hedges, mode: .response).verdict == .incorrect)
    let answers = String(repeating: "answer ", count: 50_000)
    #expect(Self.verdict("5", answers, mode: .response).verdict == .incorrect)
  }
}
