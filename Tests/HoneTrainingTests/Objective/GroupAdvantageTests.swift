import Foundation
import HoneTraining
import Testing

@Suite("Advantages and rewards")
struct GroupAdvantageTests {
  typealias Settings = ObjectiveSettings.Advantage

  static func settings(
    _ baseline: Settings.Baseline, _ scale: Settings.Scale, std: Settings.Deviation = .sample,
    epsilon: Double = 0
  ) -> Settings {
    var settings = Settings()
    settings.baseline = baseline
    settings.scale = scale
    settings.std = std
    settings.epsilon = epsilon
    return settings
  }

  static func compute(_ settings: Settings, _ rewards: [[Double?]]) -> GroupAdvantage.Outcome {
    GroupAdvantage(settings).compute(rewards)
  }

  static func isClose(_ left: [[Double?]], _ right: [[Double?]]) -> Bool {
    guard left.map(\.count) == right.map(\.count) else { return false }
    return zip(left.joined(), right.joined()).allSatisfy { a, b in
      guard let a, let b else { return a == nil && b == nil }
      return abs(a - b) < 1e-12
    }
  }

  @Test func groupMeanAndDeviation() {
    let rewards: [[Double?]] = [[1, 0, 0, 1], [1, 0, 0, 0]]
    let sample = Self.compute(Self.settings(.groupMean, .groupStd), rewards)
    let s = (1.0 / 3).squareRoot()
    #expect(
      Self.isClose(
        sample.advantages,
        [[0.5 / s, -0.5 / s, -0.5 / s, 0.5 / s], [0.75 / 0.5, -0.5, -0.5, -0.5]]))
    let population = Self.compute(
      Self.settings(.groupMean, .groupStd, std: .population, epsilon: 0.5), rewards)
    #expect(Self.isClose([population.advantages[0]], [[0.5, -0.5, -0.5, 0.5]]))
    let plain = Self.compute(Self.settings(.groupMean, .none), rewards)
    #expect(Self.isClose([plain.advantages[1]], [[0.75, -0.25, -0.25, -0.25]]))
  }

  @Test func leaveOneOut() {
    let outcome = Self.compute(Self.settings(.leaveOneOut, .none), [[1, 0, 0.5]])
    #expect(Self.isClose(outcome.advantages, [[0.75, -0.75, 0]]))
  }

  @Test func batchBaselines() {
    let rewards: [[Double?]] = [[1, 1], [0, 0]]
    let outcome = Self.compute(Self.settings(.batch, .batchStd, std: .population), rewards)
    #expect(Self.isClose(outcome.advantages, [[1, 1], [-1, -1]]))
    #expect(outcome.isFlat == [true, true] && outcome.isLearnable == [true, true])
    let grouped = Self.compute(Self.settings(.groupMean, .batchStd), [[1, 0], [1, 1]])
    // Flat groups stay at 0; the others are divided by the deviation of all four rewards.
    #expect(Self.isClose(grouped.advantages, [[1, -1], [0, 0]]))
  }

  @Test func whiteningHasMeanZeroAndDeviationOne() {
    let rewards: [[Double?]] = [[1, 0, 0, 0.5], [0.2, 0.9, nil, 0]]
    let outcome = Self.compute(Self.settings(.groupMean, .batchWhiten), rewards)
    let values = outcome.advantages.flatMap { $0.compactMap { $0 } }
    #expect(abs(Moments.mean(values)) < 1e-12)
    #expect(abs(Moments.standardDeviation(values) - 1) < 1e-12)
  }

  static let everyRule: [Settings] = Settings.Baseline.allCases.flatMap { baseline in
    Settings.Scale.allCases.map { settings(baseline, $0, epsilon: 1e-9) }
  }

  @Test("equal rewards give exactly 0", arguments: [0.1, 0.3, 1.0 / 3, 1, 1e6])
  func equalRewards(_ reward: Double) {
    for rule in Self.everyRule where rule.baseline != .none {
      for size in 2...9 {
        let group = [Double?](repeating: reward, count: size)
        let outcome = Self.compute(rule, [group, group])
        let zeros = [[Double?]](repeating: [Double?](repeating: 0, count: size), count: 2)
        #expect(outcome.advantages == zeros, "\(rule)")
        #expect(outcome.isFlat == [true, true] && outcome.isLearnable == [false, false])
      }
    }
  }

  @Test("the same reward made of other parts is the same reward")
  func floatNoise() {
    let outcome = Self.compute(
      Self.settings(.groupMean, .groupStd, epsilon: 1e-9), [[0.1 + 0.2, 0.3, 0.3]])
    #expect(outcome.advantages == [[0, 0, 0]])
    let differing = Self.compute(
      Self.settings(.groupMean, .groupStd, epsilon: 1e-9), [[0.3 + 1e-9, 0.3, 0.3]])
    #expect(differing.isFlat == [false])
  }

  @Test("unscored samples leave the group")
  func unscored() {
    for rule in Self.everyRule {
      let with = Self.compute(rule, [[1, nil, 0, 0.25], [nil, 1, 0]])
      let without = Self.compute(rule, [[1, 0, 0.25], [1, 0]])
      let kept = with.advantages.map { $0.compactMap { $0 } }
      #expect(kept == without.advantages.map { group in group.map { $0 ?? .nan } })
      #expect(with.advantages[0][1] == nil && with.advantages[1][0] == nil)
      #expect(with.unscored == 2 && with.scored == 5)
      #expect(with.unscoredRate == 2.0 / 7)
    }
  }

  @Test("one scored sample compares with nothing")
  func loneSample() {
    let outcome = Self.compute(Self.settings(.groupMean, .groupStd), [[nil, 1, nil], [nil, nil]])
    #expect(outcome.advantages == [[nil, 0, nil], [nil, nil]])
    #expect(outcome.isFlat == [true, true] && outcome.learnableShare == 0)
    let loo = Self.compute(Self.settings(.leaveOneOut, .none), [[nil, 1]])
    #expect(loo.advantages == [[nil, 0]])
  }

  @Test func counts() {
    let outcome = Self.compute(
      Self.settings(.groupMean, .none), [[1, 1], [1, 0], [0, 0], [nil, nil]])
    #expect(outcome.flatShare == 0.75 && outcome.learnableShare == 0.25)
    #expect(outcome.rewardMean == 0.5)
    #expect(abs(outcome.rewardDeviation - (1.5 / 5).squareRoot()) < 1e-12)
    let empty = Self.compute(Self.settings(.groupMean, .none), [])
    #expect(empty.flatShare == 0 && empty.unscoredRate == 0)
  }

  @Test func expertIterationWeighsCorrectSamplesAlone() {
    let rule = ObjectiveSettings(preset: .expertIteration).advantage
    #expect(Self.compute(rule, [[1, 0, nil, 1]]).advantages == [[1, 0, nil, 1]])
  }

  // MARK: - Rewards

  @Test func rewardIsTheWeightedSum() {
    let components = [
      RewardRule.Component(name: "math", weight: 1, value: 1),
      RewardRule.Component(name: "format", weight: 0.1, value: 0.5),
    ]
    #expect(RewardRule().reward(components) == 1.05)
    #expect(RewardRule().reward([]) == 0)
  }

  @Test func oneMissingScoreLeavesTheSampleUnscored() {
    let components = [
      RewardRule.Component(name: "math", weight: 1, value: nil),
      RewardRule.Component(name: "format", weight: 0.1, value: 1),
    ]
    #expect(RewardRule().reward(components) == nil)
  }

  @Test func penaltyInTheReward() throws {
    var divergence = ObjectiveSettings(preset: .rloo).divergence
    divergence.beta = 0.5
    let reward = RewardRule(divergence: divergence).reward(
      [RewardRule.Component(name: "math", weight: 1, value: 1)],
      logProbabilities: [-1, -2], reference: [-1.5, -2.25])
    #expect(try #require(reward) == 1 - 0.5 * 0.75)
  }
}
