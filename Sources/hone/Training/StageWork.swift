import HoneGraders
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// A step of a stage's work, or a little of one, done for the clock alone: no weight changes.
struct StageWork {
  /// What was found out.
  struct Findings {
    /// Seconds of sampling and grading in a step.
    var rolloutSeconds: Double
    /// Seconds of forward and backward passes and of the optimiser in a step.
    var trainingSeconds: Double
    /// The largest batch of a training pass.
    var rows: MemoryPlan.Training
    /// Mean tokens of a completion over the most allowed; 1 where nothing was sampled.
    var lengthShare = 1.0
    /// Both.
    var secondsPerStep: Double { rolloutSeconds + trainingSeconds }
  }

  let stage: Stage
  let model: LoadedModel
  let template: PromptTemplate
  let graders: GraderOptions

  /// Seconds that a part of a step may take; a longer one is scaled up from some of it.
  private static let patience = 20.0

  private var policy: Policy { model.policy }

  /// Does the work of one step on the first problems.
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
    let whole = Array(problems.prefix(settings.promptsPerStep))
    for problem in whole {
      let prompt = model.promptTokens(template.render(question: problem.question))
      if let defect = model.defect(ofPrompt: prompt, maximumTokens: length) {
        throw TrainingError(.badRecipe, "problem '\(problem.id)': \(defect)")
      }
    }
    let evaluator = Evaluator(
      model: model, template: template,
      settings: Evaluator.Settings(
        samples: settings.groupSize,
        sampling: SamplingOptions(temperature: settings.sampling.temperature),
        maximumTokens: length, stopStrings: template.stopStrings + stage.prompt.stop,
        rewards: settings.rewards), graders: graders)
    // The first time warms caches and says how long all of it would take.
    var sampled = Array(whole.prefix(2))
    var (results, seconds) = try timed { try evaluator.evaluate(sampled) }
    if seconds * Double(whole.count) <= Self.patience * Double(sampled.count) {
      sampled = whole
      (results, seconds) = try timed { try evaluator.evaluate(sampled) }
    }
    let perStep = Double(settings.promptsPerStep) / Double(sampled.count)
    let beta = settings.objective.divergence.beta
    // Groups of equal rewards have no gradient and are not computed, unless a penalty needs them.
    let isLearnable = results.map { beta != 0 || Set($0.samples.compactMap(\.reward)).count > 1 }
    let groups = results.map(group)
    let lengths = results.flatMap { $0.samples.map { Double($0.tokens) } }
    let pass = passSeconds(groups.map { [$0] })
    let share = Double(isLearnable.count { $0 }) / Double(max(1, isLearnable.count))
    // The reference's forward pass is a third of a forward and backward pass.
    let passes = share * Double(settings.updatesPerRollout) + (beta != 0 ? 1.0 / 3 : 0)
    let updates = settings.updatesPerRollout * min(settings.miniBatches, settings.promptsPerStep)
    return Findings(
      rolloutSeconds: seconds * perStep,
      trainingSeconds: pass * perStep * passes + optimizerSeconds * Double(updates),
      rows: rows(groups.map { [$0] }),
      lengthShare: lengths.reduce(0, +) / Double(max(1, lengths.count) * length))
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
    var groups: [PackedGroup] = []
    for problem in problems.prefix(settings.batchSize) {
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
    let size = SupervisedUpdate.sequencesPerPass
    let batches = stride(from: 0, to: groups.count, by: size).map {
      Array(groups[$0..<min(groups.count, $0 + size)])
    }
    let scale = Double(settings.batchSize) / Double(max(1, groups.count))
    return Findings(
      rolloutSeconds: 0, trainingSeconds: passSeconds(batches) * scale + optimizerSeconds,
      rows: rows(batches))
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
    let gradients = TensorBuffer(count: policy.layout.count)
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

  /// Seconds of zeroing gradients, their norm and AdamW, scaled up from a piece of scratch memory.
  private var optimizerSeconds: Double {
    let count = min(policy.layout.count, 1 << 22)
    let buffers = (0..<4).map { _ in TensorBuffer(count: count) }
    for buffer in buffers { buffer.zero() }
    let update = AdamWUpdate(
      learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, gradientScale: 1, count: 1)
    let (_, seconds) = timed {
      buffers[1].zero()
      _ = policy.compute.sumOfSquares(count: count, buffers[1].pointer)
      policy.compute.adamW(
        update, count: count, weightDecay: 0, parameters: buffers[0].pointer,
        gradients: buffers[1].pointer, firstMoment: buffers[2].pointer,
        secondMoment: buffers[3].pointer)
    }
    return seconds * Double(policy.layout.count) / Double(count)
  }
}

extension PackedBatch {
  /// Rows of parents, summed over the segments that have one.
  fileprivate var parentRows: Int {
    segments.reduce(0) { sum, segment in
      sum + (segment.parent.map { segments[$0].rows } ?? 0)
    }
  }
}
