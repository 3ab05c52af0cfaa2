import HoneJSON

/// What `tokenizer.json` says, checked and ready to use.
struct TokenizerDefinition: Sendable {
  /// The tokens of the model by id, as they are spelled in the file.
  var vocabulary: ByteStringTable
  var merges: MergeTable
  var addedTokens: [AddedToken]
  var normalizesToNFC: Bool
  var preTokenizer: PreTokenizer
  /// Whether a word that is a token as a whole is taken as it is.
  var ignoresMerges: Bool
  /// Stands for bytes that have no token.
  var unknownID: Int32?
  /// Whether neighbouring unknown bytes become one token.
  var fusesUnknown: Bool
  /// What the post-processor puts before and behind a text.
  var prefix: [Int32]
  var suffix: [Int32]
  /// The file without its vocabulary, merges and added tokens: written back as it was read.
  var remainder: JSONObject

  /// The file.
  var json: JSON {
    var vocabularyObject = JSONObject()
    let ids = vocabulary.numbers
    vocabularyObject.reserveCapacity(ids.count)
    for id in ids {
      if let spelling = vocabulary[id] {
        vocabularyObject[String(decoding: spelling, as: UTF8.self)] = .integer(id)
      }
    }
    // The older spelling of merges, "a b": every version of the library reads it, and no byte-level
    // token holds a space.
    let mergeTexts = merges.pairs.map { pair in
      JSON.string(spelling(pair.left) + " " + spelling(pair.right))
    }
    var model = remainder["model"]?.object ?? JSONObject()
    model["vocab"] = .object(vocabularyObject)
    model["merges"] = .array(mergeTexts)
    var file = remainder
    file["added_tokens"] = .array(addedTokens.map(\.json))
    file["model"] = .object(model)
    return .object(file)
  }

  private func spelling(_ id: Int32) -> String {
    vocabulary[Int(id)].map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
