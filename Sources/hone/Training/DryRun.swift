import Foundation
import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

/// What a recipe would do: resolved values, sizes, prompts, and how long it may take here.
///
/// The times are measured, not guessed: a step of each stage's work, or a little of one where it is
/// long, is done with the very policy it starts from, graded, and thrown away.
struct DryRun {
  /// The recipe.
  let recipe: Recipe
  /// Where it came from.
  let recipeFile: String
  /// Where the run would go.
  let folder: String
  /// How programs of the policy may be run.
  let graders: GraderOptions
  /// Whether a checkpoint to begin with is compared with its manifest.
  var verifies = true

  /// Prints everything; nothing is written and nothing is trained.
  func run(_ console: Console) throws {
    let compute = Compute()
    try BLASLibrary.require(threads: compute.team.workers)
    let rate = compute.squareMultiplyRate()
    let model = try TrainingModel.initial(
      recipe, recipeFile: recipeFile, compute: compute, verifies: verifies)
    var stages: [StageEstimate] = []
    let loader = TaskLoader(recipeFile: recipeFile) { console.remark(StyledText($0.shown())) }
    for (index, stage) in recipe.stages.enumerated() {
      let problems = try loader.load(stage.tasks.train, sources: stage.tasks)
      let held = try loader.load(stage.tasks.evaluation, sources: stage.tasks)
      guard !problems.isEmpty else {
        throw TrainingError(.badData, "stage \(index): its tasks hold no problem")
      }
      stages.append(
        try StageEstimate(
          stage, index: index, recipe: recipe, model: model, problems: problems, heldOut: held,
          graders: graders))
    }
    let parameters = model.policy.layout.parameterCount
    if console.isMachine {
      try console.row([
        "recipe": .string(recipe.yaml), "folder": .string(folder),
        "parameters": .integer(parameters), "sgemm_rate": .number(rate),
        "workers": .integer(compute.team.workers), "stages": .array(stages.map(\.json)),
      ])
    }
    try console.sayVerbatim(recipe.yaml)
    try console.say("folder      \(folder.shown())")
    try console.say("parameters  \(ModelInspection.grouped(parameters))")
    try console.say(
      "machine     \((rate / 1e9).shown(digits: 0)) GFLOP/s of sgemm with \(compute.team.workers) workers"
    )
    for (index, stage) in stages.enumerated() {
      try console.say("")
      try console.say(console.style.bold("stage \(index), \(recipe.stages[index].kind.rawValue)"))
      for (name, text) in stage.lines {
        try console.say(StyledText(name.padded(to: 12) + text), indent: 12)
      }
      for note in recipe.stages[index].grpo?.rewardNotes ?? [] { try console.say(StyledText(note)) }
      for prompt in stage.prompts {
        try console.say(console.style.dim("prompt"))
        try console.say(StyledText(prompt))
      }
    }
    if try RunFolder.holdsRun(folder) {
      try console.say("")
      try console.say(
        "\(folder.shown()) holds a run: go on with --resume, or choose another --output")
    }
  }
}
