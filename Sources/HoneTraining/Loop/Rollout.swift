import HoneGraders
public import HoneNumerics
public import HonePolicy
public import HoneTasks
public import HoneText

/// A problem as the policy sees it.
public struct Prompt: Sendable {
  /// The problem.
  public var problem: Problem
  /// The rendered text.
  public var text: String
  /// Its token ids.
  public var tokens: [Int32]

  /// Renders and encodes a problem.
  public init(_ problem: Problem, template: PromptTemplate, tokenizer: Tokenizer) {
    self.problem = problem
    text = template.render(question: problem.question)
    tokens = tokenizer.encode(text, addSpecial: true)
  }
}

/// The completions of one prompt.
public struct RolloutGroup: Sendable {
  /// The prompt.
  public var prompt: Prompt
  /// The completions, in order of sample number.
  public var completions: [Completion]
  /// Their texts, without special tokens that end them.
  public var texts: [String]
}

/// Draws a group of completions for each prompt.
///
/// Every completion is a function of (policy, seed, step, problem, sample number) alone.
public struct Rollout {
  /// The policy's tokenizer: texts for graders are decoded, the ids stay what they were.
  public var tokenizer: Tokenizer
  /// How tokens are chosen.
  public var options: SamplingOptions
  /// When completions end.
  public var stop: StopRule
  /// The seed of the run.
  public var seed: Int
  /// What the random numbers are for.
  public var purpose: RandomStream.Purpose

  /// Samples `size` completions of each prompt.
  ///
  /// - Parameters:
  ///   - step: names the random streams, with the problem's id. A problem that occurs twice in a
  ///     batch goes on with the sample numbers after its first group's.
  ///   - onEnd: called on this thread as each completion ends, in the order of ending; false stops.
  /// - Throws: where a prediction is no number; its request is the prompt's index.
  public func sample(
    _ prompts: [Prompt], size: Int, step: Int, generator: Generator,
    onEnd: (Ended) -> Bool = { _ in true }
  ) throws(NonFinitePrediction) -> [RolloutGroup] {
    var occurrences: [String: Int] = [:]
    let requests = prompts.map { prompt in
      let seen = occurrences[prompt.problem.id, default: 0]
      occurrences[prompt.problem.id] = seen + 1
      return GenerationRequest(
        prompt: prompt.tokens, samples: seen * size..<(seen + 1) * size,
        stream: RandomStream(
          seed: UInt64(bitPattern: Int64(seed)), purpose: purpose, step: step,
          problem: prompt.problem.id))
    }
    var texts: [[Int: String]] = prompts.map { _ in [:] }
    var count = 0
    let completions = try withoutActuallyEscaping(onEnd) {
      onEnd throws(NonFinitePrediction) in
      try generator.generate(
        requests, options: options, stop: stop,
        progress: { group, completion in
          let text = text(completion)
          texts[group][completion.sample] = text
          count += 1
          return onEnd(
            Ended(
              group: group, prompt: prompts[group], completion: completion, text: text,
              count: count))
        })
    }
    return prompts.indices.map { group in
      RolloutGroup(
        prompt: prompts[group], completions: completions[group],
        texts: completions[group].map { texts[group][$0.sample] ?? "" })
    }
  }

  /// A completion that has just ended.
  public struct Ended {
    /// Its group's index.
    public var group: Int
    /// What it completes.
    public var prompt: Prompt
    /// Its tokens.
    public var completion: Completion
    /// Its text, without special tokens that end it.
    public var text: String
    /// How many completions have ended so far.
    public var count: Int
  }

  /// The text of a completion: the stop token is left out, tags are kept.
  private func text(_ completion: Completion) -> String {
    var tokens = completion.tokens
    if let last = tokens.last, stop.tokens.contains(last) { tokens.removeLast() }
    return tokenizer.decode(tokens)
  }
}
