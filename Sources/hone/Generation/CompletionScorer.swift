import HoneJSON
import HonePolicy
import HoneText

/// A completion to be scored.
struct ScoredItem {
  /// The prompt's ids, at least one.
  var prompt: [Int32]
  /// The completion's ids, at least one.
  var completion: [Int32]
}

/// Computes the log-probabilities of completions, many in one pass.
struct CompletionScorer {
  /// The policy and what belongs to it.
  let model: LoadedModel
  /// The logits are divided by it.
  let temperature: Double

  /// Tokens of one pass, about 256 MiB of activations: a matter of speed and memory alone.
  var tokensPerPass: Int {
    let c = model.policy.configuration
    let bytes = 4 * c.layers * (6 * c.hiddenSize + 2 * c.intermediateSize)
    return max(256, min(8192, (256 << 20) / bytes))
  }

  /// Reads a row: `prompt_ids` and `completion_ids`, or `prompt` and `completion` as text.
  func item(row: JSONObject) throws(RowError) -> ScoredItem {
    let configuration = model.policy.configuration
    let vocabulary = configuration.vocabularySize
    let prompt: [Int32]
    if let ids = try row.tokens("prompt_ids", vocabulary: vocabulary) {
      prompt = ids
    } else {
      prompt = model.promptTokens(try text(row, "prompt"))
    }
    let completion: [Int32]
    if let ids = try row.tokens("completion_ids", vocabulary: vocabulary) {
      completion = ids
    } else {
      completion = model.tokenizer.encode(try text(row, "completion"))
    }
    if let id = completion.first(where: model.policy.isExcluded) {
      throw RowError(
        "the completion holds the id \(id), which no token of the tokenizer has; the policy never "
          + "writes it. Leave it out")
    }
    if prompt.isEmpty { throw RowError("the prompt has no tokens, wanted at least one") }
    if completion.isEmpty { throw RowError("the completion has no tokens, wanted at least one") }
    // The last token of a completion is predicted, never read.
    let length = prompt.count + completion.count - 1
    if length > configuration.maximumPositions {
      throw RowError(
        "\(prompt.count) prompt and \(completion.count) completion tokens; "
          + "the policy has \(configuration.maximumPositions) positions")
    }
    return ScoredItem(prompt: prompt, completion: completion)
  }

  private func text(_ row: JSONObject, _ key: String) throws(RowError) -> String {
    if row[key] == nil { throw RowError("neither '\(key)_ids' nor '\(key)'") }
    return try row.text(key)
  }

  /// log p of every token of every completion, in order; an error where one is no number.
  ///
  /// Completions that follow each other and share a prompt share its pass; no bit depends on that.
  func score(_ items: [ScoredItem]) -> [Result<[Float], RowError>] {
    guard !items.isEmpty else { return [] }
    var groups: [PackedGroup] = []
    for item in items {
      if groups.last?.prompt == item.prompt {
        groups[groups.count - 1].completions.append(item.completion)
      } else {
        groups.append(PackedGroup(prompt: item.prompt, completions: [item.completion]))
      }
    }
    let batch = PackedBatch(groups)
    let scores = model.policy.score(
      batch,
      workspace: TrainingWorkspace(
        configuration: model.policy.configuration, fitting: batch,
        precision: model.policy.precision),
      temperature: Float(temperature))
    return batch.completions.map { range in
      let values = scores[range].map(\.logProbability)
      guard let position = values.firstIndex(where: { !$0.isFinite }) else {
        return .success(values)
      }
      let advice = NonFinitePrediction.advice(values[position])
      return .failure(RowError("position \(position) of the completion: \(advice)"))
    }
  }
}
