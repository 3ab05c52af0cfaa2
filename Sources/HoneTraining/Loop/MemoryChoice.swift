package import HoneNumerics
package import HonePolicy

/// How a stage makes do with the recipe's `memory_limit`, or with what memory there is.
///
/// Two things can be had in less memory, and neither changes a bit of the result: forward passes may be
/// done again instead of being kept (a third more work of training), and fewer completions may be
/// sampled at once. Without a limit nothing is given up, unless what is there is less.
package struct MemoryChoice {
  /// Whether forward passes are done again.
  package let recomputes: Bool
  /// Completions at work at once in a step; 0 for stages that sample nothing.
  package let samplingRows: Int
  /// What is allocated, all shapes at their greatest, evaluations aside.
  package let plan: MemoryPlan
  private let configuration: PolicyConfiguration
  private let precision: Precision
  private let limit: Int?

  /// With so many rows decoding is about as fast as with more: before a step has fewer, forward passes
  /// are done again.
  private static let comfortableRows = 16

  /// Chooses.
  ///
  /// - Parameters:
  ///   - limit: the most bytes of tensor storage.
  ///   - training: the largest batch of a training pass.
  ///   - allowance: what memory there is, where the recipe sets no limit; nil does not look at it.
  /// - Throws: `TrainingError` where the least that the stage needs is more: `badRecipe` than the limit,
  ///   `inputOutput` than there is.
  package init(
    _ stage: Stage, configuration: PolicyConfiguration, lanes: Int, limit: Int?,
    longestPrompt: Int, training: MemoryPlan.Training, allowance: MemoryAllowance?
  ) throws(TrainingError) {
    self.configuration = configuration
    precision = stage.precision
    let settings = stage.grpo
    func plan(_ rows: Int, recomputes: Bool) -> MemoryPlan {
      MemoryPlan(
        configuration, training: training,
        sampling: settings.map {
          .groups(
            $0.promptsPerStep, of: $0.groupSize, rows: rows, promptLength: longestPrompt,
            completionLength: $0.sampling.maximumCompletionLength)
        }, precision: stage.precision, gradientBuffers: lanes > 1 && settings != nil ? 2 : 1,
        hasReference: settings?.objective.divergence.beta ?? 0 != 0, recomputes: recomputes)
    }
    let wanted = settings.map {
      min(
        $0.groupSize * $0.promptsPerStep,
        Generator.defaultRows(
          configuration, maximumTokens: $0.sampling.maximumCompletionLength))
    }
    let always = stage.activationCheckpointing
    // What is allocated already is what the plan begins with: the policy.
    let there = allowance.map { $0.bytes + TensorBuffer.allocatedBytes }
    let all = plan(wanted ?? 1, recomputes: always).tensorBytes
    let limit = limit ?? there.flatMap { $0 < all ? $0 : nil }
    self.limit = limit
    func mostRows(recomputes: Bool) -> Int {
      guard let wanted else { return 0 }
      guard let limit else { return wanted }
      return Self.largest(upTo: wanted) {
        plan($0, recomputes: recomputes).tensorBytes <= limit
      }
    }
    let enough = min(wanted ?? 0, Self.comfortableRows)
    let keptRows = always ? 0 : mostRows(recomputes: false)
    let fits = limit.map { plan(max(1, keptRows), recomputes: false).tensorBytes <= $0 } ?? true
    recomputes = always || !fits || keptRows < enough
    samplingRows = recomputes ? mostRows(recomputes: true) : keptRows
    self.plan = plan(max(1, samplingRows), recomputes: recomputes)
    guard let limit, self.plan.tensorBytes > limit else { return }
    let least = ByteCount.describe(self.plan.tensorBytes)
    if let allowance, limit == there {
      guard Self.isHopeless(self.plan.tensorBytes, there: limit) else { return }
      throw TrainingError(
        .inputOutput,
        "the stage needs at least \(least) for weights, moments, gradients and one group, even with activation checkpointing and one completion at a time; there are \(ByteCount.describe(limit)), bound by \(allowance.bound.name). Raise that bound, choose a smaller precision, or lower group_size or max_completion_length; where completions stay short, memory_limit: \((self.plan.tensorBytes >> 20) + 1)MiB in the recipe has it tried all the same"
      )
    }
    throw TrainingError(
      .badRecipe,
      "the stage needs at least \(least) for weights, moments, gradients and one group, even with activation checkpointing and one completion at a time; memory_limit is \(ByteCount.describe(limit)). Raise it, choose a smaller precision, or lower group_size or max_completion_length"
    )
  }

  /// Whether a plan cannot fit: plans have been up to a tenth above what became resident.
  private static func isHopeless(_ bytes: Int, there: Int) -> Bool {
    Double(bytes) * 0.9 > Double(there)
  }

  /// Facts for people, where something was chosen.
  var summary: [(String, String)] {
    var facts: [String] = []
    if recomputes { facts.append("activation checkpointing") }
    if limit != nil, samplingRows > 0 { facts.append("\(samplingRows) completions at once") }
    if limit != nil { facts.append("at most \(ByteCount.describe(plan.tensorBytes)) of tensors") }
    return facts.isEmpty ? [] : [("memory", facts.joined(separator: ", "))]
  }

  /// Completions at work at once in an evaluation during the stage, in memory of its own; at least 1.
  package func evaluationRows(_ wanted: MemoryPlan.Sampling) -> Int {
    guard let limit else { return wanted.rows }
    let rest = limit - plan.tensorBytes
    let rows = Self.largest(upTo: wanted.rows) { rows in
      var sampling = wanted
      sampling.rows = rows
      sampling.prompts = min(wanted.prompts, rows + 1)
      let own = MemoryPlan(
        configuration, training: nil, sampling: sampling, precision: precision,
        hasSpareMemory: true)
      return own[.cache] + own[.samplingScratch] <= rest
    }
    return max(1, rows)
  }

  /// The largest number up to `most` that a test lets pass, which passes all smaller ones too; 0 if
  /// none.
  private static func largest(upTo most: Int, where passes: (Int) -> Bool) -> Int {
    var (low, high) = (0, most)
    while low < high {
      let middle = (low + high + 1) / 2
      if passes(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
