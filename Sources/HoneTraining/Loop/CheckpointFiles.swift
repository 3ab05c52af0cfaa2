import HoneNumerics
import HonePolicy

/// The files of a checkpoint beside the model folder's: the optimiser's moments, the reference.
enum CheckpointFiles {
  private static let optimizerFile = "optimizer.safetensors"
  private static let referenceFile = "reference.safetensors"

  /// PyTorch's names of AdamW's state, before each parameter's own name.
  private static func moments(_ optimizer: PolicyOptimizer) -> [(String, TensorBuffer)] {
    [("exp_avg.", optimizer.firstMoment), ("exp_avg_sq.", optimizer.secondMoment)]
  }

  static func writeOptimizer(
    _ optimizer: PolicyOptimizer, policy: Policy, folder: String
  ) throws(PolicyError) {
    var tensors: [SafetensorsWriter.Tensor] = []
    for (prefix, buffer) in moments(optimizer) {
      tensors += policy.layout.tensors.map { tensor in
        SafetensorsWriter.Tensor(name: prefix + tensor.name, shape: tensor.shape) {
          policy.read(tensor, of: buffer)
        }
      }
    }
    try SafetensorsWriter.write(tensors, to: folder + "/" + optimizerFile)
  }

  static func readOptimizer(
    _ optimizer: PolicyOptimizer, policy: Policy, folder: String
  ) throws(PolicyError) {
    let reader = try SafetensorsReader(path: folder + "/" + optimizerFile)
    for (prefix, buffer) in moments(optimizer) {
      for tensor in policy.layout.tensors {
        try read(tensor, named: prefix + tensor.name, reader, policy, into: buffer)
      }
    }
  }

  static func writeReference(_ reference: Policy, folder: String) throws(PolicyError) {
    try SafetensorsWriter.write(
      reference.layout.tensors.map { tensor in
        SafetensorsWriter.Tensor(name: tensor.name, shape: tensor.shape) {
          reference.read(tensor, of: reference.parameters)
        }
      }, to: folder + "/" + referenceFile)
  }

  static func readReference(like policy: Policy, folder: String) throws(PolicyError) -> Policy {
    let reader = try SafetensorsReader(path: folder + "/" + referenceFile)
    let reference = policy.copy()
    for tensor in policy.layout.tensors {
      try read(tensor, named: tensor.name, reader, reference, into: reference.parameters)
    }
    return reference
  }

  private static func read(
    _ tensor: ParameterLayout.Tensor, named name: String, _ reader: SafetensorsReader,
    _ policy: Policy, into buffer: TensorBuffer
  ) throws(PolicyError) {
    let values = try reader.floats(name)
    guard values.count == tensor.shape.reduce(1, *) else {
      throw PolicyError(
        .badData,
        "\(reader.path): '\(name)' has \(values.count) elements, wanted \(tensor.shape.reduce(1, *))"
      )
    }
    policy.write(values, to: tensor, of: buffer)
  }
}
