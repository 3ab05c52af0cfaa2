import HoneJSON

/// Turns `tokenizer.json` into a definition and refuses, by name, whatever it does not know.
struct TokenizerReader {
  let file: String
  private let root: JSONObject

  init(_ json: JSON, file: String) throws(TextError) {
    self.file = file
    guard let root = json.object else {
      throw TextError(file: file, "holds \(json.kindDescription); wanted an object")
    }
    self.root = root
  }

  func definition() throws(TextError) -> TokenizerDefinition {
    try allow(
      [
        "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
        "post_processor", "decoder", "model",
      ], in: root, at: "")
    try refuseUnless(root["truncation"].isAbsent, "truncation", root["truncation"], "null")
    let padding = root["padding"]
    try refuseUnless(
      padding.isAbsent || padding?["strategy"] == "BatchLongest", "padding", padding,
      "null or BatchLongest")
    let model = try object(root["model"], at: "model")
    let vocabulary = try vocabulary(of: model)
    let added = try addedTokens(besides: vocabulary)
    let (prefix, suffix) = try postProcessor(root["post_processor"], at: "post_processor")
    try checkDecoder()
    var definition = TokenizerDefinition(
      vocabulary: vocabulary, merges: try merges(of: model, vocabulary), addedTokens: added,
      normalizesToNFC: try normalizer(root["normalizer"], at: "normalizer"),
      preTokenizer: try preTokenizer(), ignoresMerges: false, unknownID: nil, fusesUnknown: false,
      prefix: prefix, suffix: suffix, remainder: remainder(model))
    try readOptions(of: model, into: &definition)
    return definition
  }

  private func remainder(_ model: JSONObject) -> JSONObject {
    var (rest, restOfModel) = (root, model)
    restOfModel["vocab"] = nil
    restOfModel["merges"] = nil
    rest["added_tokens"] = .some([])
    rest["model"] = .object(restOfModel)
    return rest
  }

  // MARK: - Model

