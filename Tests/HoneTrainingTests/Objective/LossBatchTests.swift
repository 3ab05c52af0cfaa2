import Foundation
import HoneTraining
import Testing

@Suite("Objective")
struct LossBatchTests {
  static let lengths = [4, 1, 6, 3, 2, 5, 1, 3]

  static func samples(_ seed: UInt64) -> [ScalarObjective.Sample] {
    var numbers = TestNumbers(seed)
    return lengths.enumerated().map { index, length in
      let old = (0..<length).map { _ in numbers.next(-4 ... -0.1) }
      var sample = ScalarObjective.Sample(
        new: old.map { $0 + numbers.next(-0.9...0.9) }, old: old,
        reference: old.map { $0 + numbers.next(-0.5...0.5) },
        advantage: index == 3 ? 0 : numbers.next(-2...2))
      if index == 5 { sample.participation = .masked }
      if index == 6 { sample.participation = .absent }
      return sample
    }
  }

  static func batch(
    _ settings: ObjectiveSettings, _ samples: [ScalarObjective.Sample], maximumLength: Int = 9
  ) -> LossBatch {
    let weights = LossWeights(
      settings.aggregation, lengths: samples.map(\.new.count),
      participation: samples.map(\.participation), maximumCompletionLength: maximumLength)
    return LossBatch(
      settings,
      samples: samples.enumerated().map { index, sample in
        LossSample(
          index: index, advantage: sample.advantage, tokenWeight: weights.tokenWeights[index],
          oldLogProbabilities: sample.old, referenceLogProbabilities: sample.reference)
      }, step: 1)
  }

  /// Evaluates in slices of a size and returns all derivatives.
  static func run(
    _ batch: inout LossBatch, _ samples: [ScalarObjective.Sample], slice: Int
  ) throws -> [Double] {
    let new = samples.flatMap(\.new)
    if batch.needsPreparation { try batch.prepare(logProbabilities: new) }
    var result: [Double] = []
    for start in stride(from: 0, to: new.count, by: slice) {
      let range = start..<min(start + slice, new.count)
      result += try batch.evaluate(range, logProbabilities: Array(new[range]))
    }
    return result
  }

  /// Every loss with every aggregation and a choice of penalties.
  static let cases: [ObjectiveSettings] = {
    var cases: [ObjectiveSettings] = []
    for loss in ObjectiveSettings.Loss.allCases {
      for aggregation in ObjectiveSettings.Aggregation.allCases {
        for estimator in ObjectiveSettings.Divergence.Estimator.allCases {
          var settings = ObjectiveSettings(preset: .grpo)
          settings.loss = loss
          settings.aggregation = aggregation
          settings.epsilonHigh = loss == .cispo ? 1.2 : 0.28
          settings.divergence.estimator = estimator
          settings.divergence.beta = 0.3
          cases.append(settings)
          if loss == .cispo {
            settings.cap = .relative
            cases.append(settings)
          }
          if loss == .clip {
            settings.dualClip = 1.6
            cases.append(settings)
          }
          if loss != .gspo, estimator != .k3Plus {
            settings.divergence.isImportanceWeighted = true
            cases.append(settings)
          }
        }
      }
    }
    return cases
  }()

