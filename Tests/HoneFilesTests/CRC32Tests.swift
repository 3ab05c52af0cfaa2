import HoneFiles
import Testing

@Suite("CRC-32")
struct CRC32Tests {
  @Test("The check value of ISO 3309, in one piece and in two")
  func checkValue() {
    #expect(CRC32.checksum("123456789".utf8) == 0xCBF4_3926)
    let first = CRC32.checksum("1234".utf8)
    #expect(CRC32.checksum("56789".utf8, after: first) == 0xCBF4_3926)
    #expect(CRC32.checksum([], after: 7) == 7)
  }

  @Test("Digits read back, and nothing else is read as digits")
  func digits() {
    for value: UInt32 in [0, 1, 0xABCDEF, .max] {
      #expect(CRC32.value(of: Array(CRC32.hexadecimal(value).utf8)) == value)
    }
    for text in ["", "1234567", "123456789", "1234567G", "ABCDEF00", "-1234567"] {
      #expect(CRC32.value(of: Array(text.utf8)) == nil, "\(text)")
    }
  }
}
