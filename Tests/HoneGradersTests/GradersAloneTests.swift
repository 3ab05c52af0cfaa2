import Foundation
import Testing

/// The graders are usable without the rest: no tensors, no BLAS.
@Suite struct GradersAloneTests {
  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scripts/check-graders-alone").path

  private static func run(_ arguments: [String]) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Whether this machine lets a process hide files from itself.
  static let canHideFiles: Bool = (try? run(["probe"]).status) == 0

  @Test(
    "A package that depends on HoneGraders alone builds and runs with OpenBLAS hidden",
    .enabled(if: canHideFiles, "no mount namespaces on this machine"), .timeLimit(.minutes(20)))
  func alone() throws {
    let (status, text) = try Self.run([])
    #expect(status == 0, "\(text)")
  }
}
