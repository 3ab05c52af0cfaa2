import Foundation
import HoneJSON
import HonePolicy
import Testing

@Suite("Safetensors", .timeLimit(.minutes(1)))
struct SafetensorsTests {
  let path = NSTemporaryDirectory() + "hone-\(UUID().uuidString).safetensors"

  /// A file of a header and so many bytes.
  private func write(_ header: String, body: Int, length: UInt64? = nil) throws {
    var bytes = withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
      Array($0)
    }
    bytes += Array(header.utf8)
    bytes += (0..<body).map { UInt8(truncatingIfNeeded: $0) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func failure(_ header: String, body: Int, length: UInt64? = nil) throws -> String? {
    try write(header, body: body, length: length)
    defer { unlink(path) }
    do throws(PolicyError) {
      _ = try SafetensorsReader(path: path)
      return nil
    } catch {
      #expect(error.kind == .badData)
      return error.description
    }
  }

  private func tensor(
    _ name: String, _ from: Int, _ to: Int, shape: String, type: String = "F32"
  ) -> String {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(from),\(to)]}"
  }

  @Test("Tensors in any order of the header, with metadata, padding and escapes")
  func whole() throws {
    try write(
      "{\(tensor("b", 8, 12, shape: "[2]", type: "BF16")), \"__metadata__\": {\"format\":\"pt\"},"
        + "\(tensor("a\\u00e9", 0, 8, shape: "[1,2]")),\(tensor("none", 8, 8, shape: "[0,3]"))}   ",
      body: 12)
    defer { unlink(path) }
    let reader = try SafetensorsReader(path: path)
    #expect(reader.names == ["b", "aé", "none"])
    #expect(reader.metadata == ["format": "pt"])
    #expect(reader.entries["aé"]?.shape == [1, 2])
    #expect(try reader.floats("none") == [])
    #expect(
      try reader.floats("aé")
        == [Float(bitPattern: 0x0302_0100), Float(bitPattern: 0x0706_0504)])
    #expect(
      try reader.floats("b")
        == [Float(bitPattern: 0x0908_0000), Float(bitPattern: 0x0B0A_0000)])
    #expect(try failure("{}", body: 0) == nil)
  }

  @Test("What the reference reader refuses")
  func refused() throws {
    let a = tensor("a", 0, 8, shape: "[2]")
    let cases: [(String, Int, String)] = [
      ("{\(a),\(tensor("b", 0, 8, shape: "[2]"))}", 8, "'b' begins at byte 0 and the one before"),
      ("{\(a),\(tensor("b", 4, 12, shape: "[2]"))}", 12, "'b' begins at byte 4"),
      ("{\(a),\(tensor("b", 12, 20, shape: "[2]"))}", 20, "'b' begins at byte 12"),
      ("{\(tensor("a", 4, 8, shape: "[1]"))}", 8, "'a' begins at byte 4"),
      ("{\(a)}", 9, "1 bytes behind the last tensor"),
      ("{}", 4, "4 bytes behind the last tensor"),
      ("{\(a)}", 7, "It is torn"),
      ("{\(a),\(a)}", 8, "'a' is there twice"),
      ("{\(tensor("a", 0, 8, shape: "[3]"))}", 8, "has 8 bytes, wanted 12"),
      ("{\(tensor("a", 0, 8, shape: "[2]", type: "F33"))}", 8, "dtype 'F33'"),
      ("{\(tensor("a", 0, 1, shape: "[1]", type: "F4"))}", 1, "wanted 0"),
      (
        "{\(tensor("a", 0, 8, shape: "[4294967296,4294967296,4294967296]"))}", 8,
        "more elements than can be counted"
      ),
      ("{\(tensor("a", 0, 8, shape: "[-2]"))}", 8, "lacks dtype, shape or data_offsets"),
      ("{\(tensor("a", 8, 0, shape: "[2]"))}", 8, "lies at bytes 8..<0"),
      (
        "{\(tensor("a", 0, 8, shape: "[2]").replacing("[0,8]", with: "[0,8,8]"))}", 8,
        "lacks dtype"
      ),
      ("{\(tensor("a", 0, 9_223_372_036_854_775_807, shape: "[2]"))}", 8, "wanted 8"),
      ("{\"__metadata__\":{\"a\":1}}", 0, "wanted a text"),
      ("{\"__metadata__\":[]}", 0, "wanted an object"),
      ("[]", 0, "'{' is wanted"), ("{\(a),}", 8, "not JSON"), ("{\(a)} x", 8, "behind the object"),
      ("{\(a)", 8, "not JSON"), ("{\"a\":}", 0, "not JSON"), ("{\"a", 0, "not JSON"),
      ("", 0, "not JSON"), ("{\"a\":" + String(repeating: "[", count: 5000), 0, "not JSON"),
    ]
    for (header, body, reason) in cases {
      let message = try #require(try failure(header, body: body), "\(header)")
      #expect(message.contains(reason), "\(header.prefix(80)): \(message)")
    }
  }

  @Test("Lengths of the header that no file has")
  func lengths() throws {
    for length in [3, 100_000_001, 1 << 31, 1 << 63, .max] as [UInt64] {
      let message = try #require(try failure("{}", body: 0, length: length))
      #expect(message.contains("claims \(length) bytes"))
    }
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    #expect(throws: PolicyError.self) { try SafetensorsReader(path: path) }
  }

  @Test("300,000 tensors take a moment")
  func many() throws {
    let count = 300_000
    let header = (0..<count).map {
      tensor("layers.\($0).weight", $0, $0 + 1, shape: "[1]", type: "U8")
    }
    try write("{" + header.joined(separator: ",") + "}", body: count)
    defer { unlink(path) }
    let clock = ContinuousClock()
    var reader: SafetensorsReader?
    let spent = try clock.measure { reader = try SafetensorsReader(path: path) }
    #expect(reader?.entries["layers.299999.weight"]?.range == 299_999..<300_000)
    #expect(spent < .seconds(8))
  }

  @Test("A file that is cut while it is open is an error in words")
  func cut() throws {
    try write("{\(tensor("a", 0, 40_000, shape: "[10000]"))}", body: 40_000)
    defer { unlink(path) }
    let reader = try SafetensorsReader(path: path)
    #expect(truncate(path, 20_000) == 0)
    let error = #expect(throws: PolicyError.self) { try reader.floats("a") }
    #expect(error?.kind == .inputOutput)
    #expect(error?.description.contains("became shorter while it was read") == true)
  }

  @Test("Half precision is widened exactly")
  func half() throws {
    let halves: [UInt16] = [0, 0x8000, 1, 0x3FF, 0x400, 0x3C00, 0xC000, 0x7BFF, 0x7C00, 0xFC00]
    let header = "{\(tensor("a", 0, 20, shape: "[10]", type: "F16"))}"
    var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    bytes += Array(header.utf8)
    for half in halves { withUnsafeBytes(of: half.littleEndian) { bytes += Array($0) } }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    #expect(
      try SafetensorsReader(path: path).floats("a") == [
        0, -0.0, 0x1p-24, 0x3FFp-24, 0x1p-14, 1, -2, 65504, .infinity, -.infinity,
      ])
  }
}
