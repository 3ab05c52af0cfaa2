import HoneGraders
import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("Votes: which samples gave the same answer")
struct AnswerVotesTests {
  private static func answers(_ items: [(String?, Verdict)]) -> [AnswerVotes.Answer] {
    items.map { AnswerVotes.Answer(text: $0.0, verdict: $0.1) }
  }

  @Test("Texts that are equal, and those that are called the same, have one vote's number")
  func grouping() {
    let items: [(String?, Verdict)] = [
      ("a", .incorrect), (nil, .incorrect), ("A", .incorrect), ("b", .correct), ("a", .incorrect),
      ("B", .correct), ("b", .unscored), ("A", .correct),
    ]
    let votes = AnswerVotes.count(Self.answers(items)) { $0.lowercased() == $1.lowercased() }
    #expect(votes == [0, nil, 0, 3, 0, 3, nil, 0])
    #expect(AnswerVotes.count(Self.answers(items)) == [0, nil, 2, 3, 0, 5, nil, 2])
  }

  @Test("A group is what is the same as its first member; right and wrong are never the same")
  func representatives() {
    // Closeness is not transitive: 3 is near 2, but not near 1, which leads the group of 2.
    let near = { (a: String, b: String) in abs((Int(a) ?? 0) - (Int(b) ?? 0)) <= 1 }
    let wrong: [(String?, Verdict)] = ["1", "2", "3", "4"].map { ($0, .incorrect) }
    #expect(AnswerVotes.count(Self.answers(wrong), areSame: near) == [0, 0, 2, 2])
    let mixed: [(String?, Verdict)] = [("1", .incorrect), ("2", .correct), ("3", .incorrect)]
    #expect(AnswerVotes.count(Self.answers(mixed), areSame: near) == [0, 1, 2])
  }

  @Test("The number of comparisons is bounded")
  func bounded() {
    var count = 0
    let many = (0..<1000).map { ("\($0)" as String?, Verdict.incorrect) }
    let votes = AnswerVotes.count(Self.answers(many)) { _, _ in
      count += 1
      return false
    }
    #expect(count == AnswerVotes.maximumComparisons)
    #expect(votes == (0..<1000).map { $0 })
  }

  /// The votes of extracted answers to a problem whose answer is 1/2.
  private static func statistics(_ texts: [String], grader: String = "math") throws -> Double {
    let problem = Problem(id: "a", question: "q", answer: "1/2", grader: grader)
    let grading = try Grading(
      rewards: [], problems: [problem], workers: 1, maximumTokens: 9,
      graders: GraderOptions(workers: 1))
    let scores = grading.grade(
      texts.map {
        (grader: grader, submission: problem.submission(completion: "\\boxed{\($0)}"))
      })
    let samples = scores.map {
      EvaluatedSample(
        text: "", verdict: $0.verdict, extracted: $0.leading.extracted, tokens: 1)
    }
    let votes = grading.votes([(problem: problem, scores: scores)])[0]
    return EvaluationStatistics([
      EvaluatedProblem(problem: problem, samples: samples, votes: votes)
    ]).majority
  }

  @Test("maj@k counts values: one half in three spellings beats two thirds in one")
  func values() throws {
    let texts = ["2/3", "1/2", "2/3", "0.5", "\\frac{1}{2}"]
    #expect(try Self.statistics(texts) == 1)
    // By text two thirds win.
    let byText = EvaluatedProblem(
      problem: Problem(id: "a", question: "q", answer: "1/2"),
      samples: texts.map {
        EvaluatedSample(
          text: "", verdict: $0 == "2/3" ? .incorrect : .correct, extracted: $0, tokens: 1)
      })
    #expect(EvaluationStatistics([byText]).majority == 0)
    // Wrong values are pooled as well.
    #expect(try Self.statistics(["1/2", "4/6", "2/3", "0.5", "\\frac{2}{3}"]) == 0)
  }

  @Test("Sixty-four answers of hostile size are counted in bounded time", .timeLimit(.minutes(1)))
  func hostile() throws {
    let texts = (0..<64).map { "(x+\($0))^{60}+\\sqrt{x^{50}+\($0)}+\\sin(x)^{\($0)}" }
    #expect(try Self.statistics(texts) == 0)
  }
}
