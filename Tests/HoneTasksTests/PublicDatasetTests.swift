import Foundation
import HoneJSON
import HoneTasks
import Testing

/// Published data sets as they come, if they are at hand.
@Suite struct PublicDatasetTests {
  static let folder: String = {
    let shared =
      ProcessInfo.processInfo.environment["HONE_SHARED"]
      ?? TaskFilesTests.root.deletingLastPathComponent().appendingPathComponent("shared").path
    return shared + "/data"
  }()

  static func isPresent(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + path)
  }

  @Test(
    "GSM8K is read whole, with a number for every answer",
    .enabled(if: isPresent("gsm8k/test.jsonl"), "GSM8K is not on this machine"))
  func gsm8k() throws {
    let set = try TaskSet.load(path: Self.folder + "/gsm8k/test.jsonl")
    #expect(set.layout?.name == "GSM8K")
    #expect(set.problems.count == 1319)
    #expect(set.problems.allSatisfy { $0.answer.flatMap { Double($0) } != nil })
    #expect(set.problems[0].answer == "18")
  }

  @Test(
    "HumanEval is read whole from its packed file",
    .enabled(if: isPresent("humaneval/HumanEval.jsonl.gz"), "HumanEval is not on this machine"))
  func humanEval() throws {
    let set = try TaskSet.load(path: Self.folder + "/humaneval/HumanEval.jsonl.gz")
    #expect(set.layout?.name == "HumanEval")
    #expect(set.problems.count == 164)
    #expect(set.duplicates == 0)
    #expect(
      set.problems.allSatisfy { problem in
        problem.grader == "code" && problem.answer != nil && problem.completion == nil
          && problem.tests?["kind"] == "humaneval" && problem.tests?["prompt"] != nil
      })
    #expect(set.problems[163].id == "HumanEval/163")
  }

  @Test(
    "Competition files are read, and no reference fails under its own grader",
    .enabled(if: isPresent("competition/amc23.jsonl"), "the files are not on this machine"),
    arguments: [
      ("aime24", "own rows"), ("amc23", "own rows"), ("minerva_math", "MATH"),
    ])
  func competition(name: String, layout: String) throws {
    let path = Self.folder + "/competition/\(name).jsonl"
    let set = try TaskSet.load(path: path)
    #expect(set.layout?.name == layout)
    let findings = TaskCheck(paths: [path]).findings
    #expect(findings.isEmpty, "\(findings.prefix(5).map(\.description))")
  }
}
