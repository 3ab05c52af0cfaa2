import ArgumentParser
import HonePolicy

/// How completions are drawn, as options of a verb.
struct SamplingArguments: ParsableArguments {
  @Option(help: "Divides the logits; 0 takes the most probable token.")
  var temperature: Double?

  @Option(
    help: "Keep the most probable tokens up to this share of what top-k has left, above 0 to 1.")
  var topP: Double?

  @Option(help: "Keep so many of the most probable tokens; ties with the last are kept too.")
  var topK: Int?

  @Option(
    help: """
      Keep tokens at least this share of the most probable one's probability, 0 to 1. Filters go \
      in transformers' order: temperature, top-k, top-p, min-p.
      """)
  var minP: Double?

  @Option(help: "The most tokens of a completion, the stop token included.")
  var maxTokens: Int?

  @Option(help: "The seed of every random number.")
  var seed: UInt64 = 0

  func validate() throws {
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature is \(temperature), wanted 0 or more")
    }
    if let topP, !(topP > 0 && topP <= 1) {
      throw ValidationError("--top-p is \(topP), wanted above 0 to 1")
    }
    if let topK, topK < 1 { throw ValidationError("--top-k is \(topK), wanted at least 1") }
    if let minP, !(minP >= 0 && minP <= 1) {
      throw ValidationError("--min-p is \(minP), wanted 0 to 1")
    }
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is \(maxTokens), wanted at least 1")
    }
  }

  /// The options of the sampler.
  func options(defaultTemperature: Double) -> SamplingOptions {
    SamplingOptions(
      temperature: temperature ?? defaultTemperature, topK: topK, topP: topP, minP: minP)
  }
}
