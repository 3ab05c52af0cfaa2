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
      ("weights", weights.description), ("master_weights", masters.description),
      ("embeddings", embeddings.description), ("operands", operands.description),
      ("gradient_operands", gradientOperands.description), ("accumulation", sums),
      ("activations", activations.description),
      ("attention_activations", attentionActivations.description),
      ("kv_cache", keyValueCache.description), ("gradients", gradients.description),
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
    case "master_weights": masters = try Self.format(key, text, among: [.fp32, .bf16])
    case "gradients": gradients = try Self.format(key, text, among: [.fp32, .bf16])
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

  /// Two choices that do not go together, if there are such.
  public var conflict: PrecisionError? {
    if roundsMomentsStochastically, moments.isSingle {
      return PrecisionError(
        key: "moment_rounding",
        description:
          "'moment_rounding' is stochastic, but moments in fp32 are not rounded; wanted: 'moments: bf16' beside it, or no 'moment_rounding'"
      )
    }
    if !masters.isSingle, weights != .bf16 {
      return PrecisionError(
        key: "master_weights",
        description:
          "'master_weights' is bf16, but 'weights' is \(weights); wanted: 'weights: bf16' beside it, or 'master_weights: fp32'"
      )
    }
    return nil
  }

  /// A set by name and choices that differ, as a command line has them: `bf16,gradients=bf16`.
  public init(list: String) throws(PrecisionError) {
    var parts = list.split(separator: ",", omittingEmptySubsequences: false)
    self = .fp32
    if let first = parts.first, !first.contains("=") {
      self = try Self.named(String(parts.removeFirst()))
    }
    for part in parts {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2 else {
        throw PrecisionError(
          key: String(part), description: "'\(part)' is no choice; wanted: key=value")
      }
      let (key, value) = (String(pair[0]), String(pair[1]))
      do throws(PrecisionError) {
        try set(key, value)
      } catch {
        throw PrecisionError(key: key, description: "'\(key)' is '\(value)'; \(error.description)")
      }
    }
    if let conflict { throw conflict }
  }

  private static func named(_ name: String) throws(PrecisionError) -> Precision {
    guard let known = named.first(where: { $0.name == name }) else {
      let names = named.map(\.name).joined(separator: ", ")
      throw PrecisionError(
        key: "precision", description: "'\(name)' is not known; wanted: \(names)")
    }
    return known.precision
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
      self = try Self.named(name)
      return
    }
    guard let object = json.object else {
      throw PrecisionError(key: "precision", description: "wanted: a name or an object")
    }
    self.init()
    for (key, value) in object.pairs {
      try set(key, value.string ?? "")
    }
    if let conflict { throw conflict }
  }
}
