import Foundation
import HoneGraders
import HoneJSON
import Testing

@Suite("Reasons are in the words of people")
struct MathReasonTests {
  /// Names of this program that no reason may show: of types, of cases with their values, of nothing.
  private static let internals = [
    "HoneGraders.", "Optional(", "command(", "relation(", "constant(", "function(", "keyword(",
    "symbol(\"", "upright(\"", "word(\"", "named(\"", "unknown(\"", "sign(\"", "groupOpen",
    "groupClose", "setOpen", "setClose", "imaginaryUnit", "emptySet", "parenthesizedModulo",
    "plusMinus", "minusPlus", "lessEqual", "greaterEqual", "answerTag", "hashLine",
  ]

  private static func check(_ gold: String, _ answer: String, _ mode: AnswerMode) {
    let submission = Submission(
      completion: answer, reference: gold, fields: ["mode": .string(mode.rawValue)])
    let text = MathGrader().explain(submission).description
    for name in internals where text.contains(name) && !(gold + answer).contains(name) {
      Issue.record("'\(name)' in \(text), of gold '\(gold)' and answer '\(answer)'")
    }
  }

  @Test("Over the fuzzer's answers, and fragments of TeX")
  func sweep() throws {
    let url = try #require(
      Bundle.module.url(forResource: "math_pairs", withExtension: "jsonl", subdirectory: "Goldens"))
    let seeds = try JSONLines(contentsOf: url.path).map { try $0.result.get() }.compactMap {
      row -> (String, String)? in
      guard let gold = row["gold"]?.string, let prediction = row["prediction"]?.string,
        prediction.utf8.count < 500
      else { return nil }
      return (gold, prediction)
    }
    let fuzzer = MathFuzzer(seeds: seeds, seed: 4)
    for number in 0..<3_000 {
      let input = fuzzer.input(UInt64(number))
      guard input.gold.utf8.count + input.prediction.utf8.count < 2_000 else { continue }
      Self.check(input.gold, input.prediction, input.mode)
    }
    let fragments = [
      "\\frac{1}{", "\\frac", "\\sqrt{", "\\sum_{", "\\int_0^", "\\lim_{x\\to}", "\\pm", "x \\le",
      "\\in", "\\mathbb{R}", "\\emptyset", "i", "e", "\\infty", "f(x)=", "\\max", "\\gcd()", "{",
      "}",
      "\\{", "\\}", "\\pmod", "\\binom{1}", "x_{\\le}", "x_{\\sin}", "\\cup", "a \\choose", "&",
      "\\begin{pmatrix}", "\\unknown", "\\text{a}_", "°", "%", "'", "…", "\\neg", "\\to", "\\$",
    ]
    for gold in fragments {
      for answer in fragments { Self.check(gold, answer, .answer) }
    }
  }

  @Test(
    "TeX that was cut off is no reference",
    arguments: ["\\frac{1}{", "\\frac{1}", "\\sqrt", "x^{2", "2}", "\\binom{3}"])
  func cut(reference: String) throws {
    let defect = try #require(MathGrader().defect(ofReference: reference))
    #expect(defect.hasPrefix("the reference cannot be read: "))
    let score = MathGrader().grade(Submission(completion: "\\boxed{1}", reference: reference))
    #expect(score.verdict == .unscored && score.reason == defect)
  }

  @Test(
    "Texts that are no mathematics remain references",
    arguments: ["B+", "A-", "H_2O \\to", "(+)", "p \\land", "#t", "C_6H_{12}O_6"])
  func texts(reference: String) {
    #expect(MathGrader().defect(ofReference: reference) == nil)
    let same = Submission(
      completion: reference, reference: reference, fields: ["mode": "answer"])
    #expect(MathGrader().grade(same).verdict == .correct)
  }
}