  private func readOptions(
    of model: JSONObject, into definition: inout TokenizerDefinition
  ) throws(TextError) {
    try allow(
      [
        "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
        "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges",
      ], in: model, at: "model.")
    try refuseUnless(
      model["type"].isAbsent || model["type"] == "BPE", "model.type", model["type"], "\"BPE\"")
    let dropout = model["dropout"]
    try refuseUnless(dropout.isAbsent || dropout?.double == 0, "model.dropout", dropout, "null")
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      let value = model[key]
      try refuseUnless(value.isAbsent || value == "", "model.\(key)", value, "null")
    }
    try refuseUnless(
      try !flag("byte_fallback", of: model, at: "model."), "model.byte_fallback",
      model["byte_fallback"], "false")
    definition.ignoresMerges = try flag("ignore_merges", of: model, at: "model.")
    definition.fusesUnknown = try flag("fuse_unk", of: model, at: "model.")
    if let unknown = model["unk_token"], !unknown.isNull {
      let text = try string(unknown, at: "model.unk_token")
      guard let id = definition.vocabulary.number(of: Array(text.utf8)) else {
        throw problem("model.unk_token", unknown, "a token of the vocabulary")
      }
      definition.unknownID = Int32(id)
    }
    guard definition.unknownID == nil else { return }
    // The other bytes never occur in UTF-8.
    for byte in 0..<256 where ![0xC0, 0xC1].contains(byte) && byte < 0xF5 {
      let spelling = String(ByteAlphabet.scalars[byte])
      if definition.vocabulary.number(of: Array(spelling.utf8)) == nil {
        throw TextError(
          file: file,
          "model.vocab: no token \"\(spelling)\" for the byte \(byte), and no unk_token; text with "
            + "this byte could not be encoded. Train the tokenizer with the byte-level alphabet")
      }
    }
  }

  private func vocabulary(of model: JSONObject) throws(TextError) -> ByteStringTable {
    let entries = try object(model["vocab"], at: "model.vocab")
    var table = ByteStringTable(capacity: entries.count)
    for (token, value) in entries.pairs {
      let id = try self.id(value, at: "model.vocab[\(JSON.string(token))]")
      guard table.insert(token.utf8, number: Int(id)) else {
        throw TextError(
          file: file,
          "model.vocab: the id \(id) belongs to two tokens, \(JSON.string(token)) "
            + "and \(JSON.string(String(decoding: table[Int(id)] ?? [], as: UTF8.self)))")
      }
    }
    return table
  }

  private func merges(
    of model: JSONObject, _ vocabulary: ByteStringTable
  ) throws(TextError) -> MergeTable {
    guard let entries = model["merges"]?.array else {
      throw problem("model.merges", model["merges"], "an array")
    }
    var table = MergeTable(capacity: entries.count)
    for (index, entry) in entries.enumerated() {
      let parts: [String]
      if let text = entry.string {
        parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
      } else {
        parts = (entry.array ?? []).compactMap(\.string)
      }
      let place = "model.merges[\(index)]"
      guard parts.count == 2, entry.array.map({ $0.count == 2 }) ?? true else {
        throw problem(place, entry, "two tokens, as \"a b\" or [\"a\", \"b\"]")
      }
      var ids: [Int32] = []
      for token in parts + [parts[0] + parts[1]] {
        guard let id = vocabulary.number(of: Array(token.utf8)) else {
          throw TextError(
            file: file, "\(place): \(JSON.string(token)) is not in the vocabulary")
        }
        ids.append(Int32(id))
      }
      table.append(left: ids[0], right: ids[1], result: ids[2])
    }
    return table
  }

  // MARK: - Added tokens

  private func addedTokens(besides vocabulary: ByteStringTable) throws(TextError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    var contents = ByteStringTable()
    var ids = Set<Int32>()
    let entries = root["added_tokens"]
    guard let list = entries.isAbsent ? [] : entries?.array else {
      throw problem("added_tokens", entries, "an array")
    }
    for (index, entry) in list.enumerated() {
      let place = "added_tokens[\(index)]"
      let fields = try object(entry, at: place)
      try allow(
        ["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"], in: fields,
        at: place + ".")
      let token = AddedToken(
        id: try id(fields["id"], at: place + ".id"),
        content: try string(fields["content"], at: place + ".content"),
        isSpecial: try flag("special", of: fields, at: place + "."),
        isNormalized: try flag("normalized", of: fields, at: place + "."),
        isSingleWord: try flag("single_word", of: fields, at: place + "."),
        stripsLeft: try flag("lstrip", of: fields, at: place + "."),
        stripsRight: try flag("rstrip", of: fields, at: place + "."))
      let bytes = Array(token.content.utf8)
      let known = vocabulary.number(of: bytes)
      let owner = vocabulary[Int(token.id)]
      guard known == nil || known == Int(token.id), owner == nil || owner.map(Array.init) == bytes,
        ids.insert(token.id).inserted, contents.insert(bytes, number: index)
      else {
        throw TextError(
          file: file,
          "\(place): \(JSON.string(token.content)) with id \(token.id) contradicts the "
            + "vocabulary or another added token")
      }
      tokens.append(token)
    }
    return tokens
  }

  // MARK: - Steps around the model

  private func normalizer(_ json: JSON?, at place: String) throws(TextError) -> Bool {
    guard let json, !json.isNull else { return false }
    let fields = try object(json, at: place)
    switch fields["type"] {
    case "NFC":
      try allow(["type"], in: fields, at: place + ".")
      return true
    case "Sequence":
      try allow(["type", "normalizers"], in: fields, at: place + ".")
      var isNFC = false
      for (index, step) in try array(fields["normalizers"], at: place + ".normalizers").enumerated()
      where try normalizer(step, at: "\(place).normalizers[\(index)]") {
        isNFC = true
      }
      return isNFC
    default:
      throw problem(place + ".type", fields["type"], "NFC or Sequence")
    }
  }

  private func preTokenizer() throws(TextError) -> PreTokenizer {
    var steps: [PreTokenizer.Step] = []
    var isByteLevel = false
    try readPreTokenizer(root["pre_tokenizer"], at: "pre_tokenizer", &steps, &isByteLevel)
    guard isByteLevel else {
      throw problem("pre_tokenizer", root["pre_tokenizer"], "ByteLevel as its last step")
    }
    return PreTokenizer(steps: steps)
  }

  private func readPreTokenizer(
    _ json: JSON?, at place: String, _ steps: inout [PreTokenizer.Step], _ isByteLevel: inout Bool
  ) throws(TextError) {
    let fields = try object(json, at: place)
    if isByteLevel {
      throw TextError(file: file, "\(place): a step behind ByteLevel is not supported")
    }
    switch fields["type"] {
    case "Sequence":
      try allow(["type", "pretokenizers"], in: fields, at: place + ".")
      let list = try array(fields["pretokenizers"], at: place + ".pretokenizers")
      for (index, step) in list.enumerated() {
        try readPreTokenizer(step, at: "\(place).pretokenizers[\(index)]", &steps, &isByteLevel)
      }
    case "ByteLevel":
      try allow(["type", "add_prefix_space", "trim_offsets", "use_regex"], in: fields, at: place)
      if try flag("add_prefix_space", of: fields, at: place + ".", default: true) {
        steps.append(.prefixSpace)
      }
      if try flag("use_regex", of: fields, at: place + ".", default: true) {
        steps.append(.split(.gpt2))
      }
      isByteLevel = true
    case "Digits":
      try allow(["type", "individual_digits"], in: fields, at: place + ".")
      let individual = try flag("individual_digits", of: fields, at: place + ".")
      steps.append(.digits(individual: individual))
    case "Split":
      steps.append(.split(try splitPattern(fields, at: place)))
    default:
      throw problem(place + ".type", fields["type"], "ByteLevel, Split, Digits or Sequence")
    }
  }

  private func splitPattern(_ fields: JSONObject, at place: String) throws(TextError)
    -> SplitPattern
  {
    try allow(["type", "pattern", "behavior", "invert"], in: fields, at: place + ".")
    let expression = fields["pattern"]?["Regex"]
    guard let pattern = expression?.string.flatMap(SplitPattern.init(regularExpression:)) else {
      throw problem(
        place + ".pattern", fields["pattern"],
        "the regular expression of GPT-2, Llama 3 or Qwen2, letter by letter")
    }
    // The patterns match all of the text, so that removing what lies between matches is the same.
    let isInverted = try flag("invert", of: fields, at: place + ".")
    let behavior = fields["behavior"]
    try refuseUnless(
      behavior == (isInverted ? "Removed" : "Isolated"), place + ".behavior", behavior,
      "\"Isolated\", or \"Removed\" with invert")
    return pattern
  }

  private func checkDecoder() throws(TextError) {
    let fields = try object(root["decoder"], at: "decoder")
    try refuseUnless(
      fields["type"] == "ByteLevel", "decoder.type", fields["type"], "\"ByteLevel\"")
    try allow(
      ["type", "add_prefix_space", "trim_offsets", "use_regex"], in: fields, at: "decoder.")
  }

  private func postProcessor(
    _ json: JSON?, at place: String
  ) throws(TextError) -> (prefix: [Int32], suffix: [Int32]) {
    guard let json, !json.isNull else { return ([], []) }
    let fields = try object(json, at: place)
    switch fields["type"] {
    case "ByteLevel":  // concerns offsets only
      return ([], [])
    case "Sequence":
      try allow(["type", "processors"], in: fields, at: place + ".")
      var sum: (prefix: [Int32], suffix: [Int32]) = ([], [])
      for (index, step) in try array(fields["processors"], at: place + ".processors").enumerated() {
        let next = try postProcessor(step, at: "\(place).processors[\(index)]")
        sum = (next.prefix + sum.prefix, sum.suffix + next.suffix)
      }
      return sum
    case "TemplateProcessing":
      try allow(["type", "single", "pair", "special_tokens"], in: fields, at: place + ".")
      return try template(fields, at: place)
    default:
      throw problem(
        place + ".type", fields["type"], "ByteLevel, TemplateProcessing or Sequence")
    }
  }

  private func template(
    _ fields: JSONObject, at place: String
  ) throws(TextError) -> (prefix: [Int32], suffix: [Int32]) {
    var parts: [[Int32]] = [[]]
    for (index, piece) in try array(fields["single"], at: place + ".single").enumerated() {
      let piecePlace = "\(place).single[\(index)]"
      if piece["Sequence"]?["id"] == "A" {
        parts.append([])
        continue
      }
      let name = try string(piece["SpecialToken"]?["id"], at: piecePlace + ".SpecialToken.id")
      let idsPlace = "\(place).special_tokens[\(JSON.string(name))].ids"
      for value in try array(fields["special_tokens"]?[name]?["ids"], at: idsPlace) {
        parts[parts.count - 1].append(try id(value, at: idsPlace))
      }
    }
    guard parts.count == 2 else {
      throw problem(place + ".single", fields["single"], "the text, Sequence A, exactly once")
    }
    return (parts[0], parts[1])
  }

  // MARK: - Fields

  private func problem(_ place: String, _ seen: JSON?, _ wanted: String) -> TextError {
    // A structure says more by its text than by its size.
    var shown = seen?.kindDescription ?? "nothing"
    if case .object? = seen { shown = String(seen?.serialized().prefix(160) ?? "") }
    return TextError(file: file, "\(place): found \(shown); supported is \(wanted)")
  }

  private func refuseUnless(
    _ isSupported: Bool, _ place: String, _ seen: JSON?, _ wanted: String
  ) throws(TextError) {
    if !isSupported { throw problem(place, seen, wanted) }
  }

  private func allow(
    _ keys: [String], in object: JSONObject, at place: String
  ) throws(TextError) {
    for key in object.keys where !keys.contains(key) {
      throw TextError(
        file: file, "\(place)\(key): unknown key; known are \(keys.joined(separator: ", "))")
    }
  }

  private func object(_ json: JSON?, at place: String) throws(TextError) -> JSONObject {
    guard let object = json?.object else { throw problem(place, json, "an object") }
    return object
  }

  private func array(_ json: JSON?, at place: String) throws(TextError) -> [JSON] {
    guard let array = json?.array else { throw problem(place, json, "an array") }
    return array
  }

  private func string(_ json: JSON?, at place: String) throws(TextError) -> String {
    guard let string = json?.string else { throw problem(place, json, "a string") }
    return string
  }

  private func flag(
    _ key: String, of object: JSONObject, at place: String, default value: Bool = false
  ) throws(TextError) -> Bool {
    guard let json = object[key], !json.isNull else { return value }
    guard let flag = json.bool else { throw problem(place + key, json, "true or false") }
    return flag
  }

  private func id(_ json: JSON?, at place: String) throws(TextError) -> Int32 {
    guard let id = json?.int, (0..<(1 << 24)).contains(id) else {
      throw problem(place, json, "an id from 0 to 16777215")
    }
    return Int32(id)
  }
}

extension JSON? {
  fileprivate var isAbsent: Bool { self?.isNull ?? true }
}
