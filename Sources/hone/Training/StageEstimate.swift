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
  private let secondsPerStep: Double
  private let memory: Int
  private let checkpoint: Int

  /// Measures a stage.
  init(
    _ stage: Stage, recipe: Recipe, model: LoadedModel, problems: [Problem], heldOut: Int
  ) throws {
    let template = try Self.template(stage.prompt, model)
    let first = problems.prefix(3).map { template.render(question: $0.question) }
    prompts = first
    self.problems = problems.count
    self.heldOut = heldOut
    steps = stage.steps
    longestPrompt =
      problems.map { model.promptTokens(template.render(question: $0.question)).count }.max() ?? 1
    let work = StageWork(stage: stage, model: model, template: template, longest: longestPrompt)
    secondsPerStep = try work.secondsPerStep(problems)
    let reference = stage.grpo?.objective.divergence.beta ?? 0 != 0 ? 1 : 0
    let bytes = 4 * model.policy.layout.count
    // Weights, gradients (once more with several lanes), two moments, a frozen reference.
    memory = bytes * (4 + (recipe.lanes > 1 ? 1 : 0) + reference) + work.workingBytes
    checkpoint = bytes * (3 + reference)
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
      ("memory", "about \(ByteCount.describe(memory)) at most"),
      ("checkpoint", "about \(ByteCount.describe(checkpoint))"),
      (
        "time",
        "about \((secondsPerStep * Double(steps)).shownDuration) for \(steps) steps of "
          + "\(secondsPerStep.shownDuration), evaluations aside"
      ),
    ]
  }

  /// The same for machines.
  var json: JSON {
    [
      "problems": .integer(problems), "held_out": .integer(heldOut),
      "longest_prompt": .integer(longestPrompt), "memory_bytes": .integer(memory),
      "checkpoint_bytes": .integer(checkpoint), "steps": .integer(steps),
      "seconds_per_step": .number(secondsPerStep), "prompts": .array(prompts.map(JSON.string)),
    ]
  }
}
