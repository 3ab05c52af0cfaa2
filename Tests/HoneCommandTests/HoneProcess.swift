import Foundation
import HoneJSON
import Testing

/// The built command as a child process, as a script would use it.
struct HoneProcess {
  /// What a finished command leaves.
  struct Result {
    var status: Int32
    var output: String
    var error: String

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The lines of standard output as JSON.
    func rows() throws -> [JSON] { try lines.map { try JSON.parse($0) } }
  }

  /// The command beside the test bundle; nil where it has not been built.
  static let binary: String? = {
    if let path = ProcessInfo.processInfo.environment["HONE_BINARY"] { return path }
    guard let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { return nil }
    let path = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/hone"
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }()

  /// Whether there is a command to test.
  static let isBuilt = binary != nil
  /// Why tests are skipped where there is none.
  static let absence: Comment = "the command is not beside the tests; set HONE_BINARY to its path"

  private let process = Process()
  // `waitUntilExit` turns the run loop of its thread, which a test's thread does not have.
  private let ended = DispatchSemaphore(value: 0)
  private let folder: TemporaryFolder

  /// Starts the command.
  ///
  /// - Parameters:
  ///   - input: standard input; empty by default.
  ///   - output: a file for standard output instead of the one that `finish` reads.
  ///   - script: what a shell does instead; `"$@"` is the command with its arguments.
  init(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    output: String? = nil, script: String? = nil
  ) throws {
    folder = try TemporaryFolder()
    // Files, not pipes: nobody has to read while the command runs.
    try folder.write(input, to: "input")
    try folder.write("", to: "output")
    try folder.write("", to: "error")
    let binary = try #require(Self.binary)
    process.executableURL = URL(fileURLWithPath: script == nil ? binary : "/bin/sh")
    process.arguments = script.map { ["-c", $0, "sh", binary] + arguments } ?? arguments
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    process.standardInput = try Self.opened(FileHandle(forReadingAtPath: folder.file("input")))
    process.standardOutput = try Self.opened(
      FileHandle(forWritingAtPath: output ?? folder.file("output")))
    process.standardError = try Self.opened(FileHandle(forWritingAtPath: folder.file("error")))
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  private static func opened(_ handle: FileHandle?) throws -> FileHandle { try #require(handle) }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Whether the command has not ended yet.
  var isRunning: Bool { process.isRunning }

  /// What has been written to standard output so far.
  func outputSoFar() throws -> String { try folder.read("output") }

  /// Waits for the end; a command that takes more than two minutes is killed, and a failure.
  func finish() throws -> Result {
    if ended.wait(timeout: .now() + 120) == .timedOut {
      Issue.record("killed after two minutes: \(process.arguments ?? [])")
      send(SIGKILL)
      ended.wait()
    }
    return Result(
      status: process.terminationStatus, output: try folder.read("output"),
      error: try folder.read("error"))
  }

  /// Runs the command to its end.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:],
    output: String? = nil, script: String? = nil
  ) throws -> Result {
    try HoneProcess(
      arguments, input: input, environment: environment, output: output, script: script
    ).finish()
  }
}

/// A folder that is removed with its last owner.
final class TemporaryFolder {
  /// The path.
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "hone-command-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a text and returns its path.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// Reads a text; bytes that are not UTF-8 are replaced.
  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: file(name))), as: UTF8.self)
  }
}
