import HoneJSON

extension Tokenizer {
  /// Trains a byte-level BPE tokenizer (Sennrich, Haddow and Birch 2016).
  ///
  /// The ids are the 256 bytes in GPT-2's order, then one for each merge in the order in which they
  /// were found, then the special and the other added tokens. Each step merges the pair of neighbours with the highest
  /// count; of several with the same count the one with the lowest left id, then the lowest right
  /// id. Nothing else decides, so that the same texts, in any order, give the same tokenizer; it is
  /// the rule of the `tokenizers` library as well. Pairs that occur less than `minimumCount` times
  /// are not merged: the vocabulary is smaller than asked for when the texts do not hold enough.
  ///
  /// - Parameters:
  ///   - texts: the corpus; added tokens inside are left out of the counts.
  ///   - vocabularySize: bytes, merges and added tokens together; at least 256 plus the latter.
  ///   - specialTokens: distinct and not empty. The first is named as the end token in
  ///     `tokenizer_config.json`, and as the padding token too unless one has "pad" in its name.
  ///   - textTokens: added tokens that are part of a text, as `<think>` is: found as a whole like the
  ///     special ones, whose ids they follow, and kept where special tokens are left out. Other
  ///     programs decode completions without special tokens before they grade them.
  ///   - splitting: how texts are cut into words, which merges never cross.
  ///   - minimumCount: the least count of a merged pair; 2, since a pair seen once is no pattern.
  public static func train(
    texts: some Sequence<String>, vocabularySize: Int, specialTokens: [String],
    textTokens: [String] = [], splitting: SplitPattern = .qwen2, minimumCount: Int = 2
  ) -> Tokenizer {
    let added = specialTokens + textTokens
    precondition(
      vocabularySize >= 256 + added.count,
      "Tokenizer.train: vocabularySize is \(vocabularySize); 256 bytes and \(added.count) "
        + "added tokens need more")
    precondition(
      Set(added).count == added.count && !added.contains(""),
      "Tokenizer.train: added tokens must be distinct and not empty, they are \(added)")
    var trainer = MergeTrainer(minimumCount: max(1, minimumCount))
    let matcher = AddedTokenMatcher(added.map { AddedToken(id: 0, content: $0) })
    for var text in texts {
      text.withUTF8 { bytes in
        matcher.forEachStretch(in: bytes, findingSpecial: true) { range, token in
          guard token == nil else { return }
          let stretch = UnsafeBufferPointer(rebasing: bytes[range])
          splitting.forEachWord(in: stretch) {
            trainer.count(UnsafeBufferPointer(rebasing: stretch[$0]))
          }
        }
      }
    }
    trainer.run(tokenCount: vocabularySize - added.count)

    let definition = definition(
      tokens: trainer.tokens, merges: trainer.merges, added: added,
      specialCount: specialTokens.count, splitting)
    var configuration: JSONObject = ["tokenizer_class": "PreTrainedTokenizerFast"]
    if let end = specialTokens.first {
      let padding = specialTokens.first { $0.lowercased().contains("pad") } ?? end
      configuration["eos_token"] = .string(end)
      configuration["pad_token"] = .string(padding)
    }
    return Tokenizer(definition: definition, configuration: configuration)
  }

  private static func definition(
    tokens: ByteStringTable, merges: MergeTable, added: [String], specialCount: Int,
    _ splitting: SplitPattern
  ) -> TokenizerDefinition {
    var vocabulary = ByteStringTable(capacity: tokens.count)
    for id in 0..<tokens.count {
      let isNew = vocabulary.insert(
        ByteAlphabet.spelling(of: tokens[id] ?? []).utf8, number: id)
      precondition(isNew, "Tokenizer.train: the token \(id) is there twice")
    }
    let byteLevel: JSONObject = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
      "use_regex": .bool(splitting == .gpt2),
    ]
    let split: JSON = [
      "type": "Split", "pattern": ["Regex": .string(splitting.regularExpression)],
      "behavior": "Isolated", "invert": false,
    ]
    let sequence: JSON = ["type": "Sequence", "pretokenizers": [split, .object(byteLevel)]]
    let model: JSON = [
      "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
      "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
    ]
    let decoder: JSON = [
      "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
    ]
    let addedTokens = added.enumerated().map { index, content in
      // An added token that the corpus has merged already keeps the id of the merge.
      let known = vocabulary.number(of: Array(content.utf8))
      return AddedToken(
        id: Int32(known ?? tokens.count + index), content: content,
        isSpecial: index < specialCount)
    }
    return TokenizerDefinition(
      vocabulary: vocabulary, merges: merges, addedTokens: addedTokens, normalizesToNFC: false,
      preTokenizer: PreTokenizer(steps: [.split(splitting)]), ignoresMerges: false, unknownID: nil,
      fusesUnknown: false, prefix: [], suffix: [],
      remainder: [
        "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": [], "normalizer": nil,
        "pre_tokenizer": splitting == .gpt2 ? .object(byteLevel) : sequence, "post_processor": nil,
        "decoder": decoder, "model": model,
      ])
  }
}
