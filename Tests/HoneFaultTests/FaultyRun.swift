import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTraining

/// The run that everything is done to: supervised, then GRPO with a reference, evaluations, and a checkpoint
/// after every step; about 0.1 s.
enum FaultyRun {
  private static let text = """
    model: {architecture: llama, hidden_size: 16, intermediate_size: 24, num_hidden_layers: 1,
            num_attention_heads: 2, num_key_value_heads: 1, head_dim: 8,
            max_position_embeddings: 256}
    tokenizer: {vocabulary_size: 261}
    seed: 3
    keep_checkpoints: 1
    stages:
      - kind: sft
        tasks: {train: {family: arithmetic, count: 12, difficulty: 1, demonstrations: true}}
        prompt: {template: tiny}
        batch_size: 4
        steps: 2
        checkpoint_every: 1
      - kind: grpo
        tasks:
          train: {family: arithmetic, count: 6, difficulty: 1}
          eval: {family: arithmetic, count: 2, difficulty: 1}
        prompt: {template: tiny}
        group_size: 2
        prompts_per_step: 2
        sampling: {max_completion_length: 6}
        rewards: [{grader: math}, {grader: tag-count, weight: 0.5}]
        objective: {kl: {beta: 0.02}}
        probe_problems: 0
        on_collapse: note
        steps: 2
        evaluate_every: 1
        checkpoint_every: 1
    """

  static func recipe(_ overrides: [String] = []) throws -> Recipe {
    try Recipe.parse(text, file: "faulty.yaml", overrides: overrides)
  }

  /// Keeps what a person would be told.
  final class Ear: ProgressSink {
    var notes: [String] = []
    /// The step of the last checkpoint that was said to be saved.
    var saved = 0
    func handle(_ event: ProgressEvent) {
      if case .note(let text) = event { notes.append(text) }
      if case .checkpointSaved(_, let step, _) = event { saved = step }
    }
  }

  /// Goes on with the run in a folder, or starts it where there is none, as `hone train --resume` does.
  static func go(
    at folder: String, overrides: [String] = [], ear: Ear = Ear(),
    shouldStop: @escaping () -> Bool = { false }
  ) throws {
    let stop = { shouldStop() ? TrainingRun.StopRequest.terminated : nil }
    let recipe = try recipe(overrides)
    let compute = Compute(workers: 1)
    let run: TrainingRun =
      try RunFolder.holdsRun(folder)
      ? try .resume(
        recipe, recipeFile: nil, at: folder, arguments: [], compute: compute, sink: ear,
        shouldStop: stop)
      : try .start(
        recipe, recipeFile: nil, at: folder, arguments: [], compute: compute, sink: ear,
        shouldStop: stop)
    run.measuresMultiplyRate = false
    _ = try run.run()
  }

  // MARK: - What a finished run has come to

  /// What every way to the end of a run must come to.
  struct End: Equatable {
    /// SHA-256 of the files of the last checkpoint whose bytes may not depend on the way.
    var files: [String: String] = [:]
    /// Rows without times, by file.
    var rows: [String: [JSONObject]] = [:]
    /// `completions.jsonl`, byte for byte.
    var completions = ""
    /// Where the links point.
    var links: [String: String] = [:]
    /// Names in the folder, but for what was put aside as damaged.
    var names: [String] = []

    /// What differs, for a message.
    func differences(from other: End) -> [String] {
      var differences: [String] = []
      for name in Set(files.keys).union(other.files.keys).sorted()
      where files[name] != other.files[name] {
        differences.append("\(name) differs")
      }
      for name in rows.keys.sorted() where rows[name] != other.rows[name] {
        differences.append(
          "\(name): \(rows[name]?.count ?? 0) rows, wanted \(other.rows[name]?.count ?? 0)")
      }
      if completions != other.completions { differences.append("completions.jsonl differs") }
      if links != other.links { differences.append("links \(links), wanted \(other.links)") }
      if names != other.names { differences.append("names \(names), wanted \(other.names)") }
      return differences
    }
  }

  /// Checksums of weights, moments and the like.
  static func files(of folder: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for name in [
      "model.safetensors", "optimizer.safetensors", "reference.safetensors", "hone.json",
    ] {
      files[name] = try Files.checksum("\(folder)/latest/\(name)")
    }
    return files
  }

  static func end(of folder: String) throws -> End {
    var end = End()
    end.files = try files(of: folder)
    for name in ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"] {
      end.rows[name] = try rows("\(folder)/\(name)")
    }
    end.completions = String(
      decoding: try Files.read("\(folder)/completions.jsonl"), as: UTF8.self)
    for name in ["latest", "best"] { end.links[name] = Files.linkTarget("\(folder)/\(name)") }
    end.names = try Files.list(folder).filter { !$0.hasPrefix("damaged-") }
    return end
  }

  /// Rows without what tells time, and without the checksums that depend on it.
  private static func rows(_ path: String) throws -> [JSONObject] {
    try JSONLines(contentsOf: path).map { _, result in
      let row = try result.get().object ?? JSONObject()
      return JSONObject(
        row.pairs.filter { pair in
          !pair.key.hasPrefix("time/") && !pair.key.hasSuffix("_time")
            && !pair.key.contains("per_second") && !pair.key.contains("sgemm")
            && pair.key != "seconds" && pair.key != "crc32"
        }.map { ($0.key, $0.value) })
    }
  }

  /// The step of the newest whole checkpoint that a resume would find; 0 for none.
  static func newestWhole(_ folder: String) throws -> Int {
    try CheckpointStore(folder: folder).newestWhole().checkpoint?.step ?? 0
  }

  /// What `hone inspect` would call damaged.
  static func damage(in folder: String) throws -> [String] {
    var damage: [String] = []
    func look(_ body: () throws -> Void) {
      do { try body() } catch { damage.append("\(error)") }
    }
    look { _ = try RunFolder.recipe(at: folder) }
    look { _ = try RunDescription.read("\(folder)/run.json") }
    let findings = try CheckpointStore(folder: folder).examine()
    damage += findings.compactMap(\.damage)
    let state = findings.last?.state
    for name in ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"] {
      look {
        damage += try RowInspection(
          path: "\(folder)/\(name)", recorded: state?.fileLengths[name] ?? 0,
          checksum: state?.fileChecksums[name]
        ).damage
      }
    }
    for name in ["latest", "best"] where Files.exists("\(folder)/\(name)") {
      if !Files.isFolder("\(folder)/\(name)") { damage.append("\(name) leads nowhere") }
    }
    return damage
  }
}
