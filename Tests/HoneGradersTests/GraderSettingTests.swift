import HoneGraders
import HoneJSON
import Testing

@Suite("Settings of graders: declared, checked, and acted on")
struct GraderSettingTests {
  private static func verdict(
    _ grader: String, _ settings: JSONObject, _ submission: Submission, mode: String? = nil,
    policy: String? = nil
  ) throws -> Score {
    try Graders.named(grader, policy: policy, mode: mode, settings: settings).grade(submission)
  }

  @Test("Every value that a setting accepts is accepted, every other one is refused")
  func declared() throws {
    for grader in Graders.all {
      #expect(Set(grader.settings.map(\.name)).count == grader.settings.count)
      for setting in grader.settings {
        let (good, bad): ([JSON], [JSON]) =
          switch setting.kind {
          case .flag: ([true, false], ["true", 1])
          case .integer(let range):
            ([.integer(range.lowerBound), .integer(range.upperBound)], [0, 1.5, "none"])
          case .optionalInteger(let range): ([.integer(range.lowerBound), "none"], [0, "some"])
          case .number(let range):
            ([.number(range.lowerBound), .number(range.upperBound)], [0, "1"])
          case .choice(let words): (words.map(JSON.string), ["x", 1])
          case .choices(let words): ([.array(words.map(JSON.string))], [[], ["x"], "box"])
          }
        for value in good {
          #expect(setting.accepts(value))
          _ = try grader.with(settings: [setting.name: value])
        }
        for value in bad {
          #expect(!setting.accepts(value), "\(grader.name).\(setting.name): \(value)")
          #expect(throws: GraderError.self) { try grader.with(settings: [setting.name: value]) }
        }
      }
      let error = #expect(throws: GraderError.self) { try grader.with(settings: ["nonsense": 1]) }
      #expect(error?.message.contains("'nonsense'") == true)
    }
  }

  @Test("Format and tag-count begin in the reasoning by option, or as the prompt ends")
  func reasoning() throws {
    var submission = Submission(completion: "a</think><answer>b</answer>")
    for (grader, closed, open) in [("format", 0.0, 1.0), ("tag-count", 0.75, 1.0)] {
      #expect(try Self.verdict(grader, [:], submission).value == closed)
      #expect(try Self.verdict(grader, ["begins_in_reasoning": true], submission).value == open)
    }
    submission.beginsInReasoning = true
    for (grader, closed, open) in [("format", 0.0, 1.0), ("tag-count", 0.75, 1.0)] {
      #expect(try Self.verdict(grader, [:], submission).value == open)
      #expect(try Self.verdict(grader, ["begins_in_reasoning": false], submission).value == closed)
    }
  }

  @Test("A prompt that opens the reasoning is told by its end")
  func opens() {
    for text in ["<think>", "Q: 1\nA:\n<think>\n", "x <think> \n"] {
      #expect(Submission.opensReasoning(text))
    }
    for text in ["", "think>", "<think>x", "<think></think>", " "] {
      #expect(!Submission.opensReasoning(text))
    }
  }

  @Test("In reasoning that the prompt has opened and nobody closes, no answer counts")
  func openReasoning() throws {
    for grader in ["math", "sequence", "countdown"] {
      var submission = Submission(completion: "\\boxed{3+4}", reference: "3+4")
      #expect(try Self.verdict(grader, [:], submission).verdict == .correct)
      submission.beginsInReasoning = true
      let score = try Self.verdict(grader, [:], submission)
      #expect(score.verdict == .incorrect && score.lacksAnswer)
      #expect(score.reason == "the reasoning is never closed")
      submission.completion = "no \\boxed{1}</think>\\boxed{3+4}"
      #expect(try Self.verdict(grader, [:], submission).verdict == .correct)
    }
  }

  @Test("The margin of overlong")
  func margin() throws {
    let submission = Submission(completion: "", completionTokens: 90, maximumTokens: 100)
    #expect(try Self.verdict("overlong", ["margin": 50], submission).value == -0.8)
    #expect(try Self.verdict("overlong", [:], submission).value == -0.5)
  }

