import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("Destruction is told from difficulty")
struct CollapseWatchTests {
  /// Steps of 16 groups of 8 samples, on problems that are solved with chances of their own.
  struct Simulation {
    private var random: RandomStreamOfTests
    private var watch: CollapseWatch
    private let groups = 16

    init(seed: UInt64, level: Double, vocabulary: Int = 512) {
      random = RandomStreamOfTests(seed: seed)
      // The probe: 32 problems of 8 samples, two steps' worth.
      var first = Self.rewards(&random, level, groups: 32)
      let spread = Self.spread(&first)
      watch = CollapseWatch(
        probe: (spread.mean, spread.error, 2), vocabularySize: vocabulary)
    }

    /// The step at which a collapse is told; nil for none.
    mutating func run(_ levels: [Double], entropy: (Int) -> Double = { _ in 0.5 }) -> Int? {
      for (index, level) in levels.enumerated() {
        var rewards = Self.rewards(&random, level, groups: groups)
        let spread = Self.spread(&rewards)
        if watch.observe(
          step: index + 1, reward: spread.mean, standardError: spread.error,
          entropy: entropy(index)) != nil
        {
          return index + 1
        }
      }
      return nil
    }

    /// Means of groups; half of the problems are three times as likely to be solved as the others.
    private static func rewards(
      _ random: inout RandomStreamOfTests, _ level: Double, groups: Int
    ) -> [Double] {
      (0..<groups).map { group in
        let chance = min(1, level * (group % 2 == 0 ? 1.5 : 0.5))
        return Double((0..<8).count { _ in random.uniform() < chance }) / 8
      }
    }

    private static func spread(_ means: inout [Double]) -> (mean: Double, error: Double) {
      let mean = Moments.mean(means)
      let clustered = Moments.standardDeviation(means) / Double(means.count).squareRoot()
      let plain = (mean * (1 - mean) / Double(8 * means.count)).squareRoot()
      return (mean, max(clustered, plain))
    }
  }

  @Test("Runs that stand still are not taken for it", arguments: [0.005, 0.02, 0.05, 0.2, 0.6])
  func falseAlarms(level: Double) {
    for seed in 0..<40 {
      var simulation = Simulation(seed: UInt64(seed), level: level)
      let levels = [Double](repeating: level, count: 200)
      #expect(simulation.run(levels) == nil, "seed \(seed)")
    }
  }

  @Test("Neither are runs that learn")
  func learning() {
    for seed in 0..<20 {
      var simulation = Simulation(seed: UInt64(seed), level: 0.1)
      let levels = (0..<150).map { 0.1 + 0.8 * Double($0) / 150 }
      #expect(simulation.run(levels) { 1 - 0.006 * Double($0) } == nil)
    }
  }

  @Test("A sudden fall is told within a few steps")
  func sudden() throws {
    for seed in 0..<20 {
      var simulation = Simulation(seed: UInt64(seed), level: 0.25)
      let told = simulation.run([0.25, 0.25] + [Double](repeating: 0, count: 20))
      let step = try #require(told)
      #expect(step <= 12, "seed \(seed): step \(step)")
    }
  }

  @Test("So is a slow one, of a policy that was right in one of twenty")
  func slow() {
    var told = 0
    for seed in 0..<20 {
      var simulation = Simulation(seed: UInt64(seed), level: 0.08)
      // The reward decays over some tens of steps while the entropy doubles.
      let levels = (0..<100).map { max(0.002, 0.06 - 0.002 * Double($0)) }
      if simulation.run(levels, entropy: { 0.16 + 0.008 * Double($0) }) != nil { told += 1 }
    }
    #expect(told >= 18)
  }

  @Test("A policy that was ruined within its first steps is told by its probe")
  func atOnce() throws {
    // Rewards and their standard errors of a run at three times the rate that its policy stands.
    let rewards = [
      (0.062, 0.047), (0.047, 0.032), (0.008, 0.008), (0.016, 0.011), (0.016, 0.011), (0, 0),
      (0.031, 0.024), (0.008, 0.008), (0.023, 0.017),
    ]
    var watch = CollapseWatch(probe: (0.094, 0.0245, 2), vocabularySize: 512)
    var told: Int?
    for step in 1...25 {
      let (reward, error) = step <= rewards.count ? rewards[step - 1] : (0, 0)
      let found = watch.observe(step: step, reward: reward, standardError: error, entropy: 0.19)
      told = told ?? found?.step
    }
    #expect(try #require(told) <= 20)
  }

