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
    precision.gradients = .bf16
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
    let gradients = Gradients(policy.layout, precision: policy.precision)
    let scores = policy.backpropagate(batch, workspace: workspace, gradients: gradients) {
      range, _ in range.map { TokenGradient(logProbability: Float($0 % 5) - 1.5) }
    }
    return (gradients.values, -scores.reduce(0) { $0 + Double($1.logProbability) })
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

  /// To bf16 by integers: nearest, ties to even.
  private static func nearestHalf(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000)
  }

  @Test("bf16 gradients are the sums of rounded passes, but for embedding, head, norms and biases")
  func halfGradients() {
    for architecture in PolicyConfiguration.Architecture.allCases {
      let policy = Sample.policy(Sample.configuration(architecture))
      let batch = PackedBatch(Self.groups)
      let workspace = TrainingWorkspace(configuration: policy.configuration, fitting: batch)
      var halves = Precision.fp32
      halves.gradients = .bf16
      func gradients(_ precision: Precision, _ factors: Float...) -> Gradients {
        let sum = Gradients(policy.layout, precision: precision)
        for factor in factors {
          policy.backpropagate(batch, workspace: workspace, gradients: sum) { range, _ in
            range.map { TokenGradient(logProbability: factor * Float($0 % 5) - 1.5) }
          }
        }
        return sum
      }
      let (first, second) = (gradients(.fp32, 1), gradients(.fp32, -0.3))
      let (both, half) = (gradients(.fp32, 1, -0.3), gradients(halves, 1, -0.3))
      let added = gradients(halves, 1)
      added.add(half, policy.compute)
      for slice in policy.layout.slices {
        let sum = half.values(of: slice)
        let isMatrix = policy.layout.layers.contains { $0.matrices.contains(slice) }
        let round = isMatrix ? Self.nearestHalf : { $0 }
        let ones = first.values(of: slice).map(round)
        #expect(
          sum
            == (isMatrix
              ? zip(ones, second.values(of: slice)).map { round($0 + $1) }
              : both.values(of: slice)))
        #expect(added.values(of: slice) == zip(ones, sum).map { round($0 + $1) })
      }
      let square = half.values.reduce(0) { $0 + Double($1) * Double($1) }
      #expect(abs(half.norm(policy.compute) / square.squareRoot() - 1) < 1e-12)
    }
  }

  @Test("Without masters a bf16 policy holds bf16, in every precision after")
  func withoutMasters() throws {
    let policy = Sample.policy()
    var precision = Precision.bf16
    precision.masters = .bf16
    let bytes = policy.precision.weightBytes(policy.layout)
    let split = Precision.bf16.weightBytes(policy.layout)
    let alone = precision.weightBytes(policy.layout)
    #expect(bytes.masters == 0 && split.masters > 0 && alone.masters == 0)
    #expect(split.weights + split.masters == bytes.weights && alone.weights == split.weights)
    policy.adopt(precision)
    let loss = Self.gradient(policy).loss
    #expect(Self.gradient(policy.copy()).loss == loss)
    let rounded = policy.layout.tensors.map { policy.parameter($0) }
    for (values, tensor) in zip(rounded, policy.layout.tensors) where tensor.shape.count > 1 {
      #expect(values.allSatisfy { $0.bitPattern & 0xffff == 0 })
    }
    for (values, tensor) in zip(rounded, policy.layout.tensors) {
      policy.setParameter(values, tensor)
    }
    #expect(policy.layout.tensors.map { policy.parameter($0) } == rounded)
    policy.adopt(.fp32)
    #expect(policy.layout.tensors.map { policy.parameter($0) } == rounded)
    policy.adopt(.bf16)
    #expect(Self.gradient(policy).loss == loss)
  }

  @Test("A list is a set and the choices that differ")
  func list() throws {
    var wanted = Precision.bf16
    wanted.gradients = .bf16
    wanted.sums = .chunked(every: 64, significantBits: 10)
    #expect(try Precision(list: "bf16,gradients=bf16,accumulation=64x10") == wanted)
    #expect(try Precision(list: "fp8") == .fp8)
    #expect(try Precision(list: "kv_cache=fp32") == .fp32)
    for (list, part) in [
      ("fp9", "'fp9' is not known"), ("", "'' is not known"), ("fp8,", "'' is no choice"),
      ("fp8,kv_cache", "wanted: key=value"), ("kv_cache=e9m9", "'kv_cache' is 'e9m9'"),
      ("bf17=1", "there is no 'bf17'"), ("fp8,master_weights=bf16", "'weights' is e4m3"),
      ("moment_rounding=stochastic", "moments: bf16"),
    ] {
      let error = #expect(throws: PrecisionError.self) { try Precision(list: list) }
      #expect(error?.description.contains(part) == true, "\(list): \(error?.description ?? "")")
    }
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
