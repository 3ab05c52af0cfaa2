import Foundation
import HoneJSON
import HoneTraining
import Testing

/// The objective against `Goldens/objective.json`: plain float64 PyTorch, checked against TRL.
@Suite("Objective goldens")
struct ObjectiveGoldenTests {
  struct Sample {
    var reward: Double?
    var old: [Double]
    var new: [Double]
    var reference: [Double]
    var isMasked: Bool
  }

  let goldens: JSON

  init() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "objective", withExtension: "json", subdirectory: "Goldens"))
    goldens = try JSON.parse(contentsOf: url.path)
  }

  // MARK: - Reading

  /// Settings of a golden go through the recipe's reader, so that its spelling is tested too.
  static func settings(_ json: JSON) throws -> ObjectiveSettings {
    func yaml(_ json: JSON) throws -> String {
      switch json {
      case .object(let object):
        let pairs = try object.pairs.compactMap { pair in
          pair.value == .null ? nil : "\(pair.key): \(try yaml(pair.value))"
        }
        return "{\(pairs.joined(separator: ", "))}"
      case .string(let text): return text
      case .bool(let flag): return "\(flag)"
      default: return "\(try #require(json.double))"
      }
    }
    let recipe = try Recipe.parse(
      RecipeErrorTests.stage("group_size: 4", "objective: \(try yaml(json))"))
    return try #require(recipe.stages[0].grpo?.objective)
  }

  static func numbers(_ json: JSON?) throws -> [Double] {
    try #require(json?.array).map { try #require($0.double) }
  }

  static func table(_ json: JSON?) throws -> [[Double?]] {
    try #require(json?.array).map { row in try #require(row.array).map(\.double) }
  }

  func batch(_ name: String) throws -> [[Sample]] {
    try #require(goldens["batches"]?[name]?.array).map { group in
      try #require(group.array).map { sample in
        Sample(
          reward: sample["reward"]?.double, old: try Self.numbers(sample["old"]),
          new: try Self.numbers(sample["new"]), reference: try Self.numbers(sample["ref"]),
          isMasked: sample["masked"]?.bool ?? false)
      }
    }
  }

  static func isClose(_ value: Double, _ golden: Double) -> Bool {
    abs(value - golden) <= 1e-12 * max(1, abs(golden))
  }

  // MARK: - Tests

  @Test func advantages() throws {
    let cases = try #require(goldens["advantages"]?.array)
    #expect(cases.count >= 60)
    for golden in cases {
      var rule = ObjectiveSettings.Advantage()
      let settings = try #require(golden["advantage"])
      rule.baseline = try #require(.init(rawValue: settings["baseline"]?.string ?? ""))
      rule.scale = try #require(.init(rawValue: settings["scale"]?.string ?? ""))
      rule.std = try #require(.init(rawValue: settings["std"]?.string ?? ""))
      rule.epsilon = try #require(settings["epsilon"]?.double)
      let outcome = GroupAdvantage(rule).compute(try Self.table(golden["rewards"]))
      try Self.compare(outcome.advantages, golden["advantages"], "\(settings)")
    }
  }

  static func compare(_ values: [[Double?]], _ golden: JSON?, _ name: String) throws {
    let expected = try table(golden)
    #expect(values.map(\.count) == expected.map(\.count), "\(name)")
    for (value, wanted) in zip(values.joined(), expected.joined()) {
      #expect((value == nil) == (wanted == nil), "\(name)")
      guard let value, let wanted else { continue }
      #expect(isClose(value, wanted), "\(name): \(value), golden \(wanted)")
      if wanted == 0 { #expect(abs(value) < 1e-15, "\(name)") }
    }
  }

  @Test func lossesAndGradients() throws {
    let cases = try #require(goldens["cases"]?.array)
    let maximumLength = try #require(goldens["max_completion_length"]?.int)
    #expect(cases.count >= 40)
    for golden in cases {
      let name = try #require(golden["name"]?.string)
      let settings = try Self.settings(try #require(golden["settings"]))
      let groups = try batch(try #require(golden["batch"]?.string))

      let rule = RewardRule(divergence: settings.divergence)
      let rewards = groups.map { group in
        group.map { sample in
          rule.reward(
            [RewardRule.Component(name: "golden", weight: 1, value: sample.reward)],
            logProbabilities: sample.old, reference: sample.reference)
        }
      }
      let advantages = GroupAdvantage(settings.advantage).compute(rewards).advantages
      try Self.compare(advantages, golden["advantages"], name)

      let samples = groups.flatMap { $0 }
      let weights = LossWeights(
        settings.aggregation, lengths: samples.map(\.new.count),
        participation: samples.map { sample in
          sample.reward == nil ? .absent : sample.isMasked ? .masked : .full
        }, maximumCompletionLength: maximumLength)
      let values = advantages.flatMap { $0 }
      let lossSamples = samples.indices.map { index in
        LossSample(
          index: index, advantage: values[index] ?? 0, tokenWeight: weights.tokenWeights[index],
          oldLogProbabilities: samples[index].old,
          referenceLogProbabilities: samples[index].reference)
      }
      var whole = LossBatch(settings, samples: lossSamples, step: 1)
      let new = samples.flatMap(\.new)
      if whole.needsPreparation { try whole.prepare(logProbabilities: new) }
      let derivatives = try whole.evaluate(0..<new.count, logProbabilities: new)
      try Self.check(whole.metrics, golden, name)
      try Self.checkTokens(derivatives, lossSamples, samples, settings, golden, name)
    }
  }

  static func check(_ metrics: LossMetrics, _ golden: JSON, _ name: String) throws {
    let loss = try #require(golden["loss"]?.double)
    #expect(isClose(metrics.loss, loss), "\(name): loss \(metrics.loss), golden \(loss)")
    if let kl = golden["kl"]?.double { #expect(isClose(metrics.divergence, kl), "\(name)") }
    if let low = golden["clip_low"]?.double { #expect(metrics.clipShareLow == low, "\(name)") }
    if let high = golden["clip_high"]?.double { #expect(metrics.clipShareHigh == high, "\(name)") }
  }

  static func checkTokens(
    _ derivatives: [Double], _ lossSamples: [LossSample], _ samples: [Sample],
    _ settings: ObjectiveSettings, _ golden: JSON, _ name: String
  ) throws {
    let gradients = try #require(golden["gradient"]?.array)
    let losses = try #require(golden["token_losses"]?.array)
    let largest = try gradients.flatMap { row in
      row == .null ? [] : try numbers(row).map(abs)
    }.reduce(0, max)
    var token = 0
    for (index, sample) in samples.enumerated() {
      let slice = derivatives[token..<token + sample.new.count]
      token += sample.new.count
      guard gradients[index] != .null else {
        for value in slice { #expect(value == 0, "\(name)") }
        continue
      }
      let place = "\(name), sample \(index)"
      for (value, wanted) in zip(slice, try numbers(gradients[index])) {
        #expect(abs(value - wanted) <= 1e-12 * max(1, largest), "\(place)")
      }
      // Alone and with weight 1, each token adds its own loss.
      var alone = lossSamples[index]
      alone.tokenWeight = 1
      var batch = LossBatch(settings, samples: [alone], step: 1)
      if batch.needsPreparation { try batch.prepare(logProbabilities: sample.new) }
      for (position, wanted) in try numbers(losses[index]).enumerated() {
        let before = batch.metrics.loss
        _ = try batch.evaluate(
          position..<position + 1, logProbabilities: [sample.new[position]])
        let value = batch.metrics.loss - before
        // The difference of two sums carries the rounding of the sums.
        let tolerance = 1e-12 * max(1, abs(wanted), abs(before))
        #expect(abs(value - wanted) <= tolerance, "\(place), token \(position)")
      }
    }
  }

  @Test(
    "presets are those of the goldens",
    arguments: [
      ("grpo on off-policy", "grpo"), ("dr_grpo on off-policy", "dr_grpo"),
      ("dapo on off-policy", "dapo"), ("gspo on off-policy", "gspo"),
      ("cispo on off-policy", "cispo"), ("rloo on off-policy", "rloo"),
      ("reinforce++ on off-policy", "reinforce++"),
    ])
  func presets(_ name: String, _ preset: String) throws {
    let golden = try #require(goldens["cases"]?.array?.first { $0["name"]?.string == name })
    var settings = try Self.settings(try #require(golden["settings"]))
    settings.preset = try #require(.init(rawValue: preset))
    #expect(settings == ObjectiveSettings(preset: settings.preset))
  }
}
