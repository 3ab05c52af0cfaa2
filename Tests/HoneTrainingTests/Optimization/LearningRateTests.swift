import Foundation
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
    // 0 is reached one step after the last, a ratio above 0 at the last.
    #expect(Self.rates(Self.settings(.linear), 4) == [2, 1.5, 1, 0.5])
    #expect(Self.rates(Self.settings(.linear, warmup: 2, minimum: 0.5), 5) == [1, 2, 2, 1.5, 1])
  }

  @Test func cosine() {
    let rates = Self.rates(Self.settings(.cosine, minimum: 0.1), 5)
    let expected = [
      2, 0.2 + 1.8 * (1 + 0.5.squareRoot()) / 2, 1.1, 0.2 + 1.8 * (1 - 0.5.squareRoot()) / 2, 0.2,
    ]
    for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) < 1e-14) }
  }

  @Test("no step is made at a rate of 0", arguments: OptimizerSettings.Schedule.allCases)
  func noStepForNothing(_ schedule: OptimizerSettings.Schedule) {
    for warmup in 0...4 {
      for steps in 1...12 {
        let rates = Self.rates(Self.settings(schedule, warmup: warmup), steps)
        #expect(rates.allSatisfy { $0 > 0 }, "\(schedule), warm-up \(warmup), \(steps) steps")
      }
    }
  }

  @Test("a decay with a floor keeps its numbers to the bit")
  func floorKeepsItsBits() {
    // The formula of the published base: half a cosine over the steps behind the warm-up, to the last.
    let settings = Self.settings(.cosine, warmup: 50, minimum: 0.05)
    for step in 51...1500 {
      let progress = min(1, Double(step - 51) / Double(1449))
      let share = 0.5 * (1 + cos(.pi * progress))
      #expect(settings.learningRate(atStep: step, of: 1500) == 2 * (0.05 + (1 - 0.05) * share))
    }
  }

  @Test func decayEndAndWarmupFromZero() {
    var settings = Self.settings(.linear, warmup: 2, minimum: 0.5)
    settings.warmsUpFromZero = true
    #expect(Self.rates(settings, 5) == [0, 1, 2, 1.5, 1])
    settings.decayEnd = .afterLast
    #expect(Self.rates(settings, 6) == [0, 1, 2, 1.75, 1.5, 1.25])
    settings = Self.settings(.linear)
    settings.decayEnd = .lastStep
    #expect(Self.rates(settings, 5) == [2, 1.5, 1, 0.5, 0])
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
