import HoneJSON

/// What a run needs, beside the policy and the optimiser, to go on as if it had never stopped.
public struct TrainerState: Sendable, Hashable {
  /// The name of the file in a checkpoint.
  public static let fileName: String = "trainer_state.json"

  /// The best evaluation of the last stage that was evaluated.
  ///
  /// Numbers of different stages do not compare: they may have other problems and other settings.
  public struct Best: Sendable, Hashable {
    /// What was measured, ``Recipe/bestMetric``.
    public var name: BestMetric
    /// Its value.
    public var metric: Double
    /// The step after which it was made.
    public var step: Int
    /// The stage whose evaluation it is.
    public var stage: Int

    /// An evaluation's result.
    public init(metric: Double, step: Int, stage: Int = 0, name: BestMetric = .passAt1) {
      self.name = name
      self.metric = metric
      self.step = step
      self.stage = stage
    }
  }

  /// The checkpoint of the present stage whose policy had the highest reward in the steps behind it.
  ///
  /// It is never rotated out: whatever later updates destroy, there is one from before the fall.
  public struct Good: Sendable, Hashable {
    /// The checkpoint's step; that of the stage's start where no later one did better.
    public var step: Int
    /// Mean reward of the steps behind it (for supervised training, the loss with a minus).
    public var measure: Double
  }

  /// Steps that were made, counted over all stages.
  public var step: Int
  /// The stage of the last step, from 0.
  public var stage: Int
  /// Updates that the optimiser made in its stage; its bias corrections depend on it.
  public var optimizerStep: Int = 0
  /// The seed of the random streams.
  public var seed: Int
  /// Where the order of the problems stands.
  public var cursor: BatchCursor = BatchCursor()
  /// Tokens seen so far, a prompt once for each of its samples (TRL's `num_tokens`).
  public var tokens: Int = 0
  /// Tokens computed so far, a prompt once a group.
  public var uniqueTokens: Int = 0
  /// The best evaluation; nil before the first in which anything was right.
  public var best: Best?
  /// The data of every stage, as the run was started with it; nil in checkpoints of older versions.
  public var data: [StageData]?
  /// What the probe found before the first step of the present stage.
  var probe: StageHealth.Probe?
  /// Whether what is due after the step was not done yet, an evaluation above all, for the run was asked
  /// to end; it is done first where the run goes on.
  var isUnsettled: Bool = false
  /// The checkpoint that is kept in case later updates destroy the policy.
  public var good: Good?
  /// Whether the steps that were made are those of a run with the schedule as it is now; false once a
  /// resume has made a schedule longer or shorter whose rates depend on its length.
  public var keepsSchedule: Bool = true
  /// What the schedule's learning rate is multiplied by; below 1 once the run has rolled back.
  public var learningRateScale: Double = 1
  /// Bytes of each of the run's row files at this step; rows after them are cut off on resume.
  public var fileLengths: [String: Int] = [:]
  /// The checksum of the last of those rows, which stands for all before it (``RowChain``).
  public var fileChecksums: [String: String] = [:]
  /// The run's recipe, so that a run can go on whose `recipe.yaml` is lost; nil in older versions.
  public var recipe: String?
  /// Whether weights and moments were proved finite when they were written.
  public var isProvedFinite: Bool = false
  /// Anything else that a trainer needs.
  public var extra: JSONObject = JSONObject()

  /// A state before anything was counted.
  public init(step: Int, stage: Int, seed: Int) {
    self.step = step
    self.stage = stage
    self.seed = seed
  }

  /// Whether nothing is left to do of a recipe.
  func isFinished(_ recipe: Recipe) -> Bool { step >= recipe.totalSteps && !isUnsettled }

  // MARK: - JSON

