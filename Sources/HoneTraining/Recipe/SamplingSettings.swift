/// How completions are drawn.
public struct SamplingSettings: Sendable, Hashable {
  /// Divides the logits, in the sampler and in the objective; default 1.
  public var temperature: Double = 1
  /// Nucleus: the likeliest tokens up to this probability; 1 keeps all.
  public var topP: Double = 1
  /// The number of likeliest tokens to keep; 0 keeps all.
  public var topK: Int = 0
  /// Least probability relative to the likeliest token; 0 keeps all.
  public var minP: Double = 0
  /// Most tokens of a completion, the stop token included; default 128 (TRL's 512 suits larger
  /// policies).
  public var maximumCompletionLength: Int = 128

  /// The default settings.
  public init() {}

  /// Whether some tokens can never be drawn.
  public var isNarrowed: Bool { topP < 1 || topK > 0 || minP > 0 }
}

// MARK: - Recipe

extension SamplingSettings {
  /// Reads the section of a GRPO stage, where the full softmax is required.
  init(_ reader: RecipeReader) {
    self.init()
    temperature = reader.number("temperature", .above0) ?? temperature
    topP = reader.number("top_p", .above0To1) ?? topP
    topK = reader.integer("top_k", .atLeast(0)) ?? topK
    minP = reader.number("min_p", .from0To1) ?? minP
    maximumCompletionLength =
      reader.integer("max_completion_length", .atLeast(1, atMost: 1 << 24))
      ?? maximumCompletionLength
    let narrowing: [(String, Bool, String)] = [
      ("top_p", topP < 1, "1"), ("top_k", topK > 0, "0"), ("min_p", minP > 0, "0"),
    ]
    for (key, isNarrowed, neutral) in narrowing where isNarrowed {
      reader.report(
        key,
        "'\(key)' narrows the sampler, but the objective takes log-probabilities over the full "
          + "softmax: sampled and trained policy would differ; remove it, or set it to \(neutral)")
    }
    reader.finish("sampling")
  }

  var node: RecipeNode {
    .mapping([
      ("temperature", .number(temperature)),
      ("top_p", .number(topP)),
      ("top_k", .integer(topK)),
      ("min_p", .number(minP)),
      ("max_completion_length", .integer(maximumCompletionLength)),
    ])
  }
}
