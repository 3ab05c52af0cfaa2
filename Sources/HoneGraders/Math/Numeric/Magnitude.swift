import Foundation

/// An upper bound of a size, with an exponent of its own: always rounded up.
struct Magnitude {
  /// 0, or in 0.5..<1.
  private(set) var mantissa: Double
  private(set) var exponent: Int

  static let zero = Magnitude(mantissa: 0, exponent: 0)

  private init(mantissa: Double, exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// A power of two.
  init(powerOfTwo exponent: Int) { self.init(mantissa: 0.5, exponent: exponent + 1) }

  /// A value that is not negative, rounded up a little.
  private init(rounding value: Double, _ exponent: Int) {
    guard value > 0 else {
      self = .zero
      return
    }
    let up = value * (1 + 0x1p-40)
    self.init(mantissa: up.significand / 2, exponent: exponent + Int(up.exponent) + 1)
  }

  var isZero: Bool { mantissa == 0 }

  static func + (left: Magnitude, right: Magnitude) -> Magnitude {
    if left.isZero { return right }
    if right.isZero { return left }
    let (large, small) = left.exponent >= right.exponent ? (left, right) : (right, left)
    let shift = large.exponent - small.exponent
    // What is far below the last bit is covered by rounding up.
    let added = shift > 60 ? 0x1p-50 : scalbn(small.mantissa, -shift)
    return Magnitude(rounding: large.mantissa + added, large.exponent)
  }

  static func * (left: Magnitude, right: Magnitude) -> Magnitude {
    if left.isZero || right.isZero { return .zero }
    return Magnitude(rounding: left.mantissa * right.mantissa, left.exponent + right.exponent)
  }

  static func / (left: Magnitude, right: Magnitude) -> Magnitude {
    if left.isZero { return .zero }
    return Magnitude(rounding: left.mantissa / right.mantissa, left.exponent - right.exponent)
  }

  static func < (left: Magnitude, right: Magnitude) -> Bool {
    if left.isZero || right.isZero { return left.isZero && !right.isZero }
    return left.exponent != right.exponent
      ? left.exponent < right.exponent : left.mantissa < right.mantissa
  }

  /// The size times a power of two.
  func shifted(by bits: Int) -> Magnitude {
    isZero ? self : Magnitude(mantissa: mantissa, exponent: exponent + bits)
  }
}
