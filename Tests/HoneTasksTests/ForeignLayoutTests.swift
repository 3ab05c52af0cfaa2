import Foundation
import HoneGraders
import HoneJSON
import HoneTasks
import Testing

/// Rows as other people's files have them.
@Suite struct ForeignLayoutTests {
  private func load(_ row: String, _ options: TaskOptions = TaskOptions()) throws -> TaskSet {
    try TaskSetTests.load(row, options)
  }

  struct Row: CustomTestStringConvertible, Sendable {
    var layout: String
    var text: String
    var question: String
    var answer: String?
    var completion: String?
    var testDescription: String { layout + ": " + text.prefix(60) }
  }

  static let rows: [Row] = [
    Row(
      layout: "messages",
      text:
        #"{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "C"}]}"#,
      question: "S\n\nQ", completion: "C"),
    Row(
      layout: "messages",
      text:
        #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "Q"}]}], "answer": "4"}"#,
      question: "Q", answer: "4"),
    Row(
      layout: "messages",
      text:
        #"{"prompt": "Q", "prompt_id": "p", "messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "C"}]}"#,
      question: "Q", completion: "C"),
    Row(
      layout: "ShareGPT",
      text:
        #"{"id": "x", "conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "C"}]}"#,
      question: "Q", completion: "C"),
    Row(
      layout: "ShareGPT",
      text:
        #"{"system": "S", "conversations": [{"from": "user", "value": "Q"}, {"from": "assistant", "value": "C"}]}"#,
      question: "S\n\nQ", completion: "C"),
    Row(
      layout: "messages",
      text:
        #"{"conversations": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "C"}]}"#,
      question: "Q", completion: "C"),
    Row(
      layout: "Alpaca", text: #"{"instruction": "I", "input": "", "output": "O", "text": "all"}"#,
      question: "I", completion: "O"),
    Row(
      layout: "Alpaca",
      text: #"{"instruction": "I", "input": "N", "output": "O", "system": "S", "history": []}"#,
      question: "S\n\nI\n\nN", completion: "O"),
    Row(
      layout: "Alpaca", text: #"{"instruction": "I", "output": "O", "answer": 7}"#, question: "I",
      answer: "7", completion: "O"),
    Row(
      layout: "input and output", text: #"{"input": "Q", "output": "O"}"#, question: "Q",
      completion: "O"),
    Row(
      layout: "input and target", text: #"{"input": "Q", "target": "(A)"}"#, question: "Q",
      answer: "(A)"),
    Row(
      layout: "query and response", text: #"{"query": "Q", "response": "R", "type": "GSM_AnsAug"}"#,
      question: "Q", completion: "R"),
    Row(
      layout: "AIME",
      text: #"{"ID": "2024-II-4", "Problem": "P", "Solution": "long", "Answer": 33}"#,
      question: "P",
      answer: "33"),
    Row(
      layout: "question with an answer",
      text: #"{"ID": "1983-1", "Year": 1983, "Question": "P", "Answer": "60"}"#, question: "P",
      answer: "60"),
    Row(
      layout: "own rows",
      text: #"{"question": "Q", "final_answer": "5", "difficulty": 5.5, "topic": "T"}"#,
      question: "Q",
      answer: "5"),
    Row(
      layout: "MATH-500", text: #"{"problem": "P", "expected_answer": "5", "problem_type": "x"}"#,
      question: "P", answer: "5"),
    Row(
      layout: "own rows", text: #"{"question": "Q", "final_answer": ["5"]}"#, question: "Q",
      answer: "5"),
    Row(
      layout: "own rows", text: #"{"system_prompt": "", "question": "Q", "response": "R"}"#,
      question: "Q", completion: "R"),
    Row(
      layout: "prompt with a completion",
      text:
        #"{"prompt": [{"role": "user", "content": "Q"}], "completion": [{"role": "assistant", "content": "C"}]}"#,
      question: "Q", completion: "C"),
  ]

  @Test("A row is read as what it is", arguments: rows)
  func reading(row: Row) throws {
    let set = try load(row.text)
    let problem = set.problems[0]
    #expect(set.layout?.name == row.layout)
    #expect(problem.question == row.question)
    #expect(problem.answer == row.answer)
    #expect(problem.completion == row.completion)
    #expect(set.summary.contains("question <- "))
    if row.answer == nil {
      #expect(set.summary.contains("completion <- ") && set.summary.contains("not for grading"))
    }
  }

