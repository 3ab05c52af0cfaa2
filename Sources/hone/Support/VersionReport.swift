import Foundation
import HoneFiles
import HoneJSON
import HoneNumerics
import HoneTraining

/// `hone --version`: which program this is, down to its bits.
enum VersionReport {
  /// Whether nothing but the version is asked for; then it has been told.
  static func isWanted(_ arguments: [String]) throws(CommandError) -> Bool {
    let words = arguments.dropFirst()
    guard words.first == "--version" || words.first == "version",
      words.dropFirst().allSatisfy({ $0 == "--json" })
    else { return false }
    let build = build
    if words.count > 1 {
      try Console(isMachine: true).row([
        "hone": .string(HoneVersion.current), "build": build.map(JSON.string) ?? .null,
        "kernels": .array(kernels.map(JSON.string)),
      ])
    } else {
      try Console(isMachine: false).say(
        "hone \(HoneVersion.current), build \(build ?? "unknown"), kernels \(kernels.joined(separator: ", "))"
      )
    }
    try OutputStream.standard.flush()
    return true
  }

  /// The beginning of the executable's SHA-256: two programs of one version differ in it if they
  /// were built from different sources, or by different compilers.
  static var build: String? {
    SHA256.checksum(ofFile: "/proc/self/exe").map { String($0.prefix(12)) }
  }

  /// The sets of kernels that this machine runs.
  private static var kernels: [String] { Kernels.known.filter { Kernels.named($0) != nil } }
}
