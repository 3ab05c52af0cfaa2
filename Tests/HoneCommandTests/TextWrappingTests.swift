import Testing
import hone

@Suite("Lines that fit")
struct TextWrappingTests {
  @Test("words stay whole, spaces and indentation are kept")
  func words() {
    #expect("one two three".wrapped(to: 20) == ["one two three"])
    #expect("one two three".wrapped(to: 8) == ["one two", "three"])
    #expect(
      "eval    a bb ccc dddd".wrapped(to: 18, indent: 8) == ["eval    a bb ccc", "        dddd"])
    #expect("  a bb\nccc ddd".wrapped(to: 4) == ["  a", "bb", "ccc", "ddd"])
    #expect("is 24 %, no".wrapped(to: 5) == ["is", "24 %,", "no"])
    #expect("      long".wrapped(to: 8) == ["    long"])
    #expect("".wrapped(to: 4) == [""])
    #expect("漢字 漢字".wrapped(to: 5) == ["漢字", "漢字"])
  }

  @Test("paths break behind a separator, colours take no room, a long word is left alone")
  func others() {
    #expect("in /aaa/bbbb/cccc/d".wrapped(to: 9) == ["in /aaa/", "bbbb/", "cccc/d"])
    #expect("\u{1B}[1mone\u{1B}[0m two".wrapped(to: 7) == ["\u{1B}[1mone\u{1B}[0m two"])
    #expect("a bbbbbbbb c".wrapped(to: 4) == ["a", "bbbbbbbb", "c"])
  }

  @Test func ascii() {
    #expect("╭─ é │ ██░ ✓ 1 → 2 …".withASCIIGlyphs == "+- é | ##. + 1 > 2 ~")
  }
}
