import HoneGraders
import HoneJSON
public import HoneNumerics
import HonePolicy

// How a run goes on: what the folder holds is looked at, whatever can refuse does, and then it is mended.

extension TrainingRun {
  /// Goes on with the run in a folder, from its newest whole checkpoint, or from the beginning
  /// where there is none yet.
  ///
  /// - Parameters:
  ///   - recipe: the recipe as given now; it may differ from the run's own only where results do not
  ///     depend on it. Nil takes the run's own.
  ///   - step: the step of the checkpoint to go on from instead: what is newer is put aside whole, and
  ///     keys of the stages' optimizers may differ, which `run.json` records.
  public static func resume(
    _ recipe: Recipe?, recipeFile: String?, from step: Int? = nil, at path: String,
    arguments: [String], compute: Compute, graders: GraderOptions = GraderOptions(),
    verifiesModels: Bool = true, sink: any ProgressSink,
    shouldStop: @escaping () -> StopRequest? = { nil }
  ) throws -> TrainingRun {
    var found = try RunFolder.examine(at: path, from: step)
    let given = recipe ?? found.recipe
    let comparison = RecipeComparison(
      run: found.recipe, given: given, mayChangeOptimizer: step != nil)
    try comparison.require(recipeFile: recipeFile ?? "the recipe")
    let made = found.state?.step ?? 0
    guard made <= given.totalSteps else {
      throw TrainingError(
        .badRecipe,
        "the run has made \(made) steps and the recipe has \(given.totalSteps) now; wanted: at least as many"
      )
    }
    let isFinished = found.state?.isFinished(given) ?? false
    var ahead = Ahead()
    if !isFinished {
      ahead = try Ahead(
        found, given, recipeFile: recipeFile, compute: compute, graders: graders,
        verifiesModels: verifiesModels, sink: sink)
    }
    let folder = try found.open(isFinished: isFinished)
    for note in found.notes { sink.handle(.note(note)) }
    var state = found.state ?? TrainerState(step: 0, stage: 0, seed: given.seed)
    for note in notes(found, given, comparison, ahead, &state) { sink.handle(.note(note)) }
    if !isFinished {
      let now = RunDescription.current(
        arguments: arguments, seed: given.seed, compute: compute, isolation: ahead.isolation)
      let description = described(
        found, now, comparison, ahead, step: state.step, stages: given.stages.count, sink: sink)
      try folder.store(description)
      try folder.store(given)
    }
    state.recipe = given.yaml
    let checkpoint = found.checkpoint.map { checkpoint in
      Checkpoint(
        path: path + "/" + Checkpoint.folderName(step: checkpoint.step), step: checkpoint.step)
    }
    return TrainingRun(
      given, recipeFile: recipeFile, folder: folder, resumedFrom: checkpoint, state: state,
      tasks: ahead.tasks, firstModel: ahead.model, isNew: false, compute: compute,
      graders: graders, sink: sink, shouldStop: shouldStop)
  }

  /// What the steps to come need, read and found fit while the run's folder is as it was.
  private struct Ahead {
    var tasks: [Int: StageTasks] = [:]
    var isolation: Int?
    var model: LoadedModel?
    /// What the run would be made from now.
    var origin: RunOrigin?
    /// Why the base model cannot be compared.
    var originNote: String?

    init() {}

    init(
      _ found: RunFolder.Examination, _ given: Recipe, recipeFile: String?, compute: Compute,
      graders: GraderOptions, verifiesModels: Bool, sink: any ProgressSink
    ) throws {
      let state = found.state
      let step = state?.step ?? 0
      let reading = try? OriginReading(given, recipeFile: recipeFile)
      try TrainingRun.requireSpace(found, given, recipeFile: recipeFile)
      // What is due after the last step is work of its stage.
      let done = state?.isUnsettled == true ? step - 1 : step
      (tasks, isolation) = try StageTasks.ahead(
        given, recipeFile: recipeFile, after: done, recorded: state?.data, graders: graders)
      if let state { try TrainingRun.requireCursor(state, recipe: given, tasks: tasks) }
      let loaded = try found.checkpoint.map {
        // It was compared when it was chosen.
        try LoadedModel.load($0.path, compute: compute, verifies: false)
      }
      let first =
        try loaded
        ?? TrainingModel.initial(
          given, recipeFile: recipeFile, compute: compute, verifies: verifiesModels)
      try StagePreflight.check(given, tasks: tasks, model: first, graders: graders, sink: sink)
      model = first
      do throws(TrainingError) {
        origin = try reading?.wait()
        if reading == nil { originNote = "its base model is not there any more" }
      } catch {
        originNote = error.message
      }
      try requireBase(found)
    }

