import CZlib

/// The CRC-32 checksum of zlib and gzip (ISO 3309), which finds every single flipped bit.
package enum CRC32 {
  /// The checksum of bytes that follow others.
  ///
  /// - Parameter value: the checksum of what stands before; 0 for nothing.
  package static func checksum(_ bytes: some Sequence<UInt8>, after value: UInt32 = 0) -> UInt32 {
    bytes.withContiguousStorageIfAvailable {
      czlib_crc32(value, $0.baseAddress, $0.count)
    } ?? Array(bytes).withUnsafeBufferPointer { czlib_crc32(value, $0.baseAddress, $0.count) }
  }

  /// A checksum as 8 lower-case hexadecimal digits.
  package static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The checksum that 8 lower-case hexadecimal digits write; nil for anything else.
  package static func value(of digits: some Collection<UInt8>) -> UInt32? {
    guard digits.count == 8 else { return nil }
    var value: UInt32 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"):
        value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return value
  }
}
