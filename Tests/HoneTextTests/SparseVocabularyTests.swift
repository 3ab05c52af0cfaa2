import Foundation
import HoneJSON
import HoneText
import Testing

@Suite("Vocabularies with holes")
struct SparseVocabularyTests {
  /// A tokenizer of bytes, with one token far behind them.
  private func tokenizer(_ id: Int) throws -> Tokenizer {
    let bytes = Tokenizer.train(texts: ["ab"], vocabularySize: 257, specialTokens: ["<|end|>"])
    var file = try #require(bytes.json.object)
    var last = try #require(file["added_tokens"]?[0]?.object)
    last["id"] = .integer(id)
    last["content"] = "<|far|>"
    file["added_tokens"] = .array((file["added_tokens"]?.array ?? []) + [.object(last)])
    return try Tokenizer(json: .object(file))
  }

  @Test("One high id costs what one id costs")
  func highID() throws {
    let highest = (1 << 24) - 1
    let before = try Self.residentBytes()
    var tokenizers: [Tokenizer] = []
    for _ in 0..<4 { tokenizers.append(try tokenizer(highest)) }
    // A table of all ids would take 100 MB and more each.
    #expect(try Self.residentBytes() - before < 64 << 20)
    let tokenizer = tokenizers[0]
    #expect(tokenizer.vocabularySize == 1 << 24)
    #expect(tokenizer.encode("a<|far|>") == [tokenizer.encode("a")[0], Int32(highest)])
    #expect(tokenizer.decode([Int32(highest), 300, -1, Int32.max]) == "<|far|>")
    #expect(tokenizer.token(Int32(highest)) == "<|far|>")
    #expect(tokenizer.unusedIDs(below: 1 << 24) == [257..<highest])
    #expect(tokenizer.unusedIDs(below: 200) == [])
    #expect(tokenizer.unusedIDs(below: 1 << 25) == [257..<highest, highest + 1..<1 << 25])
    #expect(try Tokenizer(json: tokenizer.json).json == tokenizer.json)
  }

  private static func residentBytes() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return try #require(pages) * Int(getpagesize())
  }

  @Test("Marks in the wrong order are encoded as those in the right one, and as fast")
  func marks() throws {
    var file = try #require(
      Tokenizer.train(texts: ["ab"], vocabularySize: 257, specialTokens: []).json.object)
    file["normalizer"] = ["type": "NFC"]
    let tokenizer = try Tokenizer(json: .object(file))
    let count = 200_000
    let above = String(repeating: "\u{301}", count: count)
    let below = String(repeating: "\u{323}", count: count)
    let clock = ContinuousClock()
    let spent = clock.measure {
      #expect(tokenizer.encode("e" + above + below) == tokenizer.encode("e" + below + above))
    }
    #expect(spent < .seconds(20))
  }

  @Test("A tokenizer that cannot be read says why")
  func unreadable() throws {
    let folder = NSTemporaryDirectory() + "hone-tokenizer-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/tokenizer.json", withIntermediateDirectories: true)
    let error = #expect(throws: TextError.self) { try Tokenizer(contentsOf: folder) }
    #expect(error?.kind == .inputOutput)
    #expect(error?.description.hasSuffix("tokenizer.json: cannot be read: Is a directory") == true)
    let missing = #expect(throws: TextError.self) { try Tokenizer(contentsOf: folder + "/none") }
    #expect(missing?.kind == .missingFile)
  }
}