  @Test("TinyZero's rows are countdown problems, asked as the family asks")
  func tinyZero() throws {
    let problem = try load(#"{"target": 98, "nums": [44, 19, 35]}"#).problems[0]
    #expect(problem.question == "make 98 from 44 19 35")
    #expect(problem.grader == "countdown" && problem.family == "countdown")
    #expect(problem.difficulty == 2)
    let grader = CountdownGrader()
    for (completion, verdict) in [
      ("<answer>44+19+35</answer>", Verdict.correct), ("<answer>44+19</answer>", .incorrect),
    ] {
      #expect(grader.grade(problem.submission(completion: completion)).verdict == verdict)
    }
  }

  // MARK: - verl

  private func verl(_ truth: String) -> String {
    #"{"data_source": "d", "prompt": [{"role": "user", "content": "P"}], "reward_model": {"style": "rule", "ground_truth": "#
      + truth + "}}"
  }

  @Test(
    "verl: JSON in a string is read as what it is",
    arguments: [
      (#""[\"5\"]""#, "5"), (#"["5"]"#, "5"), ("[5]", "5"), ("34", "34"), (#""[0, 1]""#, "[0, 1]"),
      (#""{1, 2}""#, "{1, 2}"), (#""\\frac{1}{2}""#, "\\frac{1}{2}"), (#""[\"\\\\pi\"]""#, "\\pi"),
    ])
  func verlAnswers(truth: String, answer: String) throws {
    let set = try load(verl(truth))
    #expect(set.layout?.name == "verl")
    #expect(set.problems[0].answer == answer)
    #expect(set.problems[0].grader == "math")
  }

  @Test("verl: inputs and outputs are tests, a target with numbers is a countdown problem")
  func verlObjects() throws {
    for truth in [
      #""{\"inputs\": [\"1\\n\"], \"outputs\": [\"2\\n\"]}""#,
      #"{"inputs": ["1\n"], "outputs": ["2\n"]}"#,
    ] {
      let problem = try load(verl(truth)).problems[0]
      #expect(problem.grader == "code" && problem.answer == nil)
      #expect(
        problem.tests == ["kind": "stdio", "cases": [["input": "1\n", "output": "2\n"]]])
      #expect(CodeGrader().defect(of: problem.submission(completion: "")) == nil)
    }
    let problem = try load(verl(#"{"target": 22, "numbers": [3, 5, 7]}"#)).problems[0]
    #expect(problem.grader == "countdown")
    let score = CountdownGrader().grade(
      problem.submission(completion: "<answer>3*5+7</answer>"))
    #expect(score.verdict == .correct)
  }

  @Test("verl: indices that repeat over data sources still give unique ids")
  func verlIDs() throws {
    let row = { (question: String) in
      #"{"prompt": "\#(question)", "reward_model": {"ground_truth": "1"}, "extra_info": {"index": 0}}"#
    }
    let set = try load(row("a") + "\n" + row("b"))
    #expect(set.problems.map(\.id) == ["0", "0-2"])
  }

  // MARK: - Refusals

  @Test(
    "What cannot be represented is refused with what and where",
    arguments: [
      (
        #"{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "C"}, {"role": "user", "content": "Q2"}, {"role": "assistant", "content": "C2"}]}"#,
        ":1: messages[1] is a turn of 'assistant' before the end"
      ),
      (#"{"messages": [{"role": "user", "content": "Q"}]}"#, ":1: no answer and no completion"),
      (
        #"{"messages": [{"role": "user", "content": "Q"}, {"role": "tool", "content": "C"}]}"#,
        ":1: messages[1] is a turn of 'tool'"
      ),
      (
        #"{"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "", "tool_calls": [{}]}]}"#,
        ":1: messages[1] calls tools"
      ),
      (
        #"{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}], "answer": "1"}"#,
        ":1: messages[0].content[0] is of type 'image_url'"
      ),
      (#"{"messages": [{"role": "assistant", "content": "C"}]}"#, "no turn of the user"),
      (#"{"messages": ["Q"], "answer": "1"}"#, ":1: messages[0] is no message"),
      (
        #"{"instruction": "I", "output": "O", "history": [["a", "b"]]}"#,
        ":1: history holds 1 earlier exchanges"
      ),
      (#"{"question": "Q", "final_answer": ["1", "2"]}"#, ":1: final_answer is "),
      (#"{"target": 3.5, "nums": [1]}"#, ":1: target is "),
      (#"{"target": 3, "nums": ["1"]}"#, ":1: nums is "),
    ])
  func refusals(row: String, message: String) {
    #expect {
      try load(row)
    } throws: {
      "\($0)".contains(message)
    }
  }

  @Test(
    "verl: what is neither is refused, never taken for a text",
    arguments: [
      (#""[\"5\", \"five\"]""#, "a list of 2"), (#"["a", "b"]"#, "a list of 2"),
      (#""{\"a\": 1}""#, "an object with a"),
      (#""{\"inputs\": [\"1\"], \"outputs\": []}""#, "1 inputs and 0"),
      (#"{"inputs": [[1]], "outputs": [2], "fn_name": "f"}"#, "tests calls of f"),
      (#"{"inputs": [1], "outputs": ["2"]}"#, "wanted two strings"),
    ])
  func verlRefusals(truth: String, message: String) {
    #expect {
      try load(verl(truth))
    } throws: {
      "\($0)".contains(message) && "\($0)".contains("reward_model.ground_truth")
    }
  }

  // MARK: - Options

  @Test("Defaults for settings hold where a row says nothing")
  func settings() throws {
    let rows = """
      {"question": "a", "answer": "1"}
      {"question": "b", "answer": "1", "mode": "response"}
      """
    let set = try load(rows, TaskOptions(settings: ["mode": "answer", "policy": "gsm8k"]))
    #expect(set.problems.map { $0.settings["mode"]?.string } == ["answer", "response"])
    #expect(set.problems.allSatisfy { $0.settings["policy"] == "gsm8k" })
    let verdicts = set.problems.map { MathGrader().grade($0.submission(completion: "1")).verdict }
    #expect(verdicts == [.correct, .incorrect])
  }

  @Test("Named fields win over what a layout puts together")
  func overrides() throws {
    let row =
      #"{"messages": [{"role": "user", "content": "Q"}], "plain": "P", "result": {"value": 3}}"#
    let set = try load(
      row, TaskOptions(fields: ["question": "plain", "answer": "result.value"]))
    #expect(set.problems[0].question == "P" && set.problems[0].answer == "3")
    #expect {
      try load(#"{"foo": "a"}"#)
    } throws: {
      "\($0)".contains("fields: {question: foo") && "\($0)".contains("--fields question=foo")
    }
    #expect {
      try load(#"{"version": 1, "data": [{"question": "a", "answer": "1"}]}"#)
    } throws: {
      "\($0)".contains("jq -c '.data[]' < FILE > FILE.jsonl")
    }
  }
}
