import HoneGraders
import HoneTasks

/// The problems of a stage, read before anything is trained.
struct StageTasks {
  /// What is trained on.
  let problems: [Problem]
  /// What is evaluated on.
  let held: [Problem]
  /// What a run remembers of both.
  let data: StageData
  /// How each file was read, for people.
  private(set) var notes: [String]

  /// Reads the problems of a stage.
  ///
  /// - Parameter recorded: what the run recorded of this stage's data when it was started.
  /// - Throws: `TrainingError` of kind `badData` where there is nothing to train on, `badRecipe` where
  ///   the problems are not those that were recorded; any error of files and data.
  init(_ stage: Stage, index: Int, recipeFile: String?, recorded: StageData? = nil) throws {
    var notes: [String] = []
    let loader = TaskLoader(recipeFile: recipeFile) { notes.append($0) }
    let train = try loader.read(
      stage.tasks.train, sources: stage.tasks, recorded: recorded?.train)
    let evaluation = try loader.read(
      stage.tasks.evaluation, sources: stage.tasks, recorded: recorded?.evaluation)
    problems = train.flatMap(\.problems)
    held = evaluation.flatMap(\.problems)
    data = StageData(train: train.map(\.record), evaluation: evaluation.map(\.record))
    self.notes = notes
    try recorded?.require(sameAs: data, stage: index)
    guard !problems.isEmpty else {
      throw TrainingError(.badData, "stage \(index): its tasks hold no problem")
    }
  }

  /// The stages of a recipe that still have steps to make, with their graders ready to work.
  ///
  /// - Parameters:
  ///   - step: The last step that was made.
  ///   - recorded: the data of every stage as the run recorded it; nil for a new run.
  /// - Returns: The stages by index, and the weakest isolation in which completions will be run;
  ///   nil where none will be.
  /// - Throws: `GraderError` where a grader refuses to work here; `TrainingError` where a stage has
  ///   nothing that can be graded.
  static func ahead(
    _ recipe: Recipe, recipeFile: String?, after step: Int, recorded: [StageData]? = nil,
    graders: GraderOptions
  ) throws -> (stages: [Int: StageTasks], isolation: Int?) {
    var stages: [Int: StageTasks] = [:]
    var levels: [Int] = []
    var last = 0
    for (index, stage) in recipe.stages.enumerated() {
      last += stage.steps
      guard step < last else { continue }
      var tasks = try StageTasks(
        stage, index: index, recipeFile: recipeFile,
        recorded: recorded.flatMap { index < $0.count ? $0[index] : nil })
      for (rewards, problems, key) in [
        (stage.grpo?.rewards, tasks.problems, "train"), ([], tasks.held, "eval"),
      ] {
        guard let rewards else { continue }
        let grading = try Grading(
          rewards: rewards, problems: problems, workers: 1, maximumTokens: 1, graders: graders)
        try grading.prepare()
        levels += grading.isolation.map { [$0] } ?? []
        if let note = try grading.requireGradable(
          problems, as: "stages.\(index).tasks.\(key)",
          advice: stage.kind == .grpo && key == "train"
            ? " Nothing was started. Demonstrations alone are for a stage of kind sft"
            : " Nothing was started.")
        {
          tasks.notes.append(note)
        }
      }
      stages[index] = tasks
    }
    return (stages, levels.min())
  }
}
