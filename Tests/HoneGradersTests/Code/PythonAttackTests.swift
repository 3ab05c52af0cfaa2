import Foundation
import HoneGraders
import HoneJSON
import Testing

/// Cheating solutions that do no harm outside a sandbox, if they are at hand.
@Suite struct PythonAttackTests {
  static let folder: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["HONE_SHARED"]
      ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
    return shared + "/graders/attacks"
  }()

  static let isPresent: Bool =
    WarmPython.isPresent && FileManager.default.fileExists(atPath: folder + "/tasks.json")

  private static func source(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name).py", encoding: .utf8)
  }

  private static func cases() throws -> (visible: [JSON], hidden: [JSON]) {
    let tasks = try JSON.parse(contentsOf: folder + "/tasks.json")
    return (
      try #require(tasks["call"]?["visible"]?.array), try #require(tasks["call"]?["hidden"]?.array)
    )
  }

  /// Whether a case passes: a normal exit, and exactly one result, equal to the expected value.
  private static func passes(_ source: String, _ test: JSON, _ python: WarmPython) throws -> Bool {
    let argument = TypedValue(try #require(test[0]))
    let ending = try python.run(
      .call(PythonProgram(source: source), function: "solve", arguments: [argument]))
    guard ending.code == 0, case .value(let value) = ending.records.outcome else { return false }
    return ValueComparison().difference(value, expected: try #require(test[1])) == nil
  }

  private static func isJudgedRight(_ source: String, _ python: WarmPython) throws -> Bool {
    let (visible, hidden) = try cases()
    let asserts = (visible + hidden).map {
      "    assert candidate(\($0[0] ?? .null)) == \($0[1] ?? .null)\n"
    }
    let (program, judge) = try python.judge(
      source,
      by: .judgeHumanEval(
        prompt: "def solve(xs):\n    \"\"\"Counts inversions.\"\"\"\n",
        test: "def check(candidate):\n" + asserts.joined(), entryPoint: "solve"))
    return judge.code == 0 && program.code == 0 && judge.records.outcome == .passed
  }

  @Test(
    "No cheat passes, and a right solution passes after it",
    .enabled(if: isPresent, "the collection of attacks is not on this machine"),
    arguments: [
      "01_sys_exit_at_import", "03_os_exit_in_call", "08_pytest_exit0", "09_always_equal_object",
      "10_int_subclass_equal", "11_repr_liar", "12_patch_compare_helpers",
      "14_ctypes_int_richcompare", "16_frame_steal_expected", "18_gc_forge_result",
      "30_visible_examples_only",
    ])
  func attack(name: String) throws {
    let lease = try WarmPython.Lease()
    let python = lease.python
    let cheat = try Self.source(name)
    let right = try Self.source("good_call")
    let (visible, hidden) = try Self.cases()
    let passed = try (visible + hidden).map { try Self.passes(cheat, $0, python) }
    if name == "30_visible_examples_only" {
      #expect(passed.contains(false))
    } else {
      #expect(!passed.contains(true), "\(passed)")
    }
    #expect(try !Self.isJudgedRight(cheat, python))
    for test in visible + hidden { #expect(try Self.passes(right, test, python), "\(test)") }
    #expect(try Self.isJudgedRight(right, python))
  }
}
