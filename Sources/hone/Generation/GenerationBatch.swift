import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText

/// Prompts that are completed with one set of options.
struct GenerationBatch {
  /// A prompt that was checked.
  struct Request {
    /// The row's name, if it had one.
    var id: JSON?
    /// What names the random numbers.
    var name: String
    /// The prompt's ids.
    var tokens: [Int32]
  }

  /// The policy and what belongs to it.
  let model: LoadedModel
  /// How questions become prompts; nil takes prompts as they are.
  let template: PromptTemplate?
  /// Completions of each prompt.
  let samples: Int
  /// How tokens are chosen.
  let options: SamplingOptions
  /// The most tokens of a completion.
  let maximumTokens: Int
  /// Texts that end a completion, beside the template's own.
  let stopStrings: [String]
  /// The seed of every random number.
  let seed: UInt64

  /// Completions that are made at the same time.
  var rows: Int {
    Generator.defaultRows(model.policy.configuration, maximumTokens: maximumTokens)
  }

  /// A request from a text.
  func request(text: String, name: String, id: JSON? = nil) throws(RowError) -> Request {
    let prompt = template?.render(question: text) ?? text
    return try checked(Request(id: id, name: name, tokens: model.promptTokens(prompt)))
  }

  /// A request from a row: `prompt`, `question` or `prompt_ids`.
  func request(row: JSONObject, line: Int) throws(RowError) -> Request {
    let id = row["id"]
    let name = id.map { $0.string ?? $0.serialized() } ?? "line \(line)"
    let vocabulary = model.policy.configuration.vocabularySize
    if let tokens = try row.tokens("prompt_ids", vocabulary: vocabulary) {
      return try checked(Request(id: id, name: name, tokens: tokens))
    }
    let key = row["prompt"] == nil && row["question"] != nil ? "question" : "prompt"
    return try request(text: try row.text(key), name: name, id: id)
  }

  private func checked(_ request: Request) throws(RowError) -> Request {
    if let defect = model.defect(ofPrompt: request.tokens, maximumTokens: maximumTokens) {
      throw RowError(defect)
    }
    return request
  }

  /// The completions of each request, in order.
  ///
  /// - Throws: `PolicyError` of kind `badData` where a prediction is no number.
  func generate(
    _ requests: [Request], onToken: ((Int, Int32) -> Void)? = nil
  ) throws(PolicyError) -> [[Completion]] {
    guard !requests.isEmpty else { return [] }
    let generator = Generator(policy: model.policy, rows: min(rows, requests.count * samples))
    let stop = model.stopRule(
      maximumTokens: maximumTokens, strings: (template?.stopStrings ?? []) + stopStrings)
    do throws(NonFinitePrediction) {
      return try generator.generate(
        requests.map { request in
          GenerationRequest(
            prompt: request.tokens, samples: 0..<samples,
            stream: RandomStream(seed: seed, purpose: .sampling, problem: request.name))
        }, options: options, stop: stop, onToken: onToken)
    } catch {
      let name = requests[error.request].id.map { $0.string ?? $0.serialized() }
      throw PolicyError(
        error, model: model.path, what: name.map { "prompt '\($0)'" } ?? "the prompt")
    }
  }
}
