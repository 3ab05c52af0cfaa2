import BigInt
import HoneGraders
import HoneJSON
import Testing

@Suite struct TypedValueTests {
  static let samples: [TypedValue] = [
    nil, true, false, 0, -1, 255, .integer(BigInt(1) << 64), .integer(-(BigInt(1) << 200) - 17),
    .integer(BigInt(UInt.max)), 0.5, .float(-0.0), .float(.infinity), .float(.nan),
    .complex(real: 1.5, imaginary: -2), "", "é", "e\u{301}", "a\0b\n😀",
    .surrogateString([0x61, 0xED, 0xA0, 0xBD]), .bytes([]), .bytes([0, 255]), .byteArray([7]),
    [], [1, [2, nil]], .tuple([1]), .deque([1, "x"]), .iterator([1, 2]), .set([]),
    .set([1, 2, "a"]), .frozenSet([.frozenSet([]), 1]), [:], ["a": 1, 2: ["b"], nil: [:]],
    .range(start: 0, stop: 10, step: 3), .range(start: 5, stop: -5, step: -(BigInt(1) << 70)),
    .type("int"),
  ]

  @Test("What is written is read, and written again as the same bytes", arguments: samples)
  func roundTrip(value: TypedValue) throws {
    let bytes = value.encoded()
    let read = try TypedValue(encoded: bytes)
    #expect(read.encoded() == bytes)
    #expect(read == value)
  }