  @Test("gradients agree with central differences of the formula", arguments: cases)
  func gradients(_ settings: ObjectiveSettings) throws {
    let samples = Self.samples(11)
    let scalar = ScalarObjective(settings: settings, maximumLength: 9)
    var batch = Self.batch(settings, samples)
    let derivatives = try Self.run(&batch, samples, slice: 4)
    var reported = settings
    // k3+ reports k3; its gradient is that of k2, which the formula's surrogate has.
    if settings.divergence.estimator == .k3Plus { reported.divergence.estimator = .k3 }
    let value = ScalarObjective(settings: reported, maximumLength: 9).loss(samples, frozen: samples)
    #expect(abs(batch.metrics.loss - value) <= 1e-12 * max(1, abs(value)))
    var token = 0
    for number in samples.indices {
      for position in samples[number].new.indices {
        let h = 1e-6
        var up = samples
        up[number].new[position] += h
        var down = samples
        down[number].new[position] -= h
        let numeric =
          (scalar.loss(up, frozen: samples) - scalar.loss(down, frozen: samples)) / (2 * h)
        #expect(
          abs(derivatives[token] - numeric) < 1e-8, "sample \(number), position \(position)")
        token += 1
      }
    }
  }

  @Test("any slicing gives the same bits", arguments: [1, 2, 3, 7, 100])
  func slices(_ size: Int) throws {
    for settings in Self.cases {
      let samples = Self.samples(3)
      var whole = Self.batch(settings, samples)
      let expected = try Self.run(&whole, samples, slice: 1000)
      var sliced = Self.batch(settings, samples)
      #expect(try Self.run(&sliced, samples, slice: size) == expected)
      #expect(sliced.metrics == whole.metrics)
    }
  }

  @Test("micro-batches of samples give the same derivatives", arguments: cases)
  func microBatches(_ settings: ObjectiveSettings) throws {
    let samples = Self.samples(5)
    let weights = LossWeights(
      settings.aggregation, lengths: samples.map(\.new.count),
      participation: samples.map(\.participation), maximumCompletionLength: 9)
    var whole = Self.batch(settings, samples)
    let expected = try Self.run(&whole, samples, slice: 1000)
    var derivatives: [Double] = []
    var metrics = LossMetrics()
    for (index, sample) in samples.enumerated() {
      var one = LossBatch(
        settings,
        samples: [
          LossSample(
            index: index, advantage: sample.advantage, tokenWeight: weights.tokenWeights[index],
            oldLogProbabilities: sample.old, referenceLogProbabilities: sample.reference)
        ], step: 1)
      derivatives += try Self.run(&one, [sample], slice: 1000)
      metrics.add(one.metrics)
    }
    #expect(derivatives == expected)
    #expect(abs(metrics.loss - whole.metrics.loss) < 1e-14)
    #expect(
      metrics.clippedHigh == whole.metrics.clippedHigh && metrics.tokens == whole.metrics.tokens)
  }

  @Test func onPolicyTheClippedLossIsMinusTheMeanAdvantage() throws {
    var samples = Self.samples(2)
    for index in samples.indices { samples[index].new = samples[index].old }
    var settings = ObjectiveSettings(preset: .grpo)
    settings.epsilon = 0.2
    var batch = Self.batch(settings, samples)
    _ = try Self.run(&batch, samples, slice: 5)
    let counted = samples.filter { $0.participation != .absent }
    let sum = counted.filter { $0.participation == .full }.reduce(0) { $0 - $1.advantage }
    #expect(abs(batch.metrics.loss - sum / Double(counted.count)) < 1e-12)
    #expect(batch.metrics.maximumLogRatio == 0 && batch.metrics.clipShare == 0)
  }

  @Test("a clip computed by hand")
  func byHand() throws {
    // One sample, A = 2; ratios 1.5, 1.1, 0.5: 1.5 is clipped to 1.2 and gives no gradient.
    let ratios = [1.5, 1.1, 0.5]
    let sample = ScalarObjective.Sample(
      new: ratios.map { log($0) - 1 }, old: [-1, -1, -1], reference: [-1, -1, -1], advantage: 2)
    var batch = Self.batch(ObjectiveSettings(preset: .grpo), [sample])
    let derivatives = try Self.run(&batch, [sample], slice: 3)
    #expect(abs(batch.metrics.loss - -(1.2 + 1.1 + 0.5) * 2 / 3) < 1e-12)
    #expect(derivatives[0] == 0)
    #expect(abs(derivatives[1] - -1.1 * 2 / 3) < 1e-12)
    #expect(abs(derivatives[2] - -0.5 * 2 / 3) < 1e-12)
    #expect(batch.metrics.clippedHigh == 1 && batch.metrics.clippedLow == 0)
    #expect(batch.metrics.clipShare == 1.0 / 3)
  }

  @Test("ratios beyond e^20 are clamped and counted")
  func clamping() throws {
    let sample = ScalarObjective.Sample(
      new: [-1, -1], old: [-50, -1], reference: [-1, -90], advantage: -1)
    var settings = ObjectiveSettings(preset: .grpo)
    settings.divergence.beta = 1
    var batch = Self.batch(settings, [sample])
    let derivatives = try Self.run(&batch, [sample], slice: 2)
    #expect(batch.metrics.clamped == 1 && batch.metrics.maximumLogRatio == 49)
    #expect(derivatives.allSatisfy { $0.isFinite } == true)
    #expect(derivatives[0] == 0)
    let far = DivergenceEstimate(.k3, new: -90, reference: -1)
    #expect(far.value.isFinite && far.derivative < -1e8, "still pulled towards the reference")
  }

  @Test("a value that is not finite is named", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(_ value: Double) {
    for loss in ObjectiveSettings.Loss.allCases {
      var samples = Self.samples(4)
      samples[2].new[3] = value
      var settings = ObjectiveSettings(preset: .grpo)
      settings.loss = loss
      var batch = Self.batch(settings, samples)
      do {
        _ = try Self.run(&batch, samples, slice: 2)
        Issue.record("no error for \(loss)")
      } catch let error as TrainingError {
        #expect(error.exitCode == 71)
        #expect(error.message.contains("step 1, sample 2, position 3"), "\(error.message)")
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test("weights are those of the whole batch")
  func weights() {
    let parts: [LossWeights.Participation] = [.full, .masked, .full, .absent]
    func weights(_ aggregation: ObjectiveSettings.Aggregation) -> [Double] {
      LossWeights(
        aggregation, lengths: [2, 5, 8, 3], participation: parts, maximumCompletionLength: 10
      ).tokenWeights
    }
    #expect(weights(.sequenceMean) == [1.0 / 6, 0, 1.0 / 24, 0])
    #expect(weights(.tokenMean) == [0.1, 0, 0.1, 0])
    #expect(weights(.constant) == [1.0 / 30, 0, 1.0 / 30, 0])
    let nothing = LossWeights(
      .tokenMean, lengths: [3], participation: [.absent], maximumCompletionLength: 10)
    #expect(nothing.tokenWeights == [0] && nothing.tokens == 0)
  }
}
