import Foundation
import HoneTasks
import Testing

@Suite struct TaskCheckTests {
  /// What is found in files of these rows, as `kind place`.
  private func findings(_ files: [String]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var paths: [String] = []
    for (index, text) in files.enumerated() {
      let file = folder.appendingPathComponent("\(index).jsonl")
      try Data(text.utf8).write(to: file)
      paths.append(file.path)
    }
    return TaskCheck(paths: paths).findings.map { finding in
      finding.kind.rawValue + " "
        + finding.place.split(separator: "/").suffix(1).joined()
    }
  }

  private func sum(_ question: String, _ answer: String, more: String = "") -> String {
    #"{"question": "\#(question)", "answer": "\#(answer)", "family": "arithmetic"\#(more)}"# + "\n"
  }

  @Test("Clean files have no findings")
  func clean() throws {
    #expect(try findings([sum("1+2", "3"), sum("1+3", "4")]).isEmpty)
  }

  @Test("The same sum in another order is a duplicate within a file, an overlap across files")
  func overlaps() throws {
    #expect(try findings([sum("1+2+3", "6") + sum("3+2+1", "6")]) == ["duplicate 0.jsonl:2"])
    #expect(
      try findings([sum("1+2+3", "6"), sum("4+4", "8") + sum("3+2+1", "6")])
        == ["overlap 1.jsonl:2"])
  }

  @Test("Questions of no family are compared without case and punctuation")
  func text() throws {
    let first = #"{"question": "How many, then?", "answer": "1"}"#
    let second = #"{"question": "how many  then", "answer": "1"}"#
    let third = #"{"question": "how many then + 1", "answer": "1"}"#
    #expect(try findings([first, second]) == ["overlap 1.jsonl:1"])
    #expect(try findings([first, third]).isEmpty)
  }

  @Test("Demonstrations may show one problem in several ways")
  func demonstrations() throws {
    let rows =
      sum("1+2", "3", more: #", "completion": "<answer>3</answer>""#)
      + sum("2+1", "3", more: #", "completion": "<answer>3</answer>""#)
    #expect(try findings([rows]).isEmpty)
    #expect(try findings([rows, sum("1+2", "3")]) == ["overlap 1.jsonl:1"])
  }

  @Test("Unreadable rows and files, unknown graders and bad references are found")
  func faults() throws {
    #expect(try findings([sum("1+2", "3") + "{\n"]) == ["unreadable 0.jsonl:2"])
    #expect(try findings([""]) == ["unreadable 0.jsonl"])
    #expect(
      try findings([sum("1+2", "3", more: #", "grader": "magic""#)]) == ["grader 0.jsonl:1"])
    #expect(try findings([sum("1+2", "")]) == ["reference 0.jsonl:1"])
    #expect(
      try findings([sum("make 3", "1+", more: #", "grader": "countdown""#)])
        == ["reference 0.jsonl:1"])
    #expect(TaskCheck(paths: ["/nowhere.jsonl"]).findings.map(\.kind) == [.unreadable])
  }

  /// The findings themselves, of one file.
  private func check(_ text: String) throws -> TaskCheck {
    try TaskSetTests.withFile(text) { TaskCheck(paths: [$0]) }
  }

  @Test("Demonstrations without a marked answer are one finding, unless the rows say so")
  func unmarked() throws {
    let rows = (1...64).map { sum("1+\($0)", "\($0 + 1)", more: #", "completion": "\#($0 + 1)""#) }
    let findings = try check(rows.joined()).findings
    #expect(findings.count == 1)
    #expect(findings[0].kind == .demonstration && findings[0].count == 64)
    #expect(findings[0].place.hasSuffix(":1"))
    #expect(
      findings[0].message.hasPrefix(
        #"64 of 64 demonstrations have no marked answer: rows need <answer>…</answer> or \boxed{…}, or "mode": "answer""#
      ))
    let bare = rows.map { $0.replacingOccurrences(of: "{\"q", with: "{\"mode\": \"answer\", \"q") }
    #expect(try check(bare.joined()).isClean)
    let mixed = try check(bare.prefix(3).joined() + rows[5] + rows[9]).findings
    #expect(mixed.map(\.count) == [2] && mixed[0].place.hasSuffix(":4"))
    #expect(mixed[0].message.hasPrefix("2 of 5 "))
  }

  @Test("Demonstrations that are wrong by their own answer are counted, the first ones named")
  func wrong() throws {
    let rows = (1...9).map {
      sum("1+\($0)", "\($0 + 1)", more: #", "completion": "<answer>1</answer>""#)
    }
    let findings = try check(rows.joined()).findings
    #expect(findings.count == 1 && findings[0].count == 9)
    #expect(
      findings[0].message.hasPrefix(
        "9 of 9 demonstrations are wrong by their own answer: '1' for '2' on line 1, '1' for '3' on "
          + "line 2, '1' for '4' on line 3, …"), "\(findings[0].message)")
    let flawed = rows.map {
      $0.replacingOccurrences(of: "{\"q", with: "{\"style\": \"flawed\", \"q")
    }
    #expect(try check(flawed.joined()).isClean)
    for family in Families.all where family.name != "synthesis" {
      let made = try family.make(
        count: 60, seed: 1, difficulty: family.usualDifficulties, demonstrations: .standard)
      let findings = try check(Problem.lines(made)).findings
      #expect(findings.isEmpty, "\(family.name): \(findings)")
    }
  }

  @Test("The same question with two answers is a finding, in demonstration files too")
  func contradictions() throws {
    let shown = #", "completion": "<answer>3</answer>""#
    let rows =
      sum("1+2", "3", more: shown) + sum("1+2", "4", more: shown.replacing("3<", with: "4<"))
    #expect(try findings([rows]) == ["contradiction 0.jsonl:2"])
    #expect(
      try findings([sum("1+2", "3"), sum("2+1", "4")])
        == ["contradiction 1.jsonl:1", "overlap 1.jsonl:1"])
    // Two ways of writing one answer are one answer.
    #expect(
      try findings([
        sum("1+2", "3", more: shown) + sum("1+2", "3.0", more: shown)
      ]).isEmpty)
    // Solutions of a countdown problem are many.
    let first = #"{"question": "make 8 from 2 4", "answer": "2*4", "grader": "countdown"}"#
    let second = #"{"question": "make 8 from 2 4", "answer": "4*2", "grader": "countdown"}"#
    #expect(try findings([first + "\n" + second]) == ["duplicate 0.jsonl:2"])
  }

  @Test("Many overlaps of two files are one finding")
  func manyOverlaps() throws {
    let rows = (1...120).map { sum("1+\($0)", "\($0 + 1)") }.joined()
    #expect(
      try findings([rows, rows, sum("1+1", "2")]) == [
        "overlap 1.jsonl:1", "overlap 2.jsonl:1",
      ])
  }

  @Test("Rows that can be demonstrated but not graded are counted in the summary")
  func ungradable() throws {
    let rows = sum("1+2", "3") + #"{"question": "1+5", "completion": "6"}"# + "\n"
    let check = try check(rows)
    #expect(check.isClean)
    #expect(check.files[0].summary.contains("; 1 rows have no answer: "))
    #expect(check.files[0].summary.contains("sft") && check.files[0].summary.contains("grpo"))
  }
}
