import HoneGraders
import HoneJSON
import Testing

@Suite("What a score says beside its value: which grader leads, whether there is an answer")
struct LeadingGraderTests {
  @Test("A shaping grader in front does not lead, and its weight is shaping")
  func order() throws {
    let shaped = try Rubric([
      Rubric.Entry(FormatGrader(), weight: 0.25), Rubric.Entry(OverlongGrader(), weight: 0.5),
      Rubric.Entry(MathGrader()),
    ])
    #expect(shaped.leadingIndex == 2 && shaped.shapingBound == 0.75)
    let submission = Submission(
      completion: "<think>1</think><answer>5</answer>", reference: "4", completionTokens: 1,
      maximumTokens: 9)
    let score = shaped.grade(submission)
    #expect(score.verdict == .incorrect && score.leading.extracted == "5")
    #expect(score.total == 0.25)
    #expect(score.components.map(\.name) == ["format", "overlong", "math"])
    let form = try Rubric([Rubric.Entry(FormatGrader()), Rubric.Entry(TagCountGrader())])
    #expect(form.leadingIndex == 0 && form.grade(submission).verdict == .correct)
  }

  @Test("Which graders judge answers")
  func judges() {
    let judging = Graders.all.filter(\.judgesCorrectness).map(\.name)
    #expect(judging == ["math", "countdown", "sequence", "code"])
  }

  @Test(
    "No marked answer is told apart from a wrong one",
    arguments: ["math", "countdown", "sequence"])
  func unanswered(name: String) throws {
    let grader = try Graders.named(name)
    func score(_ completion: String) -> Score {
      grader.grade(Submission(completion: completion, reference: "1+2"))
    }
    #expect(score("1+2").lacksAnswer && score("1+2").verdict == .incorrect)
    #expect(score("").lacksAnswer && score("<think>\\boxed{1+2}").lacksAnswer)
    #expect(!score("\\boxed{5}").lacksAnswer && score("\\boxed{5}").verdict == .incorrect)
    #expect(!score("\\boxed{1+2}").lacksAnswer)
    // An answer that cannot be read is one.
    #expect(!score("\\boxed{)}").lacksAnswer)
  }

  @Test("The same answer by value, by items, or by text")
  func same() throws {
    let math = MathGrader()
    var problem = Submission(completion: "", reference: "3")
    #expect(math.isSameAnswer("1/2", "0.5", in: problem))
    #expect(math.isSameAnswer("\\frac{1}{2}", "50\\%", in: problem))
    #expect(math.isSameAnswer("2/3", "0.666667", in: problem))
    #expect(math.isSameAnswer("0.666667", "2/3", in: problem))
    #expect(!math.isSameAnswer("1/2", "0.51", in: problem))
    #expect(!math.isSameAnswer("\\frac{1}{", "1", in: problem))
    #expect(!math.isSameAnswer("18 eggs", "18", in: problem))
    problem.fields["policy"] = "gsm8k"
    #expect(math.isSameAnswer("18 eggs", "18", in: problem))
    #expect(SequenceGrader().isSameAnswer("1, 2", "[1 2]", in: problem))
    #expect(!SequenceGrader().isSameAnswer("1, 2", "2, 1", in: problem))
    #expect(CodeGrader().isSameAnswer("a", "a", in: problem))
    #expect(!CodeGrader().isSameAnswer("a", "a ", in: problem))
  }
}
