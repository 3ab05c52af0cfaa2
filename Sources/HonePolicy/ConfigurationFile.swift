public import HoneJSON

// config.json, in and out. Both spellings of what changed between transformers 4 and 5 are read and
// written: rope_theta and rope_parameters, torch_dtype and dtype.

extension PolicyConfiguration {
  /// The configuration that a `config.json` describes.
  ///
  /// A key that would change the computation in a way Hone does not have is refused, never ignored, and
  /// so is a value of another type than the key's.
  public init(json: JSON, source: String) throws(PolicyError) {
    let reader = try ConfigurationReader(json, source: source)
    guard let architecture = Architecture(rawValue: try reader.text("model_type") ?? "") else {
      let supported = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      let seen = reader.value("model_type")?.string ?? "(none)"
      throw PolicyError(
        .badData, "\(source): model_type is '\(seen)', supported: \(supported)")
    }
    try reader.refuseUnsupported(architecture)
    let size = 1...Self.largestSize
    let hidden = try reader.required("hidden_size", size)
    let heads = try reader.required("num_attention_heads", size)
    let vocabulary = try reader.required("vocab_size", size)
    let bias = try reader.flag("attention_bias") ?? false
    self.init(
      architecture: architecture, vocabularySize: vocabulary, hiddenSize: hidden,
      intermediateSize: try reader.required("intermediate_size", size),
      layers: try reader.required("num_hidden_layers", 1...Self.mostLayers), heads: heads,
      keyValueHeads: try reader.integer("num_key_value_heads", size) ?? heads,
      headSize: try reader.integer("head_dim", size) ?? hidden / heads,
      rmsNormEpsilon: Float(try reader.number("rms_norm_eps", 0...1) ?? 1e-6),
      ropeTheta: try reader.ropeTheta() ?? 10_000,
      maximumPositions: try reader.integer("max_position_embeddings", size) ?? 2048,
      tiedHead: try reader.flag("tie_word_embeddings") ?? false,
      attentionBias: architecture == .qwen2 || bias,
      beginToken: try reader.token("bos_token_id", vocabulary: vocabulary),
      endTokens: try reader.tokens("eos_token_id", vocabulary: vocabulary),
      padToken: try reader.token("pad_token_id", vocabulary: vocabulary))
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

extension ConfigurationReader {
  /// The base of the rotary frequencies, in either spelling; as in transformers 5, the newer one counts
  /// where both are there.
  fileprivate func ropeTheta() throws(PolicyError) -> Double? {
    let older = try number("rope_theta", PolicyConfiguration.ropeThetas)
    var theta: Double?
    for key in Self.ropeKeys {
      let newer = try section(key)?.number("rope_theta", PolicyConfiguration.ropeThetas)
      theta = theta ?? newer
    }
    return theta ?? older
  }

  private static let ropeKeys = ["rope_parameters", "rope_scaling"]

  fileprivate func refuseUnsupported(
    _ architecture: PolicyConfiguration.Architecture
  ) throws(PolicyError) {
    if let act = try text("hidden_act"), act != "silu" {
      throw refuse("hidden_act", .string(act), wanted: "\"silu\"")
    }
    for key in Self.ropeKeys { try refuseScaling(key) }
    if let partial = try number("partial_rotary_factor", 0...1), partial != 1 {
      throw refuse("partial_rotary_factor", .number(partial), wanted: "1.0")
    }
    for key in ["mlp_bias", "use_sliding_window"] {
      if try flag(key) == true { throw refuse(key, true, wanted: "false") }
    }
    if architecture != .qwen2, try flag("attention_bias") == true {
      throw refuse("attention_bias", true, wanted: "false for \(architecture.rawValue)")
    }
    if let types = try list("layer_types"),
      types.contains(where: { $0.string != "full_attention" })
    {
      throw refuse("layer_types", .array(types), wanted: "\"full_attention\" everywhere")
    }
    if let quantization = value("quantization_config") {
      throw refuse(
        "quantization_config", quantization, wanted: "weights that are not quantised")
    }
  }

  /// Rotary embeddings of another kind, or of several kinds of layers.
  private func refuseScaling(_ key: String) throws(PolicyError) {
    guard let rope = try section(key) else { return }
    let older = try rope.text("type")
    let kind = try rope.text("rope_type") ?? older ?? "default"
    let partial = try rope.number("partial_rotary_factor", 0...1) ?? 1
    let isNested = rope.fields.pairs.contains { $0.value.object != nil }
    guard kind == "default", partial == 1, !isNested else {
      throw refuse(key, .object(rope.fields), wanted: "the default rotary embedding")
    }
  }
}
