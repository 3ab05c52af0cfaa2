import BigInt
import Foundation

/// Elementary functions of numbers scaled by a power of two, by series with guard bits.
///
/// Every result is within `2^-(bits)` of the truth where the argument has `bits + guardBits` bits
/// behind the point: the series need fewer than 2^12 operations, each off by at most one in the
/// last place, and doubling the argument back costs at most 12 bits.
struct FixedPoint {
  static let guardBits = 48

  /// Bits behind the point, the guard bits among them.
  let places: Int

  var one: BigInt { BigInt(1) << places }

  private func product(_ left: BigInt, _ right: BigInt) -> BigInt { (left * right) >> places }

  /// `e^x` for |x| below one.
  func exponential(_ argument: BigInt) -> BigInt {
    let halvings = 8
    let small = argument >> halvings
    var term = one
    var sum = one
    var index = 1
    while true {
      term = product(term, small) / .word(index)
      if term.magnitude.bitWidth <= 1 { break }
      sum += term
      index += 1
    }
    for _ in 0..<halvings { sum = product(sum, sum) }
    return sum
  }

  /// Sine and cosine for |x| below two.
  func circle(_ argument: BigInt) -> (sin: BigInt, cos: BigInt) {
    let halvings = 6
    let small = argument >> halvings
    let square = product(small, small)
    var term = small
    var sin = small
    var index = 1
    while true {
      term = -(product(term, square) / .word(2 * index * (2 * index + 1)))
      if term.magnitude.bitWidth <= 1 { break }
      sin += term
      index += 1
    }
    term = one
    var cos = one
    index = 1
    while true {
      term = -(product(term, square) / .word((2 * index - 1) * 2 * index))
      if term.magnitude.bitWidth <= 1 { break }
      cos += term
      index += 1
    }
    for _ in 0..<halvings {
      (sin, cos) = (2 * product(sin, cos), product(cos, cos) - product(sin, sin))
    }
    return (sin, cos)
  }

  /// `ln x` for x in 1/2..<2.
  ///
  /// A machine logarithm y serves as a hint: ln x = y + ln(x e^-y), where x e^-y is so close to one
  /// that a few terms of the series are enough. The result does not depend on how good it is.
  func logarithm(_ argument: BigInt) -> BigInt {
    let hint = fraction(log(approximation(argument)))
    let rest = product(argument, exponential(-hint))
    return hint + 2 * hyperbolicArctangent(((rest - one) << places) / (rest + one))
  }

  /// A value as a machine number, roughly.
  private func approximation(_ value: BigInt) -> Double {
    let bits = Int(value >> (places - 60))
    return Double(bits) * 0x1p-60
  }

  /// A machine number as a value, exactly to 2^-60.
  private func fraction(_ value: Double) -> BigInt {
    BigInt(Int(value * 0x1p60)) << (places - 60)
  }

  private func hyperbolicArctangent(_ argument: BigInt) -> BigInt {
    let square = product(argument, argument)
    var power = argument
    var sum = argument
    var index = 3
    while true {
      power = product(power, square)
      if power.magnitude.bitWidth <= 1 { break }
      sum += power / .word(index)
      index += 2
    }
    return sum
  }

  /// `arctan x` for |x| at most two.
  ///
  /// With a machine arctangent t as a hint, arctan x = t + arctan((x cos t - sin t) / (cos t + x sin t)).
  func arctangent(_ argument: BigInt) -> BigInt {
    let hint = fraction(atan(approximation(argument)))
    let (sin, cos) = circle(hint)
    let top = product(argument, cos) - sin
    let value = (top << places) / (cos + product(argument, sin))
    let square = product(value, value)
    var power = value
    var sum = value
    var index = 3
    var sign = -1
    while true {
      power = product(power, square)
      if power.magnitude.bitWidth <= 1 { break }
      let term = power / .word(index)
      sum = sign < 0 ? sum - term : sum + term
      sign = -sign
      index += 2
    }
    return hint + sum
  }

  /// The square root of a whole number, at most two too small or large.
  ///
  /// Newton's steps double the digits of a machine root.
  static func squareRoot(_ value: BigInt) -> BigInt {
    let width = value.magnitude.bitWidth
    guard width > 64 else { return BigInt(value.magnitude.squareRoot()) }
    let shift = (width - 60) & ~1
    let top = Double(Int(value >> shift)).squareRoot()
    var root = BigInt(Int(top * 0x1p20)) << (shift / 2)
    root >>= 20
    var correct = 28
    while correct < width / 2 + 8 {
      root = (root + value / root) >> 1
      correct *= 2
    }
    return root
  }

  // MARK: - Constants

  /// Bits of the stored constants; no precision is asked beyond.
  static let constantBits = 1408

  private static let stored = FixedPoint(places: constantBits + guardBits)

  /// 16 arctan(1/5) - 4 arctan(1/239), Machin.
  private static let storedPi: BigInt =
    16 * stored.arctangentOfInverse(5) - 4 * stored.arctangentOfInverse(239)

  /// 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749).
  private static let storedLogarithmOfTwo: BigInt =
    18 * stored.hyperbolicArctangent(stored.one / 26)
    - 2 * stored.hyperbolicArctangent(stored.one / 4801)
    + 8 * stored.hyperbolicArctangent(stored.one / 8749)

  private func arctangentOfInverse(_ divisor: Int) -> BigInt {
    var power = one / BigInt(divisor)
    var sum = power
    var index = 3
    var sign = -1
    while true {
      power /= .word(divisor * divisor)
      if power.magnitude.bitWidth <= 1 { break }
      let term = power / .word(index)
      sum = sign < 0 ? sum - term : sum + term
      sign = -sign
      index += 2
    }
    return sum
  }

  private static let storedEuler: BigInt = stored.exponential(stored.one)

  var euler: BigInt { Self.storedEuler >> (Self.stored.places - places) }
  var pi: BigInt { Self.storedPi >> (Self.stored.places - places) }
  var logarithmOfTwo: BigInt { Self.storedLogarithmOfTwo >> (Self.stored.places - places) }
}
