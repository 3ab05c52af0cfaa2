import BigInt

// Integers cross in hexadecimal, which takes linear time to read and write where decimal digits
// take quadratic time. BigInt's own conversion to and from text does not make use of that.
extension BigInt {
  private static let digitsPerWord = UInt.bitWidth / 4

  /// The integer that lower-case digits say, or nil if they are not exactly how it is written:
  /// no leading zeros, no `-0`, nothing but digits after an optional `-`.
  init?(hexadecimal text: ArraySlice<UInt8>) {
    let isNegative = text.first == UInt8(ascii: "-")
    var digits = isNegative ? text.dropFirst() : text
    guard let first = digits.first else { return nil }
    if first == UInt8(ascii: "0"), digits.count > 1 || isNegative { return nil }
    var words: [UInt] = []
    words.reserveCapacity(digits.count / Self.digitsPerWord + 1)
    while !digits.isEmpty {
      var word: UInt = 0
      for digit in digits.suffix(Self.digitsPerWord) {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): word = word << 4 | UInt(digit - 0x30)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): word = word << 4 | UInt(digit - 0x57)
        default: return nil
        }
      }
      words.append(word)
      digits = digits.dropLast(Self.digitsPerWord)
    }
    self.init(sign: isNegative ? .minus : .plus, magnitude: BigUInt(words: words))
  }

  /// The digits, lower case, with `-` in front of a negative integer.
  var hexadecimal: [UInt8] {
    var text = sign == .minus ? [UInt8(ascii: "-")] : []
    let words = Array(magnitude.words)
    text += Array(String(words.last ?? 0, radix: 16).utf8)
    for word in words.dropLast().reversed() {
      let digits = Array(String(word, radix: 16).utf8)
      text += repeatElement(UInt8(ascii: "0"), count: Self.digitsPerWord - digits.count)
      text += digits
    }
    return text
  }
}
