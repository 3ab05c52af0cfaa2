import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import Testing

/// Precisions that tests go through: the named sets and one of unusual choices.
struct LowPrecision: Sendable, CustomStringConvertible {
  var description: String
  var precision: Precision

  static let all: [LowPrecision] = [
    LowPrecision(description: "bf16", precision: .bf16),
    LowPrecision(description: "fp8", precision: .fp8),
    LowPrecision(description: "unusual", precision: unusual),
  ]

  private static let unusual: Precision = {
    var precision = Precision.fp32
    precision.weights = .e5m6
    precision.embeddings = .bf16
    precision.operands = NumberFormat("e3m4") ?? .e5m2
    precision.gradientOperands = .bf16
    precision.sums = .chunked(every: 16, significantBits: 8)
    precision.activations = .e5m2
    precision.keyValueCache = .e5m6
    return precision
  }()
}

@Suite("A policy's precision")
struct PrecisionTests {
  private static let groups = [
    PackedGroup(
      prompt: Sample.tokens(40, seed: 1),
      completions: (0..<4).map {
        Sample.tokens(50 + 20 * $0, seed: 2 + $0)
      })
  ]

  private static func gradient(
    _ policy: Policy, recomputes: Bool = false
  ) -> (gradient: [Float], loss: Double) {
    let batch = PackedBatch(groups)
    let workspace = TrainingWorkspace(
      configuration: policy.configuration, fitting: batch, precision: policy.precision,
      recomputes: recomputes)
    let gradients = TensorBuffer(count: policy.layout.count)
    let scores = policy.backpropagate(batch, workspace: workspace, gradients: gradients) {
      range, _ in range.map { TokenGradient(logProbability: Float($0 % 5) - 1.5) }
    }
    return (gradients.array, -scores.reduce(0) { $0 + Double($1.logProbability) })
  }

  @Test("Changing it and changing it back leaves every bit", arguments: LowPrecision.all)
  func lossless(low: LowPrecision) {
    let policy = Sample.policy()
    let before = policy.parameters.array.map(\.bitPattern)
    for tensor in policy.layout.tensors {
      let values = policy.parameter(tensor)
      policy.adopt(low.precision)
      #expect(policy.parameter(tensor).map(\.bitPattern) == values.map(\.bitPattern))
      policy.setParameter(values, tensor)
    }
    policy.adopt(.fp32)
    #expect(policy.parameters.array.map(\.bitPattern) == before)
  }

  @Test("A copy, and a folder read again, score as the policy does", arguments: LowPrecision.all)
  func copies(low: LowPrecision) throws {
    let policy = Sample.policy()
    policy.adopt(low.precision)
    let loss = Self.gradient(policy).loss
    #expect(Self.gradient(policy.copy()).loss == loss)
    let json = try JSON.parse(policy.precision.json.serialized())
    #expect(try Precision(json: json) == low.precision)
    let single = Sample.policy()
    #expect(Self.gradient(single).loss != loss)
    single.adopt(low.precision)
    #expect(Self.gradient(single).loss == loss)
  }

  @Test(
    "A forward pass that is done again leaves the gradient's bits",
    arguments: LowPrecision.all + [LowPrecision(description: "fp32", precision: .fp32)],
    PolicyConfiguration.Architecture.allCases)
  func recomputed(low: LowPrecision, architecture: PolicyConfiguration.Architecture) {
    let policy = Sample.policy(Sample.configuration(architecture))
    policy.adopt(low.precision)
    let kept = Self.gradient(policy)
    let again = Self.gradient(policy, recomputes: true)
    #expect(kept.gradient.map(\.bitPattern) == again.gradient.map(\.bitPattern))
    #expect(kept.loss == again.loss)
  }

  /// Everything that the fp8 set rounds, rounded to `format`.
  private static func everything(_ format: NumberFormat) -> Precision {
    var precision = Precision.fp8
    precision.weights = format
    precision.operands = format
    precision.gradientOperands = format
    precision.sums = .single
    precision.activations = format
    precision.attentionActivations = format
    precision.keyValueCache = format
    return precision
  }

  /// || a - b || / || a || over the whole gradient.
  private static func error(
    _ precision: Precision, _ architecture: PolicyConfiguration.Architecture
  )
    -> Double
  {
    let policy = Sample.policy(Sample.configuration(architecture))
    // Scores of a hundred make attention a choice of one key: any rounding may change the choice.
    for slice in policy.layout.layers.flatMap({ [$0.queryNorm, $0.keyNorm] }).compactMap({ $0 }) {
      for index in 0..<slice.count { policy.parameters.pointer[slice.offset + index] /= 6 }
    }
    let exact = gradient(policy).gradient
    policy.adopt(precision)
    let low = gradient(policy).gradient
    var (difference, size) = (0.0, 0.0)
    for (a, b) in zip(exact, low) {
      difference += Double(a - b) * Double(a - b)
      size += Double(a) * Double(a)
    }
    return (difference / size).squareRoot()
  }

  @Test(
    "What low precision changes in a gradient is rounding: it shrinks with every bit",
    arguments: PolicyConfiguration.Architecture.allCases)
  func gradients(architecture: PolicyConfiguration.Architecture) throws {
    // Mantissas of 3, 5, 7 and 9 bits: each two bits more should cut the error by four.
    let errors = try ["e4m3", "e6m5", "e6m7", "e6m9"].map {
      Self.error(Self.everything(try #require(NumberFormat($0))), architecture)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(fine < coarse / 2.5, "\(errors)")
    }
    #expect(errors[3] < 0.02, "\(errors)")
    #expect(Self.error(.bf16, architecture) < 0.1)
    #expect(Self.error(.fp8, architecture) < 0.5)
  }

  @Test("Cached activations take at most half in bf16 and 0.3 in fp8")
  func cachedBytes() {
    for (hidden, width, heads) in [(576, 1536, 9), (256, 704, 4), (896, 4864, 14)] {
      let configuration = PolicyConfiguration(
        vocabularySize: 512, hiddenSize: hidden, intermediateSize: width, layers: 4, heads: heads)
      func bytes(_ precision: Precision) -> Double {
        Double(
          TrainingWorkspace.cachedBytes(configuration, rows: 544, precision: precision))
      }
      #expect(bytes(.bf16) / bytes(.fp32) <= 0.5)
      #expect(bytes(.fp8) / bytes(.fp32) <= 0.3)
    }
  }
}
