/// Decodes ids one at a time, for text that is shown while it is sampled.
///
/// Bytes that may still become a character are held back. The pieces, joined with what ``finish()``
/// returns, are what ``Tokenizer/decode(_:skipSpecial:)`` gives for all ids at once.
public struct StreamDecoder: Sendable {
  private let tokenizer: Tokenizer
  private let skipSpecial: Bool
  private var pending: [UInt8] = []

  /// Makes a decoder at the start of a text.
  public init(_ tokenizer: Tokenizer, skipSpecial: Bool = false) {
    self.tokenizer = tokenizer
    self.skipSpecial = skipSpecial
  }

  /// Takes one id and returns the text that is certain now; often one character, at times none.
  public mutating func append(_ id: Int32) -> String {
    pending += tokenizer.decodeBytes([id], skipSpecial: skipSpecial)
    let held = Self.incompleteSuffixLength(of: pending)
    defer { pending.removeFirst(pending.count - held) }
    return String(decoding: pending.dropLast(held), as: UTF8.self)
  }

  /// Ends the text: what was held back, as U+FFFD.
  public mutating func finish() -> String {
    defer { pending.removeAll() }
    return String(decoding: pending, as: UTF8.self)
  }

  // Length of the start of a character at the end (0 to 3): a lead byte with too few, but so far
  // valid, bytes behind it.
  private static func incompleteSuffixLength(of bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let suffix = bytes.suffix(length)
      guard let lead = suffix.first, lead & 0xC0 != 0x80 else { continue }
      let wanted = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1
      guard length < wanted else { return 0 }
      // The second byte decides on overlong forms, surrogates and values above U+10FFFF.
      if let second = suffix.dropFirst().first {
        switch lead {
        case 0xE0: return second >= 0xA0 ? length : 0
        case 0xED: return second <= 0x9F ? length : 0
        case 0xF0: return second >= 0x90 ? length : 0
        case 0xF4: return second <= 0x8F ? length : 0
        default: break
        }
      }
      return length
    }
    return 0
  }
}
