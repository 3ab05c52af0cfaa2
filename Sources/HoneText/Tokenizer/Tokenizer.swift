import Foundation
import HoneJSON

/// A byte-level BPE tokenizer, as GPT-2, Llama 3 and the Qwen family have it.
///
/// Reads and writes `tokenizer.json` of the `tokenizers` library and gives the same ids (Sennrich
/// et al. 2016; Radford et al. 2019): added tokens are found first, the rest is normalised, split
/// into words, and the bytes of each word are merged pair by pair. Everything is a function of the
/// file and the text alone.
///
/// ```swift
/// let tokenizer = try Tokenizer(contentsOf: "checkpoints/base")
/// let ids = tokenizer.encode("12 + 30 = ?")
/// tokenizer.decode(ids)  // "12 + 30 = ?"
/// ```
public struct Tokenizer: Sendable {
  /// The contents of `tokenizer_config.json`; empty where there is none.
  public var configuration: JSONObject

  let definition: TokenizerDefinition
  private let decoded: DecodedTokens
  private let byteIDs: [Int32]  // -1 where the vocabulary lacks the byte
  private let rawMatcher: AddedTokenMatcher
  private let normalizedMatcher: AddedTokenMatcher
  private let addedByID: [Int32: Int]
  private let addedContents: ByteStringTable  // numbers are places in definition.addedTokens

