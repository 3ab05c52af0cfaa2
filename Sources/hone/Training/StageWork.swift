import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// A little of a stage's work, done for the clock alone: no weight changes.
struct StageWork {
  let stage: Stage
  let model: LoadedModel
  let template: PromptTemplate
  /// Tokens of the longest prompt.
  let longest: Int

  private var configuration: PolicyConfiguration { model.policy.configuration }

  /// Seconds of one step, scaled up from a few prompts or demonstrations.
  func secondsPerStep(_ problems: [Problem]) throws -> Double {
    switch stage.method {
    case .sft(let settings): try supervised(problems, settings)
    case .grpo(let settings): try groupRelative(problems, settings)
    }
  }

  /// Memory beside the flat buffers: caches while sampling, activations while training.
  var workingBytes: Int {
    let c = configuration
    let shape = c.attention
    switch stage.method {
    case .sft: return 4 * activations(rows: SupervisedUpdate.sequencesPerPass * 2 * longest)
    case .grpo(let settings):
      let length = settings.sampling.maximumCompletionLength
      let rows = min(
        settings.groupSize * settings.promptsPerStep,
        Generator.defaultRows(c, maximumTokens: length))
      let width = 2 * c.layers * shape.keyValueHeads * c.headSize
      let cache = rows * (length + longest / settings.groupSize) * width
      return 4 * (cache + activations(rows: longest + settings.groupSize * length))
    }
  }

  /// Floats that a forward and backward pass keeps: every layer's, and logits of a chunk.
  private func activations(rows: Int) -> Int {
    let c = configuration
    let fused = (c.heads + 2 * c.keyValueHeads) * c.headSize
    let layer = 2 * c.hiddenSize + fused + c.heads * c.headSize + 2 * c.intermediateSize
    return rows * (c.layers * layer + 4 * c.hiddenSize + 2 * c.intermediateSize + 2 * fused)
      + 128 * c.vocabularySize
  }

  // MARK: - Measuring

  private func groupRelative(
    _ problems: [Problem], _ settings: GroupRelativeSettings
  ) throws -> Double {
    let length = settings.sampling.maximumCompletionLength
    let measured = Array(problems.prefix(min(2, settings.promptsPerStep)))
    let tokens = measured.map { model.promptTokens(template.render(question: $0.question)) }
    for (prompt, problem) in zip(tokens, measured) {
      if let defect = model.defect(ofPrompt: prompt, maximumTokens: length) {
        throw TrainingError(.badRecipe, "problem '\(problem.id)': \(defect)")
      }
    }
    let generator = Generator(policy: model.policy, rows: settings.groupSize * measured.count)
    let start = ContinuousClock.now
    let completions = generator.generate(
      tokens.map {
        GenerationRequest(
          prompt: $0, samples: 0..<settings.groupSize,
          stream: RandomStream(seed: 0, purpose: .sampling))
      }, options: SamplingOptions(temperature: settings.sampling.temperature),
      stop: model.stopRule(
        maximumTokens: length, strings: template.stopStrings + stage.prompt.stop))
    let sampling = (ContinuousClock.now - start) / .seconds(1)
    let groups = zip(tokens, completions).map { prompt, completions in
      PackedGroup(prompt: prompt, completions: completions.map(\.tokens))
    }
    let training = trainingSeconds(groups) * Double(settings.updatesPerRollout)
    return (sampling + training) * Double(settings.promptsPerStep) / Double(measured.count)
  }

  private func supervised(_ problems: [Problem], _ settings: SupervisedSettings) throws -> Double {
    var groups: [PackedGroup] = []
    let count = min(settings.batchSize, SupervisedUpdate.sequencesPerPass)
    for problem in problems.prefix(count) {
      guard let text = problem.completion else {
        let place = problem.source.map { "\($0): " } ?? ""
        throw TrainingError(
          .badData,
          "\(place)problem '\(problem.id)' has no 'completion'; an sft stage needs demonstrations")
      }
      let completion = model.tokenizer.encode(text) + model.endTokens.prefix(1)
      let prompt = model.promptTokens(template.render(question: problem.question))
      guard !completion.isEmpty else { continue }
      groups.append(PackedGroup(prompt: prompt, completions: [completion]))
    }
    guard !groups.isEmpty else { return 0 }
    return trainingSeconds(groups) * Double(settings.batchSize) / Double(groups.count)
  }

  /// The time of forward and backward passes over groups, with a loss of 0.
  private func trainingSeconds(_ groups: [PackedGroup]) -> Double {
    let gradients = TensorBuffer(count: model.policy.layout.count)
    let batch = PackedBatch(groups)
    let workspace = TrainingWorkspace(
      configuration: configuration, fitting: batch, precision: model.policy.precision)
    let start = ContinuousClock.now
    model.policy.backpropagate(batch, workspace: workspace, gradients: gradients) { range, _ in
      range.map { _ in TokenGradient(logProbability: 0) }
    }
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
