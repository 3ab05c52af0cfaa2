import HoneGraders
import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("The policy of a reward")
struct GradingPolicyTests {
  private static let problem = Problem(id: "a", question: "How many eggs?", answer: "18")

  /// The verdict on `18 eggs` by the rewards of a stage with these lines in it.
  private static func verdict(
    _ rewards: String, own: [GroupRelativeSettings.Reward] = [], settings: JSONObject = [:]
  ) throws -> Verdict? {
    let recipe = try Recipe.parse(RecipeErrorTests.stage(rewards))
    var problem = problem
    problem.settings = settings
    let grading = try Grading(
      rewards: try #require(recipe.stages[0].grpo).rewards, problems: [problem], workers: 1,
      maximumTokens: 8, graders: GraderOptions(workers: 1), own: own)
    let submission = problem.submission(completion: "#### 18 eggs")
    return grading.grade([(grader: problem.grader, submission: submission)]).first?.verdict
  }

  @Test("A noun behind a number is right by gsm8k and wrong by strict, the default")
  func rewards() throws {
    #expect(try Self.verdict("rewards: [{grader: math, policy: gsm8k}]") == .correct)
    #expect(try Self.verdict("rewards: [{grader: math, policy: strict}]") == .incorrect)
    #expect(try Self.verdict("rewards: [math]") == .incorrect)
  }

  @Test("A row's own policy goes first")
  func rows() throws {
    let settings: JSONObject = ["policy": "strict"]
    let line = "rewards: [{grader: math, policy: gsm8k}]"
    #expect(try Self.verdict(line, settings: settings) == .incorrect)
  }

  @Test("Problems' own graders take the policies that are asked for")
  func ownGraders() throws {
    #expect(try Self.verdict("group_size: 4") == .incorrect)
    var reward = GroupRelativeSettings.Reward(grader: "math")
    reward.policy = "gsm8k"
    #expect(try Self.verdict("group_size: 4", own: [reward]) == .correct)
  }

  @Test("A policy that no grader has is refused")
  func unknown() throws {
    #expect(throws: GraderError.self) { try Graders.named("math", policy: "lenient") }
    #expect(throws: GraderError.self) { try Graders.named("format", policy: "strict") }
    #expect(try Graders.named("accuracy_reward", policy: "minerva").policies.contains("minerva"))
  }
}
