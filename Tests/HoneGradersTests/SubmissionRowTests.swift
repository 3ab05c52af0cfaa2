import HoneGraders
import HoneJSON
import Testing

@Suite("Rows of the pipe, of TRL, of verl and of evaluations")
struct SubmissionRowTests {
  private static func submission(_ row: String) throws -> Submission {
    try Submission(row: try #require(JSON.parse(row).object))
  }

  private static func verdict(_ row: String, _ grader: any Grader = MathGrader()) throws -> String {
    let submission = try submission(row)
    return grader.defect(of: submission) ?? grader.grade(submission).verdict.rawValue
  }

  private static func refusal(_ row: String) throws -> String {
    let object = try #require(JSON.parse(row).object)
    do throws(GraderError) {
      _ = try Submission(row: object)
      return "accepted"
    } catch {
      return error.message
    }
  }

  @Test(
    "The reference has several names",
    arguments: [
      #""gold": "1/2""#, #""answer": "1/2""#, #""solution": "1/2""#, #""ground_truth": "1/2""#,
      #""reference": "1/2""#, #""answer": 0.5"#, #""gold": null, "answer": "1/2""#,
      #""reward_model": {"style": "rule", "ground_truth": "1/2"}"#,
      #""answer": "1/2", "solution": "Half of it is \\boxed{1/2}.""#,
      #""answer": "It is half.\n#### 1/2""#, #""ground_truth": "[\"1/2\"]""#,
      #""answer": "1/2", "solution": " 1 / 2""#,
    ])
  func references(_ fields: String) throws {
    #expect(try Self.verdict("{\(fields), \"completion\": \"so \\\\boxed{0.5}\"}") == "correct")
    #expect(try Self.verdict("{\(fields), \"completion\": \"so \\\\boxed{0.6}\"}") == "incorrect")
  }

  @Test(
    "References that contradict each other, or are none, are told by name",
    arguments: [
      (#""gold": "1", "answer": "2""#, "gold is '1' and answer is '2'"),
      (#""solution": "so \\boxed{3}", "answer": "2""#, "answer is '2' and solution is '3'"),
      (
        #""answer": "2", "reward_model": {"ground_truth": "4"}"#,
        "answer is '2' and reward_model.ground_truth is '4'"
      ),
      (#""x": 1"#, "wanted under one of gold, answer, solution, ground_truth, reference"),
      (#""answer": ["1"]"#, "answer is an array"),
      (#""ground_truth": "{\"inputs\": [1]}""#, "ground_truth is JSON in a string"),
      (#""ground_truth": "[\"1\", \"2\"]""#, "ground_truth is JSON in a string"),
    ])
  func defects(_ fields: String, _ wanted: String) throws {
    for grader in [MathGrader(), SequenceGrader(), CountdownGrader()] as [any Grader] {
      let row = "{\(fields), \"completion\": \"\\\\boxed{1}\"}"
      #expect(try Self.verdict(row, grader).contains(wanted), "\(grader.name)")
    }
  }

  @Test("A grader that needs no reference does not mind two")
  func noReference() throws {
    let row = #"""
      {"answer": "1", "solution": "2", "completion": "<think>a</think><answer>b</answer>"}
      """#
    #expect(try Self.verdict(row, FormatGrader()) == "correct")
  }

  @Test(
    "A completion may be a chat; the assistant's last turn counts",
    arguments: [
      #"[{"role": "assistant", "content": "so \\boxed{0.5}"}]"#,
      #"{"role": "assistant", "content": "so \\boxed{0.5}"}"#,
      #"""
      [{"role": "assistant", "content": "\\boxed{7}"}, {"role": "user", "content": "sure?"},
       {"role": "assistant", "content": [{"type": "text", "text": "no, "},
        {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "\\boxed{0.5}"}]}]
      """#,
      #"[{"role": "assistant", "content": "\\boxed{1/2}"}, {"role": "tool", "content": "\\boxed{7}"}]"#,
    ])
  func chat(_ completion: String) throws {
    #expect(try Self.verdict(#"{"solution": "1/2", "completion": \#(completion)}"#) == "correct")
  }

  @Test(
    "A chat without an answer of the assistant is told",
    arguments: [
      ("[]", "holds no messages"), (#"[{"role": "user", "content": "1"}]"#, "only user"),
      ("5", "completion is the integer 5, wanted a string or a list of messages"),
      ("{}", "wanted a string"),
      ("null", "no completion"),
      (#"[{"role": "assistant", "content": 4}]"#, "completion[0].content is the integer 4"),
      (#"[{"role": "assistant"}]"#, "completion[0].content is missing"),
    ])
  func badChat(_ completion: String, _ wanted: String) throws {
    let seen = try Self.refusal(#"{"answer": "1", "completion": \#(completion)}"#)
    #expect(seen.contains(wanted), "\(seen)")
  }

  @Test("TRL and verl rows with a prompt of messages; a prompt may open the reasoning")
  func prompts() throws {
    let trl = try Self.submission(
      #"""
      {"prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1+1?"}],
       "completion": [{"role": "assistant", "content": "\\boxed{2}"}], "solution": "2"}
      """#)
    #expect(trl.prompt == "1+1?" && !trl.beginsInReasoning && trl.reference == "2")
    let verl = try Self.submission(
      #"""
      {"data_source": "x", "prompt": [{"role": "user", "content": "1+1?"},
       {"role": "assistant", "content": "<think>\n"}], "completion": "2</think> \\boxed{2}",
       "reward_model": {"style": "rule", "ground_truth": 2}, "extra_info": {"index": 3}}
      """#)
    #expect(verl.beginsInReasoning && verl.reference == "2")
    #expect(verl.fields.keys == ["data_source", "extra_info"])
    #expect(MathGrader().grade(verl).verdict == .correct)
  }

  @Test("A sample of an evaluation is a row as it is")
  func samples() throws {
    let row = #"""
      {"problem": "p-1", "sample": 0, "question": "q", "answer": "4", "completion": "#### 4",
       "verdict": "correct", "extracted": "4", "reason": "equal: rational 4", "reward": 1,
       "tokens": 9, "truncated": true}
      """#
    let submission = try Self.submission(row)
    #expect(submission.completionTokens == 9 && submission.isTruncated)
    #expect(try Self.verdict(row) == "correct")
  }
}