    /// A run that begins again must begin with the same policy.
    private func requireBase(_ found: RunFolder.Examination) throws(TrainingError) {
      guard found.checkpoint == nil, let then = found.description?.origin, let origin else {
        return
      }
      let differences = then.differences(to: origin).base
      guard !differences.isEmpty else { return }
      throw TrainingError(
        .badRecipe,
        "the run has no checkpoint yet and begins again, with other files than it was started with:\n"
          + differences.map { "  " + $0 }.joined(separator: "\n")
          + "\nput them back, or start another run with --output")
    }
  }

  private static func requireSpace(
    _ found: RunFolder.Examination, _ given: Recipe, recipeFile: String?
  ) throws {
    let rows = given.rowBytes(after: found.state?.step ?? 0)
    guard let checkpoint = found.checkpoint else {
      return try RunFolder.requireSpace(
        at: found.path, checkpointBytes: try given.checkpointBytes(recipeFile: recipeFile),
        keep: given.mostCheckpoints, rowBytes: rows)
    }
    let bytes = try Manifest.read(folder: checkpoint.path).files.reduce(0) { $0 + $1.size }
    let present = try CheckpointStore(folder: found.path).all().count { $0.step <= checkpoint.step }
    try RunFolder.requireSpace(
      at: found.path, checkpointBytes: bytes, keep: given.mostCheckpoints, present: present,
      rowBytes: rows)
  }

  /// A place in the order of problems that there are not enough of: of an older version, or by hand.
  private static func requireCursor(
    _ state: TrainerState, recipe: Recipe, tasks: [Int: StageTasks]
  ) throws(TrainingError) {
    guard state.step > 0, let stage = tasks[state.stage] else { return }
    guard state.cursor.position <= stage.problems.count else {
      throw TrainingError(
        .badRecipe,
        "the checkpoint after step \(state.step) has used \(state.cursor.position) problems of its pass over stage \(state.stage)'s tasks, which hold \(stage.problems.count) now; put the problems back, or start another run with --output"
      )
    }
  }

  /// What differs from the run as it was, where that may be.
  private static func notes(
    _ found: RunFolder.Examination, _ given: Recipe, _ comparison: RecipeComparison,
    _ ahead: Ahead, _ state: inout TrainerState
  ) -> [String] {
    var notes: [String] = []
    if found.state != nil, state.data == nil {
      notes.append(
        "this run's checkpoints do not say which problems it was started with; they are taken to be the same"
      )
    }
    state.data = state.data ?? given.stages.indices.map { ahead.tasks[$0]?.data ?? StageData() }
    if let change = ScheduleChange(run: found.recipe, given: given, step: state.step) {
      state.keepsSchedule = false
      notes.append(change.note)
    }
    let changes = comparison.differences.filter(\.isOptimizer)
    if !changes.isEmpty {
      state.keepsSchedule = false
      let list = changes.map { "\($0.path): \($0.before ?? "absent") -> \($0.now ?? "absent")" }
      notes.append(
        "from step \(state.step + 1) on, with other keys of the optimizer (\(list.joined(separator: ", "))); run.json records it"
      )
    }
    return notes
  }

  /// `run.json` with this resume, and a note for everything that may change bits.
  private static func described(
    _ found: RunFolder.Examination, _ now: RunDescription, _ comparison: RecipeComparison,
    _ ahead: Ahead, step: Int, stages: Int, sink: any ProgressSink
  ) -> RunDescription {
    var now = now
    now.origin = ahead.origin
    var description = found.description ?? now
    // Stages that are done needed what they needed.
    if ahead.tasks.count < stages, now.isolation == nil { now.isolation = description.isolation }
    var differences = description.differences(to: now)
    if let then = description.origin {
      if let origin = ahead.origin {
        let (program, base) = then.differences(to: origin)
        differences += program + base
      } else if let note = ahead.originNote, !then.base.isEmpty {
        sink.handle(.note("what the run was made from was not compared: \(note)"))
      }
    }
    for difference in differences {
      sink.handle(
        .note(
          "this run was started elsewhere, or from other files (\(difference)); the bits may differ from here on"
        ))
    }
    description.resumes.append(
      RunDescription.Resume(
        arguments: now.arguments, step: step, executable: RunOrigin.runningExecutable,
        changes: comparison.differences))
    return description
  }
}

extension OriginReading {
  /// Begins to read what a recipe's run is made from.
  ///
  /// - Throws: where a path of the recipe leads nowhere.
  convenience init(_ recipe: Recipe, recipeFile: String?) throws {
    switch (recipe.model, recipe.tokenizer) {
    case (.folder(let path), _):
      let found = try Recipe.locate(path, wanted: "model folder", recipeFile: recipeFile)
      self.init(base: try LoadedModel.resolve(found), tokenizer: nil)
    case (.architecture, .path(let path)):
      self.init(
        base: nil,
        tokenizer: try Recipe.locate(path, wanted: "tokenizer", recipeFile: recipeFile))
    case (.architecture, _): self.init(base: nil, tokenizer: nil)
    }
  }
}
