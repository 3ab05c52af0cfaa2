import Foundation
public import HoneJSON
public import HoneNumerics
public import HonePolicy

/// What one step of a scenario took.
public struct BenchStep: Sendable, Hashable {
  /// Seconds of sampling.
  public var rollout: Double
  /// Seconds of forward and backward passes and of the optimiser.
  public var training: Double
  /// Both.
  public var total: Double { rollout + training }

  /// The median of some steps, at least one, by total time.
  static func median(_ steps: [BenchStep]) -> BenchStep {
    steps.sorted { $0.total < $1.total }[steps.count / 2]
  }
}

/// The measurements of one scenario.
public struct BenchResult: Sendable {
  /// What was run.
  public var scenario: BenchScenario
  /// The measured steps; warm-up steps are left out.
  public var steps: [BenchStep]
  /// Operations a second of large square products in the same run.
  public var multiplyRate: Double
  /// Largest resident size of the process so far, bytes.
  public var peakBytes: Int
  /// What the peak should be, by category; `process` is what was resident before the policy was made.
  public var plan: MemoryPlan
  /// Threads that worked.
  public var workers: Int
  /// Number formats.
  public var precision: Precision
  /// Whether forward passes were done again for the backward pass.
  public var recomputes: Bool

  /// The median step by total time.
  public var median: BenchStep { BenchStep.median(steps) }

  /// Operations needed over operations possible in the median step.
  public var share: Double {
    scenario.operations / median.total / multiplyRate
  }

  /// Everything needed to compute the share again.
  public var json: JSON {
    let step = median
    return [
      "scenario": .string(scenario.name), "precision": precision.json,
      "activation_checkpointing": .bool(recomputes),
      "parameters": .integer(ParameterLayout(scenario.configuration).parameterCount),
      "prompts": .integer(scenario.prompts), "group_size": .integer(scenario.groupSize),
      "prompt_length": .integer(scenario.promptLength),
      "completion_length": .integer(scenario.completionLength),
      "sampled_tokens": .integer(scenario.sampledTokens),
      "rollout_operations": .number(scenario.rolloutOperations),
      "training_operations": .number(scenario.trainingOperations),
      "rollout_seconds": .number(step.rollout), "training_seconds": .number(step.training),
      "step_seconds": .number(step.total),
      "all_step_seconds": .array(steps.map { .number($0.total) }),
      "tokens_per_second": .number(Double(scenario.sampledTokens) / step.total),
      "sgemm_rate": .number(multiplyRate), "sgemm_share": .number(share),
      "peak_resident_bytes": .integer(peakBytes), "memory_plan": plan.json,
      "workers": .integer(workers),
    ]
  }
}

/// Runs scenarios with the very operations that a GRPO step runs.
public struct Bench {
  /// What computes.
  public let compute: Compute

  /// Number formats of the policy.
  public let precision: Precision

  /// Whether forward passes are done again for the backward pass.
  public let recomputes: Bool

  /// A bench on a compute device.
  public init(compute: Compute, precision: Precision = .fp32, recomputes: Bool = false) {
    self.compute = compute
    self.precision = precision
    self.recomputes = recomputes
  }

  /// A scenario's policy: random weights in the bench's precision.
  func policy(_ scenario: BenchScenario) -> Policy {
    let policy = Policy(configuration: scenario.configuration, seed: 1, compute: compute)
    policy.adopt(precision)
    return policy
  }

  /// Runs a scenario.
  ///
  /// - Parameters:
  ///   - warmup: steps that are not counted; steps: steps that are.
  ///   - report: called after each step.
  public func run(
    _ scenario: BenchScenario, warmup: Int = 1, steps: Int = 5,
    report: (BenchStep) -> Void = { _ in }
  ) -> BenchResult {
    var plan = scenario.memoryPlan(precision, recomputes: recomputes)
    plan[.process] = MachineMemory.residentBytes
    let (measured, peak) = measure(scenario, warmup: warmup, steps: steps, report: report)
    return BenchResult(
      scenario: scenario, steps: measured, multiplyRate: compute.squareMultiplyRate(),
      peakBytes: peak, plan: plan, workers: compute.team.workers,
      precision: precision, recomputes: recomputes)
  }

  /// The measured steps, and the largest resident size so far, before any rate is measured.
  func measure(
    _ scenario: BenchScenario, warmup: Int, steps: Int, report: (BenchStep) -> Void
  ) -> (steps: [BenchStep], peakBytes: Int) {
    MachineMemory.forgetPeak()
    let policy = policy(scenario)
    let optimizer = PolicyOptimizer(layout: policy.layout, precision: precision)
    let gradients = Gradients(policy.layout, precision: policy.precision)
    policy.spareMemory = gradients
    let generator = Generator(policy: policy, rows: scenario.samplingRows)
    let group = scenario.trainingRows
    let workspace = TrainingWorkspace(
      configuration: scenario.configuration, maximumRows: group.rows,
      maximumSegments: group.segments, maximumParentRows: group.parentRows,
      precision: precision, recomputes: recomputes)
    var measured: [BenchStep] = []
    for step in 0..<warmup + steps {
      let start = ContinuousClock.now
      let groups = sample(scenario, generator, step: step)
      let sampled = ContinuousClock.now
      train(groups, policy, workspace, gradients, optimizer, scenario)
      let result = BenchStep(
        rollout: (sampled - start) / .seconds(1),
        training: (ContinuousClock.now - sampled) / .seconds(1))
      report(result)
      if step >= warmup { measured.append(result) }
    }
    return (measured, MachineMemory.peakResidentBytes)
  }

  /// Prompts of random tokens, other ones each step.
  func requests(_ scenario: BenchScenario, step: Int) -> [GenerationRequest] {
    (0..<scenario.prompts).map { index in
      let stream = RandomStream(seed: 1, purpose: .order, step: step, problem: "bench-\(index)")
      let vocabulary = Double(scenario.configuration.vocabularySize)
      return GenerationRequest(
        prompt: (0..<scenario.promptLength).map {
          Int32(stream.uniform(sample: 0, position: $0) * vocabulary)
        }, samples: 0..<scenario.groupSize,
        stream: RandomStream(seed: 1, purpose: .sampling, step: step, problem: "bench-\(index)"))
    }
  }

  private func sample(
    _ scenario: BenchScenario, _ generator: Generator, step: Int
  ) -> [PackedGroup] {
    let requests = requests(scenario, step: step)
    let completions = generator.randomCompletions(
      requests, length: scenario.completionLength)
    return zip(requests, completions).map {
      PackedGroup(prompt: $0.prompt, completions: $1.map(\.tokens))
    }
  }

  /// Half of each group has advantage +1, the other half -1: gradients of the usual size.
  private func train(
    _ groups: [PackedGroup], _ policy: Policy, _ workspace: TrainingWorkspace,
    _ gradients: Gradients, _ optimizer: PolicyOptimizer, _ scenario: BenchScenario
  ) {
    gradients.zero()
    for group in groups {
      let batch = PackedBatch([group])
      var advantages: [Float] = []
      for (index, range) in batch.completions.enumerated() {
        advantages += Array(repeating: index % 2 == 0 ? -1 : 1, count: range.count)
      }
      let scale = 1 / Float(scenario.sampledTokens)
      policy.backpropagate(batch, workspace: workspace, gradients: gradients) { range, _ in
        range.map { TokenGradient(logProbability: advantages[$0] * scale) }
      }
    }
    // Numbers that are none would be as fast: what counts here is time.
    _ = try? optimizer.step(
      policy, gradients: gradients, settings: OptimizerSettings(.grpo), learningRate: 1e-5,
      step: 1)
  }
}
