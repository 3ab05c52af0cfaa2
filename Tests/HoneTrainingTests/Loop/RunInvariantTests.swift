import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

@Suite("A run's bits depend on its recipe alone", .serialized)
struct RunInvariantTests {
  /// The overrides that give both stages a precision.
  static func overrides(_ precision: String) -> [String] {
    switch precision {
    // Halves, stochastic rounding of moments, and another precision for the second stage.
    case "halves":
      [
        "stages.0.precision={preset: bf16, master_weights: bf16, gradients: bf16, moment_rounding: stochastic}",
        "stages.1.precision={preset: bf16, master_weights: bf16, gradients: bf16}",
        "stages.1.objective={preset: dr_grpo, beta: 0.04}", "lanes=2",
      ]
    case "fp8, gradients in halves":
      [
        "stages.0.precision={preset: fp8, gradients: bf16}",
        "stages.1.precision={preset: fp8, gradients: bf16}",
      ]
    case "mixed":
      [
        "stages.0.precision={preset: bf16, moment_rounding: stochastic}",
        "stages.1.precision={preset: fp8, kv_cache: bf16, moment_rounding: stochastic}",
      ]
    default: ["stages.0.precision=\(precision)", "stages.1.precision=\(precision)"]
    }
  }

  @Test(
    "One worker and two give the same weights",
    arguments: ["fp32", "bf16", "fp8", "mixed", "halves", "fp8, gradients in halves"])
  func workers(precision: String) throws {
    let folder = try TemporaryFolder()
    let overrides = Self.overrides(precision)
    try SmallRun.run(at: folder.path + "/one", workers: 1, overrides: overrides)
    try SmallRun.run(at: folder.path + "/two", workers: 2, overrides: overrides)
    let one = try SmallRun.checksum(folder.path + "/one")
    #expect(try SmallRun.checksum(folder.path + "/two") == one)
    // The weights must have moved: equal checksums of an untouched policy would prove nothing.
    try SmallRun.run(at: folder.path + "/other", overrides: overrides + ["seed=8"])
    #expect(try SmallRun.checksum(folder.path + "/other") != one)
    if precision != "fp32" {
      try SmallRun.run(at: folder.path + "/single")
      #expect(try SmallRun.checksum(folder.path + "/single") != one)
    }
  }

