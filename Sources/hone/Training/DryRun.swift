import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// What a recipe would do: resolved values, sizes, prompts, and how long it may take here.
///
/// The times are measured, not guessed: a little of each stage's work is done with the very policy
/// it starts from, and thrown away.
struct DryRun {
  /// The recipe.
  let recipe: Recipe
  /// Where it came from.
  let recipeFile: String
  /// Where the run would go.
  let folder: String

  /// Prints everything; nothing is written and nothing is trained.
  func run(_ console: Console) throws {
    let compute = Compute()
    let model = try TrainingModel.initial(recipe, recipeFile: recipeFile, compute: compute)
    var stages: [StageEstimate] = []
    let loader = TaskLoader(recipeFile: recipeFile) { console.remark($0.shown()) }
    for (index, stage) in recipe.stages.enumerated() {
      let problems = try loader.load(stage.tasks.train, sources: stage.tasks)
      let held = try loader.load(stage.tasks.evaluation, sources: stage.tasks)
      guard !problems.isEmpty else {
        throw TrainingError(.badData, "stage \(index): its tasks hold no problem")
      }
      stages.append(
        try StageEstimate(
          stage, recipe: recipe, model: model, problems: problems, heldOut: held.count))
    }
    let parameters = model.policy.layout.parameterCount
    if console.isMachine {
      try console.row([
        "recipe": .string(recipe.yaml), "folder": .string(folder),
        "parameters": .integer(parameters), "stages": .array(stages.map(\.json)),
      ])
    }
    try console.say(recipe.yaml)
    try console.say("folder      \(folder.shown())")
    try console.say("parameters  \(ModelInspection.grouped(parameters))")
    for (index, stage) in stages.enumerated() {
      try console.say("")
      try console.say(console.style.bold("stage \(index), \(recipe.stages[index].kind.rawValue)"))
      for (name, text) in stage.lines { try console.say(name.padded(to: 12) + text) }
      for prompt in stage.prompts {
        try console.say(console.style.dim("prompt"))
        try console.say(prompt.shown(keepingLines: true))
      }
    }
    if RunFolder.holdsRun(folder) {
      try console.say("")
      try console.say(
        "\(folder.shown()) holds a run: go on with --resume, or choose another --output")
    }
  }
}
