import HoneJSON
import Testing

@Suite("hone grade", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct GradeTests {
  @Test("one row for each row, in order, whatever a row holds", arguments: [1, 3])
  func math(workers: Int) throws {
    let input = """
      {"id": "a", "gold": "\\\\frac{1}{2}", "completion": "so \\\\boxed{0.5}"}
      {"id": "b", "gold": "7", "completion": "\\\\boxed{8}"}

      not JSON
      {"id": 5, "completion": 5, "gold": "1"}
      {"id": "c", "gold": "42", "completion": "42", "mode": "answer"}
      """
    let result = try HoneProcess.run(
      ["grade", "--grader", "math", "--workers", "\(workers)"], input: input)
    #expect(result.status == 65)
    #expect(result.error.contains("error: <stdin>"))
    let rows = try result.rows()
    #expect(
      rows.map { $0["verdict"]?.string } == [
        "correct", "incorrect", "unscored", "unscored", "correct",
      ])
    #expect(rows.map { $0["id"] } == ["a", "b", .null, 5, "c"])
    #expect(rows[0]["score"]?.double == 1)
    #expect(rows[0]["extracted"]?.string == "0.5")
    #expect(rows[0]["seconds"]?.double ?? -1 >= 0)
    #expect(rows[2]["reason"]?.string?.hasPrefix("line 4: ") == true)
    #expect(rows[3]["reason"]?.string?.hasPrefix("line 5: ") == true)
  }

  @Test("--explain tells how a verdict came about, and belongs to the math grader")
  func explain() throws {
    let input = """
      {"id": "a", "gold": "x^2-1", "completion": "so \\\\boxed{(x-1)(x+1)}"}
      {"id": "b", "gold": "\\\\frac{1}{0}", "completion": "\\\\boxed{1}"}
      """
    let result = try HoneProcess.run(["grade", "--grader", "math", "--explain"], input: input)
    #expect(result.status == 0)
    let rows = try result.rows()
    let lines = rows[0]["explanation"]?.string?.split(separator: "\n").map(String.init)
    #expect(lines?.first == "policy: strict")
    #expect(lines?.contains("extracted by box: (x-1)(x+1)") == true)
    #expect(lines?.last == "equal: the same exact form")
    #expect(rows[1]["explanation"]?.string?.hasPrefix("unscored: the reference") == true)
    let plain = try HoneProcess.run(["grade", "--grader", "math"], input: input)
    #expect(try plain.rows()[0]["explanation"] == nil)
    let other = try HoneProcess.run(["grade", "--grader", "format", "--explain"], input: input)
    #expect(other.status == 64)
  }

  @Test("format needs no reference")
  func format() throws {
    let input = """
      {"id": "a", "completion": "<think>1</think><answer>2</answer>"}
      {"id": "b", "completion": "2"}
      """
    let result = try HoneProcess.run(["grade", "--grader", "format"], input: input)
    #expect(result.status == 0)
    #expect(try result.rows().map { $0["verdict"]?.string } == ["correct", "incorrect"])
  }
}
