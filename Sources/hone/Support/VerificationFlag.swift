import ArgumentParser

/// Whether a checkpoint's files are compared with its manifest before they are used.
struct VerificationFlag: ParsableArguments {
  @Flag(
    name: .customLong("no-verify"),
    help: "Take a checkpoint without comparing its files with the checksums of its manifest.")
  var noVerify = false

  /// Whether they are.
  var verifies: Bool { !noVerify }
}
