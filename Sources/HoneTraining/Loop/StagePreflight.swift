import HoneGraders
import HoneNumerics
import HonePolicy
import HoneTasks

/// Finds, before a run has a folder, what a stage could not do with its policy and its problems.
///
/// A tokenizer and the number of positions stay what they are from the first stage to the last, so the
/// policy that a run begins with answers for all of them.
enum StagePreflight {
  /// Looks at every stage of a recipe.
  ///
  /// - Parameter model: the policy that the run begins with.
  static func check(
    _ recipe: Recipe, tasks: [Int: StageTasks], model: LoadedModel, graders: GraderOptions,
    sink: any ProgressSink
  ) throws {
    try BLASLibrary.require(threads: model.policy.compute.team.workers)
    var model = model
    var stepsBefore = 0
    for (index, stage) in recipe.stages.enumerated() {
      model.template = try stage.prompt.resolved(model.template)
      if let tasks = tasks[index] {
        let context = StageContext(
          recipe: recipe, index: index, stepsBefore: stepsBefore, model: model,
          problems: tasks.problems, graders: graders, sink: sink)
        try check(context, held: tasks.held)
      }
      stepsBefore += stage.steps
    }
  }

  /// Refuses what would not fit.
  ///
  /// - Throws: `TrainingError`: `badRecipe` for lengths and memory, `badData` for demonstrations.
  private static func check(_ context: StageContext, held: [Problem]) throws {
    let memory: MemoryChoice
    switch context.stage.method {
    case .sft(let settings):
      memory = try SupervisedStage.memory(
        context, settings, try SupervisedStage.demonstrations(context))
    case .grpo(let settings):
      memory = try GroupRelativeStage.memory(
        context, settings, longestPrompt: try longestPrompt(context, settings.sampling))
    }
    try StageEvaluator(
      context, held: held, rewards: context.stage.grpo?.rewards ?? [], memory: memory
    ).validate()
  }

  /// Tokens of the longest prompt of a GRPO stage.
  ///
  /// - Throws: `TrainingError` of kind `badRecipe` where a completion would not fit behind it.
  static func longestPrompt(
    _ context: StageContext, _ sampling: SamplingSettings
  ) throws(TrainingError) -> Int {
    try longestPrompt(
      context.problems, context, length: sampling.maximumCompletionLength,
      setting: "max_completion_length")
  }

  /// Tokens of the longest prompt of some problems; the first that leaves too little room is named.
  static func longestPrompt(
    _ problems: [Problem], _ context: StageContext, length: Int, setting: String
  ) throws(TrainingError) -> Int {
    var longest = 1
    for problem in problems {
      let tokens = context.prompt(problem).tokens.count
      let defect = context.model.policy.configuration.defect(
        ofPrompt: tokens, maximumTokens: length, setting: setting)
      if let defect { throw TrainingError(.badRecipe, "\(problem.place): \(defect)") }
      longest = max(longest, tokens)
    }
    return longest
  }
}
