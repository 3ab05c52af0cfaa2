import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

/// Tensor storage of a step, planned and allocated.
///
/// Each test runs in a process of its own: the counters are the process's, and other tests allocate
/// at the same time.
@Suite struct TensorStorageTests {
  @Test("a GRPO step: as much storage as planned, and none allocated after the first")
  func groupRelativeStep() async {
    await #expect(processExitsWith: .success) {
      for precision in [Precision.fp32, .halfGradients] {
        let before = TensorBuffer.allocatedBytes
        let step = StorageStep(lanes: 2, precision: precision)
        try step.run(0)
        let (bytes, count) = (TensorBuffer.allocatedBytes, TensorBuffer.allocationCount)
        #expect(bytes - before == step.plan.tensorBytes)
        for index in 1..<4 {
          try step.run(index)
          #expect(TensorBuffer.allocatedBytes == bytes)
          #expect(TensorBuffer.allocationCount == count)
        }
      }
    }
  }

  @Test("a plan of every architecture is what is allocated")
  func architectures() async {
    await #expect(processExitsWith: .success) {
      for architecture in PolicyConfiguration.Architecture.allCases {
        for tied in [false, true] {
          for recomputes in [false, true] {
            let before = TensorBuffer.allocatedBytes
            let step = StorageStep(architecture, tied: tied, lanes: 1, recomputes: recomputes)
            try step.run(0)
            #expect(TensorBuffer.allocatedBytes - before == step.plan.tensorBytes)
          }
        }
      }
    }
  }
}

extension Precision {
  fileprivate static let halfGradients = {
    var precision = Precision.fp32
    precision.gradients = .bf16
    return precision
  }()
}

/// Everything that a GRPO step on fixed shapes needs: two groups of three completions.
private struct StorageStep {
  let plan: MemoryPlan
  private let prompt: [Int32] = (0..<21).map { Int32($0) }
  private let length = 18
  private let group = 3
  private let generator: Generator
  private let update: GroupRelativeUpdate

  init(
    _ architecture: PolicyConfiguration.Architecture = .llama, tied: Bool = true, lanes: Int,
    recomputes: Bool = false, precision: Precision = .fp32
  ) {
    let configuration = PolicyConfiguration(
      architecture: architecture, vocabularySize: 67, hiddenSize: 48, intermediateSize: 72,
      layers: 3, heads: 4, keyValueHeads: 2, headSize: 16, maximumPositions: 64, tiedHead: tied)
    let policy = Policy(configuration: configuration, seed: 3, compute: Compute(workers: 2))
    policy.adopt(precision)
    let rows = MemoryPlan.Training.group(
      prompt: prompt.count, completions: group, completionLength: length)
    plan = MemoryPlan(
      configuration, training: rows,
      sampling: .init(
        rows: 2 * group, prompts: 2, promptLength: prompt.count, completionLength: length),
      precision: precision, gradientBuffers: lanes, recomputes: recomputes)
    generator = Generator(
      policy: policy, rows: 2 * group, longestPrompt: prompt.count)
    update = GroupRelativeUpdate(
      policy: policy, optimizer: PolicyOptimizer(layout: policy.layout, precision: precision),
      workspace: TrainingWorkspace(
        configuration: configuration, maximumRows: rows.rows, maximumSegments: rows.segments,
        maximumParentRows: rows.parentRows, precision: precision, recomputes: recomputes),
      gradients: Gradients(policy.layout, precision: precision),
      laneGradients: lanes > 1 ? Gradients(policy.layout, precision: precision) : nil,
      settings: GroupRelativeSettings(), optimizerSettings: OptimizerSettings(.grpo), lanes: lanes)
  }

  /// A step with prompts of lengths of its own.
  func run(_ step: Int) throws {
    let prompts = [prompt.count - 7 * step % 19, prompt.count - 5 * step % 17].map {
      Array(prompt.prefix($0))
    }
    let completions = try generator.generate(
      prompts.enumerated().map { index, prompt in
        GenerationRequest(
          prompt: prompt, samples: 0..<group,
          stream: RandomStream(seed: 1, purpose: .sampling, step: step, problem: "p\(index)"))
      }, options: SamplingOptions(), stop: StopRule(tokens: [], maximumTokens: length))
    _ = try update(
      zip(prompts, completions).map {
        TrainableGroup(
          prompt: $0, completions: $1, advantages: [1, -1, 0.5],
          participation: [.full, .full, .full], reference: nil)
      }, sampleNumbers: [0, group], step: step, learningRate: 1e-3, progress: { _ in })
  }
}
