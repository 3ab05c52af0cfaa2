import Foundation
import HoneGraders
import HoneJSON
import HoneTasks
import Testing

@Suite struct TaskSetTests {
  /// Writes text to a file of its own, hands its path over, and removes it.
  static func withFile<Value>(
    _ text: String, named name: String = "rows.jsonl", _ body: (String) throws -> Value
  ) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return try body(file.path)
  }

  static func load(_ text: String, _ options: TaskOptions = TaskOptions()) throws -> TaskSet {
    try withFile(text) { try TaskSet.load(path: $0, options: options) }
  }

  @Test("What families write is read back as it was")
  func roundTrip() throws {
    for family in Families.all {
      let problems = try family.make(
        count: 20, seed: 6, difficulty: 2...3, demonstrations: .standard)
      let set = try Self.load(Problem.lines(problems))
      let read = set.problems.map { problem in
        var problem = problem
        problem.source = nil
        return problem
      }
      #expect(read == problems)
      let judge = family.name == "synthesis" ? "tests" : "answer"
      #expect(
        set.summary == "20 problems, own rows: question <- question, \(judge) <- \(judge)")
    }
  }

  @Test("Problems know where they were read")
  func source() throws {
    let set = try Self.load("\n{\"question\": \"a\", \"answer\": \"1\"}\n")
    #expect(set.problems[0].source?.line == 2)
    #expect(set.problems[0].id == "rows-000000")
    #expect(set.problems[0].grader == "math")
  }

  @Test("References that the math grader cannot use are told when the file is read")
  func unusableReferences() throws {
    let set = try Self.load(
      """
      {"question": "a", "answer": "\\\\frac{1}{2}"}
      {"question": "b", "answer": "\\\\frac{1}{0}"}
      {"question": "c", "answer": "1/0", "grader": "sequence"}
      {"question": "d", "answer": "((((("}
      {"question": "e", "answer": "\(String(repeating: "9", count: 20_000))"}
      """)
    let unusable = set.unusableReferences
    #expect(unusable.map(\.line) == [2, 5])
    #expect(unusable.allSatisfy { $0.file?.hasSuffix("rows.jsonl") == true })
    #expect(unusable.first?.message.contains("not equal to itself") == true)
    #expect(set.summary.contains("2 problems stay unscored, the first: "), "\(set.summary)")
  }

  @Test("References of every grader are looked at when the file is read")
  func unusableReferencesOfOthers() throws {
    let set = try Self.load(
      """
      {"question": "a", "answer": "no solution", "grader": "countdown"}
      {"question": "b", "answer": "1+2", "grader": "countdown"}
      {"question": "c", "answer": "[]", "grader": "sequence"}
      {"question": "d", "answer": "1", "grader": "magic"}
      {"question": "e", "answer": "1", "mode": "bare"}
      {"question": "f", "tests": {"kind": "stdio", "cases": []}}
      {"question": "g", "answer": "\\\\frac{1}{"}
      """)
    #expect(set.unusableReferences.map(\.line) == [1, 3, 4, 5, 6, 7])
    #expect(set.summary.contains("6 problems stay unscored, the first: "))
    #expect(set.summary.contains(":1: 'no solution': "), "\(set.summary)")
    #expect(set.unusableReferences[2].message.contains("no grader 'magic'"))
  }

  @Test("GSM8K: the answer stands behind four hashes")
  func gsm8k() throws {
    let set = try Self.load(
      #"{"question": "How much?", "answer": "5*<<5*300=1500>>300 = 1500\n#### 1,500"}"#)
    #expect(set.layout?.name == "GSM8K")
    #expect(set.problems[0].answer == "1500")
    #expect(set.summary.contains("answer <- answer (hash4)"))
  }

  @Test("MATH: the answer is the last box of the solution")
  func math() throws {
    let set = try Self.load(
      #"""
      {"problem": "P", "level": "Level 5", "type": "Algebra", "solution": "\\boxed{1} and \\boxed{\\frac{1}{2}}."}
      {"problem": "Q", "level": "Level ?", "type": "Algebra", "solution": "\\boxed{3}"}
      """#)
    #expect(set.layout?.name == "MATH")
    #expect(set.problems.map(\.answer) == ["\\frac{1}{2}", "3"])
    #expect(set.problems.map(\.difficulty) == [5, nil])
    #expect(set.problems[0].family == "Algebra")
  }

  @Test("MATH-500: the answer has a field of its own; numbers are read as they are written")
  func math500() throws {
    let set = try Self.load(
      #"""
      {"problem": "P", "answer": "(3,\\frac{\\pi}{2})", "unique_id": "test/1", "level": 2, "solution": "x"}
      {"problem": "Q", "answer": 27.0, "unique_id": "test/2", "level": 2, "solution": "x"}
      {"problem": "R", "answer": 8, "unique_id": "test/3", "level": 2, "solution": "x"}
      """#)
    #expect(set.layout?.name == "MATH-500")
    #expect(set.problems.map(\.id) == ["test/1", "test/2", "test/3"])
    #expect(set.problems[0].answer == "(3,\\frac{\\pi}{2})")
    #expect(set.problems[1].answer.flatMap { Double($0) } == 27)
    #expect(set.problems[2].answer == "8")
  }

  @Test(
    "Prompts as text or messages, with the answer under one of three names",
    arguments: [
      (#"{"prompt": "P", "answer": "4"}"#, "P", "4"),
      (#"{"prompt": "P", "solution": "so $\\boxed{4}$"}"#, "P", "4"),
      (#"{"prompt": "P", "solution": "work\n#### 4"}"#, "P", "4"),
      (#"{"prompt": [{"role": "user", "content": "P"}], "ground_truth": "4"}"#, "P", "4"),
      (
        #"{"prompt": [{"role": "system", "content": "S"}, {"role": "user", "content": "P"}], "answer": 4}"#,
        "S\n\nP", "4"
      ),
    ])
  func prompts(row: String, question: String, answer: String) throws {
    let set = try Self.load(row)
    #expect(set.layout?.name == "prompt with an answer")
    #expect(set.problems[0].question == question)
    #expect(set.problems[0].answer == answer)
  }

  @Test("verl: messages, and the answer inside the reward model; repeated rows count once")
  func verl() throws {
    let row =
      #"{"data_source": "d", "prompt": [{"role": "user", "content": "P"}], "reward_model": {"style": "rule", "ground_truth": "34"}, "extra_info": {"index": "x-1"}}"#
    let set = try Self.load(row + "\n" + row + "\n" + row)
    #expect(set.layout?.name == "verl")
    #expect(set.problems.count == 1)
    #expect(set.duplicates == 2)
    #expect(set.problems[0].answer == "34")
    #expect(set.problems[0].id == "x-1")
    #expect(set.summary.contains("2 repeated rows left out"))
  }

  @Test("Demonstrations need no answer")
  func demonstrations() throws {
    let set = try Self.load(#"{"prompt": "P", "completion": "C"}"#)
    #expect(set.problems[0].completion == "C")
    #expect(set.problems[0].answer == nil)
  }

  @Test("Fields can be named, with points into objects, and extraction chosen")
  func overrides() throws {
    let row = #"{"text": {"q": "How many?"}, "out": "first 3, then -1,234.5. Done"}"#
    let options = TaskOptions(
      fields: ["question": "text.q", "answer": "out"], extract: .lastNumber)
    let set = try Self.load(row, options)
    #expect(set.problems[0].question == "How many?")
    #expect(set.problems[0].answer == "-1234.5")
    #expect(
      set.summary
        == "1 problems, given fields: question <- text.q, answer <- out (last-number)")
  }

  @Test(
    "Each way of extraction",
    arguments: [
      (TaskOptions.Extract.hash4, "a #### 1 b\n#### 2\nc", "2"),
      (.boxed, "\\boxed{1} \\boxed{\\{2\\}}", "\\{2\\}"), (.lastNumber, "it is 3-2", "2"),
      (.lastNumber, "from 3 to -2.", "-2"), (.lastNumber, "1,000,000 in 12.5", "12.5"),
      (.answerLine, "Answer: 1\nx\nanswer: 2 m \n", "2 m"),
    ])
  func extraction(rule: TaskOptions.Extract, text: String, answer: String) throws {
    let row = JSON.object(["question": "Q", "answer": .string(text)]).serialized()
    #expect(try Self.load(row, TaskOptions(extract: rule)).problems[0].answer == answer)
  }

  @Test(
    "What is wrong is said with file and line",
    arguments: [
      ("{\"question\": \"a\", \"answer\": \"1\"}\n{\"question\": ", ":2: column"),
      ("[1]", ":1: an array of 1, wanted an object"),
      ("{\"question\": \"a\", \"answer\": \"1\"}\n{\"answer\": \"1\"}", ":2: no field 'question'"),
      ("{\"question\": \"a\"}", ":1: no field 'answer'"),
      ("{\"question\": \" \", \"answer\": \"1\"}", ":1: question is empty"),
      ("{\"question\": 3, \"answer\": \"1\"}", ":1: question is "),
      ("{\"question\": \"a\", \"answer\": []}", ":1: answer is "),
      ("{\"question\": \"a\", \"answer\": 123456789012345678901}", ":1: answer is "),
      ("{\"problem\": \"a\", \"solution\": \"none\"}", ":1: solution holds no answer"),
      ("{\"foo\": \"a\", \"bar\": \"b\"}", ":1: fields foo, bar match no known layout"),
      ("{\"question\": \"a\", \"answer\": \"1\", \"style\": \"poem\"}", ":1: style is 'poem'"),
      (
        "{\"id\": \"x\", \"question\": \"a\", \"answer\": \"1\"}\n"
          + "{\"id\": \"x\", \"question\": \"b\", \"answer\": \"1\"}",
        ":2: id 'x' is the id of another problem on line 1"
      ),
      (
        #"{"prompt": [{"role": "assistant", "content": "P"}], "answer": "1"}"#,
        ":1: prompt holds a turn of 'assistant'"
      ),
      ("", "holds no problems"), ("\n\n", "holds no problems"),
    ])
  func errors(text: String, message: String) throws {
    #expect {
      try Self.load(text)
    } throws: {
      "\($0)".contains("rows.jsonl") && "\($0)".contains(message)
    }
  }

  @Test("Unreadable rows are skipped and reported where that is asked for")
  func skipping() throws {
    let text = """
      nonsense
      {"question": "a", "answer": "1"}
      {"question": "b"}
      {"question": "c", "answer": "3"}
      """
    let set = try Self.load(text, TaskOptions(onError: .skip))
    #expect(set.problems.map(\.question) == ["a", "c"])
    #expect(set.skipped.compactMap(\.line) == [1, 3])
    #expect(set.summary.contains("2 unreadable rows skipped"))
    #expect(throws: TaskError.self) { try Self.load(text) }
    #expect(throws: TaskError.self) {
      try Self.load("nonsense", TaskOptions(onError: .skip))
    }
  }

  @Test("Missing files and formats that are not read are named as such")
  func files() throws {
    #expect {
      try TaskSet.load(path: "/nowhere/rows.jsonl")
    } throws: {
      ($0 as? TaskError)?.isUnreadable == true && "\($0)".contains("/nowhere/rows.jsonl")
    }
    #expect {
      try TaskSet.load(path: "/nowhere/rows.jsonl.gz")
    } throws: {
      ($0 as? TaskError)?.isUnreadable == true && "\($0)".contains("/nowhere/rows.jsonl.gz")
    }
    #expect(throws: TaskError.self) { try TaskSet.load(path: "rows.parquet") }
    #expect {
      try Self.load("{\"a\": 1}", TaskOptions(fields: ["questoin": "a"]))
    } throws: {
      "\($0)".contains("'questoin'")
    }
  }

  @Test("Settings for the grader stay with the problem")
  func settings() throws {
    let set = try Self.load(
      #"{"question": "a", "answer": "18", "policy": "gsm8k"}"# + "\n"
        + #"{"question": "make 22", "grader": "countdown", "numbers": [3, 5, 7], "target": 22}"#)
    #expect(set.problems[0].submission(completion: "x").fields["policy"] == "gsm8k")
    #expect(set.problems[1].submission(completion: "x").fields["target"] == 22)
    #expect(set.problems[1].answer == nil)
  }

  @Test("The bundled files are read and are clean, also against each other")
  func bundled() throws {
    let paths = TaskFiles.bundled.map { TaskFilesTests.root.appendingPathComponent($0.path).path }
    let check = TaskCheck(paths: paths)
    #expect(check.isClean, "\(check.findings.prefix(5))")
    #expect(check.files.map(\.problems) == TaskFiles.bundled.map(\.count))
    #expect(check.files.map(\.distinct) == TaskFiles.bundled.map(\.count))
  }
}
