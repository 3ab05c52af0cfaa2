import HoneJSON
import Testing

@Suite("Help, usage and exit codes", .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct UsageTests {
  static let verbs: [[String]] = [
    [], ["doctor"], ["train"], ["evaluate"], ["generate"], ["score"], ["tokenize"], ["grade"],
    ["tasks"], ["tasks", "list"], ["tasks", "make"], ["tasks", "check"], ["inspect"], ["bench"],
  ]

  @Test("help shows an example", arguments: verbs)
  func help(verb: [String]) throws {
    let result = try HoneProcess.run(verb + ["--help"])
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(result.output.contains("Example:"))
    #expect(result.output.contains("hone"))
  }

  @Test("a command line that makes no sense is 64 and says how to go on")
  func usage() throws {
    let wrong: [[String]] = [
      ["fly"], ["grade"], ["grade", "--grader", "nobody"], ["generate", "model"],
      ["generate", "model", "--prompt", "a", "--prompts", "b"],
      ["generate", "model", "--prompt", "a", "--temperature", "-1"],
      ["score", "model", "--input", "x", "--temperature", "0"],
      ["tasks", "make"], ["tasks", "make", "arithmetic"],
      ["tasks", "make", "nobody", "--count", "1"],
      ["tasks", "make", "arithmetic", "--count", "1", "--difficulty", "6-3"],
      ["tasks", "make", "arithmetic", "--count", "1", "--difficulty", "99"],
      ["bench", "nothing"], ["train", "a.yaml", "b.yaml"], ["train", "steps=3"],
      ["evaluate", "model", "--tasks", "t", "--samples", "0"],
    ]
    for arguments in wrong {
      let result = try HoneProcess.run(arguments)
      #expect(result.status == 64, "\(arguments): \(result.error)")
      #expect(result.error.hasPrefix("error: "), "\(arguments): \(result.error)")
      #expect(result.output == "", "\(arguments)")
    }
  }

  @Test("what is not there is 66, and named")
  func missing() throws {
    for arguments in [
      ["inspect", "/nowhere/model"], ["generate", "/nowhere/model", "--prompt", "a"],
      ["train", "/nowhere/recipe.yaml"], ["tasks", "check", "/nowhere/tasks.jsonl"],
      ["evaluate", "m", "--tasks", "/nowhere/tasks.jsonl"], ["tokenize", "/nowhere/model"],
      ["score", "m", "--input", "/nowhere/rows.jsonl"],
    ] {
      let result = try HoneProcess.run(arguments)
      #expect(result.status == 66, "\(arguments): \(result.error)")
      #expect(result.error.contains("/nowhere/"), "\(arguments): \(result.error)")
    }
  }

  @Test("the environment is checked before anything is computed")
  func environment() throws {
    for (name, value) in [
      ("HONE_ISA", "mmx"), ("HONE_NUM_THREADS", "0"), ("HONE_NUM_THREADS", "many"),
    ] {
      let result = try HoneProcess.run(["doctor"], environment: [name: value])
      #expect(result.status == 64)
      #expect(result.error.contains("\(name) is '\(value)'"))
    }
  }

  @Test("a full disk behind standard output is 74")
  func fullOutput() throws {
    let result = try HoneProcess.run(
      ["tasks", "make", "arithmetic", "--count", "10"], output: "/dev/full")
    #expect(result.status == 74)
    #expect(result.error.contains("standard output: cannot be written: No space left"))
  }

  @Test("doctor reports the machine, for people and for machines")
  func doctor() throws {
    let json = try HoneProcess.run(["doctor", "--json"], environment: ["HONE_NUM_THREADS": "1"])
    #expect(json.status == 0)
    let row = try #require(try json.rows().first)
    #expect(row["workers"]?.int == 1)
    #expect(row["sgemm_rate"]?.double ?? 0 > 1e8)
    #expect(["house", "other"].contains(row["order_of_additions"]?.string))
    #expect((0...3).contains(row["sandbox"]?["level"]?.int ?? -1))
    #expect(row["sandbox"]?["layers"]?.array?.contains("resource limits") == true)
    let portable = try HoneProcess.run(["doctor"], environment: ["HONE_ISA": "portable"])
    #expect(portable.status == 0)
    #expect(portable.output.contains("portable (HONE_ISA=portable)"))
    #expect(!portable.output.contains("\u{1B}"))
  }
}
