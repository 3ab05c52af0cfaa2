import HonePolicy

// What a run will write, for the look at the disk before it starts and before it goes on.

extension RunFolder {
  /// Refuses to start a run, or to go on with one, that the disk has no room for.
  ///
  /// - Parameters:
  ///   - path: The run's folder, which need not exist.
  ///   - checkpointBytes: Bytes of one checkpoint: model, moments and the rest.
  ///   - keep: Checkpoints that are kept at the most, the best and the like among them.
  ///   - present: How many of them are there already.
  ///   - rowBytes: Bytes that the rows of the steps to come may take.
  /// - Throws: `TrainingError` of kind `inputOutput` with both amounts.
  public static func requireSpace(
    at path: String, checkpointBytes: Int, keep: Int, present: Int = 0, rowBytes: Int = 0
  ) throws(TrainingError) {
    // The kept ones, and the one being written before an old one goes.
    let count = max(1, keep + 1 - present)
    let (bytes, overflow) = checkpointBytes.multipliedReportingOverflow(by: count)
    let (needed, more) = bytes.addingReportingOverflow(rowBytes)
    let available = try Files.availableSpace(at: path)
    guard overflow || more || needed > available else { return }
    throw TrainingError(
      .inputOutput,
      "\(path): the run needs about \(ByteCount.describe(overflow || more ? .max : needed)) "
        + "(\(count) checkpoints of \(ByteCount.describe(checkpointBytes)), rows "
        + "\(ByteCount.describe(rowBytes))) and the disk has \(ByteCount.describe(available)); "
        + "free some space, lower keep_checkpoints, or choose another disk with --output")
  }
}

extension Recipe {
  /// Checkpoints that are kept at the most: the best one, the last good one, and the ends of stages.
  var mostCheckpoints: Int { keepCheckpoints + stages.count + 1 }

  /// Bytes of one checkpoint: weights and two moments, and the reference where there is one.
  func checkpointBytes(recipeFile: String?) throws -> Int {
    let parameters: Int
    switch model {
    case .folder(let path):
      let found = try Recipe.locate(path, wanted: "model folder", recipeFile: recipeFile)
      let configuration = try ModelFolder(path: try LoadedModel.resolve(found)).configuration()
      parameters = ParameterLayout(configuration).parameterCount
    case .architecture(let a):
      parameters =
        (a.vocabularySize ?? 512) * a.hiddenSize * (a.tieWordEmbeddings ? 1 : 2) + a.layers
        * a.hiddenSize
        * (2 * a.headDimension * (a.attentionHeads + a.keyValueHeads) + 3 * a.intermediateSize)
    }
    let hasReference = stages.contains { ($0.grpo?.objective.divergence.beta ?? 0) != 0 }
    return 4 * parameters * (hasReference ? 4 : 3) + (2 << 20)
  }

  /// Bytes that the rows of the steps after one take, about.
  ///
  /// A row of metrics or of an evaluation has about 1.5 kB. One of `completions.jsonl` has 1 kB, for its
  /// texts, its ids and its scores, and 30 bytes a token of the completion: id, text, and a log-probability
  /// that reads back exactly. Completions are taken to be half of the greatest length.
  package func rowBytes(after step: Int) -> Int {
    var bytes = 0.0
    var end = 0
    for stage in stages {
      end += stage.steps
      let steps = Double(min(stage.steps, max(0, end - step)))
      bytes += steps * 1500
      bytes += 1500 * (2 + (stage.evaluateEvery > 0 ? steps / Double(stage.evaluateEvery) : 0))
      guard let settings = stage.grpo else { continue }
      let samples = Double(settings.promptsPerStep) * Double(settings.groupSize)
      let length = Double(settings.sampling.maximumCompletionLength)
      bytes += steps * samples * (1000 + 15 * length)
    }
    return Int(min(bytes, 1e18))
  }
}
