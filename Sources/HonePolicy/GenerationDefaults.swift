import HoneJSON

extension PolicyConfiguration {
  /// The contents of `generation_config.json`: other programs draw from the whole distribution, as
  /// the policy was trained to be drawn from, and end where Hone ends.
  ///
  /// `transformers` would keep the 50 most probable tokens where `top_k` is not set. There is no
  /// `max_new_tokens`: servers take it for a bound that no request may exceed.
  func generationDefaults(endTokens: [Int32]) -> JSONObject {
    func id(_ token: Int32) -> JSON { .integer(Int(token)) }
    var fields = JSONObject()
    if let beginToken { fields["bos_token_id"] = id(beginToken) }
    if let first = endTokens.first {
      fields["eos_token_id"] = endTokens.count == 1 ? id(first) : .array(endTokens.map(id))
    }
    if let pad = padToken ?? endTokens.first { fields["pad_token_id"] = id(pad) }
    fields["do_sample"] = true
    fields["temperature"] = .number(1)
    fields["top_k"] = 0
    fields["top_p"] = .number(1)
    return fields
  }
}
