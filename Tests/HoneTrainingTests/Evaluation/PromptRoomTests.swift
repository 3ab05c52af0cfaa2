import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining
import Testing

@Suite("Prompts that leave too little room")
struct PromptRoomTests {
  private static func model(positions: Int) -> LoadedModel {
    let tokenizer = Tokenizer.train(
      texts: ["1 + 1"], vocabularySize: 257, specialTokens: ["<|end|>"])
    let policy = Policy(
      configuration: PolicyConfiguration(
        vocabularySize: tokenizer.vocabularySize, hiddenSize: 16, intermediateSize: 16, layers: 1,
        heads: 1, headSize: 16, maximumPositions: positions), seed: 1,
      compute: Compute(workers: 1))
    return LoadedModel(policy: policy, tokenizer: tokenizer)
  }

  /// The error of an evaluation of one problem whose prompt has 20 tokens.
  private func failure(positions: Int, maximumTokens: Int) throws -> TrainingError? {
    let model = Self.model(positions: positions)
    var problem = Problem(id: "long", question: String(repeating: "x", count: 19), answer: "1")
    problem.source = Problem.Source(file: "tasks.jsonl", line: 7)
    let prompt = model.tokenizer.encode(
      PromptTemplate.plain.render(question: problem.question), addSpecial: true)
    try #require(prompt.count == 20)
    let evaluator = Evaluator(
      model: model, template: .plain, settings: .init(maximumTokens: maximumTokens))
    do {
      let results = try evaluator.evaluate([problem])
      #expect(results.count == 1)
      // What evaluating takes, sampling takes: this is what `generate` asks before it begins.
      #expect(
        model.policy.configuration.defect(
          ofPrompt: 20, maximumTokens: maximumTokens, setting: "") == nil)
      return nil
    } catch let error as TrainingError {
      #expect(
        model.policy.configuration.defect(
          ofPrompt: 20, maximumTokens: maximumTokens, setting: "") != nil)
      return error
    }
  }

  @Test("The last token of a completion needs no position")
  func exact() throws {
    #expect(try failure(positions: 24, maximumTokens: 5) == nil)
    #expect(try failure(positions: 20, maximumTokens: 1) == nil)
    let error = try #require(try failure(positions: 24, maximumTokens: 6))
    #expect(error.exitCode == 64)
    #expect(
      error.message
        == "tasks.jsonl:7: problem 'long': the prompt has 20 tokens and the policy 24 positions: 6 more do not fit; take --max-tokens 5 at most"
    )
  }

  @Test("Where the prompt alone is too long, no length helps, and none is advised")
  func tooLong() throws {
    let error = try #require(try failure(positions: 19, maximumTokens: 1))
    #expect(
      error.message
        == "tasks.jsonl:7: problem 'long': the prompt has 20 tokens; the policy has 19 positions. Shorten it, or leave it out"
    )
  }

  @Test("Training names the problem too, before a folder is made")
  func training() throws {
    let folder = try TemporaryFolder()
    for (key, setting) in [
      ("stages.1.sampling.max_completion_length", "take max_completion_length"),
      ("stages.1.evaluation.max_completion_length", "take evaluation.max_completion_length"),
    ] {
      let error = #expect(throws: TrainingError.self) {
        try SmallRun.run(at: folder.file("run"), overrides: ["\(key)=128"])
      }
      #expect(error?.exitCode == 78)
      #expect(error?.message.contains("problem 'arithmetic-") == true)
      #expect(error?.message.contains(setting) == true)
      #expect(!Files.exists(folder.file("run")))
    }
  }
}
