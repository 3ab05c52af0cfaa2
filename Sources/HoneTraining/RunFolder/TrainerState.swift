import HoneJSON

/// What a run needs, beside the policy and the optimiser, to go on as if it had never stopped.
public struct TrainerState: Sendable, Hashable {
  /// The name of the file in a checkpoint.
  public static let fileName: String = "trainer_state.json"

  /// The best evaluation so far.
  public struct Best: Sendable, Hashable {
    /// Its pass@1.
    public var metric: Double
    /// The step after which it was made.
    public var step: Int

    /// An evaluation's result.
    public init(metric: Double, step: Int) {
      self.metric = metric
      self.step = step
    }
  }

  /// Steps that were made, counted over all stages.
  public var step: Int
  /// The stage that the next step belongs to, from 0; the number of stages at the end.
  public var stage: Int
  /// Updates that the optimiser made in its stage; its bias corrections depend on it.
  public var optimizerStep: Int = 0
  /// The seed of the random streams.
  public var seed: Int
  /// Where the order of the problems stands.
  public var cursor: BatchCursor = BatchCursor()
  /// Tokens seen so far (TRL's `num_tokens`).
  public var tokens: Int = 0
  /// The best evaluation; nil before the first.
  public var best: Best?
  /// Bytes of each of the run's row files at this step; rows after them are cut off on resume.
  public var fileLengths: [String: Int] = [:]
  /// Anything else that a trainer needs.
  public var extra: JSONObject = JSONObject()

  /// A state before anything was counted.
  public init(step: Int, stage: Int, seed: Int) {
    self.step = step
    self.stage = stage
    self.seed = seed
  }

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
      ("best_metric", best.map { .number($0.metric) } ?? .null),
      (
        "best_model_checkpoint",
        best.map { .string(Checkpoint.folderName(step: $0.step)) } ?? .null
      ),
      ("file_lengths", .object(lengths)),
    ])
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
    func integer(_ value: JSON?, _ key: String) throws(TrainingError) -> Int {
      guard let number = value?.int, number >= 0 else {
        throw TrainingError(.badData, "\(path): '\(key)' is missing or not a count")
      }
      return number
    }
    var state = TrainerState(
      step: try integer(json["global_step"], "global_step"),
      stage: try integer(json["stage"], "stage"), seed: try integer(json["seed"], "seed"))
    state.optimizerStep = try integer(json["optimizer_step"], "optimizer_step")
    state.cursor = BatchCursor(
      epoch: try integer(json["cursor"]?["epoch"], "cursor.epoch"),
      position: try integer(json["cursor"]?["position"], "cursor.position"))
    state.tokens = try integer(json["num_tokens"], "num_tokens")
    if let metric = json["best_metric"]?.double, let name = json["best_model_checkpoint"]?.string {
      guard let step = Checkpoint.step(ofFolder: name) else {
        throw TrainingError(
          .badData, "\(path): 'best_model_checkpoint' is '\(name)'; wanted: checkpoint-<step>")
      }
      state.best = Best(metric: metric, step: step)
    }
    for pair in json["file_lengths"]?.object?.pairs ?? [] {
      state.fileLengths[pair.key] = try integer(pair.value, "file_lengths.\(pair.key)")
    }
    state.extra = json["extra"]?.object ?? JSONObject()
    return state
  }
}
