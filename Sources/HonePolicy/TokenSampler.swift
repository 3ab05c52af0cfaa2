import Foundation
import HoneNumerics

/// How a token is chosen from a row of logits.
public struct SamplingOptions: Sendable, Hashable {
  /// Logits are divided by it; 0 takes the most probable token (the lowest id among equals).
  public var temperature: Double
  /// Only the k most probable tokens, if given.
  public var topK: Int?
  /// Only the smallest set of most probable tokens whose probability reaches p (Holtzman 2020).
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
struct ChosenToken {
  var token: Int32
  /// Under the whole distribution at the temperature.
  var logProbability: Float
  /// Of that distribution, in nats.
  var entropy: Float
}

extension Compute {
  /// Chooses one token.
  ///
  /// - Parameters:
  ///   - uniform: a random number in [0, 1); unused when greedy.
  func chooseToken(
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

  /// Top-k, then min-p, then top-p, on the distribution at the temperature; then by inverse
  /// cumulative probability, most probable first (ties by id).
  private func sampleNarrowed(
    vocabulary: Int, logits: UnsafePointer<Float>, options: SamplingOptions,
    statistics: TokenStatistics, uniform: Double
  ) -> Int32 {
    let inverse = Double(options.inverseTemperature)
    let top = Double(statistics.maximum)
    var ranked = (0..<vocabulary).map { (id: $0, weight: exp(Double(logits[$0]) * inverse - top)) }
    ranked.sort { $0.weight != $1.weight ? $0.weight > $1.weight : $0.id < $1.id }
    let total = ranked.reduce(0) { $0 + $1.weight }
    if let k = options.topK { ranked = Array(ranked.prefix(max(1, k))) }
    if let minP = options.minP, let first = ranked.first {
      ranked = ranked.filter { $0.weight >= minP * first.weight }
    }
    if let topP = options.topP, topP < 1 {
      var mass = 0.0
      let last = ranked.firstIndex { candidate in
        mass += candidate.weight / total
        return mass >= topP
      }
      if let last { ranked = Array(ranked.prefix(last + 1)) }
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
