import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// Sizes and times of a stage on this machine, from a little of its work.
struct StageEstimate {
  /// The first prompts, rendered.
  let prompts: [String]
  private let problems: Int
  private let heldOut: Int
  private let longestPrompt: Int
  private let steps: Int
  private let work: StageWork.Findings
  /// Memory with the lengths that were seen.
  private let plan: MemoryPlan
  /// Memory where every completion has the greatest length.
  private let bound: MemoryPlan
  private let checkpoint: Int

  /// Measures a stage.
  init(
    _ stage: Stage, index: Int, recipe: Recipe, model: LoadedModel, problems: [Problem],
    heldOut: [Problem], graders: GraderOptions
  ) throws {
    let template = try Self.template(stage.prompt, model)
    let first = problems.prefix(3).map { template.render(question: $0.question) }
    prompts = first
    self.problems = problems.count
    self.heldOut = heldOut.count
    steps = stage.steps
    func longest(_ problems: [Problem]) -> Int {
      problems.map { model.promptTokens(template.render(question: $0.question)).count }.max() ?? 1
    }
    longestPrompt = longest(problems)
    let stageWork = StageWork(
      stage: stage, model: model, template: template, graders: graders,
      longestPrompt: longestPrompt,
      order: BatchOrder(count: problems.count, seed: recipe.seed, salt: index))
    var work = try stageWork.findings(problems)
    let memory = try StageMemory(
      stage: stage, configuration: model.policy.configuration, lanes: recipe.lanes,
      limit: recipe.memoryLimit, longestPrompt: longestPrompt, longestHeldOut: longest(heldOut),
      heldOut: heldOut.count, greatestRows: work.greatestRows)
    // A forward pass is a third of a forward and backward pass.
    if memory.recomputes, !stage.activationCheckpointing { work.trainingSeconds *= 4.0 / 3 }
    self.work = work
    // The policy is the only tensor that is alive now, and the machine's sgemm has been measured:
    // what else is resident is the program, its libraries with their buffers, and the problems.
    let layout = model.policy.layout
    let (weights, masters) = stage.precision.weightBytes(layout)
    let codes =
      MemoryLayout<Float>.stride * Generator.codeFloats(layout, precision: stage.precision)
    let process = max(0, MachineMemory.residentBytes - weights - masters - codes)
    bound = memory.plan(training: work.greatestRows, process: process)
    plan = memory.plan(
      training: work.rows, completions: work.completions, process: process, bound: bound)
    let reference = stage.grpo?.objective.divergence.beta ?? 0 != 0 ? 1 : 0
    checkpoint = MemoryLayout<Float>.stride * layout.count * (3 + reference)
  }

  /// The template of a stage: the recipe's own text, a named one, or the model's.
  private static func template(
    _ settings: PromptSettings, _ model: LoadedModel
  ) throws -> PromptTemplate {
    if let text = settings.text {
      return try PromptTemplate(name: "recipe", text: text, stopStrings: settings.stop)
    }
    return try settings.template.map { try PromptTemplate.named($0) } ?? model.template ?? .plain
  }

  /// Names and texts for people.
  var lines: [(String, String)] {
    [
      ("problems", "\(problems) to train on, \(heldOut) held out"),
      ("prompts", "at most \(longestPrompt) tokens"),
      (
        "memory",
        "about \(ByteCount.describe(plan.totalBytes)), at most \(ByteCount.describe(bound.totalBytes))"
      ),
    ]
      + plan.categories.map {
        ("", $0.category.name.padded(to: 20) + ByteCount.describe($0.bytes))
      } + [
        ("checkpoint", "about \(ByteCount.describe(checkpoint))"),
        (
          "time",
          "about \((work.secondsPerStep * Double(steps)).shownDuration) for \(steps) steps of "
            + "\(work.secondsPerStep.shownDuration), evaluations aside"
        ),
      ]
  }

  /// The same for machines.
  var json: JSON {
    [
      "problems": .integer(problems), "held_out": .integer(heldOut),
      "longest_prompt": .integer(longestPrompt), "memory_bytes": .integer(plan.totalBytes),
      "memory_bytes_at_most": .integer(bound.totalBytes), "memory_plan": plan.json,
      "checkpoint_bytes": .integer(checkpoint), "steps": .integer(steps),
      "rollout_seconds": .number(work.rolloutSeconds),
      "training_seconds": .number(work.trainingSeconds),
      "seconds_per_step": .number(work.secondsPerStep),
      "prompts": .array(prompts.map(JSON.string)),
    ]
  }
}

/// The memory of a stage as its run lays it out.
private struct StageMemory {
  let stage: Stage
  let configuration: PolicyConfiguration
  let lanes: Int
  let longestPrompt: Int
  let longestHeldOut: Int
  let heldOut: Int
  private let choice: MemoryChoice
  private let memoryLimit: Int?
  var recomputes: Bool { choice.recomputes }

