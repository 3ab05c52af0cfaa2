import HoneTasks
import Testing

@Suite("Canonical keys of questions")
struct CanonicalKeyTests {
  private func key(_ question: String) -> String {
    Problem(id: "a", question: question, answer: "1").canonicalKey
  }

  @Test("ASCII takes the short way to the same key")
  func ascii() {
    #expect(key("What  is 2+3, (x) ?\r\n") == "text what is 2+3 (x)")
    #expect(key("") == "text ")
    var state: UInt64 = 1
    for _ in 0..<2000 {
      var text = "a"
      for _ in 0..<20 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: state >> 33) & 0x7F))
      }
      #expect(key(text + " é") == key(text) + " é", "\(text.debugDescription)")
    }
  }

  @Test("Marks in any order are one question, in a moment", .timeLimit(.minutes(1)))
  func marks() {
    let count = 100_000
    let (above, below) = (
      String(repeating: "\u{301}", count: count), String(repeating: "\u{323}", count: count)
    )
    #expect(key("e" + above + below) == key("e" + below + above))
    #expect(key("e" + above + below) != key("e" + below))
  }
}
