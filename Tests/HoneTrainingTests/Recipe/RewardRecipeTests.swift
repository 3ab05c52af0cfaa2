import HoneGraders
import HoneJSON
import HoneTraining
import Testing

@Suite("Rewards of a recipe: names, modes and options")
struct RewardRecipeTests {
  private static func grpo(_ lines: String) throws -> GroupRelativeSettings {
    try #require(Recipe.parse(RecipeErrorTests.stage(lines)).stages[0].grpo)
  }

  @Test("Every option of every grader is within reach, and is written back")
  func everyOption() throws {
    for grader in Graders.all {
      for setting in grader.settings {
        let value =
          switch setting.kind {
          case .flag: "true"
          case .integer(let range): "\(range.upperBound)"
          case .optionalInteger: "none"
          case .number(let range): "\(range.upperBound)"
          case .choice(let words): words[0]
          case .choices(let words): "[\(words.joined(separator: ", "))]"
          }
        let line = "rewards: [{grader: \(grader.name), options: {\(setting.name): \(value)}}]"
        let recipe = try Recipe.parse(RecipeErrorTests.stage(line))
        let reward = try #require(recipe.stages[0].grpo?.rewards.first)
        #expect(reward.options.keys == [setting.name])
        _ = try reward.makeGrader(GraderOptions(workers: 1))
        #expect(try Recipe.parse(recipe.yaml, file: "recipe.yaml").stages == recipe.stages)
      }
    }
  }

  @Test("Names, modes and options are read")
  func read() throws {
    let grpo = try Self.grpo(
      """
      rewards:
            - {grader: math, name: exact, mode: answer, options: {unit_is_optional: false}}
            - {grader: math, name: near, weight: 0.2, policy: minerva}
            - {grader: format, options: {begins_in_reasoning: true}}
            - overlong
      """)
    #expect(grpo.rewards.map(\.name) == ["exact", "near", "format", "overlong"])
    #expect(grpo.rewards.map(\.mode) == ["answer", nil, nil, nil])
    #expect(grpo.rewards.map(\.policy) == ["strict", "minerva", nil, nil])
    #expect(grpo.rewards[0].options == ["unit_is_optional": false])
    #expect(grpo.rewards[2].options == ["begins_in_reasoning": true])
    let grader = try grpo.rewards[2].makeGrader(GraderOptions(workers: 1))
    #expect(
      grader.grade(Submission(completion: "a</think><answer>b</answer>")).verdict == .correct)
  }

  @Test(
    "what, where and what to do",
    arguments: [
      (
        "rewards: [{grader: format, options: {begin_in_reasoning: true}}]",
        "my.yaml:5:42: unknown key 'begin_in_reasoning'", "did you mean 'begins_in_reasoning'?"
      ),
      (
        "rewards: [{grader: overlong, options: {margin: 0}}]", "my.yaml:5:52: 'margin' is '0'",
        "a whole number from 1 to 1000000"
      ),
      (
        "rewards: [{grader: format, options: {begins_in_reasoning: yes}}]", "is 'yes'",
        "true or false"
      ),
      (
        "rewards: [{grader: math, options: {extraction: [box, last]}}]", "'extraction' is a list",
        "a list of some of answer-tag, box"
      ),
      (
        "rewards: [{grader: code, options: {time_limit: 1e9}}]", "'time_limit' is '1e9'",
        "a number from 0.01 to 600"
      ),
      ("rewards: [{grader: code, options: 4}]", "options' is '4'", "a mapping"),
      (
        "rewards: [{grader: countdown, options: {x: 1}}]", "unknown key 'x'",
        "the grader 'countdown' has no options"
      ),
      (
        "rewards: [{grader: math, mode: anser}]", "my.yaml:5:36: 'mode' is 'anser'",
        "one of answer, response; did you mean 'answer'?"
      ),
      ("rewards: [{grader: format, mode: answer}]", "'format' has no modes", "remove 'mode'"),
      (
        "rewards: [{grader: math}, {grader: math, policy: gsm8k}]", "'math' is named twice",
        "give each a 'name'"
      ),
      (
        "rewards: [{grader: math, name: a}, {grader: format, name: a}]",
        "two rewards are called 'a'", "another 'name'"
      ),
      ("rewards: [{grader: math, name: a/b}]", "the name 'a/b'", "no '/'"),
    ])
  func errors(_ line: String, _ what: String, _ advice: String) {
    let message = RecipeErrorTests.message(RecipeErrorTests.stage(line))
    #expect(message.contains(what), "\(message)")
    #expect(message.contains(advice), "\(message)")
  }

  @Test("pass@1 follows the first reward that judges answers; where that surprises, it is told")
  func leading() throws {
    #expect(try Self.grpo("rewards: [math, format]").rewardNotes.isEmpty)
    #expect(try Self.grpo("rewards: [math, format]").leadingReward == 0)
    let shaped = try Self.grpo("rewards: [format, tag-count, math, countdown]")
    #expect(shaped.leadingReward == 2 && shaped.rewardNotes.count == 1)
    #expect(shaped.rewardNotes[0].contains("'format', 'tag-count' shapes"))
    #expect(shaped.rewardNotes[0].contains("pass@1, verdicts and excerpts follow 'math'"))
    let form = try Self.grpo("rewards: [format, overlong]")
    #expect(form.leadingReward == 0 && form.rewardNotes.count == 1)
    #expect(form.rewardNotes[0].contains("none of 'format', 'overlong' judges"))
    #expect(try Self.grpo("group_size: 4").rewardNotes.isEmpty)
    #expect(try Self.grpo("group_size: 4").leadingReward == nil)
  }
}