  init(
    stage: Stage, configuration: PolicyConfiguration, lanes: Int, limit: Int?,
    longestPrompt: Int, longestHeldOut: Int, heldOut: Int,
    greatestRows: MemoryPlan.Training
  ) throws {
    self.stage = stage
    self.configuration = configuration
    self.lanes = lanes
    self.longestPrompt = longestPrompt
    self.longestHeldOut = longestHeldOut
    self.heldOut = heldOut
    memoryLimit = limit
    choice = try MemoryChoice(
      stage, configuration: configuration, lanes: lanes, limit: limit,
      longestPrompt: longestPrompt, training: greatestRows, allowance: nil)
  }

  /// The plan for the rows of a pass and the completions that were seen, or for the greatest there
  /// can be (no `completions`, no `bound`).
  func plan(
    training: MemoryPlan.Training, completions: CompletionLengths? = nil, process: Int,
    bound: MemoryPlan? = nil
  ) -> MemoryPlan {
    var plan = MemoryPlan(
      configuration, training: training,
      sampling: stage.grpo.map { settings in
        var sampling = sampling(
          settings.promptsPerStep, of: settings.groupSize, rows: choice.samplingRows,
          prompt: longestPrompt, length: settings.sampling.maximumCompletionLength)
        sampling.completionLength = resident(sampling, longest: completions?.longest)
        return sampling
      }, precision: stage.precision, gradientBuffers: lanes > 1 && stage.grpo != nil ? 2 : 1,
      hasReference: stage.grpo?.objective.divergence.beta ?? 0 != 0,
      recomputes: choice.recomputes)
    if let bound { addPages(to: &plan, bound: bound) }
    // Before the first step neither gradients nor caches have been touched.
    let touched = [MemoryPlan.Category.weights, .masters, .reference].reduce(0) { $0 + plan[$1] }
    let untouched = plan.tensorBytes - touched
    plan[.passing] = max(
      evaluation.map { bytes($0, completions) } ?? 0,
      savedTensor
        + stage.copyBytes(
          ParameterLayout(configuration), planned: plan.tensorBytes, limit: memoryLimit),
      (probe.map { bytes($0, completions) } ?? 0) - untouched)
    plan[.process] = process
    return plan
  }

  /// Of a workspace for the greatest batch what is used is resident, and the rest of the large pages that
  /// its buffers end in: half of one for each.
  private func addPages(to plan: inout MemoryPlan, bound: MemoryPlan) {
    guard MachineMemory.hasLargePages else { return }
    let pieces = TrainingWorkspace.pieces(configuration)
    for (category, count) in [
      (MemoryPlan.Category.activations, pieces.cached), (.trainingScratch, pieces.scratch),
    ] where bound[category] >= TensorBuffer.largePageBytes {
      plan[category] = min(bound[category], plan[category] + count << 20)
    }
  }

  /// The positions of each completion's cache that are resident; all of them where no length is known.
  private func resident(_ sampling: MemoryPlan.Sampling, longest: Int?) -> Int {
    longest.map {
      Generator.residentPositions(
        configuration, length: $0, capacity: sampling.completionLength,
        format: stage.precision.keyValueCache)
    } ?? sampling.completionLength
  }

  private func sampling(
    _ count: Int, of groupSize: Int, rows: Int? = nil, prompt: Int, length: Int
  ) -> MemoryPlan.Sampling {
    var sampling = MemoryPlan.Sampling.groups(
      count, of: groupSize,
      rows: rows ?? Generator.defaultRows(configuration, maximumTokens: length),
      promptLength: prompt, completionLength: length)
    if rows == nil { sampling.rows = choice.evaluationRows(sampling) }
    return sampling
  }

  /// What sampling makes resident: each cache up to the longest completion that it has held.
  private func bytes(_ passing: Passing, _ completions: CompletionLengths?) -> Int {
    var sampling = passing.sampling
    sampling.completionLength = resident(
      sampling, longest: completions?.longest(of: passing.completions / sampling.rows))
    let plan = MemoryPlan(
      configuration, training: nil, sampling: sampling, precision: stage.precision,
      hasSpareMemory: true)
    return plan[.cache] + plan[.samplingScratch]
  }

  /// Sampling in memory of its own.
  private struct Passing {
    /// Completions in all.
    var completions: Int
    /// Of which some at a time.
    var sampling: MemoryPlan.Sampling
  }

  /// Of an evaluation.
  private var evaluation: Passing? {
    let count = min(heldOut, stage.evaluation.limit ?? heldOut)
    guard count > 0 else { return nil }
    return Passing(
      completions: count * stage.evaluation.samples,
      sampling: sampling(
        count, of: stage.evaluation.samples, prompt: longestHeldOut,
        length: stage.evaluation.maximumCompletionLength))
  }

  /// Before the first step.
  private var probe: Passing? {
    guard let settings = stage.grpo, settings.probeProblems > 0 else { return nil }
    return Passing(
      completions: settings.probeProblems * settings.groupSize,
      sampling: sampling(
        settings.probeProblems, of: settings.groupSize, prompt: longestPrompt,
        length: settings.sampling.maximumCompletionLength))
  }

  /// One tensor at a time is in memory again while a checkpoint is written.
  private var savedTensor: Int {
    let largest = ParameterLayout(configuration).tensors.map { $0.shape.reduce(1, *) }.max() ?? 0
    return largest * MemoryLayout<Float>.stride
  }
}
