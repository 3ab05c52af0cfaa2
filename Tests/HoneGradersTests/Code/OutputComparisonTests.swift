import HoneGraders
import Testing

@Suite struct OutputComparisonTests {
  private func difference(
    _ output: String, _ wanted: String, tolerance: Double? = nil
  ) -> String? {
    OutputComparison(tolerance: tolerance).difference(
      Array(output.utf8), wanted: Array(wanted.utf8))
  }

  @Test(
    "White space at the end of lines and blank lines at the end of the text do not count",
    arguments: [
      ("3\n", "3\n"), ("3", "3\n"), ("3\n", "3"), ("3\n\n \n\t\n", "3"), ("3 \t\r\n", "3\n"),
      ("1\r\n2\r\n", "1\n2\n"), ("1 \n2\t\n", "1\n2"), ("", ""), (" \n\n", ""), ("", "\n"),
      ("\n1", "\n1\n"), ("a  b", "a  b\n"), ("é\n", "é"),
    ])
  func equal(output: String, wanted: String) {
    #expect(difference(output, wanted) == nil)
    #expect(difference(wanted, output) == nil)
    #expect(difference(output, wanted, tolerance: 1e-6) == nil)
  }

  @Test(
    "Everything else does",
    arguments: [
      ("", "3"), ("3", "4"), (" 3", "3"), ("3\n\n4", "3\n4"), ("\n3", "3"), ("1 2", "1  2"),
      ("12", "1 2"), ("1\n2", "1"), ("1", "1\n2"), ("YES", "Yes"), ("1e1", "10"), ("10.0", "10"),
      ("-0", "0"), ("+1", "1"), ("01", "1"), ("nan", "NaN"), ("inf", "Infinity"),
      ("999\r0\u{1b}[K\u{8}\u{0}", "0"), ("0\u{0}", "0"), ("e\u{301}", "\u{e9}"), ("٣", "3"),
      ("1 2/3", "3/2 1 1"), ("0\r1", "0\n1"), ("3\u{a0}", "3"),
    ])
  func different(output: String, wanted: String) {
    #expect(difference(output, wanted) != nil)
    #expect(difference(wanted, output) != nil)
  }

  @Test(
    "With a tolerance, decimal literals may differ a little, integers and words may not",
    arguments: [
      ("1e1", "10", true), ("10.0", "10", true), ("0.3333333", "0.3333334", true),
      ("0.33", "0.3333334", false), ("1000000.5", "1000000", true), ("1000001", "1000000", false),
      ("1000002.0", "1000000", false), ("-0", "0", true), ("-0.0", "0", true), ("+5", "5", true),
      ("007", "7", true), (".5", "0.5", true), ("5.", "5", true), ("1E-7", "0", true),
      ("1e-5", "0", false), ("nan", "nan", true), ("nan", "NaN", false), ("nan", "0", false),
      ("inf", "1e999", false), ("1e999", "1e999", true), ("1e999", "2e999", false),
      ("1e308", "-1e308", false), ("0x10", "16", false), ("1_0", "10", false),
      ("1,0", "1.0", false),
      ("1.0 2.0", "1.0000001   2", true), ("1.0", "1.0 2", false), ("1.0 2", "1.0", false),
      ("1\n2", "1 2", false), ("x 1.00000001", "x 1", true), ("y 1.00000001", "x 1", false),
      ("1e", "1", false), (".", "0", false), ("-", "0", false), ("1.0.0", "1.0", false),
      ("٣.٠", "3.0", false), ("123456789012345678901", "123456789012345678902", false),
      ("-1", "1", false), ("1e-400", "0", true),
    ])
  func tolerance(output: String, wanted: String, isEqual: Bool) {
    #expect((difference(output, wanted, tolerance: 1e-6) == nil) == isEqual)
  }

  @Test("The tolerance is the larger of absolute and relative difference, and its edge is inside")
  func edges() {
    #expect(difference("0.5", "0", tolerance: 0.5) == nil)
    #expect(difference("0.75", "0", tolerance: 0.5) != nil)
    #expect(difference("150.0", "100", tolerance: 0.5) == nil)
    #expect(difference("150.5", "100", tolerance: 0.5) != nil)
  }

  @Test("Bytes that are not UTF-8 equal themselves alone")
  func bytes() {
    let comparison = OutputComparison()
    #expect(comparison.difference([0xFF, 0x0A], wanted: [0xFF]) == nil)
    #expect(comparison.difference([0xFF], wanted: Array("\u{FFFD}".utf8)) != nil)
    #expect(comparison.difference([0xFF], wanted: [0xFE]) != nil)
    #expect(comparison.difference([0xC3], wanted: Array("é".utf8)) != nil)
    #expect(
      OutputComparison(tolerance: 1).difference([0x31, 0xFF], wanted: [0x31, 0xFE]) != nil)
  }

  @Test(
    "The first difference is named, cut and made safe",
    arguments: [
      ("1\n5\n", "1\n6\n", "line 2: saw '5', wanted '6'"),
      ("", "6", "no output, wanted '6'"), ("1\n", "1\n2", "line 2: saw the end, wanted '2'"),
      ("1\n2\n3", "1", "line 2: saw '2', wanted the end"),
      ("\u{1b}[31m\t", "1", "line 1: saw '\\x1b[31m', wanted '1'"),
      ("a\u{202e}b", "1", "line 1: saw 'a\\u{202e}b', wanted '1'"),
      (
        String(repeating: "é", count: 100), "1",
        "line 1: saw '\(String(repeating: "é", count: 60))…', wanted '1'"
      ),
    ])
  func words(output: String, wanted: String, reason: String) {
    #expect(difference(output, wanted) == reason)
  }

  @Test("Invalid bytes are shown by their values")
  func invalid() {
    #expect(
      OutputComparison().difference([0x61, 0xC3, 0x28, 0xFF], wanted: [])
        == "line 1: saw 'a\\xc3(\\xff', wanted the end")
  }

  @Test("Megabytes take no time to speak of", .timeLimit(.minutes(1)))
  func large() {
    let size = 2_000_000
    let blanks = [UInt8](repeating: 0x20, count: size)
    let digits = [UInt8](repeating: 0x31, count: size)
    let words = [UInt8]((0..<size).map { $0 % 2 == 0 ? 0x31 : 0x20 })
    let lines = [UInt8]((0..<size).map { $0 % 2 == 0 ? 0x31 : 0x0A })
    let empty = [UInt8](repeating: 0x0A, count: size)
    for comparison in [OutputComparison(), OutputComparison(tolerance: 1e-6)] {
      for text in [blanks, digits, words, lines, empty] {
        #expect(comparison.difference(text, wanted: text) == nil)
        #expect(comparison.difference(text + [0x32], wanted: text + [0x33]) != nil)
      }
      #expect(comparison.difference(blanks + empty, wanted: []) == nil)
      #expect(comparison.difference(digits, wanted: digits + [0x31]) != nil)
    }
  }
}
