import HoneJSON
import HoneText
import Testing

@Suite struct EncodingTests {
  @Test(arguments: ["llama3", "qwen2", "options"])
  func encodesAndDecodesAsTheLibrary(name: String) throws {
    try check(Goldens.tokenizer(name), name)
  }

  @Test(
    .enabled(if: Goldens.gpt2Path != nil, "GPT-2's tokenizer.json is absent; set HONE_SHARED"))
  func encodesAndDecodesAsTheLibraryWithGPT2() throws {
    let tokenizer = try Tokenizer(contentsOf: #require(Goldens.gpt2Path))
    try check(tokenizer, "gpt2")
    #expect(tokenizer.vocabularySize == 50257)
    #expect(tokenizer.specialTokens.map(\.1) == [50256])
    #expect(tokenizer.encode("Hello world") == [15496, 995])
  }

  private func check(_ tokenizer: Tokenizer, _ name: String) throws {
    let file = try Goldens.json("encodings.json")
    let texts = try #require(file["texts"]).strings
    let golden = try #require(file[name])
    let ids = (golden["ids"]?.array ?? []).map(\.ids)
    #expect(texts.count > 200 && ids.count == texts.count)
    for (text, ids) in zip(texts, ids) {
      let found = tokenizer.encode(text)
      #expect(found == ids, "\(JSON.string(text))")
      if name == "gpt2" || name == "llama3" { #expect(tokenizer.decode(found) == text) }
    }
    let around = (golden["ids_with_post_processor"]?.array ?? []).map(\.ids)
    #expect(around.count == 40)
    for (text, ids) in zip(texts, around) {
      #expect(tokenizer.encode(text, addSpecial: true) == ids, "\(JSON.string(text))")
    }
    let marked = texts.filter { text in text.unicodeScalars.contains { $0 == "<" || $0 == "[" } }
    let plain = (golden["ids_special_as_text"]?.array ?? []).map(\.ids)
    #expect(marked.count == plain.count && !plain.isEmpty)
    for (text, ids) in zip(marked, plain) {
      #expect(tokenizer.encode(text, parseSpecial: false) == ids, "\(JSON.string(text))")
    }
    let sequences = (golden["decode_ids"]?.array ?? []).map(\.ids)
    let decoded = try #require(golden["decoded"]).strings
    let short = try #require(golden["decoded_without_special"]).strings
    #expect(sequences.count == 60 && decoded.count == 60 && short.count == 60)
    for (index, sequence) in sequences.enumerated() {
      #expect(tokenizer.decode(sequence) == decoded[index])
      #expect(tokenizer.decode(sequence, skipSpecial: true) == short[index])
    }
  }

  @Test(arguments: ["llama3", "qwen2"])
  func everyTextComesBack(name: String) throws {
    let tokenizer = try Goldens.tokenizer(name)
    var numbers = TestNumbers(seed: 3)
    let highest = [0x80, 0x250, 0x3100, 0xFFFF, 0x10FFFF]
    for round in 0..<600 {
      var view = String.UnicodeScalarView()
      for _ in 0..<numbers.next(below: 40) {
        let value = UInt32(numbers.next(below: highest[round % highest.count]))
        if let scalar = Unicode.Scalar(value) { view.append(scalar) }
      }
      let text = String(view)
      let back = tokenizer.decode(tokenizer.encode(text))
      // Qwen2 normalises: Swift's equality holds across that, the scalars may differ.
      #expect(back == text)
      if name == "llama3" { #expect(back.unicodeScalars.elementsEqual(view)) }
    }
  }

  @Test func longWordsAreMergedWithoutQuadraticTime() throws {
    // 200,000 bytes without a break: a quadratic algorithm would take very long.
    let tokenizer = try Goldens.tokenizer("llama3")
    let text = String(repeating: "theanswer", count: 22_222)
    let ids = tokenizer.encode(text)
    #expect(tokenizer.decode(ids) == text)
    #expect(ids.count < text.utf8.count)
  }

  @Test func tokensHaveNames() throws {
    let tokenizer = try Goldens.tokenizer("qwen2")
    let end = try #require(tokenizer.id(of: "<|endoftext|>"))
    #expect(tokenizer.token(end) == "<|endoftext|>")
    #expect(tokenizer.isSpecial(end))
    let think = try #require(tokenizer.id(of: "<think>"))
    #expect(!tokenizer.isSpecial(think))
    #expect(tokenizer.specialTokens.map(\.0) == ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    #expect(tokenizer.id(of: "no such token") == nil)
    #expect(tokenizer.token(-1) == nil)
    #expect(tokenizer.token(Int32(tokenizer.vocabularySize)) == nil)
    for id in 0..<Int32(tokenizer.vocabularySize) {
      let name = try #require(tokenizer.token(id))
      #expect(tokenizer.id(of: name) == id)
    }
    #expect(tokenizer.decode([end, 9_999_999, -7]) == "<|endoftext|>")
  }
}

@Suite struct StreamDecoderTests {
  @Test(arguments: 0..<4)
  func piecesJoinToTheWhole(seed: UInt64) throws {
    let tokenizer = try Goldens.tokenizer("llama3")
    var numbers = TestNumbers(seed: seed)
    // Few but the byte tokens: broken and unfinished characters of every kind.
    let byteIDs = Dictionary(
      uniqueKeysWithValues: (Int32(0)..<256).map { (tokenizer.decodeBytes([$0]), $0) })
    let bytes: [UInt8] = [
      0xE0, 0xA0, 0x80, 0xED, 0xBF, 0xF0, 0x90, 0xF4, 0xC3, 0xA9, 0xFF, 0x41, 0x9F,
    ]
    for _ in 0..<100 {
      var ids: [Int32] = []
      for _ in 0..<12 {
        if numbers.next(below: 5) == 0 {
          ids.append(Int32(numbers.next(below: tokenizer.vocabularySize)))
        } else {
          ids.append(try #require(byteIDs[[bytes[numbers.next(below: bytes.count)]]]))
        }
      }
      for skip in [false, true] {
        var decoder = StreamDecoder(tokenizer, skipSpecial: skip)
        var text = ""
        for id in ids { text += decoder.append(id) }
        text += decoder.finish()
        let whole = tokenizer.decode(ids, skipSpecial: skip)
        #expect(text.unicodeScalars.elementsEqual(whole.unicodeScalars), "\(ids)")
      }
    }
  }

  @Test func holdsBackOnlyWhatIsUnfinished() throws {
    let tokenizer = try Goldens.tokenizer("llama3")
    let byteID = { (byte: UInt8) in
      try #require((0..<256).first { tokenizer.decodeBytes([$0]) == [byte] })
    }
    var decoder = StreamDecoder(tokenizer)
    var pieces: [String] = []
    for byte in Array("aé😀b".utf8) { pieces.append(decoder.append(try byteID(byte))) }
    #expect(pieces == ["a", "", "é", "", "", "", "😀", "b"])
    #expect(decoder.append(try byteID(0xF0)) == "")
    #expect(decoder.finish() == "\u{FFFD}")
    #expect(decoder.finish() == "")
  }
}
