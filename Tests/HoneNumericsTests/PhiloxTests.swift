import HoneNumerics
import Testing

@Suite struct PhiloxTests {
  struct Vector: Sendable {
    var counter: [UInt32]
    var key: [UInt32]
    var output: [UInt32]
  }

  // Known answers of philox4x32-10, from the kat_vectors of Random123 (Salmon et al. 2011).
  private static let vectors = [
    Vector(
      counter: [0, 0, 0, 0], key: [0, 0],
      output: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    Vector(
      counter: [UInt32](repeating: 0xffff_ffff, count: 4), key: [0xffff_ffff, 0xffff_ffff],
      output: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    Vector(
      counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
      key: [0xa409_3822, 0x299f_31d0],
      output: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  @Test(arguments: vectors) func givesTheKnownAnswers(vector: Vector) {
    let (c, k) = (vector.counter, vector.key)
    let block = Philox.block(key: (k[0], k[1]), counter: (c[0], c[1], c[2], c[3]))
    #expect([block.0, block.1, block.2, block.3] == vector.output)
  }

  @Test func numbersDoNotDependOnWhenTheyAreAsked() {
    let indices = (0..<20).flatMap { sample in (0..<20).map { (sample, $0) } }
    func draw(_ order: [(Int, Int)]) -> [[Int]: Double] {
      let stream = RandomStream(seed: 5, purpose: .sampling, step: 3, problem: "sum-17")
      return Dictionary(
        uniqueKeysWithValues: order.map {
          ([$0.0, $0.1], stream.uniform(sample: $0.0, position: $0.1))
        }
      )
    }
    #expect(draw(indices) == draw(indices.reversed()))
  }

  @Test func everyPartOfTheNameMatters() {
    let streams = [
      RandomStream(seed: 1, purpose: .sampling, step: 2, problem: "a"),
      RandomStream(seed: 2, purpose: .sampling, step: 2, problem: "a"),
      RandomStream(seed: 1 << 40 | 1, purpose: .sampling, step: 2, problem: "a"),
      RandomStream(seed: 1, purpose: .evaluation, step: 2, problem: "a"),
      RandomStream(seed: 1, purpose: .order, step: 2, problem: "a"),
      RandomStream(seed: 1, purpose: .sampling, step: 3, problem: "a"),
      RandomStream(seed: 1, purpose: .sampling, step: 2 | 1 << 40, problem: "a"),
      RandomStream(seed: 1, purpose: .sampling, step: 2, problem: "b"),
      RandomStream(seed: 1, purpose: .sampling, step: 2),
    ]
    let places = [(0, 0), (0, 1), (1, 0), (1 << 33, 0), (0, 1 << 33)]
    var seen = Set<UInt64>()
    for stream in streams {
      for (sample, position) in places {
        seen.insert(stream.bits(sample: sample, position: position))
        seen.insert(stream.uniform(sample: sample, position: position).bitPattern)
      }
    }
    #expect(seen.count == 2 * streams.count * places.count)
  }

  /// A change here would change every run ever recorded.
  @Test func streamsStayWhatTheyAre() {
    let stream = RandomStream(seed: 42, purpose: .sampling, step: 7, problem: "countdown-3")
    // FNV-1a of the name, then two blocks for the key and one for the number, by hand.
    let hash: UInt64 = "countdown-3".utf8.reduce(14_695_981_039_346_656_037) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let first = Philox.block(key: (42, 0), counter: (2, 0, 7, 0))
    let key = Philox.block(
      key: (first.0, first.1),
      counter: (
        UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32), first.2, first.3
      ))
    let words = Philox.block(key: (key.0, key.1), counter: (4, 0, 9, 0))
    let uniform = Double((UInt64(words.0) << 32 | UInt64(words.1)) >> 11) / 9_007_199_254_740_992
    #expect(stream.uniform(sample: 4, position: 9) == uniform)
    #expect(stream.bits(sample: 4, position: 9) == UInt64(words.2) << 32 | UInt64(words.3))
  }

  @Test func uniformNumbersAreUniform() {
    let stream = RandomStream(seed: 9, purpose: .evaluation)
    let count = 40_000
    var (sum, squares, product, last) = (0.0, 0.0, 0.0, 0.5)
    var bins = [Int](repeating: 0, count: 16)
    for position in 0..<count {
      let x = stream.uniform(sample: position % 8, position: position / 8)
      #expect(x >= 0 && x < 1)
      sum += x
      squares += (x - 0.5) * (x - 0.5)
      product += (x - 0.5) * (last - 0.5)
      last = x
      bins[Int(x * 16)] += 1
    }
    // Five standard deviations: of the mean 0.289 / 200, of the variance 0.0745 / 200, of the
    // correlation with the number before 0.0833 / 200.
    #expect(abs(sum / Double(count) - 0.5) < 0.0073)
    #expect(abs(squares / Double(count) - 1.0 / 12) < 0.0019)
    #expect(abs(product / Double(count)) < 0.0021)
    #expect(bins.allSatisfy { abs($0 - count / 16) < 250 }, "bins of 2500: \(bins)")
  }
}
