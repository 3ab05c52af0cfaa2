import BigInt
import HoneGraders
import HoneJSON
import Testing

@Suite struct ValueComparisonTests {
  private func isEqual(
    _ value: TypedValue, _ expected: String, tolerance: Double? = nil
  ) throws -> Bool {
    let comparison = ValueComparison(tolerance: tolerance)
    return comparison.difference(value, expected: try JSON.parse(expected)) == nil
  }

  static let big = BigInt(10).power(40)

  @Test(
    "Equal values are equal",
    arguments: [
      (nil, "null"), (true, "true"), (false, "false"), (3, "3"), (3, "3.0"), (.float(3), "3"),
      (.float(0.1), "0.1"), (.float(-0.0), "0"), (0, "-0.0"), ("é", "\"é\""), ([], "[]"),
      (.tuple([]), "[]"), ([1, [2]], "[1, [2]]"),
      (.tuple([1, [2]]), "[1, [2]]"), (["a": 1, "b": nil], "{\"b\": null, \"a\": 1}"),
      (.integer(big), "1" + String(repeating: "0", count: 40)),
      (.integer(BigInt(1) << 70), "1180591620717411303424.0"),
      (.float(0x1p70), "1180591620717411303424"),
      (.integer(BigInt(1) << 63), "9223372036854775808"),
    ] as [(TypedValue, String)])
  func equal(value: TypedValue, expected: String) throws { #expect(try isEqual(value, expected)) }

  @Test(
    "Other values are not",
    arguments: [
      (nil, "0"), (nil, "false"), (true, "1"), (1, "true"), (0, "false"), (1.0, "true"),
      (.bool(false), "null"), (3, "4"), (3, "3.0000001"), (3, "\"3\""), ("3", "3"), ("a", "\"b\""),
      ("e\u{301}", "\"\u{E9}\""), ("", "null"), ([], "null"), ([], "{}"), ([:], "[]"),
      ([1], "[1, 2]"), ([1, 2], "[1]"), ([1, 2], "[2, 1]"), (.set([1]), "[1]"),
      (.frozenSet([1]), "[1]"), (.deque([1]), "[1]"), (.iterator([1]), "[1]"),
      (.range(start: 0, stop: 2, step: 1), "[0, 1]"), (.bytes([0x61]), "\"a\""),
      (.byteArray([]), "[]"), (.type("int"), "\"int\""), (.complex(real: 1, imaginary: 0), "1"),
      (.surrogateString([0xED, 0xA0, 0x80]), "\"\u{FFFD}\""), (.float(.nan), "0"),
      (.float(.infinity), "1e308"), (["a": 1], "{\"a\": 1, \"b\": 2}"),
      (["a": 1, "b": 2], "{\"a\": 1}"), ([1: 2], "{\"1\": 2}"), (["a": 1], "{\"a\": 2}"),
      (.dictionary([.init("a", 1), .init("a", 1)]), "{\"a\": 1, \"b\": 1}"),
      (.dictionary([.init("a", 1), .init("a", 1)]), "{\"a\": 1}"),
      (.integer(big + 1), "1" + String(repeating: "0", count: 40)),
      (.integer((BigInt(1) << 53) + 1), "9007199254740992.0"),
      (.float(0x1p53), "9007199254740993"), (.float(1e40), "1" + String(repeating: "0", count: 40)),
      (.float(0.1), "0.10000000000000002"),
    ] as [(TypedValue, String)])
  func different(value: TypedValue, expected: String) throws {
    #expect(try !isEqual(value, expected))
  }

  @Test(
    "A tolerance is absolute or relative, for floats",
    arguments: [
      (0.1001, "0.1", true), (0.12, "0.1", false), (1000.9, "1000", true), (1002, "1000", false),
      (.float(1002), "1000", false), (1000, "1000.5", true), (.float(1000), "1000.5", true),
      ([1.0001, .tuple([2.0])], "[1, [2.0001]]", true), (true, "1.0", false), (1.0, "true", false),
      (.float(.nan), "0.0", false), (.float(.infinity), "1e308", false), ("1.0", "1.0", false),
      (1001, "1000", false), (.integer(big), "1.0001e40", true),
      (.float(1.0001e40), "1" + String(repeating: "0", count: 40), true),
      (.float(-1e308), "1e308", false),
    ] as [(TypedValue, String, Bool)])
  func tolerance(value: TypedValue, expected: String, wanted: Bool) throws {
    #expect(try isEqual(value, expected, tolerance: 1e-3) == wanted)
  }

  @Test("A tolerance of 0 is none, and one above 1 does not admit infinities")
  func extremeTolerances() throws {
    #expect(try isEqual(0.5, "0.5", tolerance: 0))
    #expect(try !isEqual(0.5, "0.5000000001", tolerance: 0))
    #expect(try !isEqual(.float(.infinity), "1e308", tolerance: 1e300))
  }

  @Test("A difference is shown, and placed where it would be cut off")
  func descriptions() throws {
    let comparison = ValueComparison()
    #expect(
      comparison.difference([1, 2], expected: [1, 3]) == "got [1, 2], wanted [1, 3]")
    let items = (0..<100).map { TypedValue.integer(BigInt($0)) }
    var wanted = (0..<100).map { JSON.integer($0) }
    wanted[77] = ["k": 1]
    let deep = try #require(comparison.difference(.list(items), expected: .array(wanted)))
    #expect(deep.hasSuffix("; first at [77]: got 77, wanted {'k': 1}"), "\(deep)")
    #expect(deep.hasPrefix("got [0, 1, 2, 3"), "\(deep)")
    let missing = comparison.difference(
      ["k": ["x": .list(items)]], expected: ["k": ["x": .array(wanted.dropLast(99))]])
    #expect(
      missing?.hasSuffix("wanted {'k': {'x': [0]}}; first at ['k']['x']: got 100 items, wanted 1")
        == true, "\(missing ?? "")")
    let huge = TypedValue.string(String(repeating: "\u{1B}", count: 1_000_000))
    #expect(try #require(comparison.difference(huge, expected: nil)).count < 300)
  }

  @Test("A meaningless tolerance is a programmer's error")
  func badTolerance() async {
    await #expect(processExitsWith: .failure) { _ = ValueComparison(tolerance: -1) }
    await #expect(processExitsWith: .failure) { _ = ValueComparison(tolerance: .nan) }
  }
}
