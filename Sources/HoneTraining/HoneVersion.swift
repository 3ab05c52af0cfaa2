import HoneJSON
import HoneNumerics

/// The version of this program.
public enum HoneVersion {
  /// Semantic version.
  public static let current: String = "0.1.0"
}

extension RunDescription {
  /// This program on this machine, now.
  public static func current(
    arguments: [String], seed: Int, compute: Compute, isolation: Int? = nil
  ) -> RunDescription {
    RunDescription(
      arguments: arguments, seed: seed,
      versions: JSONObject([("hone", .string(HoneVersion.current))]),
      machine: JSONObject([
        ("kernels", .string(Kernels.name)),
        ("multiplier", .string(compute.forwardMultiplier.rawValue)),
        ("blas_kernel", .string(BLASLibrary.kernel ?? "none")),
        ("blas_configuration", .string(BLASLibrary.configuration ?? "none")),
        ("order_of_additions", .string(AdditionOrder.found.rawValue)),
      ]), isolation: isolation)
  }
}
