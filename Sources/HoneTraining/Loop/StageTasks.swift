import HoneGraders
import HoneTasks

/// The problems of a stage, read before anything is trained.
struct StageTasks {
  /// What is trained on.
  let problems: [Problem]
  /// What is evaluated on.
  let held: [Problem]
  /// How each file was read, for people.
  let notes: [String]

  /// Reads the problems of a stage.
  ///
  /// - Throws: `TrainingError` of kind `badData` where there is nothing to train on; any error of
  ///   files and data.
  init(_ stage: Stage, index: Int, recipeFile: String?) throws {
    var notes: [String] = []
    let loader = TaskLoader(recipeFile: recipeFile) { notes.append($0) }
    problems = try loader.load(stage.tasks.train, sources: stage.tasks)
    held = try loader.load(stage.tasks.evaluation, sources: stage.tasks)
    self.notes = notes
    guard !problems.isEmpty else {
      throw TrainingError(.badData, "stage \(index): its tasks hold no problem")
    }
  }

  /// The stages of a recipe that still have steps to make, with their graders ready to work.
  ///
  /// - Parameter step: The last step that was made.
  /// - Returns: The stages by index, and the weakest isolation in which completions will be run;
  ///   nil where none will be.
  /// - Throws: `GraderError` where a grader refuses to work here.
  static func ahead(
    _ recipe: Recipe, recipeFile: String?, after step: Int, graders: GraderOptions
  ) throws -> (stages: [Int: StageTasks], isolation: Int?) {
    var stages: [Int: StageTasks] = [:]
    var levels: [Int] = []
    var last = 0
    for (index, stage) in recipe.stages.enumerated() {
      last += stage.steps
      guard step < last else { continue }
      let tasks = try StageTasks(stage, index: index, recipeFile: recipeFile)
      for (rewards, problems) in [(stage.grpo?.rewards, tasks.problems), ([], tasks.held)] {
        guard let rewards else { continue }
        let grading = try Grading(
          rewards: rewards, problems: problems, workers: 1, maximumTokens: 1, graders: graders)
        try grading.prepare()
        levels += grading.isolation.map { [$0] } ?? []
      }
      stages[index] = tasks
    }
    return (stages, levels.min())
  }
}
