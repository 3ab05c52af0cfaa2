import HoneJSON
import HoneNumerics
import HoneTraining
import Testing

/// The rows of real runs: what a metric's name says does not depend on what had to be computed.
@Suite("Metrics of a step")
struct StepMetricsTests {
  static func number(_ row: JSONObject?, _ key: String) throws -> Double {
    try #require(row?[key]?.double, "\(key)")
  }

  static func rows(_ path: String) throws -> [JSON] {
    try JSONLines(contentsOf: path).map { try $0.1.get() }
  }

  @Test("groups without a gradient are in every clip ratio, as with a penalty of next to nothing")
  func clipRatioCountsFlatGroups() throws {
    var rows: [JSONObject] = []
    for beta in ["0", "1e-12"] {
      let folder = try TemporaryFolder()
      let listener = try SmallRun.run(
        at: folder.path + "/run",
        overrides: [
          "stages.1.objective={epsilon: 0.01, kl: {beta: \(beta)}}", "stages.1.steps=1",
          "stages.1.group_size=2", "stages.1.prompts_per_step=8", "stages.1.rewards=[tag-count]",
          "stages.1.updates_per_rollout=4", "stages.1.optimizer={learning_rate: 0.003}",
          "stages.1.probe_problems=0",
        ])
      rows.append(try #require(listener.rows.last))
    }
    // Both kinds of groups are there, or the test would say nothing.
    let flat = try Self.number(rows[0], "frac_reward_zero_std")
    #expect(flat > 0 && flat < 1)
    for name in ["low_mean", "high_mean", "region_mean"] {
      let share = try Self.number(rows[0], "clip_ratio/\(name)")
      #expect(abs(share - (try Self.number(rows[1], "clip_ratio/\(name)"))) < 1e-3, "\(name)")
    }
    #expect(try Self.number(rows[0], "clip_ratio/region_mean") > 0.01)
    #expect(rows[0]["kl"] == nil && rows[1]["kl"] != nil)
  }

  @Test("tokens are counted as TRL counts them, lengths as they are, also after a resume")
  func tokensAndLengths() throws {
    let folder = try TemporaryFolder()
    let whole = try SmallRun.run(at: folder.path + "/whole")
    var asked = 0
    #expect(throws: TrainingError.self) {
      try SmallRun.run(
        at: folder.path + "/halted",
        shouldStop: {
          asked += 1
          return asked == 8 ? .interrupted : nil
        })
    }
    try SmallRun.resume(at: folder.path + "/halted")
    let completions = try Self.rows(folder.path + "/whole/completions.jsonl")
    var before: Double = 0
    for row in whole.rows {
      let step = try #require(row["step"]?.int)
      let total = try Self.number(row, "num_tokens")
      let unique = try Self.number(row, "num_unique_tokens")
      #expect(total >= unique)
      let mine = completions.filter { $0["step"]?.int == step }
      if !mine.isEmpty {
        let lengths = mine.compactMap { $0["completion_ids"]?.array?.count }
        let samples = mine.reduce(0) {
          $0 + ($1["prompt_ids"]?.array?.count ?? 0) + ($1["completion_ids"]?.array?.count ?? 0)
        }
        #expect(total - before == Double(samples))
        #expect(row["completions/min_length"]?.int == lengths.min())
        #expect(row["completions/max_length"]?.int == lengths.max())
        for name in ["math", "tag-count"] {
          let scores = mine.compactMap { $0["rewards"]?[name]?.double }
          #expect(
            abs(
              try Self.number(row, "rewards/\(name)/std")
                - Moments.standardDeviation(scores)) < 1e-12)
        }
      }
      before = total
    }
    let resumed = try Self.rows(folder.path + "/halted/metrics.jsonl")
    #expect(resumed.count == whole.rows.count)
    for (one, other) in zip(whole.rows, resumed) {
      for key in ["num_tokens", "num_unique_tokens"] { #expect(one[key] == other[key], "\(key)") }
    }
  }

  @Test("a penalty in the reward is reported over all samples, whatever has a gradient")
  func divergenceInTheReward() throws {
    let folder = try TemporaryFolder()
    let listener = try SmallRun.run(
      at: folder.path + "/run",
      overrides: ["stages.1.objective={preset: rloo, kl: {beta: 1e-9}}", "stages.1.steps=3"])
    // At the reference itself there is no divergence; later there is, k1 of either sign.
    let rows = listener.rows.filter { $0["kl"] != nil }
    #expect(rows.count == 3)
    #expect(try Self.number(rows[0], "kl") == 0)
    #expect(try Self.number(rows[2], "kl") != 0)
  }

  @Test("updates that nothing corrects are told when the stage starts")
  func offPolicyRemark() throws {
    func remark(_ lines: String) throws -> String? {
      try Recipe.parse(RecipeErrorTests.stage(lines)).stages[0].grpo?.offPolicyRemark
    }
    #expect(try remark("objective: {preset: rloo}\n    updates_per_rollout: 2") != nil)
    #expect(try remark("objective: {preset: rloo}\n    mini_batches: 2") != nil)
    #expect(try remark("objective: {preset: rloo}") == nil)
    #expect(try remark("updates_per_rollout: 2") == nil)

    let folder = try TemporaryFolder()
    let notes = NoteListener()
    let recipe = try SmallRun.load([
      "stages.1.objective={preset: rloo}", "stages.0.steps=1", "stages.1.steps=1",
    ])
    _ = try TrainingRun.start(
      recipe, recipeFile: nil, at: folder.path + "/run", arguments: [],
      compute: Compute(workers: 1), sink: notes
    ).run()
    #expect(notes.notes.count { $0.contains("'reinforce' has no ratio") } == 1)
  }

  final class NoteListener: ProgressSink {
    var notes: [String] = []
    func handle(_ event: ProgressEvent) {
      if case .note(let text) = event { notes.append(text) }
    }
  }

  @Test("what was not scored is unknown, not 0")
  func unknown() {
    var row = JSONObject()
    ComponentStatistics(name: "a", scores: []).write(to: &row)
    ComponentStatistics(name: "b", scores: [0.5]).write(to: &row)
    #expect(row["rewards/a/mean"] == .null && row["rewards/a/std"] == .null)
    #expect(row["rewards/b/mean"] == .number(0.5) && row["rewards/b/std"] == .null)
  }
}
