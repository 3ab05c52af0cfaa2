import ArgumentParser
import HoneGraders

/// The flag of verbs that may run a policy's programs.
struct IsolationFlag: ParsableArguments {
  @Flag(
    help: """
      Run the policy's programs even where their isolation is below level 2, so that they may do \
      what your user may do.
      """)
  var allowWeakIsolation = false

  /// The options of graders.
  func options(workers: Int) -> GraderOptions {
    GraderOptions(allowsWeakIsolation: allowWeakIsolation, workers: workers)
  }
}