  @Test("Hard problems are no collapse: the reward was never higher")
  func difficulty() {
    var simulation = Simulation(seed: 3, level: 0)
    #expect(simulation.run([Double](repeating: 0, count: 100)) == nil)
  }

  @Test("Entropy near ln V is a collapse whatever the reward; random weights are none")
  func noise() throws {
    var simulation = Simulation(seed: 1, level: 0)
    let step = simulation.run([Double](repeating: 0, count: 30)) { $0 < 5 ? 0.2 : 6.2 }
    #expect(try #require(step) <= 11)
    var random = Simulation(seed: 1, level: 0)
    #expect(random.run([Double](repeating: 0, count: 30)) { _ in 6.2 } == nil)
  }

  @Test("Steps of one flat group each: three hard problems in a row are no collapse")
  func flatSteps() {
    for seed in 0..<20 {
      var random = RandomStreamOfTests(seed: UInt64(seed))
      var watch = CollapseWatch(vocabularySize: 512, groupsPerStep: 1)
      for step in 1...100 {
        let reward = random.uniform() < 0.5 ? 1.0 : 0
        let found = watch.observe(step: step, reward: reward, standardError: 0, entropy: 0.1)
        #expect(found == nil, "seed \(seed), step \(step)")
      }
    }
  }

  @Test("What was never updated was not destroyed by its updates", arguments: [0, 1e-4])
  func noUpdates(rate: Double) {
    var settings = GroupRelativeSettings()
    settings.probeProblems = 0
    let stage = Stage(.grpo(settings), tasks: TaskSources(train: [.path("a.jsonl")]), steps: 40)
    var health = StageHealth(stage, probe: nil, vocabularySize: 512)
    let told = (1...40).contains { step in
      health.observe([
        "step": .integer(step), "reward": .number(step <= 20 ? 0.4 : 0), "reward_se": 0.02,
        "entropy": 0.5, "learning_rate": .number(rate), "grad_norm": 1,
      ]).collapse != nil
    }
    #expect(told == (rate > 0))
  }

  @Test("A run that went back is judged by the steps that are left")
  func goBack() {
    var watch = CollapseWatch(vocabularySize: 512)
    func feed(_ steps: ClosedRange<Int>, _ reward: Double) -> CollapseWatch.Collapse? {
      var found: CollapseWatch.Collapse?
      for step in steps {
        found =
          found
          ?? watch.observe(step: step, reward: reward, standardError: 0.02, entropy: 0.5)
      }
      return found
    }
    #expect(feed(1...10, 0.4) == nil)
    let collapse = feed(11...20, 0)
    #expect(collapse?.step == 13)
    #expect(collapse?.seen.contains("from 0.4 (steps 1 to 10) to 0 (steps 11 to 13)") == true)
    watch.goBack(to: 10)
    #expect(feed(21...40, 0.4) == nil)
  }

  @Test("A loss that rises is told; one that falls or wavers is not")
  func losses() {
    func told(_ losses: [Double]) -> Int? {
      var watch = LossWatch(vocabularySize: 512)
      for (index, loss) in losses.enumerated() {
        if let collapse = watch.observe(step: index + 1, loss: loss) { return collapse.step }
      }
      return nil
    }
    #expect(told((0..<60).map { 6.2 - 0.08 * Double($0) }) == nil)
    #expect(told((0..<60).map { 0.9 + 0.2 * Double($0 % 3) }) == nil)
    #expect(told([6.2, 6.1, 6] + [Double](repeating: 9, count: 10)) == 8)
    #expect(told([0.8, 0.7, 0.8] + [Double](repeating: 2.5, count: 10)) != nil)
  }
}

/// SplitMix64 with a seed, for simulations.
struct RandomStreamOfTests {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }
  mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z &>> 31)) >> 11) * 0x1p-53
  }
}
