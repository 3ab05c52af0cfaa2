import Foundation
import HoneJSON

/// A model folder written byte by byte, without the writers that are under test.
///
/// One layer, 16 wide, two heads, one key/value head; the vocabulary is the 256 bytes and an end
/// token. The weights are small and fixed.
enum TinyModel {
  private static func shapes(rows: Int) -> [(String, [Int])] {
    [("model.embed_tokens.weight", [rows, 16])] + layer
  }

  private static let layer: [(String, [Int])] = [
    ("model.layers.0.input_layernorm.weight", [16]),
    ("model.layers.0.self_attn.q_proj.weight", [16, 16]),
    ("model.layers.0.self_attn.k_proj.weight", [8, 16]),
    ("model.layers.0.self_attn.v_proj.weight", [8, 16]),
    ("model.layers.0.self_attn.o_proj.weight", [16, 16]),
    ("model.layers.0.post_attention_layernorm.weight", [16]),
    ("model.layers.0.mlp.gate_proj.weight", [32, 16]),
    ("model.layers.0.mlp.up_proj.weight", [32, 16]),
    ("model.layers.0.mlp.down_proj.weight", [16, 32]),
    ("model.norm.weight", [16]),
  ]

  /// Parameters of the policy.
  static var parameterCount: Int { shapes(rows: 257).reduce(0) { $0 + $1.1.reduce(1, *) } }

  /// Writes the folder; more rows than 257 are padding that the tokenizer has no tokens for.
  static func write(to folder: TemporaryFolder, rows: Int = 257) throws {
    try folder.write(
      configuration.replacing("\"vocab_size\": 257", with: "\"vocab_size\": \(rows)"),
      to: "config.json")
    try folder.write(tokenizer, to: "tokenizer.json")
    try folder.write(#"{"eos_token": "<|end|>"}"#, to: "tokenizer_config.json")
    try folder.write(#"{"prompt_template": "tiny"}"#, to: "hone.json")
    try Data(weights(rows: rows)).write(to: URL(fileURLWithPath: folder.file("model.safetensors")))
  }

  private static let configuration = """
    {"model_type": "llama", "vocab_size": 257, "hidden_size": 16, "intermediate_size": 32,
     "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8,
     "rms_norm_eps": 1e-6, "max_position_embeddings": 128, "tie_word_embeddings": true,
     "eos_token_id": 256}
    """

  /// Byte-level BPE without merges.
  private static var tokenizer: String {
    var vocabulary = JSONObject()
    var spare = 256
    for byte in 0..<256 {
      var scalar = byte
      // GPT-2's alphabet: printable bytes stand for themselves, the others for U+0100 and up.
      if !(33...126).contains(byte), !(161...172).contains(byte), !(174...255).contains(byte) {
        scalar = spare
        spare += 1
      }
      if let scalar = Unicode.Scalar(scalar) { vocabulary[String(scalar)] = .integer(byte) }
    }
    let byteLevel: JSON = [
      "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    ]
    let end: JSON = [
      "id": 256, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": false,
      "normalized": false, "special": true,
    ]
    let file: JSON = [
      "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": [end],
      "normalizer": nil, "pre_tokenizer": byteLevel, "post_processor": nil, "decoder": byteLevel,
      "model": [
        "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
        "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false,
        "ignore_merges": false, "vocab": .object(vocabulary), "merges": [],
      ],
    ]
    return file.serialized()
  }

  private static func weights(rows: Int) -> [UInt8] {
    var header = JSONObject([("__metadata__", ["format": "pt"])])
    var body: [UInt8] = []
    var state: UInt32 = 1
    for (name, shape) in shapes(rows: rows) {
      let start = body.count
      for _ in 0..<shape.reduce(1, *) {
        // A linear congruential generator (Numerical Recipes): any fixed numbers will do.
        state = state &* 1_664_525 &+ 1_013_904_223
        let small = (Float(state >> 8) / Float(1 << 24) - 0.5) * 0.4
        let value = name.hasSuffix("norm.weight") ? 1 + small : small
        withUnsafeBytes(of: value.bitPattern.littleEndian) { body.append(contentsOf: $0) }
      }
      header[name] = [
        "dtype": "F32", "shape": .array(shape.map { .integer($0) }),
        "data_offsets": [.integer(start), .integer(body.count)],
      ]
    }
    let text = JSON.object(header).serializedBytes()
    let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
    return length + text + body
  }
}
