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
      sum("1+2", "3", more: #", "completion": "3""#)
      + sum("2+1", "3", more: #", "completion": "3""#)
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
}