  @Test("The bytes are those of the format")
  func format() {
    #expect(TypedValue.integer(-255).encoded() == [0x69, 3, 0, 0, 0] + Array("-ff".utf8))
    #expect(
      TypedValue.integer(BigInt(1) << 64).encoded().suffix(17)
        == Array("10000000000000000".utf8)[...])
    #expect(TypedValue.float(1).encoded() == [0x66, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(
      (["a": [true]] as TypedValue).encoded()
        == [0x64, 1, 0, 0, 0, 0x73, 1, 0, 0, 0, 0x61, 0x6C, 1, 0, 0, 0, 0x54])
    #expect(TypedValue.set([2, 1]).encoded() == TypedValue.set([1, 2]).encoded())
  }

  @Test("Values of different types are different")
  func differences() {
    for (index, left) in Self.samples.enumerated() {
      for right in Self.samples[(index + 1)...] { #expect(left != right) }
    }
  }

  @Test(
    "Bytes that Python's side cannot have written are refused",
    arguments: [
      ("", "missing"), ("NN", "behind"), ("X", "tag"), ("h\0\0\0\0NFT", "tag"),
      ("i\u{1}\0\0\0", "past the end"), ("i\0\0\0\0", "hexadecimal"),
      ("i\u{2}\0\0\001", "hexadecimal"), ("i\u{2}\0\0\0-0", "hexadecimal"),
      ("i\u{1}\0\0\0-", "hexadecimal"), ("i\u{1}\0\0\0F", "hexadecimal"),
      ("i\u{2}\0\0\01 ", "hexadecimal"), ("i\u{3}\0\0\01_0", "hexadecimal"), ("f1234567", "wanted"),
      ("l\u{1}\0\0\0", "past the end"), ("lÿÿÿÿN", "past the end"), ("s\u{1}\0\0\0ÿ", "UTF-8"),
      ("s\u{3}\0\0\0í¿À", "UTF-8"), ("y\u{1}\0\0\0ÿ", "UTF-8"), ("S\u{2}\0\0\0TF", "order"),
      ("S\u{2}\0\0\0NN", "order"), ("Z\u{2}\0\0\0TF", "order"), ("d\u{2}\0\0\0NTNF", "twice"),
      ("d\u{1}\0\0\0N", "missing"), ("rNNN", "integers"),
      ("ri\u{1}\0\0\00i\u{1}\0\0\01i\u{1}\0\0\00", "step"),
    ])
  func refusals(latin: String, message: String) throws {
    let bytes = latin.unicodeScalars.map { UInt8($0.value) }
    let error = try #require(throws: TypedValueError.self) { try TypedValue(encoded: bytes) }
    #expect(error.message.contains(message), "\(error)")
  }

  @Test("Containers nest a hundred deep and no deeper")
  func depth() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array(repeatElement([0x6C, 1, 0, 0, 0] as [UInt8], count: depth).joined()) + [0x4E]
    }
    #expect(try TypedValue(encoded: nested(100)).encoded() == nested(100))
    #expect(throws: TypedValueError.self) { try TypedValue(encoded: nested(101)) }
    #expect(throws: TypedValueError.self) { try TypedValue(encoded: nested(200_000)) }
  }

  @Test(
    "Changed bytes are read as a value that has these bytes, or refused", .timeLimit(.minutes(1)))
  func mutations() {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let whole = TypedValue.list(Self.samples).encoded()
    var readable = 0
    var wrong: [[UInt8]] = []
    for _ in 0..<20_000 {
      var bytes = random(3) == 0 ? whole : Self.samples[random(Self.samples.count)].encoded()
      for _ in 0...random(3) {
        switch random(4) {
        case 0: bytes[random(bytes.count)] = UInt8(random(256))
        case 1: bytes[random(bytes.count)] ^= 1 << UInt8(random(8))
        case 2: bytes.insert(UInt8(random(256)), at: random(bytes.count + 1))
        default: if bytes.count > 1 { bytes.removeLast(random(bytes.count - 1) + 1) }
        }
      }
      if let value = try? TypedValue(encoded: bytes) {
        readable += 1
        if value.encoded() != bytes || value.shown(limit: 50).count > 50 { wrong.append(bytes) }
      }
    }
    #expect(wrong == [])
    #expect(readable > 1000, "mutations that nothing survives test only the first byte")
  }

  @Test("A large integer takes time in proportion to its digits", .timeLimit(.minutes(1)))
  func largeIntegers() throws {
    let value = TypedValue.integer((BigInt(1) << 2_000_000) + 1)
    #expect(try TypedValue(encoded: value.encoded()) == value)
    #expect(value.description == "<an int of 2000002 bits>")
  }

  @Test("JSON becomes what Python's json module reads")
  func fromJSON() throws {
    let json = try JSON.parse(
      #"[null, true, 1, 1.0, 123456789012345678901234567890, "é", {"b": [], "a": -1}]"#)
    #expect(
      TypedValue(json)
        == [
          nil, true, 1, 1.0,
          .integer(BigInt(123_456_789_012_345) * BigInt(10).power(15) + 678_901_234_567_890),
          "é", ["b": [], "a": -1],
        ])
  }

  @Test(
    "Values are shown as Python shows them",
    arguments: [
      (nil, "None"), ([1, "a", true], "[1, 'a', True]"), (.tuple([1]), "(1,)"),
      (.tuple([1, 2]), "(1, 2)"), (.set([]), "set()"), (.set([1]), "{1}"),
      (.frozenSet([1]), "frozenset({1})"), (.deque([1]), "deque([1])"),
      (["k": 1.5], "{'k': 1.5}"), (.range(start: 0, stop: 3, step: 1), "range(0, 3)"),
      (.range(start: 0, stop: 3, step: 2), "range(0, 3, 2)"), (.float(.infinity), "inf"),
      (.bytes([0x61, 0x27, 0]), "b'a\\x27\\x00'"), ("it's", "\"it's\""), ("a'\"", "'a\\'\"'"),
      ("\u{1B}[31m\n", "'\\x1b[31m\\n'"), ("\u{202E}x", "'\\u202ex'"),
      (.type("int"), "<class 'int'>"),
      (.complex(real: 1, imaginary: -2), "(1.0-2.0j)"), (.iterator([1]), "<iterator [1]>"),
    ] as [(TypedValue, String)])
  func shown(value: TypedValue, text: String) { #expect(value.description == text) }

  @Test("What is shown is bounded")
  func shownBounded() {
    let long = TypedValue.list(
      Array(repeating: .string(String(repeating: "x", count: 1000)), count: 1000))
    #expect(long.description.count == 200)
    #expect(long.shown(limit: 5) == "['xx…")
    #expect(TypedValue.string("abc").shown(limit: 5) == "'abc'")
    #expect(TypedValue.string("abcd").shown(limit: 5) == "'abc…")
  }
}
