import HoneJSON
import HoneNumerics
import HonePolicy
import Testing

@Suite("config.json", .timeLimit(.minutes(1)))
struct ConfigurationFileTests {
  private func read(_ changes: [(String, JSON?)]) throws -> PolicyConfiguration {
    var fields = try #require(Sample.configuration().json.object)
    for (key, value) in changes { fields[key] = value }
    return try PolicyConfiguration(json: .object(fields), source: "config.json")
  }

  private func refusal(_ key: String, _ value: JSON) -> String? {
    do {
      _ = try read([(key, value)])
      return nil
    } catch let error as PolicyError {
      return error.kind == .badData ? error.description : "another kind: \(error)"
    } catch {
      return "\(error)"
    }
  }

  static let sizes = [
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
    "num_key_value_heads", "head_dim", "max_position_embeddings",
  ]

  @Test("Sizes beyond all bounds are refused by name", arguments: sizes)
  func bounds(_ key: String) throws {
    for value: JSON in [
      .integer(.max), .integer(.min), .integer(1 << 31), 0, -1, .bigInteger("1" + "0".repeated(30)),
      1e300, 2.0, "48", true, [48], [:],
    ] {
      let message = try #require(refusal(key, value), "\(key): \(value)")
      #expect(message.hasPrefix("config.json: '\(key)' is "), "\(message)")
      #expect(message.contains(", wanted "))
    }
  }

  @Test("A product of sizes that no machine has is refused, not computed")
  func products() throws {
    let huge = try? read([
      ("hidden_size", .integer(1 << 30)), ("vocab_size", .integer(1 << 30)),
      ("num_attention_heads", .integer(1 << 30)), ("head_dim", .integer(1 << 30)),
      ("num_key_value_heads", .integer(1 << 30)), ("intermediate_size", .integer(1 << 30)),
      ("num_hidden_layers", .integer(1 << 16)),
    ])
    #expect(huge == nil)
    #expect(refusal("hidden_size", .integer(1 << 26)) == nil)
    #expect(refusal("num_hidden_layers", .integer(1 << 17)) != nil)
  }

  @Test(
    "A value of another type is refused, never replaced",
    arguments: [
      ("rope_theta", "500000.0"), ("rope_theta", true), ("rope_theta", 0), ("rope_theta", -1),
      ("rope_theta", 1e-300), ("rms_norm_eps", "1e-05"), ("rms_norm_eps", -1),
      ("rms_norm_eps", 1e300), ("num_key_value_heads", "2"), ("hidden_act", 5),
      ("hidden_act", "gelu"), ("rope_parameters", "yarn"), ("rope_scaling", ["type": "linear"]),
      ("rope_parameters", ["rope_type": 1]), ("rope_parameters", ["rope_theta": "1"]),
      ("rope_parameters", ["full_attention": ["rope_theta": 5.0]]),
      ("partial_rotary_factor", "0.5"), ("partial_rotary_factor", 0.5), ("use_sliding_window", 1),
      ("use_sliding_window", true), ("attention_bias", "true"), ("mlp_bias", 0),
      ("tie_word_embeddings", 1), ("layer_types", "full_attention"),
      ("layer_types", ["sliding_attention"]), ("layer_types", [1]), ("model_type", 3),
      ("quantization_config", ["bits": 4]), ("eos_token_id", "2"), ("eos_token_id", true),
      ("eos_token_id", [[2]]), ("eos_token_id", .integer(4_294_967_296)), ("bos_token_id", 1.5),
      ("bos_token_id", [1]), ("pad_token_id", .integer(.min)),
    ] as [(String, JSON)])
  func types(_ key: String, _ value: JSON) throws {
    let message = try #require(refusal(key, value))
    #expect(message.contains(key), "\(message)")
  }

  @Test("Null is absent, and what published files hold is read")
  func published() throws {
    let none = try read([
      ("head_dim", .some(.null)), ("rope_scaling", .some(.null)),
      ("rope_parameters", .some(.null)), ("rope_theta", .some(.null)),
      ("num_key_value_heads", .some(.null)), ("quantization_config", .some(.null)),
      ("eos_token_id", .some(.null)), ("layer_types", .some(.null)),
    ])
    #expect(none.headSize == 12)
    #expect(none.keyValueHeads == none.heads)
    #expect(none.ropeTheta == 10_000)
    #expect(none.endTokens == [])
    // Padding that is in no vocabulary: Llama's first conversions, and added rows that were cut off.
    for outside in [-1, 67, 128_004] {
      let read = try read([
        ("pad_token_id", .integer(outside)), ("bos_token_id", .integer(outside)),
        ("eos_token_id", [2, .integer(outside), 2, 5]),
      ])
      #expect(read.padToken == nil)
      #expect(read.beginToken == nil)
      #expect(read.endTokens == [2, 5])
    }
    #expect(try read([("rope_theta", 500_000), ("rope_parameters", nil)]).ropeTheta == 500_000)
    #expect(try read([("layer_types", ["full_attention", "full_attention"])]).layers == 3)
  }

  @Test("The newer spelling of the rotary base counts, as in transformers 5")
  func ropeTheta() throws {
    let both = try read([
      ("rope_theta", 10_000.0), ("rope_parameters", ["rope_type": "default", "rope_theta": 5e5]),
    ])
    #expect(both.ropeTheta == 5e5)
    let older = try read([
      ("rope_theta", 7e5), ("rope_parameters", ["rope_type": "default"]),
    ])
    #expect(older.ropeTheta == 7e5)
  }

  @Test("generation_config.json adds end tokens, with the same rules")
  func generation() throws {
    let folder = try TemporaryModel()
    try folder.configure([("eos_token_id", [3, -1, 257, 9])], in: "generation_config.json")
    #expect(try ModelFolder(path: folder.path).configuration().endTokens == [0, 3, 9])
    for value: JSON in [.integer(4_294_967_296), "3", [true]] {
      try folder.configure([("eos_token_id", value)], in: "generation_config.json")
      #expect(folder.failure()?.kind == .badData)
    }
    try folder.write("[]", to: "generation_config.json")
    #expect(folder.failure()?.kind == .badData)
  }

  @Test("Ten million positions cost those that are used, bit for bit")
  func positions() throws {
    let folder = try TemporaryModel()
    let few = try folder.load()
    try folder.configure([("max_position_embeddings", 2_147_483_647)])
    let clock = ContinuousClock()
    var many: LoadedModel?
    #expect(try clock.measure { many = try folder.load() } < .seconds(2))
    let model = try #require(many)
    #expect(model.policy.configuration.maximumPositions == 2_147_483_647)
    let request = GenerationRequest(
      prompt: [1, 2, 3], samples: 0..<2,
      stream: .init(seed: 1, purpose: .sampling, step: 0, problem: "p"))
    let stop = StopRule(tokens: [], maximumTokens: 40)
    let completions = try [few, model].map {
      try Generator(policy: $0.policy, rows: 2).generate(
        [request], options: SamplingOptions(temperature: 1), stop: stop)
    }
    #expect(completions[0] == completions[1])
    #expect(model.policy.rotary.positions == 256)
    #expect(few.policy.rotary.positions == 64)
  }
}

extension String {
  fileprivate func repeated(_ count: Int) -> String { String(repeating: self, count: count) }
}
