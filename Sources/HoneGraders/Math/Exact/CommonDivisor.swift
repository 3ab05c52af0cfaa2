import BigInt

/// The greatest common divisor of numbers of a few words.
enum CommonDivisor {
  /// The divisor of two numbers that are not both zero.
  static func of(_ first: BigUInt, _ second: BigUInt) -> BigUInt {
    let (large, small) = first < second ? (second, first) : (first, second)
    if small.isZero { return large }
    if small.bitWidth <= UInt.bitWidth {
      let word = UInt(truncatingIfNeeded: small)
      let rest = large.bitWidth <= UInt.bitWidth ? large : large % small
      return BigUInt(
        words: [Rational.greatestCommonDivisor(word, UInt(truncatingIfNeeded: rest))])
    }
    let twos = min(large.trailingZeroBitCount, small.trailingZeroBitCount)
    var x = Array((large >> large.trailingZeroBitCount).words)
    var y = Array((small >> small.trailingZeroBitCount).words)
    return BigUInt(words: binary(&x, &y)) << twos
  }

  /// Stein's algorithm on odd numbers, the lowest word first; works in place.
  private static func binary(_ x: inout [UInt], _ y: inout [UInt]) -> [UInt] {
    while true {
      trim(&x)
      trim(&y)
      if isLess(x, y) { swap(&x, &y) }
      subtract(y, from: &x)
      guard let shift = x.firstIndex(where: { $0 != 0 }) else { return y }
      shiftRight(&x, words: shift, bits: x[shift].trailingZeroBitCount)
    }
  }

  private static func trim(_ value: inout [UInt]) {
    while value.count > 1, value[value.count - 1] == 0 { value.removeLast() }
  }

  private static func isLess(_ left: [UInt], _ right: [UInt]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    for index in left.indices.reversed() where left[index] != right[index] {
      return left[index] < right[index]
    }
    return false
  }

  private static func subtract(_ small: [UInt], from large: inout [UInt]) {
    var borrow: UInt = 0
    for index in large.indices {
      let part = index < small.count ? small[index] : 0
      let (first, o1) = large[index].subtractingReportingOverflow(part)
      let (second, o2) = first.subtractingReportingOverflow(borrow)
      large[index] = second
      borrow = o1 || o2 ? 1 : 0
    }
  }

  private static func shiftRight(_ value: inout [UInt], words: Int, bits: Int) {
    let count = value.count - words
    for index in 0..<count {
      let low = value[index + words] >> UInt(bits)
      let high = index + 1 < count && bits > 0 ? value[index + words + 1] << UInt(64 - bits) : 0
      value[index] = low | high
    }
    value.removeLast(words)
  }
}
