import HoneNumerics
import HonePolicy

/// The files of a checkpoint beside the model folder's: the optimiser's moments, the reference.
enum CheckpointFiles {
  private static let optimizerFile = "optimizer.safetensors"
  private static let referenceFile = "reference.safetensors"

  /// PyTorch's names of AdamW's state, before each parameter's own name.
  private static func moments(_ optimizer: PolicyOptimizer) -> [(String, MomentStorage)] {
    [("exp_avg.", optimizer.firstMoment), ("exp_avg_sq.", optimizer.secondMoment)]
  }

  /// bf16 moments are written in single precision, which holds them exactly.
  static func writeOptimizer(
    _ optimizer: PolicyOptimizer, policy: Policy, folder: String
  ) throws(PolicyError) {
    var tensors: [SafetensorsWriter.Tensor] = []
    for (prefix, moment) in moments(optimizer) {
      tensors += policy.layout.tensors.map { tensor in
        SafetensorsWriter.Tensor(name: prefix + tensor.name, shape: tensor.shape) {
          moment.values(of: tensor, policy)
        }
      }
    }
    try SafetensorsWriter.write(tensors, to: folder + "/" + optimizerFile)
  }

  static func readOptimizer(
    _ optimizer: PolicyOptimizer, policy: Policy, folder: String
  ) throws(PolicyError) {
    let reader = try SafetensorsReader(path: folder + "/" + optimizerFile)
    for (prefix, moment) in moments(optimizer) {
      for tensor in policy.layout.tensors {
        let values = try values(of: tensor, named: prefix + tensor.name, reader)
        switch moment {
        case .single(let buffer): policy.write(values, to: tensor, of: buffer)
        case .half(let buffer): policy.write(values, to: tensor, of: buffer)
        }
      }
    }
  }

  static func writeReference(_ reference: Policy, folder: String) throws(PolicyError) {
    try SafetensorsWriter.write(
      reference.layout.tensors.map { tensor in
        SafetensorsWriter.Tensor(name: tensor.name, shape: tensor.shape) {
          reference.parameter(tensor)
        }
      }, to: folder + "/" + referenceFile)
  }

  static func readReference(like policy: Policy, folder: String) throws(PolicyError) -> Policy {
    let reader = try SafetensorsReader(path: folder + "/" + referenceFile)
    let reference = policy.copy()
    for tensor in policy.layout.tensors {
      reference.setParameter(try values(of: tensor, named: tensor.name, reader), tensor)
    }
    reference.weightsChanged()
    return reference
  }

  private static func values(
    of tensor: ParameterLayout.Tensor, named name: String, _ reader: SafetensorsReader
  ) throws(PolicyError) -> [Float] {
    let values = try reader.floats(name)
    guard values.count == tensor.shape.reduce(1, *) else {
      throw PolicyError(
        .badData,
        "\(reader.path): '\(name)' has \(values.count) elements, wanted \(tensor.shape.reduce(1, *))"
      )
    }
    return values
  }
}
