import HoneGraders
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// Lengths of completions that were seen, in tokens.
struct CompletionLengths {
  private let sorted: [Int]
  private let grow: Bool

  /// - Parameter grow: whether rewards are about to change which lengths a policy prefers, mostly to
  ///   those that were rare and long.
  init(_ lengths: [Int], grow: Bool) {
    sorted = lengths.sorted()
    self.grow = grow
  }

  /// The longest of all; nil where none was seen.
  var longest: Int? { sorted.last }

  /// The longest of some number of completions, on average (twice that number, where they grow).
  func longest(of count: Int) -> Int? {
    let count = grow ? 2 * count : count
    return sorted.isEmpty ? nil : sorted[min(sorted.count - 1, sorted.count * count / (count + 1))]
  }
}

/// A step of a stage's work, or a little of one, done for the clock alone: no weight changes.
struct StageWork {
  /// What was found out.
  struct Findings {
    /// Seconds of sampling and grading in a step.
    var rolloutSeconds: Double
    /// Seconds of forward and backward passes and of the optimiser in a step.
    var trainingSeconds: Double
    /// Tokens of completions: of those that were sampled, or of the demonstrations; none where neither
    /// says how long the policy's will be.
    var completions: CompletionLengths
    /// The largest batch of a training pass.
    var rows: MemoryPlan.Training
    /// The largest that there can be.
    var greatestRows: MemoryPlan.Training
    /// Both.
    var secondsPerStep: Double { rolloutSeconds + trainingSeconds }
  }

  let stage: Stage
  let model: LoadedModel
  let template: PromptTemplate
  let graders: GraderOptions
  /// Tokens of the longest prompt.
  let longestPrompt: Int
  /// The order in which the run draws its problems.
  let order: BatchOrder

  /// Seconds that a part of a step may take; a longer one is scaled up from some of it.
  private static let patience = 20.0
  /// Completions of a group, and problems or demonstrations of a step, that are always worked on; more
  /// only where they take no longer than `patience`.
  private static let fewest = 64

  private var policy: Policy { model.policy }

  /// Does the work of one step on the problems that the run's first step has.
  func findings(_ problems: [Problem]) throws -> Findings {
    policy.adopt(stage.precision)
    return switch stage.method {
    case .sft(let settings): try supervised(problems, settings)
    case .grpo(let settings): try groupRelative(problems, settings)
    }
  }

  // MARK: - GRPO

  private func groupRelative(
    _ problems: [Problem], _ settings: GroupRelativeSettings
  ) throws -> Findings {
    let length = settings.sampling.maximumCompletionLength
    let whole = firstBatch(settings.promptsPerStep).map { problems[$0] }
    let few = min(settings.groupSize, Self.fewest)
    for problem in whole {
      let prompt = model.promptTokens(template.render(question: problem.question))
      if let defect = model.defect(ofPrompt: prompt, maximumTokens: length) {
        throw TrainingError(.badRecipe, "problem '\(problem.id)': \(defect)")
      }
    }
    func evaluate(_ problems: [Problem], _ samples: Int) throws -> ([EvaluatedProblem], Double) {
      let evaluator = Evaluator(
        model: model, template: template,
        settings: Evaluator.Settings(
          samples: samples,
          sampling: SamplingOptions(temperature: settings.sampling.temperature),
          maximumTokens: length, stopStrings: template.stopStrings + stage.prompt.stop,
          rewards: settings.rewards), graders: graders)
      return try timed { try evaluator.evaluate(problems) }
    }
    // The first time warms caches and says how long all of it would take.
    var sampled = Array(whole.prefix(2))
    var samples = few
    var (results, seconds) = try evaluate(sampled, samples)
    let each = seconds / Double(sampled.count * samples)
    let isWhole = each * Double(whole.count) * Double(settings.groupSize) <= Self.patience
    if isWhole || each * Double(whole.count * samples) <= Self.patience {
      sampled = whole
      samples = isWhole ? settings.groupSize : samples
      (results, seconds) = try evaluate(sampled, samples)
    }
    let perGroup = Double(settings.groupSize) / Double(samples)
    let perStep = perGroup * Double(settings.promptsPerStep) / Double(sampled.count)
    let beta = settings.objective.divergence.beta
    // Groups of equal rewards have no gradient and are not computed, unless a penalty needs them.
    let isLearnable = results.map { beta != 0 || Set($0.samples.compactMap(\.reward)).count > 1 }
    let groups = results.map(group)
    let pass = passSeconds(groups.map { [$0] })
    let share = Double(isLearnable.count { $0 }) / Double(max(1, isLearnable.count))
    // A forward pass is a third of a forward and backward pass: the reference's, and that which
    // GSPO makes to know the ratio of a whole sequence beforehand.
    let perUpdate = settings.objective.loss == .gspo ? 4.0 / 3 : 1
    let passes =
      share * perUpdate * Double(settings.updatesPerRollout) + (beta != 0 ? 1.0 / 3 : 0)
    let updates = settings.updatesPerRollout * min(settings.miniBatches, settings.promptsPerStep)
    return Findings(
      rolloutSeconds: seconds * perStep,
      trainingSeconds: pass * perStep * passes + optimizerSeconds * Double(updates),
      completions: CompletionLengths(
        results.flatMap { $0.samples.map(\.tokens) }, grow: true),
      rows: samples == settings.groupSize
        ? rows(groups.map { [$0] })
        : .group(
          prompt: groups.map(\.prompt.count).max() ?? longestPrompt,
          completions: settings.groupSize, completionLength: meanLength(results)),
      greatestRows: .group(
        prompt: longestPrompt, completions: settings.groupSize, completionLength: length))
  }

