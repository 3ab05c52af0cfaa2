import Foundation
import HoneGraders
import Testing

/// Interpreters that do not answer.
@Suite(
  "Finding a Python",
  .enabled(if: (try? PythonInterpreter.find()) != nil, "no Python on this machine"))
struct PythonInterpreterTests {
  private let folder = NSTemporaryDirectory() + "hone-python-" + UUID().uuidString

  /// A Python that is killed so many times before it speaks.
  private func find(killed times: Int) throws -> PythonInterpreter {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let real = try PythonInterpreter.find(environment: [:]).path
    let script = """
      #!/bin/sh
      echo again >> "\(folder)/asked"
      [ "$(wc -l < "\(folder)/asked")" -gt \(times) ] || kill -KILL $$
      exec \(real) "$@"
      """
    let path = folder + "/python3"
    try Data(script.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return try PythonInterpreter.find(environment: [PythonInterpreter.variable: path])
  }

  @Test("one that is killed is asked again")
  func again() throws {
    #expect(try find(killed: 2) == PythonInterpreter.find(environment: [:]))
  }

  @Test("one that is killed every time is trouble, and none is none")
  func never() throws {
    let killed = #expect(throws: SandboxFailure.self) { try find(killed: 100) }
    #expect(killed?.message.contains("cannot be asked: it was ended by signal 9") == true)
    let missing = #expect(throws: SandboxFailure.self) {
      try PythonInterpreter.find(environment: [PythonInterpreter.variable: "/nowhere/python3"])
    }
    #expect(missing?.message.contains("wanted the path of a Python") == true)
  }
}
