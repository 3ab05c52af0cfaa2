import Foundation
public import HoneJSON

// config.json, in and out. Both spellings of what changed between transformers 4 and 5 are read and
// written: rope_theta and rope_parameters, torch_dtype and dtype.

extension PolicyConfiguration {
  /// The configuration that a `config.json` describes.
  ///
  /// A key that would change the computation in a way Hone does not have is refused, never ignored.
  public init(json: JSON, source: String) throws(PolicyError) {
    let reader = ConfigurationReader(json: json, source: source)
    let type = json["model_type"]?.string ?? "(none)"
    guard let architecture = Architecture(rawValue: type) else {
      let supported = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      throw PolicyError(
        .badData, "\(source): model_type is '\(type)', supported: \(supported)")
    }
    try reader.refuseUnsupported(architecture)
    let hidden = try reader.integer("hidden_size")
    let heads = try reader.integer("num_attention_heads")
    let rope = json["rope_parameters"] ?? json["rope_scaling"]
    let theta = json["rope_theta"]?.double ?? rope?["rope_theta"]?.double ?? 10_000
    let bias = json["attention_bias"]?.bool ?? false
    self.init(
      architecture: architecture, vocabularySize: try reader.integer("vocab_size"),
      hiddenSize: hidden, intermediateSize: try reader.integer("intermediate_size"),
      layers: try reader.integer("num_hidden_layers"), heads: heads,
      keyValueHeads: json["num_key_value_heads"]?.int ?? heads,
      headSize: json["head_dim"]?.int ?? hidden / max(1, heads),
      rmsNormEpsilon: Float(json["rms_norm_eps"]?.double ?? 1e-6), ropeTheta: theta,
      maximumPositions: json["max_position_embeddings"]?.int ?? 2048,
      tiedHead: json["tie_word_embeddings"]?.bool ?? false,
      attentionBias: architecture == .qwen2 || bias,
      beginToken: json["bos_token_id"]?.int.map { Int32($0) },
      endTokens: reader.tokens("eos_token_id"),
      padToken: json["pad_token_id"]?.int.map { Int32($0) })
    try validate(source: source)
  }

  /// The `config.json` of this configuration.
  public var json: JSON {
    let names = [
      "llama": "LlamaForCausalLM", "qwen2": "Qwen2ForCausalLM", "qwen3": "Qwen3ForCausalLM",
    ]
    func token(_ id: Int32?) -> JSON { id.map { .integer(Int($0)) } ?? .null }
    let end: JSON =
      endTokens.count == 1
      ? .integer(Int(endTokens[0]))
      : endTokens.isEmpty ? .null : .array(endTokens.map { .integer(Int($0)) })
    return [
      "architectures": [.string(names[architecture.rawValue] ?? "")],
      "model_type": .string(architecture.rawValue),
      "vocab_size": .integer(vocabularySize),
      "hidden_size": .integer(hiddenSize),
      "intermediate_size": .integer(intermediateSize),
      "num_hidden_layers": .integer(layers),
      "num_attention_heads": .integer(heads),
      "num_key_value_heads": .integer(keyValueHeads),
      "head_dim": .integer(headSize),
      "hidden_act": "silu",
      "rms_norm_eps": .number(Double("\(rmsNormEpsilon)") ?? Double(rmsNormEpsilon)),
      "rope_theta": .number(ropeTheta),
      "rope_scaling": .null,
      "rope_parameters": ["rope_type": "default", "rope_theta": .number(ropeTheta)],
      "max_position_embeddings": .integer(maximumPositions),
      "attention_bias": .bool(attentionBias),
      "attention_dropout": 0.0,
      "mlp_bias": false,
      "use_sliding_window": false,
      "tie_word_embeddings": .bool(tiedHead),
      "bos_token_id": token(beginToken),
      "eos_token_id": end,
      "pad_token_id": token(padToken),
      "torch_dtype": "float32",
      "dtype": "float32",
      "use_cache": true,
    ]
  }
}

private struct ConfigurationReader {
  let json: JSON
  let source: String

  func integer(_ key: String) throws(PolicyError) -> Int {
    guard let value = json[key]?.int else {
      let seen = json[key].map { $0.kindDescription } ?? "nothing"
      throw PolicyError(.badData, "\(source): '\(key)' is \(seen), wanted an integer")
    }
    return value
  }

  func tokens(_ key: String) -> [Int32] {
    if let one = json[key]?.int { return [Int32(one)] }
    return json[key]?.array?.compactMap { $0.int.map { Int32($0) } } ?? []
  }

  func refuseUnsupported(_ architecture: PolicyConfiguration.Architecture) throws(PolicyError) {
    func refuse(_ key: String, _ value: JSON, wanted: String) -> PolicyError {
      PolicyError(
        .badData,
        "\(source): '\(key)' is \(value.serialized()), supported: \(wanted)")
    }
    if let act = json["hidden_act"]?.string, act != "silu" {
      throw refuse("hidden_act", .string(act), wanted: "\"silu\"")
    }
    let scaling = json["rope_parameters"] ?? json["rope_scaling"] ?? .null
    let kind = scaling["rope_type"]?.string ?? scaling["type"]?.string ?? "default"
    if kind != "default" {
      throw refuse("rope_scaling", scaling, wanted: "the default rotary embedding")
    }
    if let partial = json["partial_rotary_factor"]?.double, partial != 1 {
      throw refuse("partial_rotary_factor", .number(partial), wanted: "1.0")
    }
    for key in ["mlp_bias", "use_sliding_window"] where json[key]?.bool == true {
      throw refuse(key, true, wanted: "false")
    }
    if architecture != .qwen2, json["attention_bias"]?.bool == true {
      throw refuse("attention_bias", true, wanted: "false for \(architecture.rawValue)")
    }
    if let types = json["layer_types"]?.array,
      types.contains(where: { $0.string != "full_attention" })
    {
      throw refuse("layer_types", .array(types), wanted: "\"full_attention\" everywhere")
    }
  }
}