  /// The state as JSON, with the keys of transformers' file of this name beside our own.
  public var json: JSON {
    var lengths = JSONObject()
    for name in fileLengths.keys.sorted() { lengths[name] = .integer(fileLengths[name] ?? 0) }
    var object = JSONObject([
      ("global_step", .integer(step)),
      ("stage", .integer(stage)),
      ("optimizer_step", .integer(optimizerStep)),
      ("seed", .integer(seed)),
      (
        "cursor",
        .object(
          JSONObject([
            ("epoch", .integer(cursor.epoch)), ("position", .integer(cursor.position)),
          ]))
      ),
      ("num_tokens", .integer(tokens)),
      ("num_unique_tokens", .integer(uniqueTokens)),
      ("best_metric", best.map { .number($0.metric) } ?? .null),
      (
        "best_model_checkpoint",
        best.map { .string(Checkpoint.folderName(step: $0.step)) } ?? .null
      ),
      ("best_metric_name", best.map { .string($0.name.rawValue) } ?? .null),
      ("best_stage", best.map { .integer($0.stage) } ?? .null),
      ("file_lengths", .object(lengths)),
    ])
    if !fileChecksums.isEmpty {
      var checksums = JSONObject()
      for name in fileChecksums.keys.sorted() {
        checksums[name] = fileChecksums[name].map(JSON.string)
      }
      object["file_checksums"] = .object(checksums)
    }
    if isProvedFinite { object["proved_finite"] = .bool(true) }
    if let recipe { object["recipe"] = .string(recipe) }
    if let data { object["data"] = .array(data.map(\.json)) }
    if let probe {
      object["probe"] = .object(
        JSONObject([
          ("reward", .number(probe.reward)), ("standard_error", .number(probe.standardError)),
          ("steps", .number(probe.steps)),
        ]))
    }
    if let good {
      object["good"] = .object(
        JSONObject([("step", .integer(good.step)), ("measure", .number(good.measure))]))
    }
    if isUnsettled { object["unsettled"] = .bool(true) }
    if !keepsSchedule { object["keeps_schedule"] = .bool(false) }
    if learningRateScale != 1 { object["learning_rate_scale"] = .number(learningRateScale) }
    if !extra.isEmpty { object["extra"] = .object(extra) }
    return .object(object)
  }

  /// Reads a state.
  ///
  /// - Throws: `TrainingError` of kind `badData` naming what is missing.
  public static func read(_ path: String) throws(TrainingError) -> TrainerState {
    let json: JSON
    do {
      json = try JSON.parse(try Files.read(path), file: path)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError(.badData, "\(error)")
    }
    // Counts are added to; no run has so many of anything.
    func integer(
      _ value: JSON?, _ key: String, most: Int = 1 << 53
    ) throws(TrainingError) -> Int {
      guard let number = value?.int, number >= 0, number <= most else {
        throw TrainingError(.badData, "\(path): '\(key)' is missing or not a count")
      }
      return number
    }
    var state = TrainerState(
      step: try integer(json["global_step"], "global_step"),
      stage: try integer(json["stage"], "stage"),
      seed: try integer(json["seed"], "seed", most: .max))
    state.optimizerStep = try integer(json["optimizer_step"], "optimizer_step")
    state.cursor = BatchCursor(
      epoch: try integer(json["cursor"]?["epoch"], "cursor.epoch"),
      position: try integer(json["cursor"]?["position"], "cursor.position"))
    state.tokens = try integer(json["num_tokens"], "num_tokens")
    // Older states have one count, with each prompt once a group.
    state.uniqueTokens = try integer(
      json["num_unique_tokens"] ?? json["num_tokens"], "num_unique_tokens")
    if let metric = json["best_metric"]?.double, let name = json["best_model_checkpoint"]?.string {
      guard let step = Checkpoint.step(ofFolder: name) else {
        throw TrainingError(
          .badData, "\(path): 'best_model_checkpoint' is '\(name)'; wanted: checkpoint-<step>")
      }
      let metricName = json["best_metric_name"]?.string.flatMap(BestMetric.init(rawValue:))
      state.best = Best(
        metric: metric, step: step, stage: json["best_stage"]?.int ?? state.stage,
        name: metricName ?? .passAt1)
    }
    if let stored = json["data"] {
      let data = stored.array?.compactMap(StageData.init(json:))
      guard let data, data.count == stored.array?.count else {
        throw TrainingError(
          .badData, "\(path): 'data' is damaged; wanted: train and eval of each stage")
      }
      state.data = data
    }
    if let stored = json["probe"], let reward = stored["reward"]?.double,
      let error = stored["standard_error"]?.double, let steps = stored["steps"]?.double
    {
      state.probe = StageHealth.Probe(reward: reward, standardError: error, steps: steps)
    }
    if let stored = json["good"], let measure = stored["measure"]?.double {
      state.good = Good(step: try integer(stored["step"], "good.step"), measure: measure)
    }
    state.isUnsettled = json["unsettled"]?.bool ?? false
    if let keeps = json["keeps_schedule"]?.bool { state.keepsSchedule = keeps }
    if let scale = json["learning_rate_scale"]?.double { state.learningRateScale = scale }
    for pair in json["file_lengths"]?.object?.pairs ?? [] {
      state.fileLengths[pair.key] = try integer(pair.value, "file_lengths.\(pair.key)")
    }
    for pair in json["file_checksums"]?.object?.pairs ?? [] {
      state.fileChecksums[pair.key] = pair.value.string
    }
    state.isProvedFinite = json["proved_finite"]?.bool ?? false
    state.recipe = json["recipe"]?.string
    state.extra = json["extra"]?.object ?? JSONObject()
    return state
  }
}
