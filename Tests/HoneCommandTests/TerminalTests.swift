import HoneJSON
import Testing
import hone

@Suite("Text for terminals")
struct TerminalTests {
  @Test("nothing in a shown text acts on a terminal")
  func shown() {
    #expect("a\u{1B}[31mb".shown() == "a␛[31mb")
    #expect("1\r\n2\u{7F}".shown() == "1␍␊2␡")
    #expect("1\n\t2".shown(keepingLines: true) == "1\n\t2")
    #expect("1\r2".shown(keepingLines: true) == "1␍2")
    #expect("\u{9B}31m\u{202E}x\u{200B}".shown() == "\\u{9B}31m\\u{202E}x\\u{200B}")
    #expect("12 + 3 = é 漢 🙂".shown() == "12 + 3 = é 漢 🙂")
  }

  @Test("columns, clipping and padding count what a terminal shows")
  func columns() {
    #expect("漢字".columns == 4)
    #expect("e\u{301}".columns == 1)
    #expect("漢字漢".clipped(to: 5) == "漢字…")
    #expect("abc".clipped(to: 3) == "abc")
    #expect("abcd".clipped(to: 3) == "ab…")
    #expect("漢".padded(to: 4) == "漢  ")
    #expect("7".padded(to: 3, alignment: .right) == "  7")
  }

  @Test func table() {
    var table = Table([.init("name"), .init("count", .right), .init("about")])
    table.add(["a", "1", "first"])
    table.add(["long name", "23", "second, which goes on and on"])
    #expect(
      table.lines(width: 32) == [
        "name       count  about",
        "a              1  first",
        "long name     23  second, which",
        "                  goes on and on",
      ])
    #expect(
      table.lines(width: 20) == [
        "a: count 1, about", "  first", "long name: count 23,", "  about second,",
        "  which goes on and", "  on",
      ])
    #expect(table.lines()[2] == "long name     23  second, which goes on and on")
  }

  @Test func bar() {
    #expect(ProgressBar(0, width: 4).description == "░░░░")
    #expect(ProgressBar(0.5, width: 4).description == "██░░")
    #expect(ProgressBar(0.99, width: 4).description == "███░")
    #expect(ProgressBar(1.5, width: 4).description == "████")
  }

  @Test(arguments: [
    (2.44, "2.4 s"), (42.4, "42 s"), (118.2, "1m58s"), (3599.8, "1h00m"), (11_100.0, "3h05m"),
  ])
  func duration(seconds: Double, text: String) {
    #expect(seconds.shownDuration == text)
  }

  @Test("a report is the mean of its steps")
  func steps() {
    var table = StepTable(kind: "grpo", steps: 1...4, every: 2)
    func row(_ step: Int, _ reward: Double) -> JSONObject {
      ["step": .integer(step), "reward": .number(reward), "learnable_groups": 0.5]
    }
    var due: [Bool] = []
    var lines: [String] = []
    for (step, reward) in [(1, 0.0), (2, 1), (3, 0.25), (4, 0.75)] {
      due.append(table.add(row(step, reward)))
      if due.last == true { lines.append(table.plainLine()) }
    }
    #expect(due == [true, true, false, true])
    #expect(lines[0].hasPrefix("step=1 reward=0.0000 "))
    #expect(lines[1].hasPrefix("step=2 reward=1.0000 "))
    #expect(lines[2].hasPrefix("step=4 reward=0.5000 "))
    #expect(lines[2].contains(" learnable_groups=0.5000 "))
  }
}
