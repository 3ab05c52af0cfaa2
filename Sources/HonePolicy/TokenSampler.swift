import Foundation
import HoneNumerics

/// How a token is chosen from a row of logits.
public struct SamplingOptions: Sendable, Hashable {
  /// Logits are divided by it; 0 takes the most probable token (the lowest id among equals).
  public var temperature: Double
  /// Only the k most probable tokens, and those as probable as the k-th, if given.
  public var topK: Int?
  /// Only the smallest set of most probable tokens whose probability reaches p (Holtzman 2020).
  ///
  /// Where there is a top-k too, p is a share of what it has left.
  public var topP: Double?
  /// Only tokens at least this share of the most probable one's probability (Nguyen 2024).
  public var minP: Double?

  /// Options; without arguments the whole distribution at temperature 1.
  public init(
    temperature: Double = 1, topK: Int? = nil, topP: Double? = nil, minP: Double? = nil
  ) {
    precondition(temperature >= 0, "a temperature cannot be \(temperature)")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.minP = minP
  }

  /// Whether some tokens can never be chosen.
  public var narrows: Bool { topK != nil || (topP ?? 1) < 1 || (minP ?? 0) > 0 }

  /// 1 / temperature; 1 for greedy, whose log-probabilities are those of the whole distribution.
  ///
  /// Rounded as the trainer rounds it: both divide one by the same fp32 number.
  public var inverseTemperature: Float { temperature == 0 ? 1 : 1 / Float(temperature) }
}

/// A token and what the distribution it was drawn from says of it.
package struct ChosenToken {
  package var token: Int32
  /// Under the whole distribution at the temperature.
  package var logProbability: Float
  /// Of that distribution, in nats.
  package var entropy: Float
}

extension Compute {
  /// Chooses one token.
  ///
  /// - Parameters:
  ///   - uniform: a random number in [0, 1); unused when greedy.
  package func chooseToken(
    vocabulary: Int, logits: UnsafePointer<Float>, options: SamplingOptions, uniform: Double
  ) -> ChosenToken {
    let inverse = options.inverseTemperature
    let statistics = softmaxStatistics(
      vocabulary: vocabulary, logits: logits, inverseTemperature: inverse)
    let token: Int32
    if options.temperature == 0 {
      token = argmax(vocabulary: vocabulary, logits: logits)
    } else if options.narrows {
      token = sampleNarrowed(
        vocabulary: vocabulary, logits: logits, options: options, statistics: statistics,
        uniform: uniform)
    } else {
      token = sample(
        vocabulary: vocabulary, logits: logits, inverseTemperature: inverse,
        statistics: statistics, uniform: uniform)
    }
    return ChosenToken(
      token: token,
      logProbability: statistics.logProbability(scaledLogit: logits[Int(token)] * inverse),
      entropy: statistics.entropy)
  }

  private func argmax(vocabulary: Int, logits: UnsafePointer<Float>) -> Int32 {
    var best = 0
    for index in 1..<max(1, vocabulary) where logits[index] > logits[best] { best = index }
    return Int32(best)
  }

  /// Temperature, top-k, top-p, min-p, in the order and with the edges of transformers' logits warpers;
  /// then by inverse cumulative probability, most probable first (ties by id).
  ///
  /// Each filter looks at the distribution that the ones before have left, made whole again. Tokens as
  /// probable as the k-th are kept with it. A token is kept by top-p while those before it have less
  /// than p, so the one that crosses p is kept.
  private func sampleNarrowed(
    vocabulary: Int, logits: UnsafePointer<Float>, options: SamplingOptions,
    statistics: TokenStatistics, uniform: Double
  ) -> Int32 {
    let inverse = Double(options.inverseTemperature)
    let top = Double(statistics.maximum)
    var ranked = (0..<vocabulary).map { (id: $0, weight: exp(Double(logits[$0]) * inverse - top)) }
    ranked.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.id < $1.id }
    // What underflows, or was ruled out, is never drawn.
    ranked = Array(ranked.prefix { $0.weight > 0 })
    if let k = options.topK, k < ranked.count {
      let last = ranked[max(1, k) - 1].weight
      ranked = Array(ranked.prefix { $0.weight >= last })
    }
    if let topP = options.topP, topP < 1 {
      let total = ranked.reduce(0) { $0 + $1.weight }
      var mass = 0.0
      let last = ranked.firstIndex { candidate in
        mass += candidate.weight / total
        return mass >= topP
      }
      if let last { ranked = Array(ranked.prefix(last + 1)) }
    }
    if let minP = options.minP, let first = ranked.first {
      ranked = ranked.filter { $0.weight >= minP * first.weight }
    }
    let threshold = uniform * ranked.reduce(0) { $0 + $1.weight }
    var running = 0.0
    for candidate in ranked {
      running += candidate.weight
      if running > threshold { return Int32(candidate.id) }
    }
    return Int32(ranked.last?.id ?? 0)
  }
}
