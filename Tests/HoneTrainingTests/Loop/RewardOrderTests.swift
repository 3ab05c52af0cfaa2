import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining
import Testing

@Suite("Rewards in a run: their order, their names, and prompts that open the reasoning")
struct RewardOrderTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private final class Notes: ProgressSink {
    var notes: [String] = []
    var rows: [JSONObject] = []
    func handle(_ event: ProgressEvent) {
      if case .note(let text) = event { notes.append(text) }
      if case .stepFinished(let row, _, _) = event { rows.append(row) }
    }
  }

  private static func run(
    _ rewards: String, prompt: String = "{template: tiny}"
  ) throws -> (heard: Notes, completions: [JSON]) {
    let folder = try TemporaryFolder()
    let recipe = try Recipe.parse(
      """
      model: \(root)/checkpoints/base
      stages:
        - kind: grpo
          tasks: {train: {family: last-digit, count: 20, difficulty: [3, 4]}}
          prompt: \(prompt)
          group_size: 8
          prompts_per_step: 4
          sampling: {max_completion_length: 48}
          rewards: \(rewards)
          steps: 1
          probe_problems: 0
      """, file: "order.yaml")
    let heard = Notes()
    _ = try TrainingRun.start(
      recipe, recipeFile: nil, at: folder.path + "/run", arguments: [],
      compute: Compute(workers: 1), sink: heard, shouldStop: { nil }
    ).run()
    let text = try String(contentsOfFile: folder.path + "/run/completions.jsonl", encoding: .utf8)
    return (heard, try text.split(separator: "\n").map { try JSON.parse(String($0)) })
  }

  @Test("A shaping grader listed first does not become pass@1")
  func order() throws {
    let first = try Self.run("[format, math]")
    let second = try Self.run("[math, format]")
    #expect(first.completions.count == 32)
    for key in ["verdict", "extracted", "reason"] {
      #expect(first.completions.map { $0[key] } == second.completions.map { $0[key] })
    }
    // The two rewards do differ here, so that the verdict shows which one it follows.
    let pairs = Set(
      first.completions.map {
        "\($0["rewards"]?["math"]?.double ?? -1) \($0["rewards"]?["format"]?.double ?? -1)"
      })
    #expect(pairs.count > 1)
    for row in first.completions {
      #expect((row["verdict"] == "correct") == (row["rewards"]?["math"]?.double == 1))
    }
    #expect(first.heard.rows[0]["pass@1"] == second.heard.rows[0]["pass@1"])
    #expect(first.heard.rows[0]["pass@1"] == first.heard.rows[0]["rewards/math/mean"])
    #expect(first.heard.notes.contains { $0.contains("follow 'math'") })
    #expect(!second.heard.notes.contains { $0.contains("follow") })
  }

  @Test("One grader twice, under two names")
  func twice() throws {
    let result = try Self.run(
      "[{grader: math, name: boxed, options: {extraction: [box]}}, {grader: math, weight: 0.5}]")
    let row = result.heard.rows[0]
    #expect(row["rewards/boxed/mean"]?.double == 0)
    #expect((row["rewards/math/mean"]?.double ?? 0) > 0)
    #expect(row["reward"]?.double == (row["rewards/math/mean"]?.double ?? 0) / 2)
    // The first leads: both judge answers.
    #expect(row["pass@1"]?.double == 0)
  }

  @Test("A prompt that opens <think> reaches the format reward, and an option goes before it")
  func opened() throws {
    let prompt = #"{text: "Q: {question}\nA:\n<think>"}"#
    let told = try Self.run("[math, tag-count]", prompt: prompt)
    let denied = try Self.run(
      "[math, {grader: tag-count, options: {begins_in_reasoning: false}}]", prompt: prompt)
    #expect(
      told.completions.map { $0["completion_ids"] }
        == denied.completions.map { $0["completion_ids"] })
    let full = told.completions.map { $0["rewards"]?["tag-count"]?.double ?? -1 }
    let less = denied.completions.map { $0["rewards"]?["tag-count"]?.double ?? -1 }
    #expect(full.contains(1), "the base closes what the prompt has opened")
    #expect(zip(full, less).allSatisfy { $0 >= $1 } && full != less)
    let format = try Self.run("[math, format]", prompt: prompt)
    #expect((format.heard.rows[0]["rewards/format/mean"]?.double ?? 0) > 0)
  }
}