  /// Tokens of a completion on average, rounded up.
  private func meanLength(_ results: [EvaluatedProblem]) -> Int {
    let lengths = results.flatMap { $0.samples.map(\.tokens) }
    return max(1, (lengths.reduce(0, +) + lengths.count - 1) / max(1, lengths.count))
  }

  /// A sampled group with its lengths; which tokens they were makes no difference to the clock.
  private func group(_ result: EvaluatedProblem) -> PackedGroup {
    PackedGroup(
      prompt: model.promptTokens(template.render(question: result.problem.question)),
      completions: result.samples.map {
        [Int32](repeating: policy.configuration.endTokens.first ?? 0, count: max(1, $0.tokens))
      })
  }

  // MARK: - SFT

  private func supervised(
    _ problems: [Problem], _ settings: SupervisedSettings
  ) throws -> Findings {
    let demonstrations = try problems.map { problem in
      guard let text = problem.completion else {
        let place = problem.source.map { "\($0): " } ?? ""
        throw TrainingError(
          .badData,
          "\(place)problem '\(problem.id)' has no 'completion'; an sft stage needs demonstrations")
      }
      let completion = model.tokenizer.encode(text) + model.endTokens.prefix(1)
      let prompt = model.promptTokens(template.render(question: problem.question))
      return TokenizedDemonstration(prompt: prompt, completion: Array(completion))
    }
    let groups = firstBatch(settings.batchSize).map { demonstrations[$0] }
      .filter { !$0.completion.isEmpty }
      .map { PackedGroup(prompt: $0.prompt, completions: [$0.completion]) }
    let size = SupervisedUpdate.sequencesPerPass
    let batches = stride(from: 0, to: groups.count, by: size).map {
      Array(groups[$0..<min(groups.count, $0 + size)])
    }
    let scale = Double(settings.batchSize) / Double(max(1, groups.count))
    return Findings(
      rolloutSeconds: 0, trainingSeconds: passSeconds(batches) * scale + optimizerSeconds,
      completions: CompletionLengths(
        isEvaluatedRaw ? [] : demonstrations.map(\.completion.count), grow: false),
      rows: rows(batches),
      greatestRows: SupervisedUpdate.largestPass(
        demonstrations, batchSize: settings.batchSize))
  }

  /// Whether random weights are evaluated before they have learned where to end a completion.
  ///
  /// The evaluation before the first step does not count: what training needs is not resident yet.
  private var isEvaluatedRaw: Bool {
    let first = stage.evaluateEvery > 0 ? min(stage.evaluateEvery, stage.steps) : stage.steps
    return model.path.isEmpty && first < 50
  }

  /// The problems of the first step; of a step with more than there are, each once.
  private func firstBatch(_ count: Int) -> [Int] {
    var cursor = BatchCursor()
    return order.batch(min(count, max(order.count, Self.fewest)), from: &cursor)
  }

  // MARK: - Measuring

  private func timed<Result>(_ body: () throws -> Result) rethrows -> (Result, Double) {
    let start = ContinuousClock.now
    let result = try body()
    return (result, (ContinuousClock.now - start) / .seconds(1))
  }

  /// The largest of some batches.
  private func rows(_ batches: [[PackedGroup]]) -> MemoryPlan.Training {
    let packed = batches.map { PackedBatch($0) }
    return MemoryPlan.Training(
      rows: packed.map(\.rows).max() ?? 1, segments: packed.map(\.segments.count).max() ?? 1,
      parentRows: packed.map(\.parentRows).max() ?? 0)
  }

  /// Seconds of forward and backward passes over batches, with a loss of 0.
  ///
  /// The first pass is not counted; where the rest would be long, it is scaled up by rows.
  private func passSeconds(_ batches: [[PackedGroup]]) -> Double {
    guard let first = batches.first else { return 0 }
    let largest = rows(batches)
    let workspace = TrainingWorkspace(
      configuration: policy.configuration, maximumRows: largest.rows,
      maximumSegments: largest.segments, maximumParentRows: largest.parentRows,
      precision: policy.precision, recomputes: stage.activationCheckpointing)
    let gradients = Gradients(policy.layout, precision: policy.precision)
    func pass(_ groups: [PackedGroup]) -> (rows: Int, seconds: Double) {
      let batch = PackedBatch(groups)
      let (_, seconds) = timed {
        policy.backpropagate(batch, workspace: workspace, gradients: gradients) { range, _ in
          range.map { _ in TokenGradient(logProbability: 0) }
        }
      }
      return (batch.rows, seconds)
    }
    _ = pass(first)
    var (rows, seconds) = (0, 0.0)
    for batch in batches where seconds < Self.patience {
      let done = pass(batch)
      rows += done.rows
      seconds += done.seconds
    }
    let total = batches.reduce(0) { $0 + PackedBatch($1).rows }
    return seconds * Double(total) / Double(max(1, rows))
  }

  /// Seconds of zeroing gradients, their norm, clipping and AdamW: those of a policy with one layer of
  /// the same shape and a small vocabulary, scaled up by parameters.
  private var optimizerSeconds: Double {
    var c = policy.configuration
    c.layers = 1
    c.vocabularySize = min(c.vocabularySize, 4096)
    let small = Policy(configuration: c, compute: policy.compute)
    small.adopt(policy.precision)
    let gradients = Gradients(small.layout, precision: small.precision)
    let optimizer = PolicyOptimizer(layout: small.layout, precision: small.precision)
    func step() {
      gradients.zero()
      // Zeros stay zeros: there is nothing that could fail.
      _ = try? optimizer.step(
        small, gradients: gradients, settings: stage.optimizer, learningRate: 0, step: 0)
    }
    step()
    let (_, seconds) = timed(step)
    return seconds * Double(policy.layout.count) / Double(small.layout.count)
  }
}
