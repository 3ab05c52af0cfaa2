import Foundation
import HoneJSON
import HonePolicy
import HoneTraining
import Testing

/// TRL's names against what that version of TRL does with them: `Goldens/aliases.json`.
@Suite("Alias goldens")
struct AliasGoldenTests {
  let goldens: JSON

  init() throws {
    let url = try #require(
      Bundle.module.url(forResource: "aliases", withExtension: "json", subdirectory: "Goldens"))
    goldens = try JSON.parse(contentsOf: url.path)
  }

  /// TRL's names as lines of a stage.
  static func lines(_ names: JSON?) throws -> [String] {
    func yaml(_ json: JSON) throws -> String {
      switch json {
      case .object(let object):
        let pairs = try object.pairs.map { "\($0.key): \(try yaml($0.value))" }
        return "{\(pairs.joined(separator: ", "))}"
      case .string(let text): return text
      case .bool(let flag): return "\(flag)"
      default: return try json.int.map { "\($0)" } ?? "\(try #require(json.double))"
      }
    }
    return try #require(names?.object).pairs.map { "\($0.key): \(try yaml($0.value))" }
  }

  static func stage(_ lines: [String]) throws -> Stage {
    let text = (["stages:", "  - kind: grpo", "    tasks: {train: a}"] + lines.map { "    " + $0 })
      .joined(separator: "\n")
    let recipe = try Recipe.parse(text)
    // What a run writes down means the same without TRL's names.
    #expect(try Recipe.parse(recipe.yaml) == recipe, "\(recipe.yaml)")
    return recipe.stages[0]
  }

  @Test("the golden is of the version that the recipes name")
  func version() throws {
    let made = try #require(goldens["made_by"]?["trl"]?.string)
    #expect(made == "\(RecipeAliases.version).0" || made.hasPrefix("\(RecipeAliases.version)."))
    let defaults = try #require(goldens["defaults"])
    // What 'beta' brings along, and what an upper clip that is not given is.
    #expect(defaults["use_bias_correction_kl"] == .bool(true))
    #expect(defaults["epsilon_high"] == .null)
    #expect(goldens["scale_rewards_of_true"]?.string == "group")
  }

  @Test("schedules: the rate of every step is transformers'")
  func schedules() throws {
    let cases = try #require(goldens["schedules"]?.array)
    #expect(cases.count >= 38)
    for golden in cases {
      let lines = try Self.lines(golden["names"])
      let stage = try Self.stage(lines)
      let rates = try ObjectiveGoldenTests.numbers(golden["rates"])
      #expect(stage.steps == rates.count)
      for (index, wanted) in rates.enumerated() {
        let rate = stage.optimizer.learningRate(atStep: index + 1, of: stage.steps)
        #expect(
          abs(rate - wanted) <= 1e-18 + 1e-13 * wanted, "\(lines), step \(index + 1): \(rate)")
      }
    }
  }

  struct Sample {
    var reward: Double
    var isTruncated: Bool
    var old: [Double]
    var new: [Double]
    var reference: [Double]
  }

  func batch() throws -> [[Sample]] {
    try #require(goldens["batch"]?.array).map { group in
      try #require(group.array).map { sample in
        Sample(
          reward: try #require(sample["reward"]?.double),
          isTruncated: sample["truncated"] == .bool(true),
          old: try ObjectiveGoldenTests.numbers(sample["old"]),
          new: try ObjectiveGoldenTests.numbers(sample["new"]),
          reference: try ObjectiveGoldenTests.numbers(sample["ref"]))
      }
    }
  }

  @Test("losses: value, gradient, KL and clip ratios of a batch with a flat group are TRL's")
  func losses() throws {
    let groups = try batch()
    let length = try #require(goldens["max_completion_length"]?.int)
    let cases = try #require(goldens["losses"]?.array)
    #expect(cases.count >= 16)
    for golden in cases {
      let lines = try Self.lines(golden["names"])
      let settings = try #require(
        try Self.stage(["steps: 1", "num_generations: 4"] + lines).grpo)
      let objective = settings.objective
      let outcome = GroupAdvantage(objective.advantage).compute(groups.map { $0.map(\.reward) })
      let participation: [LossWeights.Participation] = groups.joined().map {
        settings.masksTruncated && $0.isTruncated ? .masked : .full
      }
      let weights = LossWeights(
        objective.aggregation, lengths: groups.joined().map(\.old.count),
        participation: participation, maximumCompletionLength: length)

      // As an update goes: group by group, those without a gradient left out.
      var metrics = LossMetrics()
      var gradients: [[Double]] = []
      var first = 0
      for (group, advantages) in zip(groups, outcome.advantages) {
        let range = first..<first + group.count
        first += group.count
        let trainable = TrainableGroup(
          prompt: [], completions: [], advantages: advantages,
          participation: Array(participation[range]))
        guard trainable.hasGradient(objective) else {
          gradients += group.map { [Double](repeating: 0, count: $0.old.count) }
          continue
        }
        var loss = LossBatch(
          objective,
          samples: group.indices.map { index in
            LossSample(
              index: index, advantage: advantages[index] ?? 0,
              tokenWeight: weights.tokenWeights[range.lowerBound + index],
              oldLogProbabilities: group[index].old,
              referenceLogProbabilities: objective.divergence.isActive
                ? group[index].reference : nil)
          }, step: 1)
        let new = group.flatMap(\.new)
        if loss.needsPreparation { try loss.prepare(logProbabilities: new) }
        var derivatives = try loss.evaluate(0..<new.count, logProbabilities: new)[...]
        for sample in group {
          gradients.append(Array(derivatives.prefix(sample.old.count)))
          derivatives = derivatives.dropFirst(sample.old.count)
        }
        metrics.add(loss.metrics)
      }
      metrics.count(of: weights, isSequenceLevel: objective.loss == .gspo)
      try Self.compare(metrics, gradients, objective, golden, "\(lines)")
    }
  }

  static func compare(
    _ metrics: LossMetrics, _ gradients: [[Double]], _ objective: ObjectiveSettings,
    _ golden: JSON, _ name: String
  ) throws {
    let loss = try #require(golden["loss"]?.double)
    #expect(abs(metrics.loss - loss) <= 1e-12, "\(name): loss \(metrics.loss), TRL \(loss)")
    let wanted = try #require(golden["gradient"]?.array).map {
      try ObjectiveGoldenTests.numbers($0)
    }
    #expect(gradients.map(\.count) == wanted.map(\.count))
    for (value, wanted) in zip(gradients.joined(), wanted.joined()) {
      #expect(abs(value - wanted) <= 1e-12, "\(name): \(value), TRL \(wanted)")
    }
    let logged = try #require(golden["metrics"]?.object).pairs
    #expect(!logged.isEmpty || objective.loss == .sapo)
    for pair in logged {
      let value: Double =
        switch pair.key {
        case "kl": metrics.divergence
        case "clip_ratio/low_mean": metrics.clipShareLow
        case "clip_ratio/high_mean", "cispo_clip_ratio": metrics.clipShareHigh
        case "clip_ratio/region_mean": metrics.clipShare
        default: .nan
        }
      let wanted = try #require(pair.value.double)
      // TRL adds them up in float32.
      #expect(abs(value - wanted) <= 1e-6, "\(name): \(pair.key) \(value), TRL \(wanted)")
    }
  }

  @Test("runs: what TRL's trainer logged of what it sampled and graded")
  func runs() throws {
    let runs = try #require(goldens["runs"]?.array)
    #expect(runs.count >= 4)
    for run in runs {
      let lines = try Self.lines(run["names"])
      let isPartlyUnscored = run["rewards"]?.array?.first?.string == "of_some"
      var tokens = TokenCount()
      for step in try #require(run["steps"]?.array) {
        let row = try Self.row(step, run, lines, &tokens, isPartlyUnscored)
        for pair in try #require(step["logged"]?.object).pairs {
          // Samples that no function scored are counted by TRL and absent here; a deviation of the
          // batch is what 'scale_rewards: batch' asks of being 0 there.
          if isPartlyUnscored, pair.key == "frac_reward_zero_std" { continue }
          if lines == ["scale_rewards: batch"], pair.key == "frac_reward_zero_std" { continue }
          let value = try #require(row[pair.key]?.double, "\(lines): no \(pair.key)")
          let wanted = try #require(pair.value.double)
          #expect(abs(value - wanted) <= 1e-6 * max(1, wanted), "\(lines): \(pair.key) \(value)")
        }
      }
    }
  }

  /// The row of metrics of a golden's step, and its advantages compared.
  static func row(
    _ step: JSON, _ run: JSON, _ lines: [String], _ tokens: inout TokenCount,
    _ isPartlyUnscored: Bool
  ) throws -> JSONObject {
    let prompts = try ObjectiveGoldenTests.numbers(step["prompts"]).map { Int($0) }
    let lengths = try ObjectiveGoldenTests.numbers(step["completions"]).map { Int($0) }
    let clipped = try #require(step["clipped"]?.array).map { $0 == .bool(true) }
    let scores = try ObjectiveGoldenTests.table(step["scores"])
    for start in stride(from: 0, to: lengths.count, by: 4) {
      tokens.add(prompt: prompts[start], completions: Array(lengths[start..<start + 4]))
    }
    var row = JSONObject()
    CompletionLengths(zip(lengths, clipped).map { ($0, $1) }).write(to: &row)
    for (index, name) in try #require(run["rewards"]?.array).enumerated() {
      ComponentStatistics(
        name: try #require(name.string), scores: scores.compactMap { $0[index] }
      ).write(to: &row)
    }
    let rule = RewardRule()
    let rewards = stride(from: 0, to: scores.count, by: 4).map { start in
      scores[start..<start + 4].map { values in
        rule.reward(values.map { RewardRule.Component(name: "", weight: 1, value: $0) })
      }
    }
    let grpo = try #require(
      try stage(["steps: 1", "loss_type: dapo", "num_generations: 4"] + lines).grpo)
    let outcome = GroupAdvantage(grpo.objective.advantage).compute(rewards)
    let wanted = try ObjectiveGoldenTests.numbers(step["advantages"])
    if !isPartlyUnscored {
      for (value, wanted) in zip(outcome.advantages.joined(), wanted) {
        #expect(abs(try #require(value) - wanted) <= 1e-5, "\(lines)")
      }
    }
    row["num_tokens"] = .integer(tokens.samples)
    row["reward"] = .number(outcome.rewardMean)
    row["reward_std"] = .number(outcome.rewardDeviation)
    row["frac_reward_zero_std"] = .number(outcome.flatShare)
    return row
  }

  @Test("every field of GRPOConfig is understood, or answered with what to do")
  func fields() throws {
    let fields = try #require(goldens["own_fields"]?.array).map { try #require($0.string) }
    #expect(fields.count >= 70)
    let own = ["mask_truncated_completions"]
    let known = RecipeAliases.names(inSection: "stages.0") + own
    for field in fields where !known.contains(field) {
      #expect(RecipeHints.hint(for: field) != nil, "\(field)")
      for message in [
        RecipeErrorTests.message(RecipeErrorTests.stage("\(field): 1")),
        RecipeErrorTests.message(RecipeErrorTests.stage(), ["\(field)=1"]),
      ] {
        let hint = RecipeHints.hint(for: field) ?? ""
        #expect(message.contains("unknown key '\(field)'"), "\(message)")
        #expect(message.contains(hint), "\(message)")
      }
    }
    // And no alias is a name that TRL does not have.
    let others = ["lr", "warmup_ratio"]
    let defaults = try #require(goldens["defaults"])
    for name in RecipeAliases.names(inSection: "stages.0") where !others.contains(name) {
      #expect(fields.contains(name) || defaults[name] != nil, "\(name)")
    }
  }
}
