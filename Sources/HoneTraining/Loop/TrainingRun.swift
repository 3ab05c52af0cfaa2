import Foundation
public import HoneGraders
import HoneJSON
public import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText

/// A whole run: the stages of a recipe, one after another, with checkpoints and evaluations.
///
/// A resumed run makes the same steps with the same bits as one that never stopped.
public final class TrainingRun {
  /// Why a run should end before its last step.
  public enum StopRequest: Sendable {
    /// The user interrupted it.
    case interrupted
    /// It was asked to terminate.
    case terminated
  }

  /// How a run ended.
  public struct Outcome: Sendable {
    /// The run's folder.
    public var folder: String
    /// Steps that were made over the life of the run.
    public var steps: Int
    /// The best evaluation of the last stage that was evaluated, if anything was right in it.
    public var best: TrainerState.Best?
    /// pass@1 before the first and after the last step of the last stage that was evaluated; nil where
    /// there is none, or where nothing could be scored.
    public var evaluated: (before: Double?, after: Double?)
    /// Whether there was nothing left to do.
    public var wasFinished: Bool
  }

  /// The recipe.
  public let recipe: Recipe
  let recipeFile: String?
  let compute: Compute
  let graders: GraderOptions
  let folder: RunFolder
  let sink: any ProgressSink
  let shouldStop: () -> StopRequest?
  let resumedFrom: Checkpoint?
  var state: TrainerState
  /// Operations a second of large square products, measured as the run begins.
  var multiplyRate = Double.infinity
  /// Whether it is: a tenth of a second that short runs of tests can do without.
  package var measuresMultiplyRate = true
  /// The problems of the stages to come, by index.
  private var tasks: [Int: StageTasks]
  /// The policy that the first stage begins with, until it does.
  private var firstModel: LoadedModel?
  /// Whether this run made its folder, and may take it back where nothing comes of it.
  private let isNew: Bool
  /// Writes checkpoints beside the steps.
  let writer = CheckpointWriter()
  /// What was asked for after the last step.
  var request: StopRequest?
  /// The step of the last checkpoint.
  var savedStep: Int?
  /// How the present step began, where several of its kind share the memory.
  var stepSnapshot: PolicySnapshot?
  /// Which steps of the present stage are suspicious.
  var spikes = SpikeWatch()
  /// When the last checkpoint was begun, for `checkpoint_minutes`.
  var lastSave = ContinuousClock.now

  /// Starts a run in a new folder.
  ///
  /// Whatever can be refused is refused before the folder is made; a start that fails before its first
  /// step takes the folder back.
  /// - Parameters:
  ///   - recipeFile: where the recipe came from; paths in it may be relative to its folder.
  ///   - path: the run's folder; refused if it holds a run.
  ///   - graders: how programs of the policy may be run.
  ///   - verifiesModels: whether a checkpoint to begin with is compared with its manifest.
  ///   - shouldStop: asked after every step.
  public static func start(
    _ recipe: Recipe, recipeFile: String?, at path: String, arguments: [String], compute: Compute,
    graders: GraderOptions = GraderOptions(), verifiesModels: Bool = true, sink: any ProgressSink,
    shouldStop: @escaping () -> StopRequest? = { nil }
  ) throws -> TrainingRun {
    try RunFolder.requireFree(path)
    let reading = try OriginReading(recipe, recipeFile: recipeFile)
    try RunFolder.requireSpace(
      at: path, checkpointBytes: try recipe.checkpointBytes(recipeFile: recipeFile),
      keep: recipe.mostCheckpoints, rowBytes: recipe.rowBytes(after: 0))
    let (tasks, isolation) = try StageTasks.ahead(
      recipe, recipeFile: recipeFile, after: 0, graders: graders)
    let model = try TrainingModel.initial(
      recipe, recipeFile: recipeFile, compute: compute, verifies: verifiesModels)
    try StagePreflight.check(recipe, tasks: tasks, model: model, graders: graders, sink: sink)
    var description = RunDescription.current(
      arguments: arguments, seed: recipe.seed, compute: compute, isolation: isolation)
    description.origin = try reading.wait()
    let folder = try RunFolder.create(at: path, recipe: recipe, description: description)
    var state = TrainerState(step: 0, stage: 0, seed: recipe.seed)
    state.recipe = recipe.yaml
    state.data = recipe.stages.indices.map { tasks[$0]?.data ?? StageData() }
    return TrainingRun(
      recipe, recipeFile: recipeFile, folder: folder, resumedFrom: nil, state: state,
      tasks: tasks, firstModel: model, isNew: true, compute: compute, graders: graders, sink: sink,
      shouldStop: shouldStop)
  }

