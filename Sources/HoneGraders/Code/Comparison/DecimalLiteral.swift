/// A number in ASCII digits: `-12`, `0.5`, `.5`, `5.`, `1e-3`.
struct DecimalLiteral {
  /// The nearest double.
  private let value: Double
  /// Sign and digits where there is neither point nor exponent, without leading zeros.
  private let integer: (isNegative: Bool, digits: ArraySlice<UInt8>)?

  /// Longer tokens are compared as texts: nobody writes a number like that.
  private static let maximumLength = 400

  /// Reads a whole token; nil where it is something else.
  init?(_ token: ArraySlice<UInt8>) {
    guard token.count <= Self.maximumLength else { return nil }
    var rest = token
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let whole = rest.prefix(while: Self.isDigit)
    rest = rest[whole.endIndex...]
    var fraction = rest[rest.startIndex..<rest.startIndex]
    let hasPoint = rest.first == UInt8(ascii: ".")
    if hasPoint {
      fraction = rest.dropFirst().prefix(while: Self.isDigit)
      rest = rest[fraction.endIndex...]
    }
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    let hasExponent = rest.first.map { $0 | 0x20 == UInt8(ascii: "e") } ?? false
    if hasExponent {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      let exponent = rest.prefix(while: Self.isDigit)
      guard !exponent.isEmpty else { return nil }
      rest = rest[exponent.endIndex...]
    }
    guard rest.isEmpty else { return nil }
    // The grammar above is narrower than Swift's, which also reads "inf" and "0x1p3".
    guard let value = Double(String(decoding: token, as: UTF8.self)) else { return nil }
    self.value = value
    if hasPoint || hasExponent {
      integer = nil
    } else {
      let digits = whole.drop { $0 == UInt8(ascii: "0") }
      integer = (isNegative && !digits.isEmpty, digits)
    }
  }

  /// Whether a seen literal is near enough to the wanted one; two integers have to be the same.
  func isClose(to wanted: DecimalLiteral, tolerance: Double) -> Bool {
    if let integer, let other = wanted.integer {
      return integer.isNegative == other.isNegative && integer.digits == other.digits
    }
    guard value.isFinite, wanted.value.isFinite else { return false }
    let difference = abs(value - wanted.value)
    return difference <= tolerance || difference <= tolerance * abs(wanted.value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
