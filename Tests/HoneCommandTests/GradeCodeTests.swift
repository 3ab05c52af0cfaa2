import HoneJSON
import Testing

/// Rows for the code grader.
enum CodeRows {
  /// Whether a right program is found right on this machine.
  static let canRun: Bool = {
    guard HoneProcess.isBuilt,
      let result = try? HoneProcess.run(Self.command, input: row("right", "print(1)"))
    else { return false }
    return (try? result.rows().first?["verdict"]?.string) == "correct"
  }()

  static let command = ["grade", "--grader", "code"]
  static let tests: JSON = [
    "kind": "stdio", "cases": [["input": "", "output": "1\n"]],
  ]

  static func row(_ id: String, _ program: String, language: String = "python") -> String {
    let row: JSON = [
      "id": .string(id), "completion": .string("```\(language)\n\(program)\n```"), "tests": tests,
      "language": .string(language),
    ]
    return row.serialized() + "\n"
  }
}

/// The code grader as a program on the other end of a pipe meets it.
@Suite(
  "hone grade --grader code", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence),
  .enabled(if: CodeRows.canRun, "programs cannot be isolated or there is no Python here"))
struct GradeCodeTests {
  @Test("malformed rows are told by line, and the others are judged all the same")
  func malformed() throws {
    let input =
      CodeRows.row("right", "print(1)") + "not JSON\n" + #"{"id": "bare", "completion": "x"}"#
      + "\n"
      + #"{"id": "odd", "completion": "x", "tests": {"kind": "nope"}}"# + "\n[1]\n"
      + CodeRows.row("last", "print(1)")
    let result = try HoneProcess.run(CodeRows.command, input: input)
    #expect(result.status == 65)
    let rows = try result.rows()
    #expect(rows.map { $0["id"] } == ["right", .null, "bare", "odd", .null, "last"])
    #expect(
      rows.map { $0["verdict"]?.string } == [
        "correct", "unscored", "unscored", "unscored", "unscored", "correct",
      ])
    for (index, line) in [1: 2, 2: 3, 3: 4, 4: 5] {
      #expect(rows[index]["reason"]?.string?.hasPrefix("line \(line): ") == true)
    }
  }

  @Test("floods and bytes that are no text are wrong answers and leave the rows whole")
  func outputs() throws {
    let input =
      CodeRows.row("flood", "while True: print('x' * 100000)")
      + CodeRows.row("errors", "import sys\nwhile True: sys.stderr.write('x' * 100000)")
      + CodeRows.row("bytes", "import sys\nsys.stdout.buffer.write(b'\\xff\\xfe1\\n')")
      + CodeRows.row("nul", "print('1\\0')") + CodeRows.row("right", "print(1)")
    let result = try HoneProcess.run(CodeRows.command, input: input)
    #expect(result.status == 0)
    let rows = try result.rows()
    #expect(
      rows.map { $0["verdict"]?.string } == [
        "incorrect", "incorrect", "incorrect", "incorrect", "correct",
      ])
    #expect(rows[0]["reason"]?.string?.contains("output-limit") == true)
    #expect(rows[0]["attempts"]?["output-cap"]?.int == 1)
    #expect(rows.allSatisfy { ($0["reason"]?.string?.utf8.count ?? 0) < 2000 })
  }

  @Test(
    "without an interpreter a program is unscored; where nothing could be scored, that is an error"
  )
  func missing() throws {
    let python = try HoneProcess.run(
      CodeRows.command, input: CodeRows.row("a", "print(1)"),
      environment: ["HONE_PYTHON": "/nonexistent/python3"])
    #expect(python.status == 74)
    #expect(python.error.contains("this machine could judge none of the 1 rows: "))
    let reason = try python.rows()[0]["reason"]?.string
    #expect(try python.rows()[0]["verdict"]?.string == "unscored")
    #expect(reason?.contains("/nonexistent/python3") == true, "\(reason ?? "")")
    // Of two rows one is wrong without being run.
    let empty: JSON = ["id": "b", "completion": "none", "tests": CodeRows.tests]
    let mixed = try HoneProcess.run(
      CodeRows.command, input: CodeRows.row("a", "print(1)") + empty.serialized() + "\n",
      environment: ["HONE_PYTHON": "/nonexistent/python3"])
    #expect(mixed.status == 0, "\(mixed.output)")
  }

  @Test("one worker and three give the same verdicts, in the order of the rows")
  func workers() throws {
    let programs = (0..<24).map { number in
      CodeRows.row("\(number)", number % 3 == 0 ? "print(1) # \(number)" : "print(\(number))")
    }
    let verdicts = try ["1", "3"].map { workers in
      try HoneProcess.run(CodeRows.command + ["--workers", workers], input: programs.joined())
        .rows()
        .map { [$0["id"], $0["verdict"], $0["reason"]] }
    }
    #expect(verdicts[0] == verdicts[1])
    #expect(verdicts[0].map { $0[0] } == (0..<24).map { .string("\($0)") })
  }
}
