import HoneNumerics
import HonePolicy

extension Console {
  /// The model folder that an argument means; of a run, people are told which checkpoint is taken.
  func locate(_ model: String) throws(PolicyError) -> ModelLocation {
    let location = try ModelLocation(model)
    if let text = location.remark { remark(StyledText(text.shown())) }
    return location
  }

  /// The model that an argument means.
  ///
  /// - Parameters:
  ///   - verification: Whether a checkpoint's files are compared with its manifest.
  ///   - interruption: What has its computations skipped.
  func load(
    _ model: String, _ verification: VerificationFlag, interruption: Interruption = Interruption()
  ) throws(PolicyError) -> LoadedModel {
    try LoadedModel.load(
      try locate(model).path, compute: Compute(interruption: interruption),
      verifies: verification.verifies)
  }
}
