public import HoneNumerics

/// Number formats of a policy: what is stored how, and what is rounded where.
///
/// The arithmetic itself is single precision throughout. A precision says which values are rounded on
/// their way, and every pass rounds them at the same places: the sampler, the trainer and the scorer
/// share one forward pass, so the log-probability of a token is the same bits in all of them, in every
/// precision. The backward pass goes straight through a rounding.
public struct Precision: Sendable, Hashable {
  /// Matrices of the decoder layers: `fp32`; `bf16`, whose masters are the weight and the other 16 bits
  /// of single precision beside it; or a scaled format in blocks of 128 x 128, rounded from fp32
  /// masters wherever a product reads them.
  public var weights: NumberFormat = .fp32
  /// Embedding and head: `fp32` or `bf16`.
  public var embeddings: NumberFormat = .fp32
  /// Activations as they enter the products of the decoder layers; scaled formats in tiles of one row
  /// and 128 channels.
  public var operands: NumberFormat = .fp32
  /// Gradients as they enter the products of the backward pass.
  ///
  /// Scaled formats: tiles of one row and 128 channels for the gradient to an input; tiles of 128
  /// rows of one channel, from the first row of a pass on, for the gradient to a weight, and the
  /// activations there likewise.
  public var gradientOperands: NumberFormat = .fp32
  /// How the products of decoder layers sum.
  public var sums: SumPolicy = .single
  /// Cached for the backward pass: the inputs of both norms, gate and up.
  public var activations: NumberFormat = .fp32
  /// Cached for the backward pass: queries, keys and values, and the output of attention.
  public var attentionActivations: NumberFormat = .fp32
  /// Keys and values: rounded in the forward pass, a tile for each position and head.
  public var keyValueCache: NumberFormat = .fp32
  /// What is kept of a weight beside what products read: `fp32`, all of it; `bf16`, where weights are
  /// bf16, nothing: an update is then rounded stochastically (from the run's random streams).
  public var masters: NumberFormat = .fp32
  /// Sums of the gradients to the matrices of the decoder layers: `fp32` or `bf16`, see ``Gradients``.
  public var gradients: NumberFormat = .fp32
  /// Moments of AdamW: `fp32` or `bf16`.
  public var moments: NumberFormat = .fp32
  /// Whether bf16 moments are rounded stochastically (from the run's random streams) rather than to
  /// nearest.
  public var roundsMomentsStochastically = false

  /// Single precision throughout.
  public static let fp32 = Precision()

  /// bf16 weights, activations, keys and values, and moments; sums in single precision.
  public static let bf16 = {
    var precision = Precision()
    precision.weights = .bf16
    precision.embeddings = .bf16
    precision.operands = .bf16
    precision.activations = .bf16
    precision.attentionActivations = .bf16
    precision.keyValueCache = .bf16
    precision.moments = .bf16
    return precision
  }()

  /// The recipe of DeepSeek-V3 (3.3): all three products of the decoder layers from E4M3 operands,
  /// sums of 128 elements rounded to 14 bits and promoted; embedding, head, norms, softmax and
  /// attention in single precision; bf16 moments, fp32 masters and gradients; activations cached in
  /// E4M3, those around attention in E5M6.
  ///
  /// Where it differs: scales are powers of two everywhere (V3 has them for E5M6 alone), and a tile of
  /// small numbers is scaled up as far as it goes (V3's published kernel stops at a magnitude of 1e-4).
  public static let fp8 = {
    var precision = Precision()
    precision.weights = .e4m3
    precision.operands = .e4m3
    precision.gradientOperands = .e4m3
    precision.sums = .chunked(every: 128, significantBits: 14)
    precision.activations = .e4m3
    precision.attentionActivations = .e5m6
    precision.keyValueCache = .e4m3
    precision.moments = .bf16
    return precision
  }()

  /// The named sets.
  public static let named: [(name: String, precision: Precision)] = [
    ("fp32", .fp32), ("bf16", .bf16), ("fp8", .fp8),
  ]

  /// The name of this set, if it has one.
  public var name: String? { Precision.named.first { $0.precision == self }?.name }

  /// Whether activations are kept encoded between the forward and the backward pass.
  var encodesActivations: Bool { !activations.isSingle || !attentionActivations.isSingle }

  /// Whether matrices of the decoder layers are rounded where a product reads them.
  var roundsWeightsInBlocks: Bool { !weights.isSingle && weights != .bf16 }

  /// Bytes that sampling reads of a weight in the decoder layers.
  package var sampledWeightBytes: Int { encodesWeights ? 1 : weights == .bf16 ? 2 : 4 }

  /// Whether those are codes of a byte while completions are sampled.
  var encodesWeights: Bool { roundsWeightsInBlocks && weights.storageBits == 8 }
}
