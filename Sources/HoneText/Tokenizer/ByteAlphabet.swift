/// Spells bytes as printable characters, as GPT-2 does (`bytes_to_unicode`, Radford 2019).
///
/// The 188 printable bytes of Latin-1 stand for themselves; the other 68, in order, are U+0100 and
/// up. A space is `Ġ`, a newline `Ċ`.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (UInt32(0)..<256).map { byte in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      var value = byte
      if !isPrintable {
        value = next
        next += 1
      }
      guard let scalar = Unicode.Scalar(value) else { preconditionFailure("not a scalar") }
      return scalar
    }
  }()

  /// The bytes in the order of their scalars, which is the order of GPT-2's first 256 ids.
  static let bytesInOrder: [UInt8] = (0...255).sorted { scalars[Int($0)] < scalars[Int($1)] }

  private static let bytes: [UInt16] = {
    var table = [UInt16](repeating: notAByte, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = UInt16(byte) }
    return table
  }()
  private static let notAByte: UInt16 = 0xFFFF

  /// The UTF-8 text that spells some bytes.
  static func spelling(of bytes: some Sequence<UInt8>) -> String {
    var view = String.UnicodeScalarView()
    for byte in bytes { view.append(scalars[Int(byte)]) }
    return String(view)
  }

  /// The bytes that a text spells, or `nil` when a scalar of it stands for none.
  static func bytes(spelledBy text: String) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      guard scalar.value < 0x144, bytes[Int(scalar.value)] != notAByte else { return nil }
      result.append(UInt8(bytes[Int(scalar.value)]))
    }
    return result
  }
}
