import HoneJSON
import Testing

@Suite struct JSONSerializationTests {
  @Test(arguments: [
    (JSON.null, "null"), (true, "true"), (0, "0"), (-12, "-12"), (1.0, "1.0"), (0.1, "0.1"),
    (.number(-0.0), "-0.0"), (1e300, "1e+300"), (.number(.nan), "null"),
    (.number(-.infinity), "null"), (.integer(.min), "-9223372036854775808"),
    ("a\"\\/\n\t\r\u{8}\u{C}\u{1}é😀", #""a\"\\/\n\t\r\b\f\u0001é😀""#), (.array([]), "[]"),
    (.array([1, [2, "x"]]), #"[1,[2,"x"]]"#), (.object(["b": 1, "a": [:]]), #"{"b":1,"a":{}}"#),
  ])
  func writes(value: JSON, expected: String) {
    #expect(value.serialized() == expected)
  }

  @Test func writesPretty() {
    let value: JSON = ["a": [1, ["b": nil]], "c": [], "d": [:]]
    #expect(
      value.serialized(pretty: true) == """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": [],
          "d": {}
        }
        """)
  }

  @Test func numbersReadBackToTheSameBits() throws {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var numbers: [Double] = [
      0.1, 1 / 3, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
      -0.0, 9_007_199_254_740_991, 1e15, 1e16, 1e17, 123456.789,
    ]
    while numbers.count < 20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let bits = state ^ (state >> 29)
      let number = Double(bitPattern: bits)
      if number.isFinite { numbers.append(number) }
      numbers.append(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits & 0x7F7F_FFFF))))
    }
    let text = JSON.array(numbers.map { .number($0) }).serialized()
    let back = try #require(JSON.parse(text).array)
    #expect(back.count == numbers.count)
    for (read, written) in zip(back, numbers) {
      guard case .number(let value) = read else {
        Issue.record("\(written) read back as \(read)")
        return
      }
      #expect(value.bitPattern == written.bitPattern)
    }
  }

  @Test func stringsOfEveryScalarReadBack() throws {
    var scalars = String.UnicodeScalarView()
    for value in UInt32(0)..<0x3000 {
      if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
    }
    let text = String(scalars)
    let back = try #require(JSON.parse(JSON.string(text).serialized()).string)
    #expect(back.unicodeScalars.elementsEqual(scalars))
  }
}
