import CDigest
import HoneFiles
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  @Test("The examples of FIPS 180-4")
  func examples() {
    #expect(
      SHA256.checksum(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.checksum([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.checksum([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("The processor's instructions and portable C agree for every length up to four blocks")
  func sameState() {
    let bytes = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
    for blocks in 0...4 {
      var fast: [UInt32] = [1, 2, 3, 4, 5, 6, 7, 8]
      var slow = fast
      cdigest_sha256(&fast, bytes, blocks)
      cdigest_sha256_portable(&slow, bytes, blocks)
      #expect(fast == slow)
    }
  }

  @Test(
    "Pieces of any size give the checksum of the whole", arguments: [1, 3, 55, 56, 63, 64, 65, 130])
  func pieces(_ size: Int) {
    for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 200, 1000] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      var hash = SHA256()
      for start in stride(from: 0, to: length, by: size) {
        bytes[start..<min(length, start + size)].withUnsafeBytes { hash.update($0) }
      }
      #expect(hash.hexadecimal == SHA256.checksum(bytes))
    }
  }
}
