import HoneNumerics
import HonePolicy

extension Console {
  /// The model folder that an argument means; of a run, people are told which checkpoint is taken.
  func locate(_ model: String) throws(PolicyError) -> ModelLocation {
    let location = try ModelLocation(model)
    if let text = location.remark { remark(text.shown()) }
    return location
  }

  /// The model that an argument means.
  ///
  /// - Parameter interruption: What has its computations skipped.
  func load(
    _ model: String, interruption: Interruption = Interruption()
  ) throws(PolicyError) -> LoadedModel {
    try LoadedModel.load(
      try locate(model).path, compute: Compute(interruption: interruption))
  }
}
