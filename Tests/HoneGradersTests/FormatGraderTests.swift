import HoneGraders
import Testing

@Suite struct FormatGraderTests {
  private func value(_ completion: String) -> Double {
    FormatGrader().grade(Submission(completion: completion)).value
  }

  @Test(
    "Reasoning, then an answer, and nothing else",
    arguments: [
      "<think>a</think><answer>b</answer>", "<think>\na\n</think>\n<answer>\nb\n</answer>\n",
      "  <think>a < b</think>\n\n<answer>b</answer>  ", "<think>1</think> <answer>2</answer>",
    ])
  func wellFormed(completion: String) { #expect(value(completion) == 1) }

  @Test(
    "Everything else earns nothing",
    arguments: [
      "", "b", "<answer>b</answer>", "<think>a</think>", "<think>a</think>b",
      "<think></think><answer>b</answer>", "<think> \n</think><answer>b</answer>",
      "<think>a</think><answer></answer>", "<think>a</think><answer> </answer>",
      "<think>a</think><answer>b</answer>c", "x<think>a</think><answer>b</answer>",
      "<think>a</think>x<answer>b</answer>", "<answer>b</answer><think>a</think>",
      "<think>a<think>a</think><answer>b</answer>", "<think>a</think></think><answer>b</answer>",
      "<think>a</think><answer>b</answer><answer>b</answer>",
      "<think><answer>a</answer></think><answer>b</answer>",
      "<think>a</think><answer>b", "<think>a<answer>b</answer></think>",
      "<Think>a</Think><answer>b</answer>",
    ])
  func malformed(completion: String) {
    let score = FormatGrader().grade(Submission(completion: completion))
    #expect(score.value == 0)
    #expect(score.verdict == .incorrect)
  }

  @Test("A prompt may have opened the reasoning already")
  func continued() {
    let grader = FormatGrader(beginsInReasoning: true)
    #expect(grader.grade(Submission(completion: "a</think><answer>b</answer>")).value == 1)
    #expect(grader.grade(Submission(completion: "</think><answer>b</answer>")).value == 0)
    #expect(grader.grade(Submission(completion: "<think>a</think><answer>b</answer>")).value == 0)
  }

  @Test(
    "Each tag that occurs once, around some content, is worth a quarter",
    arguments: [
      ("<think>a</think><answer>b</answer>", 1.0), ("<think>a</think>", 0.5),
      ("a</think><answer>b</answer>", 0.75), ("", 0), ("<think></think><answer></answer>", 0),
      ("<think></think><answer>b</answer>", 0.5), ("<think>a</think></think>", 0.25),
      ("</think>a<think>", 0.5),
    ])
  func tagCount(completion: String, wanted: Double) {
    #expect(TagCountGrader().grade(Submission(completion: completion)).value == wanted)
  }

  @Test(
    "The length is free up to L - C, then costs up to 1",
    arguments: [
      (0, 0.0), (79, 0), (80, 0), (81, -0.05), (90, -0.5), (99, -0.95), (100, -1), (101, -1),
      (200, -1),
    ])
  func overlong(tokens: Int, wanted: Double) {
    var submission = Submission(completion: "")
    submission.completionTokens = tokens
    submission.maximumTokens = 100
    let score = OverlongGrader(margin: 20).grade(submission)
    #expect(abs(score.value - wanted) < 1e-12)
    #expect(score.verdict == (wanted == 0 ? .correct : wanted == -1 ? .incorrect : .partial))
    #expect(OverlongGrader().grade(submission).value == score.value)
  }

  @Test("Without lengths there is no judgement")
  func noLengths() {
    #expect(OverlongGrader().grade(Submission(completion: "a")).verdict == .unscored)
  }
}