  init(definition: TokenizerDefinition, configuration: JSONObject) {
    self.definition = definition
    self.configuration = configuration
    let added = definition.addedTokens
    decoded = DecodedTokens(definition: definition)
    byteIDs = (0..<256).map { byte in
      let spelling = Array(String(ByteAlphabet.scalars[byte]).utf8)
      return Int32(definition.vocabulary.number(of: spelling) ?? -1)
    }
    rawMatcher = AddedTokenMatcher(added.filter { !$0.isNormalized })
    normalizedMatcher = AddedTokenMatcher(added.filter(\.isNormalized)) {
      definition.normalizesToNFC ? $0.content.composed : $0.content
    }
    addedByID = Dictionary(
      added.indices.map { (added[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    var contents = ByteStringTable(capacity: added.count)
    for (index, token) in added.enumerated() {
      _ = contents.insert(token.content.utf8, number: index)
    }
    addedContents = contents
  }

  /// The highest id plus 1; an embedding needs at least as many rows.
  public var vocabularySize: Int { decoded.count }

  /// The special tokens and their ids, in order of id.
  public var specialTokens: [(String, Int32)] {
    definition.addedTokens.filter(\.isSpecial).map { ($0.content, $0.id) }
      .sorted { $0.1 < $1.1 }
  }

  /// The id of a token as `tokenizer.json` spells it: `Ġthe`, `<|endoftext|>`.
  public func id(of token: String) -> Int32? {
    let bytes = Array(token.utf8)
    if let index = addedContents.number(of: bytes) { return definition.addedTokens[index].id }
    return definition.vocabulary.number(of: bytes).map(Int32.init)
  }

  /// The token with an id, as `tokenizer.json` spells it; `nil` where there is none.
  public func token(_ id: Int32) -> String? {
    if let index = addedByID[id] { return definition.addedTokens[index].content }
    return definition.vocabulary[Int(id)].map { String(decoding: $0, as: UTF8.self) }
  }

  /// The ids below a bound that no token has: those beyond the last token, and holes before it.
  ///
  /// Embeddings are often padded to a round number of rows.
  /// - Returns: Ranges in order, none next to another.
  public func unusedIDs(below bound: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var next = 0
    for id in decoded.ids where id < bound {
      if id > next { ranges.append(next..<id) }
      next = id + 1
    }
    if next < bound { ranges.append(next..<bound) }
    return ranges
  }

  /// Whether an id is that of a special token.
  public func isSpecial(_ id: Int32) -> Bool {
    addedByID[id].map { definition.addedTokens[$0].isSpecial } ?? false
  }

  /// The id of the end token that `tokenizer_config.json` names, if it names one.
  public var endTokenID: Int32? { configuredToken("eos_token") }

  /// The id of the begin token that `tokenizer_config.json` names, if it names one.
  public var beginTokenID: Int32? { configuredToken("bos_token") }

  /// The id of the padding token that `tokenizer_config.json` names, if it names one.
  public var paddingTokenID: Int32? { configuredToken("pad_token") }

  private func configuredToken(_ key: String) -> Int32? {
    let entry = configuration[key]
    return (entry?.string ?? entry?["content"]?.string).flatMap { id(of: $0) }
  }

  // MARK: - Encoding

  /// The ids of a text.
  ///
  /// - Parameters:
  ///   - text: any text.
  ///   - parseSpecial: whether special tokens in the text become their ids; otherwise their text is
  ///     encoded as any other, which is right for text that nobody vouches for. Added tokens that
  ///     are not special are found either way.
  ///   - addSpecial: whether the file's post-processor puts its tokens around the text (Llama 3's
  ///     `<|begin_of_text|>`, say), as the `tokenizers` library does by default. Off here, because
  ///     prompts and completions are encoded apart.
  /// - Complexity: O(n log w) for n bytes and words of w bytes.
  public func encode(
    _ text: String, parseSpecial: Bool = true, addSpecial: Bool = false
  ) -> [Int32] {
    var text = text
    var ids: [Int32] = addSpecial ? definition.prefix : []
    var encoder = WordEncoder(tokenizer: self)
    text.withUTF8 { bytes in
      rawMatcher.forEachStretch(in: bytes, findingSpecial: parseSpecial) { range, token in
        if let token {
          ids.append(token.id)
        } else {
          let stretch = UnsafeBufferPointer(rebasing: bytes[range])
          encodeNormalizing(stretch, parseSpecial, &encoder, into: &ids)
        }
      }
    }
    if addSpecial { ids += definition.suffix }
    return ids
  }

  private func encodeNormalizing(
    _ bytes: UnsafeBufferPointer<UInt8>, _ parseSpecial: Bool, _ encoder: inout WordEncoder,
    into ids: inout [Int32]
  ) {
    if definition.normalizesToNFC && bytes.contains(where: { $0 >= 0x80 }) {
      var normalized = String(decoding: bytes, as: UTF8.self).composed
      normalized.withUTF8 { encodeNormalized($0, parseSpecial, &encoder, into: &ids) }
    } else {
      encodeNormalized(bytes, parseSpecial, &encoder, into: &ids)
    }
  }

  private func encodeNormalized(
    _ bytes: UnsafeBufferPointer<UInt8>, _ parseSpecial: Bool, _ encoder: inout WordEncoder,
    into ids: inout [Int32]
  ) {
    normalizedMatcher.forEachStretch(in: bytes, findingSpecial: parseSpecial) { range, token in
      if let token {
        ids.append(token.id)
      } else {
        definition.preTokenizer.forEachWord(in: UnsafeBufferPointer(rebasing: bytes[range])) {
          encoder.encode($0, into: &ids)
        }
      }
    }
  }

  // From the bytes of one word to its ids, with buffers that live from word to word.
  private struct WordEncoder {
    let byteIDs: [Int32]
    let definition: TokenizerDefinition
    var merger = WordMerger()
    var symbols: [Int32] = []

    init(tokenizer: Tokenizer) {
      byteIDs = tokenizer.byteIDs
      definition = tokenizer.definition
    }

    mutating func encode(_ word: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
      if definition.ignoresMerges {
        let spelling = Array(ByteAlphabet.spelling(of: word).utf8)
        if let id = definition.vocabulary.number(of: spelling) {
          ids.append(Int32(id))
          return
        }
      }
      symbols.removeAll(keepingCapacity: true)
      var isBehindUnknown = false
      for byte in word {
        let id = byteIDs[Int(byte)]
        if id >= 0 {
          symbols.append(id)
          isBehindUnknown = false
        } else {
          // The reader made sure that there is an unknown token where bytes are missing.
          guard let unknown = definition.unknownID else {
            preconditionFailure("Tokenizer: no token for the byte \(byte)")
          }
          if !(isBehindUnknown && definition.fusesUnknown) { symbols.append(unknown) }
          isBehindUnknown = true
        }
      }
      merger.merge(symbols, with: definition.merges, into: &ids)
    }
  }

  // MARK: - Decoding

  /// The text of some ids; bytes that are not UTF-8 become U+FFFD.
  ///
  /// Ids without a token, such as the padding rows of an embedding, decode to nothing. An added
  /// token always decodes to its own text; the `tokenizers` library takes one made of Latin-1
  /// letters for spelled bytes.
  public func decode(_ ids: [Int32], skipSpecial: Bool = false) -> String {
    String(decoding: decodeBytes(ids, skipSpecial: skipSpecial), as: UTF8.self)
  }

  /// The bytes of some ids, which need not be UTF-8 on their own.
  public func decodeBytes(_ ids: [Int32], skipSpecial: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    for id in ids where !(skipSpecial && isSpecial(id)) { bytes.append(contentsOf: decoded[id]) }
    return bytes
  }
}

// The bytes of every token, end to end.
private struct DecodedTokens: Sendable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var places = SparseTable()
  /// The ids that there are, in order.
  private(set) var ids: [Int] = []

  /// The highest id plus 1.
  var count: Int { places.count }

  init(definition: TokenizerDefinition) {
    let added = Dictionary(
      definition.addedTokens.map { (Int($0.id), $0.content) },
      uniquingKeysWith: { first, _ in first
      })
    ids = Set(definition.vocabulary.numbers).union(added.keys).sorted()
    for (place, id) in ids.enumerated() {
      if let content = added[id] {
        bytes.append(contentsOf: content.utf8)
      } else if let spelling = definition.vocabulary[id] {
        let text = String(decoding: spelling, as: UTF8.self)
        bytes.append(contentsOf: ByteAlphabet.bytes(spelledBy: text) ?? Array(spelling))
      }
      starts.append(bytes.count)
      places[id] = place
    }
  }

  subscript(id: Int32) -> ArraySlice<UInt8> {
    guard let place = places[Int(id)] else { return [] }
    return bytes[starts[place]..<starts[place + 1]]
  }
}
