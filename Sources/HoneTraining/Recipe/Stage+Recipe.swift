import HoneGraders
import HoneNumerics
import HonePolicy
import HoneText

// Reading stages from a recipe's tree and back.

extension Stage {
  /// Kinds that the command line knows and cannot run yet.
  private static let announced = ["rejection-sampling", "distill"]

  init?(_ reader: RecipeReader) {
    guard let kind = Self.kind(reader) else { return nil }
    let tasks = TaskSources(reader.section("tasks"))
    let steps = reader.integer("steps", .atLeast(1))
    if steps == nil, !reader.has("steps") {
      reader.report(nil, "'\(reader.join("steps"))' is missing, the number of training steps")
    }
    let method: Method =
      switch kind {
      case .sft: .sft(SupervisedSettings(reader))
      case .grpo: .grpo(GroupRelativeSettings(reader))
      }
    self.init(method, tasks: tasks, steps: steps ?? 1)
    optimizer = OptimizerSettings(reader.section("optimizer"), kind: kind, steps: steps)
    prompt = PromptSettings(reader.section("prompt"))
    precision = Precision(reader)
    checkMoments(reader)
    activationCheckpointing =
      reader.flag("activation_checkpointing") ?? activationCheckpointing
    evaluateEvery = reader.integer("evaluate_every", .atLeast(0)) ?? evaluateEvery
    checkpointEvery = reader.integer("checkpoint_every", .atLeast(0)) ?? checkpointEvery
    checkpointMinutes = reader.number("checkpoint_minutes", .above0)
    onCollapse = reader.choice("on_collapse") ?? onCollapse
    let length = grpo?.sampling.maximumCompletionLength ?? 128
    evaluation = EvaluationSettings(reader.section("evaluation"), length: length)
    reader.finish("a stage of kind \(kind.rawValue)")
  }

  /// A bf16 moment moves by 1/256 of itself or not at all: decaying slower, it stays where it is.
  private func checkMoments(_ reader: RecipeReader) {
    let slowest = 0.99
    guard precision.moments == .bf16, !precision.roundsMomentsStochastically,
      optimizer.beta2 > slowest || optimizer.beta1 > slowest
    else { return }
    let beta = max(optimizer.beta1, optimizer.beta2)
    reader.report(
      "precision",
      "moments in bf16, rounded to nearest, cannot decay at a beta of \(beta): a step's change is less than their last bit; wanted: betas of at most \(slowest), or 'moment_rounding: stochastic', or 'moments: fp32'"
    )
  }

  private static func kind(_ reader: RecipeReader) -> Kind? {
    guard let node = reader.node("kind") else {
      reader.report(nil, "'\(reader.join("kind"))' is missing; wanted: sft or grpo")
      return nil
    }
    if case .scalar(let name, _) = node.content, announced.contains(name) {
      reader.report(at: node, "stage kind '\(name)' is not available yet; wanted: sft or grpo")
      return nil
    }
    return reader.choice("kind")
  }

  var node: RecipeNode {
    let special: [(String, RecipeNode?)] =
      switch method {
      case .sft(let settings): settings.pairs
      case .grpo(let settings): settings.pairs
      }
    return .mapping(
      [
        ("kind", .text(kind.rawValue)),
        ("tasks", tasks.node),
        ("prompt", prompt.node),
      ] + special + [
        ("optimizer", optimizer.node),
        ("precision", precision.node),
        ("activation_checkpointing", .flag(activationCheckpointing)),
        ("steps", .integer(steps)),
        ("evaluate_every", .integer(evaluateEvery)),
        ("evaluation", evaluation.node),
        ("checkpoint_every", .integer(checkpointEvery)),
        ("checkpoint_minutes", checkpointMinutes.map(RecipeNode.number)),
        ("on_collapse", .text(onCollapse.rawValue)),
      ])
  }
}

extension PromptSettings {
  init(_ reader: RecipeReader) {
    self.init()
    template = reader.text("template")
    text = reader.text("text")
    stop = reader.texts("stop") ?? []
    if let template, (try? PromptTemplate.named(template)) == nil {
      let names = PromptTemplate.all.map(\.name)
      let nearest = EditDistance.nearest(to: template, among: names)
        .map { "; did you mean '\($0)'?" }
      reader.report(
        "template",
        "there is no prompt template '\(template)'; known: \(names.joined(separator: ", "))"
          + "\(nearest ?? ""); a prompt of your own goes under 'text'")
    }
    if let text, !text.contains("{question}") {
      reader.report("text", "the prompt's text has no '{question}' in it")
    }
    if text != nil, template != nil {
      reader.report("text", "'text' and 'template' both give the prompt; keep one")
    }
    if stop.contains("") { reader.report("stop", "a stop text is empty and would end everything") }
    reader.finish("a prompt")
  }

