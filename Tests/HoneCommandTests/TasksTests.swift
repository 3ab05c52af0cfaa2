import HoneJSON
import Testing

@Suite("hone tasks", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct TasksTests {
  @Test("the same arguments give the same bytes, to standard output or to a file")
  func reproducible() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "tasks", "make", "word-problems", "--count", "40", "--seed", "9", "--difficulty", "2-3",
      "--demonstrations",
    ]
    let first = try HoneProcess.run(arguments)
    let second = try HoneProcess.run(arguments + ["--output", folder.file("tasks.jsonl")])
    #expect(first.status == 0)
    #expect(second.status == 0)
    #expect(first.lines.count == 40)
    #expect(try folder.read("tasks.jsonl") == first.output)
    let other = try HoneProcess.run(arguments.map { $0 == "9" ? "10" : $0 })
    #expect(other.output != first.output)
    for row in try first.rows() {
      #expect(row["family"]?.string == "word-problems")
      #expect(row["completion"]?.string?.contains("<answer>") == true)
    }
  }

  @Test("train and test share no problem; a file shares all with itself")
  func check() throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] {
      let made = try HoneProcess.run([
        "tasks", "make", "arithmetic", "--count", "60", "--split", split, "--output",
        folder.file("\(split).jsonl"),
      ])
      #expect(made.status == 0)
    }
    let clean = try HoneProcess.run(
      ["tasks", "check", folder.file("train.jsonl"), folder.file("test.jsonl")])
    #expect(clean.status == 0)
    #expect(clean.output.contains("60 problems"))
    try folder.write(try folder.read("train.jsonl"), to: "again.jsonl")
    let overlap = try HoneProcess.run(
      ["tasks", "check", "--json", folder.file("train.jsonl"), folder.file("again.jsonl")])
    #expect(overlap.status == 65)
    #expect(overlap.error.contains("again.jsonl:1: overlap"))
    // One finding for the pair of files.
    let findings = try #require(overlap.rows().first?["findings"]?.array)
    #expect(findings.count == 1 && findings[0]["count"] == 60)
    #expect(findings[0]["message"]?.string?.hasPrefix("60 problems are also in ") == true)
  }

  @Test("a broken row is named by file and line")
  func broken() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      #"{"id": "a", "question": "1+1", "answer": "2"}"# + "\n{\"id\": \"b\", \n", to: "bad.jsonl")
    let result = try HoneProcess.run(["tasks", "check", path])
    #expect(result.status == 65)
    #expect(result.error.contains("\(path):2"))
  }

  @Test("own columns and bare answers are said on the command line")
  func reading() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      #"{"task": {"text": "1+1"}, "result": "so it is 2", "shown": "2"}"# + "\n", to: "own.jsonl")
    let unknown = try HoneProcess.run(["tasks", "check", path])
    #expect(unknown.status == 65)
    #expect(unknown.output.contains("--fields question=result"))
    let arguments = [
      "tasks", "check", path, "--fields", "question=task.text", "--fields", "answer=result",
      "--extract", "last-number", "--fields", "completion=shown",
    ]
    let marked = try HoneProcess.run(arguments)
    #expect(marked.status == 65)
    #expect(marked.output.contains("1 of 1 demonstrations have no marked answer"))
    // Told once, with its place on standard error.
    #expect(marked.error.contains("own.jsonl:1: demonstration"))
    #expect(!marked.error.contains("no marked answer"))
    let bare = try HoneProcess.run(arguments + ["--mode", "answer"])
    #expect(bare.status == 0, "\(bare.output)")
    #expect(bare.output.contains("question <- task.text, answer <- result (last-number)"))
    for (option, value, message) in [
      ("--fields", "question", "wanted KEY=COLUMN"), ("--fields", "quest=x", "known are: id"),
      ("--extract", "box", "wanted one of: hash4"), ("--mode", "bare", "wanted one of: answer"),
    ] {
      let refused = try HoneProcess.run(["tasks", "check", path, option, value])
      #expect(refused.status == 64 && refused.error.contains(message), "\(refused.error)")
    }
  }

  @Test("of many findings of one kind the first are shown, with the number of the others")
  func manyFindings() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<50).map { #"{"question": "\#($0)"}"# + "\n" }.joined()
    let good = #"{"question": "1+1", "answer": "2"}"# + "\n"
    let path = try folder.write(good + rows, to: "rows.jsonl")
    let told = try HoneProcess.run(["tasks", "check", path])
    #expect(told.status == 65 && told.lines.count == 22)
    #expect(told.lines.last == "\(path): unreadable: 30 more; --json lists all")
    #expect(told.error.contains("\(path):2: unreadable, the first of 50 findings"))
    let machine = try HoneProcess.run(["tasks", "check", path, "--json"])
    #expect(try machine.rows()[0]["findings"]?.array?.count == 50)
  }

  @Test("every family is listed, with its sizes and at once")
  func list() throws {
    let result = try HoneProcess.run(["tasks", "list", "--json"])
    #expect(result.status == 0)
    let families = try #require(try result.rows().first?.array)
    #expect(families.contains { $0["family"]?.string == "arithmetic" })
    for family in families {
      #expect(family["example"]?.string?.isEmpty == false)
      #expect(family["difficulties"]?[0]?["problems"]?.int ?? 0 > 0)
    }
  }
}
