import HoneNumerics
import Testing

/// Sampling a token from a row of logits: exact cumulative thresholds.
@Suite struct SamplingTests {
  private let compute = Compute(workers: 1)

  /// The token that the definition gives: the first whose cumulative sum exceeds uniform * total.
  private func expected(_ weights: [Double], uniform: Double) -> Int {
    let total = weights.reduce(0, +)
    var running = 0.0
    for (index, weight) in weights.enumerated() {
      running += weight
      if running > uniform * total { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0
  }

  private func sample(
    _ logits: UnsafePointer<Float>, _ count: Int, inverse: Float = 1, uniform: Double
  ) -> Int {
    let statistics = compute.softmaxStatistics(
      vocabulary: count, logits: logits, inverseTemperature: inverse)
    return Int(
      compute.sample(
        vocabulary: count, logits: logits, inverseTemperature: inverse, statistics: statistics,
        uniform: uniform))
  }

  @Test func thresholdsAreExact() {
    // exp(0) is exactly 1: four equal tokens among others that are ruled out.
    let logits: [Float] = [
      -.infinity, 0, 0, -.infinity, -1000, 0, -.infinity, -.infinity, -.infinity, 0, -.infinity,
    ]
    let tokens = [1, 2, 5, 9]
    for (index, token) in tokens.enumerated() {
      let start = Double(index) / 4
      let end = Double(index + 1) / 4
      #expect(sample(logits, logits.count, uniform: start) == token)
      #expect(sample(logits, logits.count, uniform: start.nextUp) == token)
      #expect(sample(logits, logits.count, uniform: end.nextDown) == token)
    }
  }

  @Test(arguments: [1, 2, 7, 8, 9, 64, 509], [Float(0.5), 1, 3])
  func followsTheDefinition(vocabulary: Int, inverse: Float) {
    withArena(seed: UInt64(vocabulary)) { arena in
      let logits = arena.random(vocabulary, scale: 6)
      let scaled = (0..<vocabulary).map { logits[$0] * inverse }
      let top = scaled.max() ?? 0
      let weights = kernelExponentials(scaled.map { $0 - top }).map(Double.init)
      let total = weights.reduce(0, +)
      // Everywhere, and next to every threshold.
      var (uniforms, running) = ((0..<100).map { Double($0) / 100 }, 0.0)
      for weight in weights {
        running += weight
        uniforms += [(running / total).nextDown, running / total, (running / total).nextUp]
      }
      let wrong = uniforms.filter { uniform in
        uniform < 1
          && sample(logits, vocabulary, inverse: inverse, uniform: uniform)
            != expected(weights, uniform: uniform)
      }
      #expect(wrong.isEmpty)
    }
  }

  @Test func endsOfTheIntervalStayAmongPossibleTokens() {
    for vocabulary in 1...40 {
      withArena(seed: UInt64(vocabulary)) { arena in
        let logits = arena.random(vocabulary, scale: 30)
        // The first and the last tokens cannot be drawn.
        for index in 0..<vocabulary where index < vocabulary / 3 || index > vocabulary / 2 {
          logits[index] = index % 2 == 0 ? -.infinity : -500
        }
        let possible = vocabulary / 3...vocabulary / 2
        for uniform in [0, 1e-300, 0.5, 0.999_999, 1.0.nextDown] {
          #expect(possible.contains(sample(logits, vocabulary, uniform: uniform)))
        }
        #expect(
          sample(logits, vocabulary, uniform: 0)
            == possible.first { logits[$0] - (possible.map { logits[$0] }.max() ?? 0) >= -87.3 })
      }
    }
  }

  /// 20 000 draws against the probabilities: every count within five standard deviations.
  @Test func frequenciesAreTheProbabilities() {
    let logits: [Float] = [0.3, -1.2, 2, -.infinity, 0.9, -3, 1.1, 0, -0.4, 0.1, -7]
    let probabilities = Reference.softmax(logits.map { Double($0) * 0.8 })
    let stream = RandomStream(seed: 3, purpose: .sampling)
    let draws = 20_000
    var counts = [Int](repeating: 0, count: logits.count)
    for position in 0..<draws {
      let uniform = stream.uniform(sample: 0, position: position)
      counts[sample(logits, logits.count, inverse: 0.8, uniform: uniform)] += 1
    }
    for (token, probability) in probabilities.enumerated() {
      let deviation = (Double(draws) * probability * (1 - probability)).squareRoot()
      #expect(abs(Double(counts[token]) - Double(draws) * probability) <= 5 * deviation)
    }
    #expect(counts[3] == 0)
  }
}
