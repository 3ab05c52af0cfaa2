import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import Testing

@Suite("Filters of the sampler, as transformers' warpers define them")
struct TokenSamplerTests {
  private let compute = Compute(workers: 1)

  /// Temperature, top-k, top-p and min-p by their definitions, one after another, each on the
  /// distribution that the one before has left.
  ///
  /// Top-k removes what is less than the k-th logit. Top-p sorts ascending and removes what has a
  /// cumulative probability of at most 1 - p, but never the last. Min-p removes what has less than its
  /// share of the greatest probability.
  private static func reference(_ logits: [Float], _ options: SamplingOptions) -> [Double] {
    func softmax(_ logits: [Double]) -> [Double] {
      let top = logits.max() ?? 0
      let weights = logits.map { exp($0 - top) }
      let sum = weights.reduce(0, +)
      return weights.map { $0 / sum }
    }
    var scores = logits.map { Double($0) / options.temperature }
    if let k = options.topK {
      let least = scores.sorted(by: >)[min(k, scores.count) - 1]
      scores = scores.map { $0 < least ? -.infinity : $0 }
    }
    if let p = options.topP, p < 1 {
      let probabilities = softmax(scores)
      let ascending = scores.indices.sorted {
        scores[$0] != scores[$1] ? scores[$0] < scores[$1] : $0 > $1
      }
      var cumulative = 0.0
      for (place, id) in ascending.enumerated() {
        cumulative += probabilities[id]
        if cumulative <= 1 - p, place < ascending.count - 1 { scores[id] = -.infinity }
      }
    }
    if let minP = options.minP {
      let probabilities = softmax(scores)
      let bound = minP * (probabilities.max() ?? 0)
      for id in scores.indices where probabilities[id] < bound { scores[id] = -.infinity }
    }
    return softmax(scores)
  }

  /// The probabilities that the sampler draws with, by uniform numbers on a fine grid.
  private func drawn(_ logits: [Float], _ options: SamplingOptions, grid: Int = 4_000) -> [Double] {
    var counts = [Double](repeating: 0, count: logits.count)
    for step in 0..<grid {
      let token = compute.chooseToken(
        vocabulary: logits.count, logits: logits, options: options,
        uniform: (Double(step) + 0.5) / Double(grid)
      ).token
      counts[Int(token)] += 1 / Double(grid)
    }
    return counts
  }

  private func expectReference(_ logits: [Float], _ options: SamplingOptions) {
    let wanted = Self.reference(logits, options)
    let seen = drawn(logits, options)
    for (id, (a, b)) in zip(seen, wanted).enumerated() {
      #expect(abs(a - b) < 1e-3, "id \(id): \(a), wanted \(b); \(options)")
      #expect((a > 0) == (b > 1e-3) || b <= 1e-3)
      if b == 0 { #expect(a == 0) }
    }
  }

  /// Two tokens have 0.826 of the four that top-k leaves, but half of all: top-p is a share of the four.
  @Test("top-k 4, top-p 0.8 and temperature 2 keep two tokens, 0.553 and 0.447")
  func combined() {
    let weights = [0.553, 0.447, 0.14, 0.07] + Array(repeating: 0.04, count: 20)
    let logits = weights.map { Float(2 * log($0)) }
    let options = SamplingOptions(temperature: 2, topK: 4, topP: 0.8)
    let seen = drawn(logits, options)
    #expect(abs(seen[0] - 0.553) < 1e-3 && abs(seen[1] - 0.447) < 1e-3)
    #expect(seen[2...].allSatisfy { $0 == 0 })
    expectReference(logits, options)
  }

  /// Which of equal tokens top-p cuts is anybody's choice, so equal logits are compared together.
  @Test("What transformers' warpers leave is what is drawn")
  func goldens() throws {
    let url = try #require(
      Bundle.module.url(forResource: "sampling", withExtension: "json", subdirectory: "Goldens"))
    let file = try JSON.parse(String(contentsOf: url, encoding: .utf8))
    let cases = try #require(file["cases"]?.array)
    #expect(cases.count == 55)
    for row in cases {
      let logits = try #require(row["logits"]?.array).compactMap { $0.double.map { Float($0) } }
      let options = SamplingOptions(
        temperature: try #require(row["temperature"]?.double), topK: row["top_k"]?.int,
        topP: row["top_p"]?.double, minP: row["min_p"]?.double)
      let wanted = try #require(row["probabilities"]?.array).compactMap(\.double)
      let seen = drawn(logits, options)
      for logit in Set(logits) {
        let ids = logits.indices.filter { logits[$0] == logit }
        let (a, b) = (ids.map { seen[$0] }.sorted(), ids.map { wanted[$0] }.sorted())
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 }, "\(a), wanted \(b); \(options)")
        #expect(a.map { $0 == 0 } == b.map { $0 == 0 }, "\(a), wanted \(b); \(options)")
      }
    }
  }

  private static let table: [SamplingOptions] = [
    SamplingOptions(topK: 3), SamplingOptions(topP: 0.7), SamplingOptions(minP: 0.2),
    SamplingOptions(temperature: 0.5, topK: 5, topP: 0.6),
    SamplingOptions(temperature: 1.7, topK: 6, minP: 0.3),
    SamplingOptions(temperature: 1.3, topP: 0.9, minP: 0.1),
    SamplingOptions(temperature: 2, topK: 8, topP: 0.95, minP: 0.25),
    SamplingOptions(topK: 1), SamplingOptions(topK: 100, topP: 0.01), SamplingOptions(minP: 1),
    SamplingOptions(topP: 1e-6), SamplingOptions(topK: 2, topP: 0.999999, minP: 0),
  ]

  @Test("Alone and together they are the definition", arguments: table)
  func definition(options: SamplingOptions) {
    for seed in 0..<4 {
      let stream = RandomStream(seed: UInt64(seed), purpose: .order, problem: "logits")
      let logits = (0..<19).map { Float(4 * stream.uniform(sample: 0, position: $0)) }
      expectReference(logits, options)
    }
  }

  @Test("Tokens as probable as the k-th are kept with it")
  func ties() {
    let logits: [Float] = [1, 3, 2, 2, 0, 2]
    let seen = drawn(logits, SamplingOptions(topK: 2))
    #expect(seen.map { $0 > 0 } == [false, true, true, true, false, true])
    expectReference(logits, SamplingOptions(topK: 2))
  }

  @Test("What is ruled out is never drawn, whatever k is")
  func ruledOut() {
    let logits: [Float] = [-.infinity, 0, -.infinity, 1, -.infinity]
    for options in [
      SamplingOptions(topK: 4), SamplingOptions(topP: 0.9999), SamplingOptions(minP: 0.01),
    ] {
      let seen = drawn(logits, options)
      #expect(seen[0] == 0 && seen[2] == 0 && seen[4] == 0)
      #expect(
        compute.chooseToken(
          vocabulary: 5, logits: logits, options: options, uniform: 1 - 1e-16
        ).token == 1)
    }
  }
}