  var node: RecipeNode? {
    if template == nil && text == nil && stop.isEmpty { return nil }
    return .mapping([
      ("template", template.map(RecipeNode.text)),
      ("text", text.map(RecipeNode.text)),
      ("stop", stop.isEmpty ? nil : .sequence(stop.map(RecipeNode.text))),
    ])
  }
}

extension EvaluationSettings {
  init(_ reader: RecipeReader, length: Int) {
    self.init()
    samples = reader.integer("samples", .samples()) ?? samples
    temperature = reader.number("temperature", .atLeast0) ?? (samples > 1 ? 1 : 0)
    maximumCompletionLength =
      reader.integer("max_completion_length", .atLeast(1, atMost: 1 << 24)) ?? length
    limit = reader.integer("limit", .atLeast(1))
    if samples > 1, temperature == 0 {
      reader.report(
        "temperature",
        "\(samples) samples at temperature 0 are \(samples) times the same; wanted: above 0")
    }
    reader.finish("evaluation")
  }

  var node: RecipeNode {
    .mapping([
      ("samples", .integer(samples)),
      ("temperature", .number(temperature)),
      ("max_completion_length", .integer(maximumCompletionLength)),
      ("limit", limit.map(RecipeNode.integer)),
    ])
  }
}

extension SupervisedSettings {
  init(_ reader: RecipeReader) {
    self.init()
    batchSize = reader.integer("batch_size", .samples()) ?? batchSize
  }

  var pairs: [(String, RecipeNode?)] {
    [("batch_size", .integer(batchSize))]
  }
}

extension GroupRelativeSettings {
  init(_ reader: RecipeReader) {
    self.init()
    rewards = Reward.list(reader)
    groupSize = reader.integer("group_size", .samples()) ?? groupSize
    promptsPerStep = reader.integer("prompts_per_step", .samples()) ?? promptsPerStep
    sampling = SamplingSettings(reader.section("sampling"))
    objective = ObjectiveSettings(reader.section("objective"))
    updatesPerRollout = reader.integer("updates_per_rollout", .atLeast(1)) ?? updatesPerRollout
    miniBatches = reader.integer("mini_batches", .atLeast(1)) ?? miniBatches
    masksTruncated = reader.flag("mask_truncated_completions") ?? masksTruncated
    unscoredLimit = reader.number("unscored_limit", .from0To1) ?? unscoredLimit
    probeProblems = reader.integer("probe_problems", .atLeast(0)) ?? probeProblems
    onNoSignal = reader.choice("on_no_signal")
    check(reader)
  }

  private func check(_ reader: RecipeReader) {
    if groupSize < 2, objective.needsGroups {
      let advantage = objective.advantage
      reader.report(
        "group_size",
        "a group of one has nothing to compare with (baseline '\(advantage.baseline.rawValue)', "
          + "scale '\(advantage.scale.rawValue)'); wanted: group_size of at least 2, or an advantage "
          + "over the batch")
    }
    // All are bounded, so the products do not overflow.
    if groupSize * promptsPerStep > RecipeBounds.mostSamples {
      reader.report(
        "prompts_per_step",
        "\(promptsPerStep) prompts of \(groupSize) samples are \(groupSize * promptsPerStep) samples "
          + "a step; wanted: at most \(RecipeBounds.mostSamples)")
    }
    // A group is one batch of a training pass.
    let length = sampling.maximumCompletionLength
    if groupSize * length > RecipeBounds.mostTokens {
      reader.report(
        "group_size",
        "\(groupSize) completions of \(length) tokens are \(groupSize * length) tokens a group; "
          + "wanted: at most \(RecipeBounds.mostTokens)")
    }
    if groupSize * promptsPerStep < 2, objective.advantage.baseline == .batch {
      reader.report("prompts_per_step", "a batch of one sample has no baseline; wanted: more")
    }
    if miniBatches > promptsPerStep {
      reader.report(
        "mini_batches",
        "\(miniBatches) mini-batches of whole groups cannot be made of \(promptsPerStep) prompts; "
          + "wanted: at most \(promptsPerStep)")
    }
  }

  var pairs: [(String, RecipeNode?)] {
    return [
      ("rewards", rewards.isEmpty ? nil : .sequence(rewards.map(\.node))),
      ("group_size", .integer(groupSize)),
      ("prompts_per_step", .integer(promptsPerStep)),
      ("sampling", sampling.node),
      ("objective", objective.node),
      ("updates_per_rollout", .integer(updatesPerRollout)),
      ("mini_batches", .integer(miniBatches)),
      ("mask_truncated_completions", .flag(masksTruncated)),
      ("unscored_limit", .number(unscoredLimit)),
      ("probe_problems", .integer(probeProblems)),
      ("on_no_signal", onNoSignal.map { .text($0.rawValue) }),
    ]
  }
}
