import HoneGraders
import Testing

@Suite struct RubricTests {
  private static let right = Submission(
    completion: "<think>1</think><answer>4</answer>", reference: "4")

  @Test("The total is the weighted sum, the first entry leads")
  func total() throws {
    let rubric = try Rubric([
      Rubric.Entry(MathGrader()), Rubric.Entry(FormatGrader(), weight: 0.25),
    ])
    let score = rubric.grade(Self.right)
    #expect(score.total == 1.25)
    #expect(score.verdict == .correct)
    #expect(score.components.map(\.name) == ["math", "format"])
    #expect(rubric.shapingBound == 0.25)
  }

  @Test("One unscored part leaves the whole unscored")
  func unscored() throws {
    let rubric = try Rubric([Rubric.Entry(FormatGrader()), Rubric.Entry(MathGrader())])
    let score = rubric.grade(Submission(completion: Self.right.completion))
    #expect(score.total == nil)
    #expect(score.verdict == .unscored)
    #expect(score.unscoredReason == "math: no reference answer")
  }

  @Test("Empty rubrics, repeated names and infinite weights are refused")
  func refused() {
    #expect(throws: GraderError.self) { try Rubric([Rubric.Entry]()) }
    #expect(throws: GraderError.self) {
      try Rubric([Rubric.Entry(MathGrader()), Rubric.Entry(MathGrader())])
    }
    #expect(throws: GraderError.self) {
      try Rubric([Rubric.Entry(MathGrader(), weight: .infinity)])
    }
  }

  @Test("Names and aliases are found, unknown names are listed")
  func registry() throws {
    for grader in Graders.all {
      #expect(try Graders.named(grader.name).name == grader.name)
    }
    #expect(try Graders.named("accuracy_reward").name == "math")
    #expect {
      try Graders.named("maths")
    } throws: {
      "\($0)".contains("'maths'") && "\($0)".contains("tag-count")
    }
  }
}
