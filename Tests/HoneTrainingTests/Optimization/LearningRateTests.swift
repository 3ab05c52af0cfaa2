import HoneTraining
import Testing

@Suite("Learning rate")
struct LearningRateTests {
  static func settings(
    _ schedule: OptimizerSettings.Schedule, warmup: Int = 0, minimum: Double = 0
  ) -> OptimizerSettings {
    var settings = OptimizerSettings(.grpo)
    settings.learningRate = 2
    settings.schedule = schedule
    settings.warmupSteps = warmup
    settings.minimumRatio = minimum
    return settings
  }

  static func rates(_ settings: OptimizerSettings, _ steps: Int) -> [Double] {
    (1...steps).map { settings.learningRate(atStep: $0, of: steps) }
  }

  @Test func warmupIsALineThatStartsAboveZero() {
    let rates = Self.rates(Self.settings(.constant, warmup: 4), 6)
    #expect(rates == [0.5, 1, 1.5, 2, 2, 2])
  }

  @Test func linear() {
    #expect(Self.rates(Self.settings(.linear), 5) == [2, 1.5, 1, 0.5, 0])
    #expect(Self.rates(Self.settings(.linear, warmup: 2, minimum: 0.5), 5) == [1, 2, 2, 1.5, 1])
  }

  @Test func cosine() {
    let rates = Self.rates(Self.settings(.cosine, minimum: 0.1), 5)
    let expected = [
      2, 0.2 + 1.8 * (1 + 0.5.squareRoot()) / 2, 1.1, 0.2 + 1.8 * (1 - 0.5.squareRoot()) / 2, 0.2,
    ]
    for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) < 1e-14) }
  }

  @Test("the edges", arguments: OptimizerSettings.Schedule.allCases)
  func edges(_ schedule: OptimizerSettings.Schedule) {
    #expect(Self.rates(Self.settings(schedule), 1) == [2])
    #expect(Self.rates(Self.settings(schedule, warmup: 1), 1) == [2])
    // A warm-up longer than the stage never reaches the peak.
    #expect(Self.rates(Self.settings(schedule, warmup: 8), 2) == [0.25, 0.5])
    for warmup in 0...6 {
      for steps in 1...12 {
        for rate in Self.rates(Self.settings(schedule, warmup: warmup, minimum: 0.1), steps) {
          #expect(rate > 0 && rate <= 2)
        }
      }
    }
  }

  @Test("after the warm-up the rate never rises", arguments: OptimizerSettings.Schedule.allCases)
  func monotonic(_ schedule: OptimizerSettings.Schedule) {
    let rates = Self.rates(Self.settings(schedule, warmup: 3), 40)
    for index in 3..<39 { #expect(rates[index + 1] <= rates[index]) }
  }
}
