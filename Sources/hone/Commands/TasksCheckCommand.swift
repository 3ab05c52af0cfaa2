import ArgumentParser
import Foundation
import HoneJSON
import HoneNumerics
import HoneTasks

struct TasksCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate task files of any known layout.",
    discussion: """
      Prints how each file is read, and every finding as file:line: unreadable rows, unknown \
      graders, references that their own grader refuses, demonstrations that are wrong by their own \
      answer or mark none, problems that occur twice in a file or in two files, two answers to one \
      question. Two problems are the same if they differ only in the order of operands, in names or \
      in wording. Any finding ends in exit code 65.

      Example: hone tasks check tasks/arithmetic/train.jsonl tasks/arithmetic/test.jsonl
      """)

  @Argument(help: "JSON Lines files.")
  var files: [String]

  @OptionGroup var reading: TaskReading
  @OptionGroup var isolation: IsolationFlag
  @OptionGroup var machine: MachineFlag

  func run() throws {
    for file in files where !FileManager.default.fileExists(atPath: file) {
      throw CommandError(.missingFile, "\(file): \(MissingPath.reason(file, wanted: "task file"))")
    }
    let console = machine.console
    let check = TaskCheck(
      paths: files, options: reading.options,
      graders: isolation.options(workers: WorkerTeam.defaultWorkers))
    if machine.json { try console.row(json(check)) }
    for file in check.files {
      try console.say("\(file.path): \(file.summary.shown()); \(file.distinct) distinct")
    }
    guard let first = check.findings.first else { return }
    for line in Self.lines(check.findings) { try console.say(StyledText(line.shown())) }
    // What the findings are is on standard output already.
    let count = check.findings.count
    throw CommandError(
      .badData,
      machine.json
        ? first.description.shown() + (count == 1 ? "" : " (and \(count - 1) more findings)")
        : "\(first.place): \(first.kind.rawValue)"
          + (count == 1 ? "" : ", the first of \(count) findings"))
  }

  /// The findings for people: the first of each kind in a file, and how many more there are.
  private static func lines(_ findings: [TaskCheck.Finding]) -> [String] {
    let most = 20
    var counts: [String: Int] = [:]
    var lines: [String] = []
    for finding in findings {
      let file = finding.place.split(separator: ":").dropLast().joined(separator: ":")
      let key = "\(file.isEmpty ? finding.place : file): \(finding.kind.rawValue)"
      counts[key, default: 0] += 1
      if counts[key, default: 0] <= most { lines.append(finding.description) }
    }
    for (key, count) in counts.sorted(by: { $0.key < $1.key }) where count > most {
      lines.append("\(key): \(count - most) more; --json lists all")
    }
    return lines
  }

  private func json(_ check: TaskCheck) -> JSON {
    [
      "files": .array(
        check.files.map { file in
          [
            "path": .string(file.path), "problems": .integer(file.problems),
            "distinct": .integer(file.distinct), "summary": .string(file.summary),
          ]
        }),
      "findings": .array(
        check.findings.map { finding in
          [
            "kind": .string(finding.kind.rawValue), "place": .string(finding.place),
            "count": .integer(finding.count), "message": .string(finding.message),
          ]
        }),
    ]
  }
}