  init(
    _ recipe: Recipe, recipeFile: String?, folder: RunFolder, resumedFrom: Checkpoint?,
    state: TrainerState, tasks: [Int: StageTasks], firstModel: LoadedModel?,
    isNew: Bool, compute: Compute, graders: GraderOptions, sink: any ProgressSink,
    shouldStop: @escaping () -> StopRequest?
  ) {
    self.recipe = recipe
    self.recipeFile = recipeFile
    self.folder = folder
    self.resumedFrom = resumedFrom
    savedStep = resumedFrom?.step
    self.state = state
    self.tasks = tasks
    self.firstModel = firstModel
    self.isNew = isNew
    self.compute = compute
    self.graders = graders
    self.sink = sink
    self.shouldStop = shouldStop
  }

  /// Runs to the end, or until asked to stop.
  ///
  /// Where the compute's interruption is raised, what is being computed is given up, since it can be
  /// repeated to the bit; otherwise the run ends after the step at hand. Either way what was done is
  /// saved.
  ///
  /// - Throws: `TrainingError` of kind `interrupted` or `terminated`, with the checkpoint that was
  ///   saved; `stopped` where the run stopped itself; any error of files, recipes or data.
  public func run() throws -> Outcome {
    let wasFinished = state.isFinished(recipe)
    if !wasFinished {
      if measuresMultiplyRate { multiplyRate = compute.squareMultiplyRate(repeats: 2) }
      do {
        try runStages()
        try settleCheckpoint()
      } catch {
        // This error is the one to report, whatever becomes of a checkpoint that is being written.
        try? settleCheckpoint()
        throw ending(error)
      }
    }
    return Outcome(
      folder: folder.path, steps: state.step, best: bestThere, evaluated: try evaluated(),
      wasFinished: wasFinished)
  }

  /// The best evaluation, if its checkpoint is still there: somebody may have removed it meanwhile.
  private var bestThere: TrainerState.Best? {
    state.best.flatMap {
      Files.isFolder(folder.path + "/" + Checkpoint.folderName(step: $0.step)) ? $0 : nil
    }
  }

  /// The error that a run ends with.
  private func ending(_ error: any Error) -> any Error {
    if error is Interrupted {
      // Given up where all that was done is on the disk.
      return state.step > 0
        ? endAfterSaving() : end("before the first step; there was nothing to save")
    }
    if let error = error as? TrainingError, error.kind == .interrupted || error.kind == .terminated
    {
      return error
    }
    // A folder that was moved meanwhile explains whatever else went wrong.
    if let moved = folder.displacement { return moved }
    // A start of which nothing came leaves nothing.
    if isNew, state.step == 0 { try? folder.discard() }
    return error
  }

  /// What a run says that was asked to end and has saved what there was.
  func end(_ text: String) -> TrainingError {
    let promise =
      state.keepsSchedule ? ": the result will be that of an uninterrupted run, bit for bit" : ""
    return TrainingError(
      (request ?? shouldStop()) == .terminated ? .terminated : .interrupted,
      "stopped \(text). Go on with --resume\(promise)")
  }

  private func runStages() throws {
    var model = try beginning()
    var stepsBefore = 0
    for (index, stage) in recipe.stages.enumerated() {
      let end = stepsBefore + stage.steps
      if state.step < end || state.isUnsettled && state.step == end {
        let tasks =
          try self.tasks.removeValue(forKey: index)
          ?? StageTasks(
            stage, index: index, recipeFile: recipeFile,
            recorded: state.data.flatMap { index < $0.count ? $0[index] : nil })
        model = try run(
          stage: index, stepsBefore: stepsBefore, model: model, tasks: tasks,
          resumedFrom: state.step > stepsBefore ? resumedFrom : nil)
      }
      stepsBefore = end
    }
  }

  /// The policy that the next step begins with.
  private func beginning() throws -> LoadedModel {
    defer { firstModel = nil }
    if let firstModel { return firstModel }
    if let resumedFrom {
      return try LoadedModel.load(resumedFrom.path, compute: compute, verifies: false)
    }
    return try TrainingModel.initial(recipe, recipeFile: recipeFile, compute: compute)
  }

  /// pass@1 in the first and the last row of the last stage that was evaluated.
  private func evaluated() throws -> (before: Double?, after: Double?) {
    let rows = try folder.evaluations.rows()
    guard let stage = rows.last?["stage"]?.int else { return (nil, nil) }
    let own = rows.filter { $0["stage"]?.int == stage }
    return (own.first?["pass@1"]?.double, own.last?["pass@1"]?.double)
  }

  /// What a person calls the policy that the run began with.
  var origin: String {
    if case .folder(let path) = recipe.model { path } else { "random weights" }
  }
}
