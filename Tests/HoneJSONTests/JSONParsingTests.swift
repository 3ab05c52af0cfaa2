import Foundation
import HoneJSON
import Testing

@Suite struct JSONParsingTests {
  private static let zeros = String(repeating: "0", count: 400)

  @Test func readsEveryKindOfValue() throws {
    let text = #"""
      {"null": null, "yes": true, "no": false, "integer": -42, "number": 0.5, "one": 1.0,
       "text": "tab\t quote\" slash\/ \u00e9 \ud83d\ude00 é😀", "list": [1, [], {}], "": 1}
      """#
    let value = try JSON.parse(text)
    #expect(value["null"] == .null)
    #expect(value["yes"]?.bool == true)
    #expect(value["no"]?.bool == false)
    #expect(value["integer"] == .integer(-42))
    #expect(value["number"] == .number(0.5))
    #expect(value["one"] == .number(1))
    #expect(value["one"]?.int == nil)
    #expect(value["integer"]?.double == -42)
    #expect(value["text"]?.string == "tab\t quote\" slash/ é 😀 é😀")
    #expect(value["list"]?[1]?.array == [])
    #expect(value["list"]?[2]?.object == JSONObject())
    #expect(value["list"]?[3] == nil)
    #expect(value["missing"] == nil)
    #expect(
      value.object?.keys
        == ["null", "yes", "no", "integer", "number", "one", "text", "list", ""])
  }

  @Test(arguments: [
    ("0", JSON.integer(0)), ("-0", .integer(0)), ("7 ", .integer(7)), (" 1.5", .number(1.5)),
    ("1e2", .number(100)), ("5e-324", .number(.leastNonzeroMagnitude)), ("1e-400", .number(0)),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .bigInteger("9223372036854775808")),
    ("-9223372036854775809", .bigInteger("-9223372036854775809")),
    ("18446744073709551615", .bigInteger("18446744073709551615")),
    ("18446744073709551616", .bigInteger("18446744073709551616")),
    ("123456789012345678901234567890.0", .number(1.2345678901234568e29)),
    ("1000000000000000000", .integer(1_000_000_000_000_000_000)),
    ("999999999999999999", .integer(999_999_999_999_999_999)),
    ("\"\"", .string("")), ("true", .bool(true)), ("null", .null), ("\n[\r\n]\t", .array([])),
    ("\u{FEFF}{}", .object(JSONObject())), ("\"a\\u0000b\"", .string("a\0b")),
    ("\"\\ud800\"", .string("\u{FFFD}")),
  ])
  func reads(text: String, expected: JSON) throws {
    #expect(try JSON.parse(text) == expected)
  }

  @Test func longIntegersKeepTheirPlaces() throws {
    let text = "[9223372036854775808, 1, {\"a\": 1000000000000000001}, 99999999999999999999, 2.5]"
    #expect(
      try JSON.parse(text) == [
        .bigInteger("9223372036854775808"), 1, ["a": 1_000_000_000_000_000_001],
        .bigInteger("99999999999999999999"), 2.5,
      ])
  }

  @Test func integersOfAnySizeKeepTheirDigits() throws {
    let digits = "-7" + String(repeating: "0123456789", count: 500)
    let value = try JSON.parse("[\(digits), 12345678901234567890]")
    #expect(value[0] == .bigInteger(digits))
    #expect(value[0]?.int == nil)
    #expect(value[0]?.double == nil)
    #expect(value[1]?.double == 12_345_678_901_234_567_168)
    #expect(value.serialized() == "[\(digits),12345678901234567890]")
    #expect(value[0]?.kindDescription.count == "the integer …".count + 40)
  }

  @Test(arguments: [
    ("", 1, 1, "empty"), ("  \n ", 2, 2, "empty"), ("{\"a\": 1} x", 1, 10, "not a JSON value"),
    ("{\"a\": 1} {}", 1, 10, "unexpected"), ("[1,]", 1, 4, "unexpected"),
    ("{\"a\":1,}", 1, 8, "unexpected"), ("{\"a\" 1}", 1, 6, "separator"),
    ("{a: 1}", 1, 2, "not a JSON value"), ("[1 2]", 1, 4, "array"), ("[NaN]", 1, 2, "NaN"),
    ("[Infinity]", 1, 2, "NaN"), ("[-Infinity]", 1, 2, "digit"), ("01", 1, 1, "leading zero"),
    ("[1.]", 1, 2, "decimal point"), ("[.5]", 1, 2, "not a JSON value"), ("1e", 1, 1, "exponent"),
    ("[+1]", 1, 2, "not a JSON value"), ("True", 1, 1, "not a JSON value"),
    ("nul", 1, 1, "not a JSON value"), ("'a'", 1, 1, "not a JSON value"),
    ("\"a\nb\"", 1, 3, "control character"), ("\"\\x\"", 1, 2, "escape"),
    ("\"\\u12g4\"", 1, 2, "hexadecimal"), ("\"abc", 1, 1, "closing quote"),
    ("\"abc\\", 1, 1, "closing quote"), ("{\"a\": [1, 2", 1, 12, "ends before"),
    ("[", 1, 2, "ends before"), ("]", 1, 1, "unexpected"), ("// c\n1", 1, 1, "not a JSON value"),
    ("[1e400]", 1, 2, "too large"), ("[1,2, 1e400]", 1, 7, "number 1e400 is too large"),
    ("[1\(zeros), 1\(zeros).0]", 1, 405, "too large"),
    ("{\"é\":\n [\"1e999\", -1e999]}", 2, 12, "too large"),
    ("{\"a\": 1,\n  \"b\": {\"x\": 1, \"x\": 2}}", 2, 17, "\"x\" appears twice"),
    ("{\"a\": [1, 99999999999999999999], \"a\": 1}", 1, 34, "\"a\" appears twice"),
    ("{\"a\": 1, \"\\u0061\": 99999999999999999999}", 1, 10, "\"a\" appears twice"),
    ("{\"a\\u0000b\": 1}", 1, 2, "\\u0000"), ("{\"ключ\": tru}", 1, 10, "not a JSON value"),
  ])
  func refuses(text: String, line: Int, column: Int, message: String) throws {
    let error = try #require(throws: JSONError.self) { try JSON.parse(text) }
    #expect(error.message.contains(message), "\(error)")
    #expect(error.line == line && error.column == column, "\(error)")
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xE2, 0x82], [0xC3, 0xA9],
      [0x31, 0x00], [0x22, 0x00, 0x22],
    ] as [[UInt8]])
  func refusesBrokenBytes(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSON.parse(bytes) }
  }

  @Test func depthIsBounded() throws {
    let deepest = JSON.maximumDepth
    let fine = String(repeating: "[", count: deepest) + String(repeating: "]", count: deepest)
    _ = try JSON.parse(fine)
    let error = try #require(throws: JSONError.self) { try JSON.parse("[" + fine + "]") }
    #expect(error.message.contains("nested too deeply"))
  }

  @Test func errorsNameFileAndLine() throws {
    let error = try #require(throws: JSONError.self) {
      try JSON.parse("{\n \"a\": oops}", file: "rows.jsonl", line: 7)
    }
    #expect(error.description.hasPrefix("rows.jsonl:8:7: "))
    #expect(error.description.contains("`oops}`"))
    let bare = try #require(throws: JSONError.self) { try JSON.parse("?") }
    #expect(bare.description.hasPrefix("line 1, column 1: "))
    let missing = try #require(throws: JSONError.self) {
      try JSON.parse(contentsOf: "/nonexistent/a.json")
    }
    #expect(missing.description.hasPrefix("/nonexistent/a.json: no such file"))
  }

  @Test func keysThatSwiftCallsEqualStayApart() throws {
    let value = try JSON.parse(#"{"\u00e9": 1, "e\u0301": 2}"#)
    #expect(value["\u{E9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }
}

@Suite struct JSONObjectTests {
  @Test(arguments: [3, 40])
  func keepsOrderThroughChanges(count: Int) {
    var object = JSONObject()
    for index in (0..<count).reversed() { object["k\(index)"] = .integer(index) }
    object["k1"] = "changed"
    object["k2"] = nil
    object["none"] = nil
    object["k0"] = .some(.null)
    #expect(object.count == count - 1)
    let expected = (0..<count).reversed().filter { $0 != 2 }.map { "k\($0)" }
    #expect(object.keys == expected)
    #expect(object["k1"] == "changed")
    #expect(object["k0"] == .some(.null))
    #expect(object["k2"] == nil)
    #expect(object.pairs.map(\.key) == expected)
    for index in 3..<max(3, count) { #expect(object["k\(index)"] == .integer(index)) }
  }

  @Test func equalityIgnoresOrder() {
    let left: JSONObject = ["a": 1, "b": [2, nil]]
    let right: JSONObject = ["b": [2, nil], "a": 1]
    #expect(left == right)
    #expect(left.hashValue == right.hashValue)
    #expect(left != ["a": 1, "b": [2, 3]])
    #expect(left != ["a": 1])
  }
}

@Suite struct EscapedPairTests {
  private func escaped(_ scalar: UInt32) -> String {
    let high = 0xD800 + (scalar - 0x10000) >> 10
    let low = 0xDC00 + (scalar - 0x10000) & 0x3FF
    return "\\u" + String(high, radix: 16) + "\\u" + String(low, radix: 16).uppercased()
  }

  @Test("Every code point of planes 1 to 16 is read from its escaped pair", arguments: 1...16)
  func planes(plane: UInt32) throws {
    var text = "\""
    var expected = String.UnicodeScalarView()
    for value in plane << 16...plane << 16 | 0xFFFF {
      text += escaped(value)
      expected.append(try #require(Unicode.Scalar(value)))
    }
    let read = try #require(JSON.parse(text + "\"").string)
    #expect(read.unicodeScalars.elementsEqual(expected))
  }

  @Test("Halves of a pair read as U+FFFD, and a pair beside them as what it is")
  func halves() throws {
    let cases: [(String, String)] = [
      (#""\ud836""#, "\u{FFFD}"), (#""\udc00""#, "\u{FFFD}"), (#""\ud836x""#, "\u{FFFD}x"),
      (#""\ud836\ud836\udc00""#, "\u{FFFD}\u{1D800}"),
      (#""\ud836\udc00\udc00""#, "\u{1D800}\u{FFFD}"), (#""\\ud836\udc00""#, "\\ud836\u{FFFD}"),
      (#""\\\ud836\udc00""#, "\\\u{1D800}"),
      (#""\uD836\uDC00\n\"é\ud83d\ude00""#, "\u{1D800}\n\"é😀"),
    ]
    for (text, expected) in cases {
      let read = try #require(JSON.parse(text).string)
      #expect(read.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text)")
    }
    #expect(try JSON.parse(#"{"\ud836\udc00": "\ud83d\ude00"}"#)["\u{1D800}"] == "😀")
  }

  @Test("Places behind escaped pairs are those of the text")
  func places() throws {
    let error = try #require(throws: JSONError.self) {
      try JSON.parse(#"["\ud836\udc00", "\ud83d\ude00" 1]"#)
    }
    #expect(error.column == 33 && error.message.contains("`1]`"), "\(error)")
    let text = #"["\ud836\udc00", 12345678901234567890]"#
    #expect(try JSON.parse(text)[1] == .bigInteger("12345678901234567890"))
    #expect {
      try JSON.parse(#"["\ud836\udc00", {"a": 1, "a": 2}]"#)
    } throws: {
      ($0 as? JSONError)?.column == 27
    }
  }
}

@Suite struct SystemReasonTests {
  @Test("Foundation's errors tell what the operating system said")
  func reasons() throws {
    let folder = NSTemporaryDirectory() + "hone-reasons-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/file"
    try Data("x".utf8).write(to: URL(fileURLWithPath: file))
    let attempts: [(String, () throws -> Void)] = [
      ("No such file", { _ = try Data(contentsOf: URL(fileURLWithPath: folder + "/none")) }),
      ("No such file", { try Data().write(to: URL(fileURLWithPath: folder + "/no/no")) }),
      ("Not a directory", { try Data().write(to: URL(fileURLWithPath: file + "/no")) }),
      ("No space left", { try Data("x".utf8).write(to: URL(fileURLWithPath: "/dev/full")) }),
      (
        "ot a directory",
        {
          try FileManager.default.createDirectory(
            atPath: file + "/sub", withIntermediateDirectories: true)
        }
      ),
    ]
    for (reason, attempt) in attempts {
      do {
        try attempt()
        Issue.record("nothing was thrown, wanted \(reason)")
      } catch {
        #expect(error.systemReason.contains(reason), "\(error.systemReason)")
      }
    }
  }
}
