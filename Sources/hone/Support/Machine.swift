import Foundation
import HoneNumerics

/// What the environment says about how to compute, checked before anything is computed.
enum Machine {
  /// Refuses environment variables that cannot be followed.
  ///
  /// Another instruction set than the one asked for would change bits, so there is no falling back.
  static func checkEnvironment() throws(CommandError) {
    let environment = ProcessInfo.processInfo.environment
    if let wanted = environment["HONE_ISA"], !wanted.isEmpty, Kernels.named(wanted) == nil {
      let known: [String] = Kernels.known.filter { Kernels.named($0) != nil }
      let names = known.joined(separator: ", ")
      throw CommandError(
        .usage, "HONE_ISA is '\(wanted)'; this machine runs \(names). Unset it to take the best one"
      )
    }
    if let wanted = environment[WorkerTeam.environmentName], !wanted.isEmpty,
      WorkerTeam.workers(setting: wanted) == nil
    {
      throw CommandError(
        .usage,
        "\(WorkerTeam.environmentName) is '\(wanted)', wanted a number of workers from 1 to 1024. "
          + "Unset it to take the processors that this process is given")
    }
  }
}
