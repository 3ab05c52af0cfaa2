import Foundation
import HoneGraders
import HoneJSON
import Synchronization
import Testing

@Suite struct GradePipeTests {
  private static func run(
    _ input: String, grader: any Grader = MathGrader(), workers: Int = 3
  ) throws -> (rows: [JSON], summary: GradePipe.Summary) {
    let output = Mutex("")
    let summary = try GradePipe(grader: grader, workers: workers).run(
      JSONLines(bytes: Array(input.utf8))
    ) { text in output.withLock { $0 += text } }
    let rows = try output.withLock { $0 }.split(separator: "\n").map { try JSON.parse(String($0)) }
    return (rows, summary)
  }

  @Test("A row in gives a row out, with the fields of the contract")
  func row() throws {
    let (rows, summary) = try Self.run(
      #"{"id": "a", "gold": "\\frac{1}{2}", "completion": "... \\boxed{0.5}"}"#)
    let row = try #require(rows.first?.object)
    #expect(row.keys == ["id", "verdict", "score", "extracted", "reason", "seconds"])
    #expect(row["id"] == "a")
    #expect(row["verdict"] == "correct")
    #expect(row["score"]?.double == 1)
    #expect(row["extracted"] == "0.5")
    #expect(row["reason"] == "equal: rational 1/2")
    #expect((row["seconds"]?.double ?? -1) >= 0)
    #expect(summary.rows == 1 && summary.malformed == 0 && summary.verdicts == [.correct: 1])
  }

  @Test("Mode and policy come with the row")
  func settings() throws {
    let (rows, _) = try Self.run(
      """
      {"id": 1, "gold": 18, "completion": "18 eggs", "mode": "answer", "policy": "gsm8k"}
      {"id": 2, "gold": 18, "completion": "18 eggs", "mode": "answer"}
      {"id": 3, "gold": 18, "completion": "18 eggs", "policy": "gsm8k"}
      """)
    #expect(rows.map { $0["verdict"] } == ["correct", "incorrect", "incorrect"])
    #expect(rows.map { $0["id"] } == [1, 2, 3])
    #expect(rows[2]["extracted"] == .null)
  }

  @Test("A malformed row is unscored with its line, and the others are graded")
  func malformed() throws {
    let input = """
      {"id": "a", "gold": "1", "completion": "#### 1"}

      {"id": "b", "gold": "1"
      [1]
      {"id": "c", "gold": "1"}
      {"id": "d", "gold": "1", "completion": 1}
      {"id": "e", "completion": "#### 1"}
      {"id": "f", "gold": "1", "completion": "#### 1", "mode": "x"}
      {"id": "g", "gold": [], "completion": "#### 1"}
      {"id": "h", "gold": 12345678901234567890123, "completion": "#### 1"}
      {"id": [], "gold": "1", "completion": "#### 1"}
      {"id": "j", "gold": "", "completion": "#### 1"}
      {"id": "k", "gold": "1", "completion": "#### 1"}
      """
    let (rows, summary) = try Self.run(input)
    #expect(
      rows.map { $0["id"] }
        == ["a", .null, .null, "c", "d", "e", "f", "g", "h", .null, "j", "k"])
    let lines = [3, 4, 5, 6, 7, 8, 9, 10, 11]
    for (row, line) in zip(rows[1...9], lines) {
      #expect(row["verdict"] == "unscored")
      #expect(row["reason"]?.string?.hasPrefix("line \(line): ") == true, "\(row)")
      #expect(row.object?.keys == ["id", "verdict", "reason"])
    }
    // An unreadable reference is no malformed row.
    #expect(rows[10]["verdict"] == "unscored")
    #expect(summary.rows == 12)
    #expect(summary.malformed == 9)
    #expect(summary.verdicts == [.correct: 2, .unscored: 10])
  }

  @Test("Many rows keep their order for any number of workers", arguments: [1, 2, 7])
  func order(workers: Int) throws {
    let input = (0..<3000).map { index in
      let padding = index % 50 == 0 ? String(repeating: "x", count: 20_000) : ""
      return #"{"id": \#(index), "gold": "\#(index % 3)", "completion": "\#(padding) \\boxed{1}"}"#
    }.joined(separator: "\n")
    let (rows, summary) = try Self.run(input, workers: workers)
    #expect(rows.map { $0["id"]?.int } == (0..<3000).map { $0 })
    #expect(summary.verdicts == [.correct: 1000, .incorrect: 2000])
  }

  @Test("Each answer comes before the next row is sent", .timeLimit(.minutes(1)))
  func conversation() throws {
    let input = Pipe()
    let answers = Pipe()
    let writer = answers.fileHandleForWriting
    let thread = Thread {
      let rows = JSONLines(descriptor: input.fileHandleForReading.fileDescriptor)
      _ = try? GradePipe(grader: MathGrader(), workers: 2).run(rows) { text in
        try writer.write(contentsOf: Data(text.utf8))
      }
      try? writer.close()
    }
    thread.start()
    for index in 0..<5 {
      let row = #"{"id": \#(index), "gold": "1", "completion": "\\boxed{\#(index)}"}"# + "\n"
      try input.fileHandleForWriting.write(contentsOf: Data(row.utf8))
      let answer = try JSON.parse(
        String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self))
      #expect(answer["id"]?.int == index)
      #expect(answer["verdict"]?.string == (index == 1 ? "correct" : "incorrect"))
    }
    try input.fileHandleForWriting.close()
    #expect(answers.fileHandleForReading.availableData.isEmpty)
  }

  @Test("A write that fails ends the run with its error", .timeLimit(.minutes(1)))
  func brokenOutput() {
    struct Full: Error {}
    let input = String(
      repeating: #"{"id": 1, "gold": "1", "completion": "1"}"# + "\n", count: 2000)
    #expect(throws: Full.self) {
      _ = try GradePipe(grader: MathGrader(), workers: 2).run(
        JSONLines(bytes: Array(input.utf8))
      ) { _ in throw Full() }
    }
  }
}
