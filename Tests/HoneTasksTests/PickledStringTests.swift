import HoneTasks
import Testing

@Suite struct PickledStringTests {
  /// `PROTO 4`, which begins every pickle of that protocol.
  private static let proto: [UInt8] = [0x80, 4]

  private func bytes(_ parts: [UInt8]...) -> [UInt8] { Self.proto + parts.joined() }

  @Test("One string is read with each of the instructions that write one")
  func strings() throws {
    let text = Array("héllo".utf8)
    let memoize: [UInt8] = [0x94, UInt8(ascii: ".")]
    #expect(try PickledString.read(bytes([0x8C, 6], text, memoize)) == "héllo")
    #expect(try PickledString.read(bytes([0x58, 6, 0, 0, 0], text, memoize)) == "héllo")
    #expect(
      try PickledString.read(bytes([0x8D, 6, 0, 0, 0, 0, 0, 0, 0], text, memoize)) == "héllo")
    #expect(
      try PickledString.read(bytes([0x95, 10, 0, 0, 0, 0, 0, 0, 0, 0x8C, 6], text, memoize))
        == "héllo")
    #expect(
      try PickledString.read(bytes([0x58, 6, 0, 0, 0], text, Array("q\u{0}.".utf8))) == "héllo")
    #expect(
      try PickledString.read(bytes([0x58, 6, 0, 0, 0], text, Array("r\u{0}\u{0}\u{0}\u{0}.".utf8)))
        == "héllo")
    #expect(try PickledString.read(bytes([0x8C, 0], memoize)) == "")
  }

  @Test(
    "Everything that is not one string is refused, and nothing is run",
    arguments: [
      // os.system('echo'), in protocols 0, 2 and 4.
      (Array("cos\nsystem\n(S'echo'\ntR.".utf8), "instruction 0x63 at byte 0"),
      (proto + Array("cos\nsystem\nX".utf8) + [4, 0, 0, 0] + Array("echo\u{85}R.".utf8), "0x63"),
      (proto + [0x8C, 2] + Array("os".utf8) + [0x94, 0x8C, 6] + Array("system".utf8), "0x8c"),
      // A list, a tuple around a string, a second string, a number, a protocol-0 string.
      (proto + Array("].".utf8), "0x5d"), (proto + [0x8C, 1, 0x61, 0x85, 0x2E], "0x85"),
      (proto + [0x8C, 1, 0x61, 0x8C, 1, 0x61, 0x2E], "0x8c at byte 5"),
      (proto + Array("K\u{1}.".utf8), "0x4b"), (Array("Va\np0\n.".utf8), "0x56"),
      // A reference to the memo, and the start of a persistent object.
      (proto + Array("h\u{0}.".utf8), "0x68"), (Array("Pid\n.".utf8), "0x50"),
      // Another start within.
      (proto + [0x8C, 1, 0x61, 0x80, 4, 0x2E], "0x80 at byte 5"),
      ([0x80, 1, 0x2E], "pickle protocol 1"), ([0x80, 6, 0x2E], "pickle protocol 6"),
    ] as [([UInt8], String)])
  func refusals(pickle: [UInt8], message: String) throws {
    #expect {
      try PickledString.read(pickle)
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test(
    "Lengths that reach beyond the end, missing ends and broken text are errors",
    arguments: [
      ([], "ends before"), (proto, "ends before"), (proto + [0x2E], "holds nothing"),
      (proto + [0x8C, 5, 0x61, 0x2E], "string of 5 bytes is longer"),
      (proto + [0x58, 0xFF, 0xFF, 0xFF, 0xFF, 0x2E], "string of 4294967295 bytes is longer"),
      (
        proto + [0x8D] + [UInt8](repeating: 0xFF, count: 8) + [0x2E],
        "string of \(Int.max) bytes is longer"
      ),
      (proto + [0x8D, 1, 0], "ends before"),
      (proto + [0x95, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x8C], "frame at byte 2 is longer"),
      (proto + [0x8C, 1, 0x61], "ends before"), (proto + [0x8C, 1, 0x61, 0x71], "ends before"),
      (proto + [0x8C, 1, 0x61, 0x2E, 0x2E], "1 bytes follow the end"),
      // Half of a surrogate pair, as Python writes it.
      (proto + [0x8C, 3, 0xED, 0xA0, 0x80, 0x2E], "not UTF-8"),
    ] as [([UInt8], String)])
  func damage(pickle: [UInt8], message: String) throws {
    #expect {
      try PickledString.read(pickle)
    } throws: {
      "\($0)".contains(message)
    }
  }
}
