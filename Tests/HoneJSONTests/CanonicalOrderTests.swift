import Foundation
import HoneJSON
import Testing

@Suite("Canonical order of marks", .timeLimit(.minutes(1)))
struct CanonicalOrderTests {
  @Test("Marks are sorted by class, those of one class stay as they were")
  func order() {
    // 0323 is below (220), 0301 and 0308 are above (230), 0F71 is 129.
    let sorted = CanonicalOrder.sorted("e\u{301}\u{308}\u{323}x\u{323}\u{301}")
    #expect(
      Array(sorted.unicodeScalars)
        == ["e", "\u{323}", "\u{301}", "\u{308}", "x", "\u{323}", "\u{301}"])
    // A character that is two marks takes part as what it is.
    #expect(
      Array(CanonicalOrder.sorted("\u{F73}\u{F71}").unicodeScalars)
        == ["\u{F71}", "\u{F71}", "\u{F72}"])
    #expect(CanonicalOrder.sorted("plain \u{e9} 漢字 \u{301}") == "plain \u{e9} 漢字 \u{301}")
  }

  @Test("Normalisation gives what it gives without sorting")
  func same() {
    let scalars: [Unicode.Scalar] = [
      "e", "\u{e9}", "\u{1e69}", "s", "\u{301}", "\u{323}", "\u{307}", "\u{308}", "\u{f71}",
      "\u{345}", "\u{5b0}", "\u{fb2c}", "\u{1100}", "\u{1161}",
      "\u{11a8}", "\u{ac00}", "\u{340}", "\u{20d0}", "\u{93c}", "\u{9bc}", "\u{1d165}", "\u{1d15e}",
      "漢", "\u{f900}", "\u{212b}", "\u{e000}", "\u{302a}", "\u{3099}", "\u{304b}",
    ]
    var state: UInt64 = 7
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<9 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(scalars[Int(state >> 33) % scalars.count])
      }
      let plain = String(text)
      let expected = Array(plain.precomposedStringWithCanonicalMapping.unicodeScalars)
      #expect(Array(plain.composed.unicodeScalars) == expected)
    }
  }

  @Test("Characters that are two marks: the standard's result (Python 3's unicodedata)")
  func pairs() {
    let cases: [([Unicode.Scalar], [Unicode.Scalar])] = [
      (["e", "\u{f73}", "\u{301}", "\u{323}"], ["\u{1eb9}", "\u{f71}", "\u{f72}", "\u{301}"]),
      (
        ["\u{f40}", "\u{f75}", "\u{f73}", "\u{f81}"],
        ["\u{f40}", "\u{f71}", "\u{f71}", "\u{f71}", "\u{f72}", "\u{f80}", "\u{f74}"]
      ),
      (["\u{344}", "\u{323}"], ["\u{323}", "\u{308}", "\u{301}"]),
      (["s", "\u{f81}", "\u{307}"], ["\u{1e61}", "\u{f71}", "\u{f80}"]),
      (["\u{f73}", "\u{f73}"], ["\u{f71}", "\u{f71}", "\u{f72}", "\u{f72}"]),
    ]
    for (text, expected) in cases {
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text)
      #expect(Array(String(view).composed.unicodeScalars) == expected)
    }
  }

  @Test("A million marks in the wrong order take a moment")
  func linear() {
    let count = 500_000
    let clock = ContinuousClock()
    for marks in [("\u{301}", "\u{323}"), ("\u{f73}", "\u{f75}"), ("\u{344}", "\u{323}")] {
      let text =
        "e" + String(repeating: marks.0, count: count) + String(repeating: marks.1, count: count)
      let mixed = "e" + String(repeating: marks.0 + marks.1, count: count)
      let spent = clock.measure {
        #expect(text.composed == mixed.composed)
      }
      #expect(spent < .seconds(10))
    }
  }
}
