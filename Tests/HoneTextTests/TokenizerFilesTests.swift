import Foundation
import HoneJSON
import HoneText
import Testing

@Suite struct TokenizerFilesTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "hone-tokenizer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test(arguments: ["llama3", "qwen2", "options"])
  func whatIsWrittenReadsBack(name: String) throws {
    var tokenizer = try Goldens.tokenizer(name)
    tokenizer.configuration["eos_token"] = ["content": "<|endoftext|>"]
    tokenizer.configuration["chat_template"] = "{{ messages }}"
    try withFolder { folder in
      try tokenizer.write(to: folder + "/a/b")
      let back = try Tokenizer(contentsOf: folder + "/a/b")
      #expect(back.json == tokenizer.json)
      #expect(back.endTokenID == tokenizer.id(of: "<|endoftext|>"))
      #expect(back.beginTokenID == nil)
      #expect(back.configuration["chat_template"] == "{{ messages }}")
      #expect(back.configuration["tokenizer_class"] == "PreTrainedTokenizerFast")
      let texts = try #require(Goldens.json("encodings.json")["texts"]).strings
      for text in texts { #expect(back.encode(text) == tokenizer.encode(text)) }
      let file = try Tokenizer(contentsOf: folder + "/a/b/tokenizer.json")
      #expect(file.endTokenID == back.endTokenID)
    }
    // Nothing is lost but the spelling of the merges.
    var (read, written) = (
      try #require(Goldens.json("\(name).tokenizer.json").object),
      try #require(tokenizer.json.object)
    )
    #expect(read["added_tokens"] == written["added_tokens"])
    for key in ["model"] { (read[key], written[key]) = (nil, nil) }
    #expect(read == written)
  }

  @Test(arguments: SplitPattern.allCases)
  func trainedTokenizersReadBack(pattern: SplitPattern) throws {
    let corpus = try #require(Goldens.json("training.json")["corpus"]).strings
    let tokenizer = Tokenizer.train(
      texts: corpus, vocabularySize: 350, specialTokens: ["<|end|>"], splitting: pattern)
    try withFolder { folder in
      try tokenizer.write(to: folder)
      let back = try Tokenizer(contentsOf: folder)
      #expect(back.json == tokenizer.json)
      for text in corpus { #expect(back.encode(text) == tokenizer.encode(text)) }
    }
  }

  /// A place in the file, what to put there, and what the error must say.
  @Test(
    arguments: [
      ("normalizer", ["type": "Lowercase"], "normalizer.type: found the string \"Lowercase\""),
      ("normalizer", ["type": "NFC", "x": 1], "normalizer.x: unknown key"),
      ("truncation", ["max_length": 5], "truncation"),
      ("padding", ["strategy": ["Fixed": 8]], "padding"),
      ("pre_tokenizer", nil, "pre_tokenizer: found null"),
      ("pre_tokenizer", ["type": "Whitespace"], "\"Whitespace\""),
      (
        "pre_tokenizer", ["type": "Sequence", "pretokenizers": [["type": "Digits"]]],
        "ByteLevel as its last step"
      ),
      (
        "pre_tokenizer",
        [
          "type": "Split", "pattern": ["Regex": "\\w+"], "behavior": "Isolated", "invert": false,
        ], "\\\\w+"
      ),
      ("post_processor", ["type": "BertProcessing"], "\"BertProcessing\""),
      ("decoder", ["type": "Metaspace"], "\"Metaspace\""),
      ("surprise", 1, "surprise: unknown key"),
      ("model.type", "WordPiece", "model.type: found the string \"WordPiece\""),
      ("model.dropout", 0.1, "model.dropout: found the number 0.1"),
      ("model.byte_fallback", true, "model.byte_fallback"),
      ("model.end_of_word_suffix", "</w>", "model.end_of_word_suffix"),
      ("model.unk_token", "<unk>", "model.unk_token"),
      ("model.fuse_unk", "yes", "model.fuse_unk"),
      ("model.vocab", ["a": 0, "b": 0], "belongs to two tokens"),
      ("model.vocab", ["a": -1], "model.vocab[\"a\"]"),
      ("model.merges", ["a b c"], "model.merges[0]"),
      ("model.merges", [["a"]], "model.merges[0]"),
      ("model.merges", ["a \u{4E2D}"], "not in the vocabulary"),
      ("model.later", 1, "model.later: unknown key"),
      ("added_tokens", [["id": 3, "content": "<x>"]], "contradicts the vocabulary"),
      ("added_tokens", [["id": 900_000_000, "content": "<x>"]], "added_tokens[0].id"),
      ("added_tokens", ["<x>"], "added_tokens[0]: found the string"),
    ] as [(String, JSON, String)])
  func unknownConstructsAreNamed(place: String, value: JSON, message: String) throws {
    var json = try #require(Goldens.json("llama3.tokenizer.json").object)
    let keys = place.split(separator: ".").map(String.init)
    if keys.count == 2 {
      var inner = try #require(json[keys[0]]?.object)
      inner[keys[1]] = .some(value)
      json[keys[0]] = .object(inner)
    } else {
      json[place] = .some(value)
    }
    let error = try #require(throws: TextError.self) {
      try Tokenizer(json: .object(json), file: "x/tokenizer.json")
    }
    #expect(error.description.hasPrefix("x/tokenizer.json: "))
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func aMissingByteNeedsAnUnknownToken() throws {
    var json = try #require(Goldens.json("options.tokenizer.json").object)
    var model = try #require(json["model"]?.object)
    let entries = try #require(model["vocab"]?.object?.pairs)
    let vocabulary = entries.filter { !$0.key.contains("Ã") && $0.key != "©" }
    model["vocab"] = .object(JSONObject(vocabulary.map { ($0.key, $0.value) }))
    model["merges"] = []
    json["model"] = .object(model)
    let error = try #require(throws: TextError.self) { try Tokenizer(json: .object(json)) }
    #expect(error.message.contains("byte 169"))

    model["unk_token"] = "?"
    json["model"] = .object(model)
    let apart = try Tokenizer(json: .object(json))
    #expect(apart.decode(apart.encode(" aéb")) == " a??b")
    model["fuse_unk"] = true
    json["model"] = .object(model)
    let fused = try Tokenizer(json: .object(json))
    #expect(fused.decode(fused.encode(" aéb")) == " a?b")
  }

  @Test func missingAndBrokenFilesAreErrors() throws {
    let missing = try #require(throws: TextError.self) {
      try Tokenizer(contentsOf: "/nonexistent")
    }
    #expect(missing.description.hasPrefix("/nonexistent: no such tokenizer.json"))
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let empty = try #require(throws: TextError.self) { try Tokenizer(contentsOf: folder) }
      #expect(empty.description.contains("tokenizer.json: no such file"))
      try "{\n oops".write(
        toFile: folder + "/tokenizer.json", atomically: false, encoding: .utf8)
      let broken = try #require(throws: TextError.self) { try Tokenizer(contentsOf: folder) }
      #expect(broken.description.contains("tokenizer.json:2:2: "))
      let blocked = try #require(throws: TextError.self) {
        try Goldens.tokenizer("qwen2").write(to: folder + "/tokenizer.json/below")
      }
      #expect(blocked.description.contains("cannot be written"))
    }
  }
}