  @Test("The mode of rows that name none; a row's own goes first")
  func modes() throws {
    for grader in ["math", "sequence", "countdown"] {
      var submission = Submission(completion: "7+1", reference: "7+1")
      #expect(try Self.verdict(grader, [:], submission).lacksAnswer)
      #expect(try Self.verdict(grader, [:], submission, mode: "answer").verdict == .correct)
      submission.fields["mode"] = "response"
      #expect(try Self.verdict(grader, [:], submission, mode: "answer").lacksAnswer)
    }
    #expect(throws: GraderError.self) { try Graders.named("math", mode: "lenient") }
    #expect(throws: GraderError.self) { try Graders.named("format", mode: "answer") }
  }

  @Test(
    "Options of math adjust the policy, a row's own too",
    arguments: [
      ("unit_is_optional", false, "5 cm", "5"),
      ("percent_sign_is_optional", false, "28", "28 %"),
      ("groups_thousands", false, "1234", "1,234"),
      ("significant_digits", "none", "2/3", "0.666667"),
      ("rounded_reference_decimals", "none", "16.67", "50/3"),
      ("bare_list_is_tuple", false, "(1,2)", "1,2"),
      ("max_bytes", 3, "7", "14/2 "), ("extraction", ["hash-line"], "4", "\\boxed{4}"),
    ] as [(String, JSON, String, String)])
  func math(_ name: String, _ value: JSON, _ gold: String, _ answer: String) throws {
    for policy in [JSON.null, "math500"] {
      let mode = name == "extraction" ? "response" : "answer"
      var submission = Submission(completion: answer, reference: gold)
      if !policy.isNull { submission.fields["policy"] = policy }
      #expect(try Self.verdict("math", [:], submission, mode: mode).verdict == .correct)
      let score = try Self.verdict("math", [name: value], submission, mode: mode)
      #expect(score.verdict == .incorrect, "\(score.reason)")
    }
  }

  @Test("Options that allow more do")
  func allowing() throws {
    let eggs = Submission(completion: "18 eggs", reference: "18")
    #expect(
      try Self.verdict("math", ["allows_any_noun": true], eggs, mode: "answer").verdict == .correct)
    let metres = Submission(completion: "9.9", reference: "9.81")
    #expect(
      try Self.verdict("math", ["measurement_one_in": 100], metres, mode: "answer").verdict
        == .correct)
    let last = Submission(completion: "so I think 4", reference: "4")
    #expect(
      try Self.verdict("math", ["extraction": ["box", "last-number"]], last).verdict == .correct)
  }

  @Test("Options of code are for rows that do not say it themselves")
  func code() throws {
    let grader = try Graders.named("code", mode: "answer", settings: ["time_limit": .number(500)])
    var fields: JSONObject = [
      "tests": ["kind": "stdio", "cases": [["input": "1", "output": "1"]]]
    ]
    #expect(grader.defect(of: Submission(completion: "", fields: fields)) == nil)
    let language = try Graders.named(
      "code", settings: ["language": "c", "tolerance": .number(0.1)])
    fields["tests"] = ["kind": "script", "setup": "", "asserts": ["assert True"]]
    // C has no such tests, so the option was read; a tolerance is left out where nothing looks at it.
    #expect(
      language.defect(of: Submission(completion: "", fields: fields))?.contains("language is c")
        == true)
    fields["language"] = "python"
    #expect(language.defect(of: Submission(completion: "", fields: fields)) == nil)
  }

  @Test("Values as a command line writes them")
  func texts() throws {
    let settings = Dictionary(
      uniqueKeysWithValues: MathGrader().settings.map { ($0.name, $0) })
    #expect(settings["unit_is_optional"]?.value(of: "false") == false)
    #expect(settings["unit_is_optional"]?.value(of: "no") == Optional<JSON>.none)
    #expect(settings["significant_digits"]?.value(of: "none") == "none")
    #expect(settings["significant_digits"]?.value(of: "4") == 4)
    #expect(settings["extraction"]?.value(of: "box,hash-line") == ["box", "hash-line"])
    #expect(settings["extraction"]?.value(of: "box,box") == Optional<JSON>.none)
    #expect(settings["max_steps"]?.value(of: "-1") == Optional<JSON>.none)
  }
}
