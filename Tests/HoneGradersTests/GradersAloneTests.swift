import Foundation
import Testing

/// The graders are usable without the rest: no tensors, no BLAS.
@Suite struct GradersAloneTests {
  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("scripts/check-graders-alone").path

  /// Whether this machine lets a process have a mount namespace of its own.
  static let canHideFiles: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["--mount", "--map-root-user", "true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(
    "A package that depends on HoneGraders alone builds and runs with OpenBLAS hidden",
    .enabled(if: canHideFiles, "no mount namespaces on this machine"), .timeLimit(.minutes(20)))
  func alone() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", Self.script]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }
}
