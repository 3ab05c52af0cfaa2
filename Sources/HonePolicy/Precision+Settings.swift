public import HoneJSON
import HoneNumerics

// A precision as text: one key a choice, for recipes and for `hone.json`.

/// A setting of a precision that cannot be had.
public struct PrecisionError: Error, Hashable, CustomStringConvertible {
  /// The key.
  public var key: String
  /// What was seen and what is wanted.
  public var description: String
}

extension Precision {
  private static let formatNames =
    "fp32, bf16, e4m3, e5m2, e5m6 or another e<2...8>m<1...> of at most 16 bits"

  /// The choices by key, as text; in the order in which they are written.
  public var settings: [(key: String, value: String)] {
    let sums =
      switch sums {
      case .single: "fp32"
      case .chunked(let every, let bits): "\(every)x\(bits)"
      }
    return [
      ("weights", weights.description), ("master_weights", "fp32"),
      ("embeddings", embeddings.description), ("operands", operands.description),
      ("gradient_operands", gradientOperands.description), ("accumulation", sums),
      ("activations", activations.description),
      ("attention_activations", attentionActivations.description),
      ("kv_cache", keyValueCache.description), ("gradients", "fp32"),
      ("moments", moments.description),
      ("moment_rounding", roundsMomentsStochastically ? "stochastic" : "nearest"),
    ]
  }

  /// The keys of ``settings``.
  public static var keys: [String] { Precision.fp32.settings.map(\.key) }

  /// Sets one choice from its text.
  public mutating func set(_ key: String, _ text: String) throws(PrecisionError) {
    switch key {
    case "weights": weights = try Self.format(key, text)
    case "embeddings": embeddings = try Self.format(key, text, among: [.fp32, .bf16])
    case "operands": operands = try Self.format(key, text)
    case "gradient_operands": gradientOperands = try Self.format(key, text)
    case "activations": activations = try Self.format(key, text)
    case "attention_activations": attentionActivations = try Self.format(key, text)
    case "kv_cache": keyValueCache = try Self.format(key, text)
    case "moments": moments = try Self.format(key, text, among: [.fp32, .bf16])
    case "master_weights", "gradients": _ = try Self.format(key, text, among: [.fp32])
    case "accumulation": sums = try Self.sums(key, text)
    case "moment_rounding":
      guard text == "nearest" || text == "stochastic" else {
        throw PrecisionError(key: key, description: "wanted: nearest or stochastic")
      }
      roundsMomentsStochastically = text == "stochastic"
    default:
      throw PrecisionError(
        key: key, description: "there is no '\(key)'; known: \(Self.keys.joined(separator: ", "))")
    }
  }

  private static func format(
    _ key: String, _ text: String, among allowed: [NumberFormat]? = nil
  ) throws(PrecisionError) -> NumberFormat {
    let wanted = allowed.map { $0.map(\.description).joined(separator: " or ") } ?? formatNames
    guard let format = NumberFormat(text), allowed?.contains(format) ?? true else {
      throw PrecisionError(key: key, description: "wanted: \(wanted)")
    }
    return format
  }

  /// `fp32`, or `128x14`: slices of 128 elements, sums of 14 significant bits.
  private static func sums(_ key: String, _ text: String) throws(PrecisionError) -> SumPolicy {
    if text == "fp32" { return .single }
    guard let match = text.wholeMatch(of: #/(\d{1,3})x(\d{1,2})/#), let every = Int(match.1),
      let bits = Int(match.2), every % 8 == 0, (8...320).contains(every), (2...24).contains(bits)
    else {
      throw PrecisionError(
        key: key,
        description:
          "wanted: fp32, or slices and bits such as 128x14 (slices: a multiple of 8 up to 320; significant bits: 2 to 24)"
      )
    }
    return .chunked(every: every, significantBits: bits)
  }

  /// The name of a named set, or all choices.
  public var json: JSON {
    if let name { return .string(name) }
    return .object(JSONObject(settings.map { ($0.key, .string($0.value)) }))
  }

  /// Reads what ``json`` wrote.
  public init(json: JSON) throws(PrecisionError) {
    if let name = json.string {
      guard let known = Precision.named.first(where: { $0.name == name }) else {
        throw PrecisionError(
          key: "precision", description: "'\(name)' is not known; wanted: fp32, bf16, fp8")
      }
      self = known.precision
      return
    }
    guard let object = json.object else {
      throw PrecisionError(key: "precision", description: "wanted: a name or an object")
    }
    self.init()
    for (key, value) in object.pairs {
      try set(key, value.string ?? "")
    }
  }
}
