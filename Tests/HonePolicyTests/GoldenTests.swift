import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import Testing

/// Models that `transformers` made and saved, and what PyTorch computed from them in float64.
///
/// `scripts/goldens/policy.py` makes the files again. Tolerances are relative to the largest
/// magnitude of the tensor compared.
@Suite("Goldens from transformers and PyTorch")
struct GoldenTests {
  private static let models = ["llama", "qwen2", "qwen3"]

  @Test("Logits, log-probabilities and entropies", arguments: models)
  func forward(name: String) throws {
    let golden = try Golden(name)
    for (index, ids) in golden.sequences.enumerated() {
      let batch = PackedBatch([PackedGroup(prompt: [ids[0]], completions: [Array(ids.dropFirst())])]
      )
      let whole = PackedBatch([PackedGroup(prompt: ids, completions: [])])
      let workspace = TrainingWorkspace(
        configuration: golden.policy.configuration, maximumRows: 64, maximumSegments: 4,
        maximumParentRows: 64)
      let logits = golden.policy.allLogits(whole, workspace: workspace)
      #expect(try distance(logits, golden.values.floats("logits.\(index)")) < 5e-6)
      let scores = golden.policy.score(batch, workspace: workspace)
      #expect(
        try distance(scores.map(\.logProbability), golden.values.floats("log_probs.\(index)"))
          < 5e-6)
      let entropy = try golden.values.floats("entropy.\(index)")
      #expect(distance(scores.map(\.entropy), Array(entropy.prefix(scores.count))) < 5e-6)
    }
  }

  @Test("Every gradient tensor", arguments: models)
  func gradients(name: String) throws {
    let golden = try Golden(name)
    let gradients = Gradients(golden.policy.layout)
    let loss = golden.accumulate(into: gradients)
    #expect(abs(loss - golden.losses[0]) < 1e-5)
    let flat = TensorBuffer(count: golden.policy.layout.count)
    for slice in golden.policy.layout.slices {
      (flat.pointer + slice.offset).update(from: gradients.pointer(slice), count: slice.count)
    }
    for tensor in golden.policy.layout.tensors {
      let ours = golden.policy.read(tensor, of: flat)
      let theirs = try golden.values.floats("grad.\(tensor.name)")
      #expect(distance(ours, theirs) < 2e-5, "\(tensor.name)")
    }
  }

  @Test("Ten steps of AdamW with clipping", arguments: models)
  func tenSteps(name: String) throws {
    let golden = try Golden(name)
    let policy = golden.policy
    let gradients = Gradients(policy.layout, precision: policy.precision)
    let first = TensorBuffer(count: policy.layout.count)
    let second = TensorBuffer(count: policy.layout.count)
    for step in 1...10 {
      gradients.zero()
      let loss = golden.accumulate(into: gradients)
      let norm = gradients.norm(policy.compute)
      #expect(abs(loss - golden.losses[step - 1]) < 2e-5 * golden.losses[0], "loss, step \(step)")
      #expect(
        abs(norm - golden.gradientNorms[step - 1]) < 1e-4 * golden.gradientNorms[0],
        "norm, step \(step)")
      let update = AdamWUpdate(
        learningRate: 1e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8,
        gradientScale: min(1, 1 / (norm + 1e-6)), count: step)
      for slice in policy.layout.slices {
        policy.compute.adamW(
          update, count: slice.count, weightDecay: slice.decays ? 0.1 : 0,
          parameters: policy.parameters.pointer + slice.offset,
          gradients: gradients.pointer(slice), firstMoment: first.pointer + slice.offset,
          secondMoment: second.pointer + slice.offset)
      }
    }
    for tensor in policy.layout.tensors {
      let ours = policy.read(tensor, of: policy.parameters)
      let theirs = try golden.values.floats("step10.\(tensor.name)")
      #expect(distance(ours, theirs) < 5e-4, "\(tensor.name)")
    }
  }

  @Test("Greedy decoding", arguments: models)
  func greedy(name: String) throws {
    let golden = try Golden(name)
    let completion = try Generator(policy: golden.policy, rows: 1).generate(
      [
        GenerationRequest(
          prompt: golden.greedyPrompt, samples: 0..<1,
          stream: RandomStream(seed: 0, purpose: .sampling))
      ], options: SamplingOptions(temperature: 0), stop: StopRule(tokens: [], maximumTokens: 12))
    #expect(completion[0][0].tokens == golden.greedyCompletion)
  }

  @Test("A folder that Hone writes reads back to the same bits", arguments: models)
  func roundTrip(name: String) throws {
    let golden = try Golden(name)
    let path = FileManager.default.temporaryDirectory.path + "/hone-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try ModelFolder(path: path).write(golden.policy)
    let again = try ModelFolder(path: path).policy(compute: golden.policy.compute)
    #expect(again.configuration == golden.policy.configuration)
    #expect(
      again.parameters.array.map(\.bitPattern) == golden.policy.parameters.array.map(\.bitPattern))
  }
}

/// The largest difference, over the largest magnitude of what is wanted.
func distance(_ ours: [Float], _ wanted: [Float]) -> Double {
  guard ours.count == wanted.count else { return .infinity }
  let scale = wanted.map { abs(Double($0)) }.max() ?? 1
  let difference = zip(ours, wanted).map { abs(Double($0) - Double($1)) }.max() ?? 0
  return difference.isFinite ? difference / max(scale, 1e-30) : .infinity
}

/// One golden model and what is known of it.
struct Golden {
  let policy: Policy
  let values: SafetensorsReader
  let sequences: [[Int32]]
  let losses: [Double]
  let gradientNorms: [Double]
  let greedyPrompt: [Int32]
  let greedyCompletion: [Int32]

  init(_ name: String) throws {
    let root = try #require(Bundle.module.resourcePath) + "/Goldens/" + name
    policy = try ModelFolder(path: root).policy(compute: Compute(workers: 2))
    values = try SafetensorsReader(path: root + "/goldens.safetensors")
    let json = try JSON.parse(contentsOf: root + "/goldens.json")
    func ids(_ json: JSON?) -> [Int32] {
      json?.array?.compactMap { $0.int.map { Int32($0) } } ?? []
    }
    sequences = json["input_ids"]?.array?.map { ids($0) } ?? []
    losses = json["adamw"]?["loss"]?.array?.compactMap(\.double) ?? []
    gradientNorms = json["adamw"]?["grad_norm"]?.array?.compactMap(\.double) ?? []
    greedyPrompt = ids(json["greedy"]?["prompt_ids"])
    greedyCompletion = ids(json["greedy"]?["completion_ids"])
    try #require(sequences.count == 2 && losses.count == 10 && gradientNorms.count == 10)
  }

  /// Adds the gradient of the mean negative log-likelihood of both sequences; returns the loss.
  func accumulate(into gradients: Gradients) -> Double {
    let batch = PackedBatch(
      sequences.map { PackedGroup(prompt: [$0[0]], completions: [Array($0.dropFirst())]) })
    let workspace = TrainingWorkspace(configuration: policy.configuration, fitting: batch)
    let count = Float(batch.predictions.count)
    let scores = policy.backpropagate(batch, workspace: workspace, gradients: gradients) {
      range, _ in range.map { _ in TokenGradient(logProbability: -1 / count) }
    }
    return -scores.reduce(0) { $0 + Double($1.logProbability) } / Double(scores.count)
  }
}
