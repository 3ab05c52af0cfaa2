import Foundation
import HoneTraining

/// The objective written a second time, as plainly as the papers have it.
///
/// One number from all log-probabilities; tests differentiate it numerically.
struct ScalarObjective {
  struct Sample {
    var new: [Double]
    var old: [Double]
    var reference: [Double]
    var advantage: Double
    var participation: LossWeights.Participation = .full
  }

  var settings: ObjectiveSettings
  var maximumLength: Int

  /// The loss; factors that a loss holds constant are taken at `frozen`.
  func loss(_ samples: [Sample], frozen: [Sample]) -> Double {
    let counted = samples.filter { $0.participation != .absent }.count
    let tokens = samples.filter { $0.participation == .full }.reduce(0) { $0 + $1.new.count }
    var total = 0.0
    for (sample, still) in zip(samples, frozen) where sample.participation == .full {
      let values = sample.new.indices.map { token(sample, still, $0) }
      let sum = values.reduce(0, +)
      switch settings.aggregation {
      case .sequenceMean: total += sum / Double(values.count) / Double(counted)
      case .tokenMean: total += sum / Double(tokens)
      case .constant: total += sum / Double(counted * maximumLength)
      }
    }
    return total
  }

  private func token(_ s: Sample, _ still: Sample, _ t: Int) -> Double {
    let a = s.advantage
    let w = exp(s.new[t] - s.old[t])
    let frozenRatio = exp(still.new[t] - still.old[t])
    let low = 1 - settings.epsilon
    let high = 1 + settings.epsilonHigh
    func clip(_ x: Double) -> Double {
      var l = -min(x * a, min(max(x, low), high) * a)
      if let dual = settings.dualClip, a < 0, settings.loss == .clip { l = min(l, -dual * a) }
      return l
    }
    var l: Double
    switch settings.loss {
    case .clip: l = clip(w)
    case .gspo:
      let mean = zip(s.new, s.old).map { $0 - $1 }.reduce(0, +) / Double(s.new.count)
      l = clip(exp(mean))
    case .cispo:
      l = -min(frozenRatio, settings.cap == .absolute ? settings.epsilonHigh : high) * a * s.new[t]
    case .sapo:
      let tau = a > 0 ? settings.sapoTemperaturePositive : settings.sapoTemperatureNegative
      l = -a * (4 / tau) / (1 + exp(-tau * (w - 1)))
    case .reinforce: l = -a * s.new[t]
    }
    guard settings.divergence.isActive, settings.divergence.place == .loss else { return l }
    let d = s.reference[t] - s.new[t]
    var k: Double
    switch settings.divergence.estimator {
    case .k1: k = -d
    case .k2, .k3Plus: k = d * d / 2
    case .k3: k = exp(d) - d - 1
    }
    if settings.divergence.isImportanceWeighted { k *= w }
    return l + settings.divergence.beta * k
  }
}

/// Numbers from a counter, for test data: the same on every machine.
struct TestNumbers {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  /// Uniform in the range.
  mutating func next(_ range: ClosedRange<Double>) -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    let unit = Double(z >> 11) * 0x1p-53
    return range.lowerBound + unit * (range.upperBound - range.lowerBound)
  }
}
