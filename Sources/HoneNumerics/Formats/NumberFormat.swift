import CKernels

/// A format in which numbers are stored or rounded: fp32, or a small float described by its bits.
///
/// A small float has a sign, `exponentBits` and `mantissaBits`. Rounding is to nearest, ties to even;
/// numbers beyond the largest saturate; NaN stays NaN; subnormal numbers are kept. Formats of fewer
/// than 8 exponent bits reach so little that they are scaled: by tile (activations) or block
/// (weights), each with a power of two, the smallest that brings the largest magnitude into range.
/// Scaling by powers of two is exact.
///
/// Names: `fp32`, `bf16` (8 exponent bits, 7 mantissa bits), `e4m3` and `e5m2` (Micikevicius and others 2022, "FP8
/// formats for deep learning"; `e4m3` has no infinities and reaches 448), `e5m6` (DeepSeek-V3, B.2),
/// and any `e<exponent bits>m<mantissa bits>` of at most 16 bits, which is made like IEEE formats: the
/// largest exponent is kept free.
public struct NumberFormat: Sendable, Hashable, CustomStringConvertible {
  /// Bits of the exponent, 2...8.
  public let exponentBits: Int
  /// Bits of the mantissa, without the leading one: 1...22, or 23 for fp32.
  public let mantissaBits: Int

  /// IEEE single precision: nothing is rounded.
  public static let fp32 = NumberFormat(exponentBits: 8, mantissaBits: 23)
  /// The high half of single precision.
  public static let bf16 = NumberFormat(exponentBits: 8, mantissaBits: 7)
  /// FP8 for weights, activations and their gradients.
  public static let e4m3 = NumberFormat(exponentBits: 4, mantissaBits: 3)
  /// FP8 with the range of half precision.
  public static let e5m2 = NumberFormat(exponentBits: 5, mantissaBits: 2)
  /// Twelve bits.
  public static let e5m6 = NumberFormat(exponentBits: 5, mantissaBits: 6)

  private init(exponentBits: Int, mantissaBits: Int) {
    self.exponentBits = exponentBits
    self.mantissaBits = mantissaBits
  }

  /// The format of a name, or nil.
  public init?(_ name: String) {
    switch name {
    case "fp32": self = .fp32
    case "bf16": self = .bf16
    default:
      guard let match = name.wholeMatch(of: #/e([1-9])m([1-9][0-9]?)/#),
        let exponent = Int(match.1), let mantissa = Int(match.2),
        (2...8).contains(exponent), 1 + exponent + mantissa <= 16
      else { return nil }
      self.init(exponentBits: exponent, mantissaBits: mantissa)
    }
  }

  /// The name.
  public var description: String {
    switch self {
    case .fp32: "fp32"
    case .bf16: "bf16"
    default: "e\(exponentBits)m\(mantissaBits)"
    }
  }

  /// Whether nothing is rounded.
  public var isSingle: Bool { self == .fp32 }
  /// Whether tiles and blocks have scales.
  public var isScaled: Bool { exponentBits < 8 }
  /// Bits that a stored number takes: 8, 12, 16 or 32.
  public var storageBits: Int {
    let bits = 1 + exponentBits + mantissaBits
    return bits <= 8 ? 8 : bits <= 12 ? 12 : bits <= 16 ? 16 : 32
  }
  /// The exponent's bias.
  public var bias: Int { (1 << (exponentBits - 1)) - 1 }
  /// The largest number.
  public var maximum: Float {
    if self == .e4m3 { return 448 }
    // IEEE keeps the exponent of all ones for infinities and NaN.
    let mantissa = 2 - Float(sign: .plus, exponent: -mantissaBits, significand: 1)
    return Float(sign: .plus, exponent: bias, significand: mantissa)
  }

  var kernel: HoneFormat {
    HoneFormat(
      exponentBits: Int32(exponentBits), mantissaBits: Int32(mantissaBits), bias: Int32(bias),
      maximum: maximum)
  }
}

/// How a product sums over K.
public enum SumPolicy: Sendable, Hashable {
  /// Single precision, in the house order of additions.
  case single
  /// Slices of `every` elements: the sum of a slice (sequential fused multiply-adds in single
  /// precision) is rounded to `significantBits`, the leading one included, and added in single
  /// precision ("promotion": DeepSeek-V3, 3.3.2).
  case chunked(every: Int, significantBits: Int)

  var kernel: HoneAccumulation {
    switch self {
    case .single: HoneAccumulation(chunk: 0, significant: 24)
    case .chunked(let every, let bits): HoneAccumulation(chunk: every, significant: Int32(bits))
    }
  }
}
