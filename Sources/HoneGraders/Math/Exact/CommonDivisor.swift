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
    let words = binary(
      Array((large >> large.trailingZeroBitCount).words),
      Array((small >> small.trailingZeroBitCount).words))
    return BigUInt(words: words) << twos
  }

  /// Stein's algorithm on odd numbers, the lowest word first.
  private static func binary(_ first: [UInt], _ second: [UInt]) -> [UInt] {
    var (x, y) = (first, second)
    return x.withUnsafeMutableBufferPointer { a in
      y.withUnsafeMutableBufferPointer { b in
        var (large, small) = (a, b)
        var (count, other) = (a.count, b.count)
        while true {
          while count > 1, large[count - 1] == 0 { count -= 1 }
          while other > 1, small[other - 1] == 0 { other -= 1 }
          if isLess(large, count, small, other) {
            swap(&large, &small)
            swap(&count, &other)
          }
          var borrow: UInt = 0
          for index in 0..<count {
            let part = index < other ? small[index] : 0
            let (first, o1) = large[index].subtractingReportingOverflow(part)
            let (second, o2) = first.subtractingReportingOverflow(borrow)
            large[index] = second
            borrow = o1 || o2 ? 1 : 0
          }
          var words = 0
          while words < count, large[words] == 0 { words += 1 }
          if words == count { return Array(small[..<other]) }
          let bits = UInt(large[words].trailingZeroBitCount)
          count -= words
          for index in 0..<count {
            let next = index + 1 < count ? large[index + words + 1] : 0
            large[index] = large[index + words] &>> bits | (next &<< 1) &<< (63 &- bits)
          }
        }
      }
    }
  }

  private static func isLess(
    _ left: UnsafeMutableBufferPointer<UInt>, _ count: Int,
    _ right: UnsafeMutableBufferPointer<UInt>, _ other: Int
  ) -> Bool {
    if count != other { return count < other }
    for index in (0..<count).reversed() where left[index] != right[index] {
      return left[index] < right[index]
    }
    return false
  }
}
