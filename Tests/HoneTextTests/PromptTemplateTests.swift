import HoneJSON
import HoneText
import Testing

@Suite struct PromptTemplateTests {
  @Test func rendersTheQuestionAsItIs() throws {
    #expect(PromptTemplate.plain.render(question: "1 + 1 = ?") == "1 + 1 = ?\n")
    #expect(PromptTemplate.tiny.render(question: "a {question} b") == "Q: a {question} b\nA:\n")
    let prompt = PromptTemplate.thinkAnswer.render(question: "Why?")
    #expect(prompt.hasPrefix("A conversation between User and Assistant. The user asks"))
    #expect(prompt.hasSuffix("</answer>.\nUser: Why?\nAssistant:\n"))
    #expect(PromptTemplate.thinkAnswer.stopStrings == ["</answer>"])
  }

  @Test(arguments: PromptTemplate.all)
  func templatesHaveNamesAndReadBack(template: PromptTemplate) throws {
    #expect(try PromptTemplate.named(template.name) == template)
    #expect(try PromptTemplate(json: .string(template.name)) == template)
    let text = template.json.serialized()
    #expect(try PromptTemplate(json: JSON.parse(text)) == template)
  }

  @Test(arguments: PromptTemplate.all, ["qwen2", "llama3"])
  func promptAndCompletionMeetAtATokenBoundary(template: PromptTemplate, name: String) throws {
    let tokenizer = try Goldens.tokenizer(name)
    let prompt = template.render(question: "What is 12 + 30?")
    for completion in ["42", "The answer", "<think>x", "-7", "(1)", "é", "'s"] {
      let together = tokenizer.encode(prompt + completion)
      #expect(together == tokenizer.encode(prompt) + tokenizer.encode(completion))
    }
  }

  @Test func customTextsWork() throws {
    let template = try PromptTemplate(
      json: ["name": "mine", "text": "<{question}>", "stop_strings": [";"]])
    #expect(template.render(question: "q") == "<q>")
    #expect(template.stopStrings == [";"])
  }

  @Test(
    arguments: [
      ("none", "no prompt template is called \"none\"; there are think-answer, plain, tiny"),
      (7, "wanted a name or an object"),
      (.object(["name": "a", "text": "no place"]), "appears 0 times"),
      (.object(["name": "a", "text": "{question}{question}"]), "appears 2 times"),
      (.object(["name": "a"]), "must be strings"),
      (.object(["name": "a", "text": "{question}", "stop": []]), "unknown key \"stop\""),
      (.object(["name": "a", "text": "{question}", "stop_strings": [1]]), "array of strings"),
      (.object(["name": "a", "text": "{question}", "stop_strings": [""]]), "is empty"),
    ] as [(JSON, String)])
  func mistakesAreNamed(json: JSON, message: String) throws {
    let error = try #require(throws: TextError.self) { try PromptTemplate(json: json) }
    #expect(error.description.contains(message), "\(error)")
  }
}