  @Test(
    "Forward passes kept or done again give the same weights",
    arguments: ["fp32", "bf16", "fp8", "mixed", "halves", "fp8, gradients in halves"])
  func activationCheckpointing(precision: String) throws {
    let folder = try TemporaryFolder()
    let overrides = Self.overrides(precision)
    try SmallRun.run(at: folder.path + "/kept", overrides: overrides)
    let again = try SmallRun.run(
      at: folder.path + "/again", workers: 2,
      overrides: overrides + [
        "stages.0.activation_checkpointing=true", "stages.1.gradient_checkpointing=true",
      ])
    #expect(
      try SmallRun.checksum(folder.path + "/again") == SmallRun.checksum(folder.path + "/kept"))
    for summary in again.summaries {
      #expect(summary.contains { $0.0 == "memory" && $0.1 == "activation checkpointing" })
    }
  }

  @Test("The smallest memory_limit that is not refused gives the same weights")
  func memoryLimit() throws {
    let folder = try TemporaryFolder()
    let overrides = ["stages.0.batch_size=1"]
    try SmallRun.run(at: folder.path + "/free", overrides: overrides)
    func run(limit: Int, _ name: String, _ more: [String] = []) -> SmallRun.Listener? {
      try? SmallRun.run(
        at: folder.path + "/" + name, overrides: overrides + ["memory_limit=\(limit)"] + more)
    }
    var (refused, allowed) = (1000, 100_000_000)
    while allowed - refused > 1 {
      let middle = (refused + allowed) / 2
      let short = ["stages.0.steps=1", "stages.1.steps=1", "stages.1.probe_problems=0"]
      if run(limit: middle, "try-\(middle)", short) != nil {
        allowed = middle
      } else {
        refused = middle
      }
    }
    let listener = try #require(run(limit: allowed, "least"))
    let memory = listener.summaries.last?.first { $0.0 == "memory" }?.1 ?? ""
    #expect(memory.hasPrefix("activation checkpointing, 1 completions at once, at most"))
    #expect(
      try SmallRun.checksum(folder.path + "/least") == SmallRun.checksum(folder.path + "/free"))
    #expect(run(limit: refused, "refused") == nil)
  }

  @Test(
    "Interrupted after any step and resumed, the weights and rows are those of one run",
    arguments: ["fp32", "bf16", "fp8", "mixed", "halves", "fp8, gradients in halves"])
  func resumed(precision: String) throws {
    let folder = try TemporaryFolder()
    let whole = folder.path + "/whole"
    let overrides = Self.overrides(precision)
    try SmallRun.run(at: whole, overrides: overrides)
    // In both stages, at their border, and just before and after a checkpoint.
    for stop in precision == "fp32" ? Array(1..<11) : [1, 4, 5, 6, 9] {
      let path = folder.path + "/stopped-\(stop)"
      let counter = Counter()
      #expect(throws: TrainingError.self) {
        try SmallRun.run(at: path, overrides: overrides) {
          counter.next() == stop ? .interrupted : nil
        }
      }
      try SmallRun.resume(at: path, workers: 2, overrides: overrides)
      #expect(try SmallRun.checksum(path) == SmallRun.checksum(whole), "stopped after \(stop)")
      for name in ["README.md", "hone.json", "chat_template.jinja", "generation_config.json"] {
        let text = try String(contentsOfFile: "\(path)/latest/\(name)", encoding: .utf8)
        let expected = try String(contentsOfFile: "\(whole)/latest/\(name)", encoding: .utf8)
        #expect(text == expected, "\(name), stopped after \(stop)")
      }
      let rows = try rows(path, "completions.jsonl")
      #expect(try rows == self.rows(whole, "completions.jsonl"))
    }
  }

  @Test("A run that lost its last checkpoints goes on from an older one to the same bits")
  func tornCheckpoint() throws {
    let folder = try TemporaryFolder()
    let whole = folder.path + "/whole"
    try SmallRun.run(at: whole)
    let torn = folder.path + "/torn"
    let counter = Counter()
    #expect(throws: TrainingError.self) {
      try SmallRun.run(at: torn) { counter.next() == 9 ? .terminated : nil }
    }
    let weights = torn + "/checkpoint-9/model.safetensors"
    let size = try FileManager.default.attributesOfItem(atPath: weights)[.size] as? Int ?? 0
    let handle = try #require(FileHandle(forWritingAtPath: weights))
    try handle.truncate(atOffset: UInt64(size / 2))
    try handle.close()
    try SmallRun.resume(at: torn)
    #expect(try SmallRun.checksum(torn) == SmallRun.checksum(whole))
  }

  @Test(
    "The sampler's log-probabilities are the trainer's, and those that scoring gives",
    arguments: ["fp32", "bf16", "fp8"])
  func noGap(precision: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let listener = try SmallRun.run(
      at: path,
      overrides: Self.overrides(precision) + [
        "stages.1.checkpoint_every=1", "keep_checkpoints=20",
      ])
    let shares = listener.rows.compactMap { $0["sgemm_share"]?.double }
    #expect(shares.count == 11 && shares.allSatisfy { $0 > 0 && $0 < 1 })
    let gaps = listener.rows.compactMap { $0["policy/max_logprob_gap"]?.double }
    #expect(gaps.count == 6 && gaps.allSatisfy { $0 == 0 })
    // Rows of step s were sampled by the policy of checkpoint s - 1.
    let compute = Compute(workers: 2)
    for row in try rows(path, "completions.jsonl") {
      let step = try #require(row["step"]?.int)
      let model = try LoadedModel.load(path + "/checkpoint-\(step - 1)", compute: compute)
      func ids(_ key: String) -> [Int32] {
        row[key]?.array?.compactMap { $0.int.map { Int32($0) } } ?? []
      }
      let batch = PackedBatch([
        PackedGroup(prompt: ids("prompt_ids"), completions: [ids("completion_ids")])
      ])
      let scores = model.policy.score(
        batch,
        workspace: TrainingWorkspace(
          configuration: model.policy.configuration, fitting: batch,
          precision: model.policy.precision))
      let recorded = row["logprobs"]?.array?.compactMap(\.double) ?? []
      #expect(!recorded.isEmpty)
      #expect(scores.map { Double($0.logProbability) } == recorded)
    }
  }

  @Test(
    "Lanes change the order of additions and nothing else; a finished run has nothing left to do")
  func lanesAndFinished() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/lanes"
    let lanes = try SmallRun.run(at: path, overrides: ["lanes=2"])
    let single = try SmallRun.run(at: folder.path + "/single")
    // The first GRPO step starts from the same policy; its gradient is the same sum.
    let norms = try [lanes, single].map { try #require($0.rows[5]["grad_norm"]?.double) }
    #expect(abs(norms[0] - norms[1]) < 1e-5 * norms[1])
    // And the additions are in another order: a run that ignored lanes would have the same bits.
    #expect(try SmallRun.checksum(path) != SmallRun.checksum(folder.path + "/single"))
    let outcome = try TrainingRun.resume(
      nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1),
      sink: SmallRun.Listener()
    ).run()
    #expect(outcome.wasFinished && outcome.steps == 11)
  }

  @Test("Weights with NaN stop a run with the tensor's name, before anything is trained")
  func brokenWeights() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    try SmallRun.run(at: path)
    let model = try LoadedModel.load(path, compute: Compute(workers: 1))
    model.policy.parameters.pointer[5] = .nan
    try model.write(to: folder.path + "/broken")
    let error = #expect(throws: PolicyError.self) {
      try LoadedModel.load(folder.path + "/broken", compute: Compute(workers: 1))
    }
    #expect(error?.kind == .badData)
    #expect(error?.description.contains("model.embed_tokens.weight") == true)
  }

  private func rows(_ folder: String, _ name: String) throws -> [JSON] {
    try JSONLines(contentsOf: folder + "/" + name).map { try $0.result.get() }
  }
}

/// Counts how often it is asked.
final class Counter {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}
