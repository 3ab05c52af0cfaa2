import HoneFiles
import HoneNumerics
import HonePolicy

/// A policy and its optimiser as they were at one moment: to be written while both go on, or to go back
/// to where a step is given up or computed again.
final class PolicySnapshot {
  /// The weights as they were.
  let policy: Policy
  /// The moments and the count of updates as they were.
  let optimizer: PolicyOptimizer

  /// Copies both.
  init(_ policy: Policy, _ optimizer: PolicyOptimizer) {
    self.policy = Policy(configuration: policy.configuration, compute: policy.compute)
    self.policy.adopt(policy.precision)
    self.optimizer = PolicyOptimizer(layout: policy.layout, precision: policy.precision)
    take(policy, optimizer)
  }

  /// Copies both as they are now.
  func take(_ policy: Policy, _ optimizer: PolicyOptimizer) {
    self.policy.copyStorage(of: policy)
    self.optimizer.copy(optimizer)
  }

  /// Gives both the numbers that they had.
  func giveBack(to policy: Policy, _ optimizer: PolicyOptimizer) {
    // Whole, even where an interruption is what it is done for.
    policy.compute.team.keepingOn {
      policy.copyStorage(of: self.policy)
      optimizer.copy(self.optimizer)
    }
  }

  /// A checksum of everything that an update changes: equal exactly where all bits are.
  static func checksum(_ policy: Policy, _ optimizer: PolicyOptimizer) -> String {
    var hash = SHA256()
    for tensor in policy.layout.tensors {
      for values in [
        policy.parameter(tensor), optimizer.firstMoment.values(of: tensor, policy),
        optimizer.secondMoment.values(of: tensor, policy),
      ] {
        values.withUnsafeBytes { hash.update($0) }
      }
    }
    return hash.hexadecimal
  }

  /// Bytes that a snapshot takes.
  static func bytes(_ layout: ParameterLayout, precision: Precision) -> Int {
    let (weights, masters) = precision.weightBytes(layout)
    return weights + masters + 2 * layout.count * (precision.moments.isSingle ? 4 : 2)
  }

  /// Whether there is memory for one without any need of others: it is a convenience.
  ///
  /// - Parameters:
  ///   - planned: bytes of tensor storage of the stage.
  ///   - limit: the recipe's `memory_limit`.
  static func hasMemory(for policy: Policy, planned: Int, limit: Int?) -> Bool {
    let bytes = bytes(policy.layout, precision: policy.precision)
    if let limit, planned + bytes > limit { return false }
    return MachineMemory.availableBytes / 2 > bytes
  }
}

extension Stage {
  /// Bytes of the copies of the policy and its optimiser that the stage makes where memory allows: one for
  /// a checkpoint that is written beside the next step, one of the beginning of a step of several
  /// updates.
  ///
  /// - Parameters:
  ///   - planned: bytes of tensor storage of the stage.
  ///   - limit: the recipe's `memory_limit`.
  package func copyBytes(_ layout: ParameterLayout, planned: Int, limit: Int?) -> Int {
    let isSavedBetween = [checkpointEvery, evaluateEvery].contains { $0 > 0 && $0 < steps }
    let count = (isSavedBetween || checkpointMinutes != nil ? 1 : 0) + (hasSeveralUpdates ? 1 : 0)
    let bytes = PolicySnapshot.bytes(layout, precision: precision)
    let isAllowed = limit.map { planned + bytes <= $0 } ?? true
    return isAllowed ? count * bytes : 0
  }
}
