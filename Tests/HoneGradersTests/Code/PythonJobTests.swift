import HoneGraders
import Testing

@Suite struct PythonJobTests {
  @Test("A job is a dict with what its mode needs")
  func jobs() throws {
    let jobs: [(PythonJob, TypedValue)] = [
      (
        .stdio("s", arguments: ["a"]),
        ["mode": "stdio", "source": "s", "code": .bytes([]), "arguments": ["a"]]
      ),
      (
        .call(
          PythonProgram(source: "s", code: [7]), function: "f", arguments: [1, [2]],
          keywords: [("k", nil)], outputBytes: 9),
        [
          "mode": "call", "source": "s", "code": .bytes([7]), "name": "f", "args": [1, [2]],
          "kwargs": ["k": nil], "limit": 9,
        ]
      ),
      (
        .serve("s", outputBytes: 9),
        ["mode": "serve", "source": "s", "code": .bytes([]), "limit": 9]
      ),
      (
        .judgeHumanEval(prompt: "p", test: "t", entryPoint: "e", outputBytes: 9),
        [
          "mode": "judge", "kind": "humaneval", "prompt": "p", "test": "t", "entry_point": "e",
          "limit": 9,
        ]
      ),
      (
        .judgeScript(setup: "s", assertion: "a", outputBytes: 9),
        ["mode": "judge", "kind": "script", "setup": "s", "assert": "a", "limit": 9]
      ),
      (.check, ["mode": "check"]),
    ]
    for (job, expected) in jobs { #expect(try TypedValue(encoded: job.encoded()) == expected) }
  }

  @Test("A source to check is framed by its length in bytes")
  func frames() {
    #expect(PythonJob.frame("é") == [2, 0, 0, 0, 0xC3, 0xA9])
  }

  @Test("The driver is one program of text")
  func driver() {
    let text = String(decoding: PythonDriver.source, as: UTF8.self)
    #expect(Array(text.utf8) == PythonDriver.source)
    #expect(text.hasPrefix("\"\"\"") && text.hasSuffix("\n"))
  }
}
