import HoneJSON
import HoneText
import Testing

@Suite struct TokenizerTrainingTests {
  @Test(arguments: SplitPattern.allCases)
  func findsTheMergesOfTheLibrary(pattern: SplitPattern) throws {
    let file = try Goldens.json("training.json")
    let corpus = try #require(file["corpus"]).strings
    let golden = try #require(file[pattern.rawValue])
    let special = ["<|endoftext|>", "<|pad|>"]
    let size = try #require(golden["vocab"]?.object).count
    let tokenizer = Tokenizer.train(
      texts: corpus, vocabularySize: size + special.count, specialTokens: special,
      splitting: pattern)
    let model = try #require(tokenizer.json["model"])
    #expect(model["vocab"] == golden["vocab"])
    let merges = (golden["merges"]?.array ?? []).map { $0.strings.joined(separator: " ") }
    #expect(merges.count > 250)
    #expect(model["merges"]?.strings == merges)
    #expect(tokenizer.vocabularySize == size + 2)
    #expect(tokenizer.specialTokens.map(\.1) == [Int32(size), Int32(size + 1)])
    #expect(tokenizer.endTokenID == Int32(size))
    #expect(tokenizer.paddingTokenID == Int32(size + 1))
  }

  @Test func theOrderOfTheTextsIsOfNoConcern() throws {
    let corpus = try #require(Goldens.json("training.json")["corpus"]).strings
    let train = { (texts: [String]) in
      Tokenizer.train(texts: texts, vocabularySize: 400, specialTokens: ["<|end|>"]).json
    }
    #expect(train(corpus).serialized() == train(corpus.reversed()).serialized())
  }

  @Test func tiesAreBrokenByTheLowestIDs() throws {
    // Each pair occurs twice; "!" has the lowest id, and "!#" comes before "!a".
    let tokenizer = Tokenizer.train(
      texts: ["ab", "ab", "!#", "!#", "z", "!$", "!$"], vocabularySize: 260, specialTokens: [],
      splitting: .gpt2)
    #expect(tokenizer.json["model"]?["merges"] == ["! #", "! $", "a b"])
    #expect(tokenizer.vocabularySize == 259)
  }

  @Test func specialTokensAreNotLearnt() {
    let texts = Array(repeating: "x<|end|>y", count: 50)
    let tokenizer = Tokenizer.train(
      texts: texts, vocabularySize: 300, specialTokens: ["<|end|>"], splitting: .qwen2)
    #expect(tokenizer.vocabularySize == 257)
    #expect(tokenizer.encode("x<|end|>y").count == 3)
    #expect(tokenizer.encode("x<|end|>y", parseSpecial: false).count == 9)
    #expect(tokenizer.decode(tokenizer.encode("x<|end|>y"), skipSpecial: true) == "xy")
  }

  @Test("tags are tokens of their own, and text: they stay where special tokens are left out")
  func textTokens() throws {
    let texts = Array(repeating: "<think>1+1=2</think>", count: 20)
    let tokenizer = Tokenizer.train(
      texts: texts, vocabularySize: 300, specialTokens: ["<|end|>"],
      textTokens: ["<think>", "</think>"])
    let end = try #require(tokenizer.id(of: "<|end|>"))
    #expect(tokenizer.id(of: "<think>") == end + 1)
    #expect(tokenizer.id(of: "</think>") == end + 2)
    #expect(tokenizer.specialTokens.map(\.0) == ["<|end|>"])
    let text = "<think>1+1=2</think>"
    let ids = tokenizer.encode(text)
    #expect(ids.first == end + 1 && ids.last == end + 2)
    #expect(tokenizer.decode(ids + [end], skipSpecial: true) == text)
    // They are found whether or not special tokens are.
    #expect(tokenizer.encode(text, parseSpecial: false) == ids)
    let read = try Tokenizer(json: tokenizer.json)
    #expect(read.encode(text) == ids && read.specialTokens.map(\.0) == ["<|end|>"])
  }

  @Test func tooSmallAVocabularyIsAProgrammerError() async {
    await #expect(processExitsWith: .failure) {
      _ = Tokenizer.train(texts: ["a"], vocabularySize: 256, specialTokens: ["<|end|>"])
    }
  }
}
