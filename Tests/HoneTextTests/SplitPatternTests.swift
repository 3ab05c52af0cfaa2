import HoneJSON
import HoneText
import Testing

@Suite struct SplitPatternTests {
  @Test(arguments: [
    ("it's DON'T", ["it", "'s", " DON", "'", "T"], ["it", "'s", " DON", "'T"]),
    ("a  b\n\n c", ["a", " ", " b", "\n\n", " c"], ["a", " ", " b", "\n\n", " c"]),
    ("(x) !\n\ny", ["(", "x", ")", " !", "\n", "\n", "y"], ["(x", ")", " !\n\n", "y"]),
    ("   ", ["   "], ["   "]), ("", [], []), (" \n x", [" \n", " x"], [" \n", " x"]),
    ("\tx", ["\t", "x"], ["\tx"]), ("été 中文", ["été", " 中文"], ["été", " 中文"]),
  ])
  func cutsWords(text: String, gpt2: [String], others: [String]) {
    #expect(SplitPattern.gpt2.words(in: text) == gpt2)
    #expect(SplitPattern.llama3.words(in: text) == others)
    #expect(SplitPattern.qwen2.words(in: text) == others)
  }

  @Test func digitsTellThePatternsApart() {
    #expect(SplitPattern.gpt2.words(in: " 12345") == [" 12345"])
    #expect(SplitPattern.llama3.words(in: " 12345") == [" ", "123", "45"])
    #expect(SplitPattern.qwen2.words(in: " 12345") == [" ", "1", "2", "3", "4", "5"])
  }

  @Test(arguments: SplitPattern.allCases)
  func expressionsNameThePatterns(pattern: SplitPattern) {
    #expect(SplitPattern(regularExpression: pattern.regularExpression) == pattern)
    #expect(SplitPattern(regularExpression: pattern.regularExpression + "|x") == nil)
  }

  @Test(arguments: [
    ("letter", ScalarClass.letter), ("number", .number), ("space", .space),
  ])
  func scalarClassesAreThoseOfTheLibrary(name: String, scalarClass: ScalarClass) throws {
    let golden = try Goldens.json("scalar-classes.json")
    let ranges = (golden[name]?.array ?? []).map(\.ids)
    #expect(ranges.count >= 10)
    var position = 0
    for value in UInt32(0)..<0x110000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      while position < ranges.count, ranges[position][1] < Int32(value) { position += 1 }
      let isExpected = position < ranges.count && ranges[position][0] <= Int32(value)
      if (ScalarClass(scalar) == scalarClass) != isExpected {
        Issue.record("U+\(String(value, radix: 16)): expected \(isExpected)")
        return
      }
    }
  }
}
