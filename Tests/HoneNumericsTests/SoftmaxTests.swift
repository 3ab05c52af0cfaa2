import Foundation
import HoneNumerics
import Testing

/// The exponential inside the kernels, what is made of it, and sampling.
@Suite struct SoftmaxTests {
  @Test(arguments: kernelSets) func exponentialIsAccurate(kernelName: String) throws {
    let kernels = try #require(Kernels.named(kernelName))
    let x = (0..<20_000).map { Float(-87.2 + 175.2 * Double($0) / 20_000) }
    var worst = 0.0
    for (x, y) in zip(x, kernelExponentials(x, kernels)) {
      let wanted = exp(Double(x))
      worst = max(worst, abs(Double(y) - wanted) / Double(Float(wanted).ulp))
    }
    #expect(worst < 1.5, "\(worst) units in the last place")
  }

  @Test(arguments: kernelSets) func exponentialAtTheEdges(kernelName: String) throws {
    let kernels = try #require(Kernels.named(kernelName))
    let x: [Float] = [
      0, -0.0, -.infinity, -1e30, -104, -87.4, -87.3, 88, 89, 1e30, .infinity, .nan,
      .leastNonzeroMagnitude,
    ]
    let y = kernelExponentials(x, kernels)
    #expect(Array(y[0...1]) == [1, 1])
    #expect(y[2...5].allSatisfy { $0 == 0 }, "below -87.3 the result is 0: \(y[2...5])")
    #expect(y[6] > 0)
    #expect(y[7].isFinite && Array(y[8...10]) == [y[7], y[7], y[7]], "above 88 it stays at 88's")
    #expect(y[11].isNaN)
    #expect(y[12] == 1)
  }

  @Test func siluIsAccurateOverTheWholeRange() {
    let compute = Compute(workers: 1)
    let x = (0..<4001).map { Float(-200 + 0.1 * Double($0)) } + [-1e30, 1e30, 0, -0.0]
    withArena { arena in
      let rows = x.count
      let gateUp = arena.copy(x.flatMap { [$0, 1] })
      let act = arena.filled(rows)
      compute.swiglu(rows: rows, width: 1, gateUp: gateUp, act: act)
      for (index, x) in x.enumerated() {
        let wanted = Reference.silu(Double(x))
        // The exponential ends at 88: below -88, x e^-88 stands for what is smaller still.
        let tolerance = 4e-7 * abs(wanted) + (x < -87 ? abs(Double(x)) * 6.1e-39 : 0)
        #expect(abs(Double(act[index]) - wanted) <= tolerance, "silu(\(x))")
      }
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 31, 512, 1003]) func statisticsAreThoseOfTheDefinition(
    vocabulary: Int
  ) {
    let compute = Compute(workers: 1)
    withArena { arena in
      for temperature in [0.3, 1, 2.5] {
        let logits = arena.random(vocabulary, scale: 20)
        let statistics = compute.softmaxStatistics(
          vocabulary: vocabulary, logits: logits, inverseTemperature: Float(1 / temperature))
        let x = doubles(logits, vocabulary).map { $0 / temperature }
        let top = x.max() ?? 0
        let sum = x.reduce(0) { $0 + exp($1 - top) }
        let wanted = Reference.head(
          logits: doubles(logits, vocabulary), temperature: temperature, target: 0)
        #expect(abs(Double(statistics.maximum) - top) <= 1e-6 * abs(top))
        #expect(abs(Double(statistics.sum) - sum) < 1e-5 * sum)
        #expect(abs(Double(statistics.entropy) - wanted.entropy) < 2e-5)
      }
    }
  }

  /// Tokens that are ruled out by a logit of -infinity have no part in anything.
  @Test(arguments: kernelSets) func ruledOutTokensCountForNothing(kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    for vocabulary in [3, 8, 21] {
      withArena { arena in
        let logits = arena.random(vocabulary, scale: 4)
        for index in stride(from: 0, to: vocabulary, by: 2) { logits[index] = -.infinity }
        let allowed = (0..<vocabulary).filter { $0 % 2 == 1 }
        let x = allowed.map { Double(logits[$0]) }
        let wanted = Reference.head(logits: x, temperature: 1, target: 0)
        let statistics = compute.softmaxStatistics(
          vocabulary: vocabulary, logits: logits, inverseTemperature: 1)
        #expect(abs(Double(statistics.entropy) - wanted.entropy) < 1e-5)
        let logProbability = statistics.logProbability(scaledLogit: logits[1])
        #expect(abs(Double(logProbability) - wanted.logProbability) < 1e-5)
        #expect(statistics.logProbability(scaledLogit: logits[0]) == -.infinity)
        compute.softmaxBackward(
          vocabulary: vocabulary, logits: logits, inverseTemperature: 1, statistics: statistics,
          target: 1, logProbability: 0.5, entropy: 0.25)
        let gradient = CentralDifferences.gradient(at: x) {
          let head = Reference.head(logits: $0, temperature: 1, target: 0)
          return 0.5 * head.logProbability + 0.25 * head.entropy
        }
        #expect(relativeError(allowed.map { Double(logits[$0]) }, gradient) < 2e-5)
        for index in stride(from: 0, to: vocabulary, by: 2) { #expect(logits[index] == 0) }
      }
    }
  }

  @Test(arguments: kernelSets) func notANumberIsNotHidden(kernelName: String) throws {
    let compute = try Compute(testing: kernelName)
    for (vocabulary, place) in [(5, 3), (8, 0), (20, 7), (20, 19)] {
      withArena { arena in
        let logits = arena.random(vocabulary)
        logits[place] = .nan
        let statistics = compute.softmaxStatistics(
          vocabulary: vocabulary, logits: logits, inverseTemperature: 1)
        #expect(statistics.sum.isNaN && statistics.entropy.isNaN)
        let gateUp = arena.random(2 * vocabulary)
        gateUp[place] = .nan
        let act = arena.filled(vocabulary)
        compute.swiglu(rows: 1, width: vocabulary, gateUp: gateUp, act: act)
        #expect((0..<vocabulary).allSatisfy { act[$0].isNaN == ($0 == place) })
      }
    }
  }
}
