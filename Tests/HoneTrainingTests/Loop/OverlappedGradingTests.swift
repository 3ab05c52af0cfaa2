import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining
import Testing

@Suite("Grading while others are still sampled")
struct OverlappedGradingTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Completions end in another order than they are written in, so a score that went astray would
  /// stand beside another text.
  @Test("Each row's verdict, extract and reason are those of its own completion")
  func ownVerdicts() throws {
    let folder = try TemporaryFolder()
    let base = Self.root + "/checkpoints/base"
    let recipe = try Recipe.parse(
      """
      model: \(base)
      stages:
        - kind: grpo
          tasks: {train: {family: last-digit, count: 40, difficulty: [3, 5]}}
          group_size: 8
          prompts_per_step: 6
          sampling: {max_completion_length: 64}
          steps: 2
          probe_problems: 0
      """, file: "overlap.yaml")
    let compute = Compute(workers: 2)
    _ = try TrainingRun.start(
      recipe, recipeFile: nil, at: folder.path + "/run", arguments: [], compute: compute,
      sink: SmallRun.Listener(), shouldStop: { nil }
    ).run()
    let problems = try Families.named("last-digit").make(
      count: 40, seed: 0, difficulty: 3...5, split: .train)
    let answers = Dictionary(uniqueKeysWithValues: problems.map { ($0.id, $0) })
    let model = try LoadedModel.load(base, compute: compute)
    let text = try String(contentsOfFile: folder.path + "/run/completions.jsonl", encoding: .utf8)
    var verdicts: Set<String> = []
    var extracts: Set<String> = []
    for line in text.split(separator: "\n") {
      let row = try JSON.parse(String(line))
      let ids = try #require(row["completion_ids"]?.array).compactMap { $0.int.map { Int32($0) } }
      let problem = try #require(answers[row["problem"]?.string ?? ""])
      var tokens = ids
      if let last = tokens.last, model.endTokens.contains(last) { tokens.removeLast() }
      let score = MathGrader().grade(
        problem.submission(
          completion: model.tokenizer.decode(tokens),
          isTruncated: row["finish_reason"]?.string == "length"))
      #expect(row["verdict"]?.string == score.verdict.rawValue)
      #expect(row["extracted"]?.string == score.extracted)
      verdicts.insert(score.verdict.rawValue)
      extracts.insert(score.extracted ?? "")
    }
    #expect(verdicts.count > 1 && extracts.count > 3, "all alike: a mix-up would not show")
  }
}
