import ArgumentParser
import HoneJSON
import HoneTasks

/// How task files are read, for verbs that name files; recipes have the same keys under `tasks`.
struct TaskReading: ParsableArguments {
  @Option(
    name: .customLong("fields"), parsing: .singleValue,
    help: ArgumentHelp(
      "Where one of our fields is in the file, such as question=problem or answer=meta.result. "
        + "Can be repeated.", valueName: "KEY=COLUMN"))
  var fields: [String] = []

  @Option(help: "How the answer is taken from a longer text: \(Self.extracts).")
  var extract: String?

  @Option(
    help:
      "Where rows that do not say it have their answer: \(TaskOptions.modes.joined(separator: ", "))."
  )
  var mode: String?

  /// The names of the rules of extraction.
  static var extracts: String {
    TaskOptions.Extract.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func validate() throws {
    for field in fields {
      let parts = Self.parts(field)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw ValidationError("--fields is '\(field)', wanted KEY=COLUMN, such as question=problem")
      }
      guard TaskOptions.fieldNames.contains(parts[0]) else {
        throw ValidationError(
          "--fields: '\(parts[0])' is no field of a problem; known are: "
            + TaskOptions.fieldNames.joined(separator: ", "))
      }
      guard fields.count(where: { Self.parts($0)[0] == parts[0] }) == 1 else {
        throw ValidationError("--fields names '\(parts[0])' twice, wanted one column for it")
      }
    }
    if let extract, TaskOptions.Extract(rawValue: extract) == nil {
      throw ValidationError("--extract is '\(extract)', wanted one of: \(Self.extracts)")
    }
    if let mode, !TaskOptions.modes.contains(mode) {
      throw ValidationError(
        "--mode is '\(mode)', wanted one of: \(TaskOptions.modes.joined(separator: ", "))")
    }
  }

  /// The options that they stand for.
  var options: TaskOptions {
    var options = TaskOptions(extract: extract.flatMap(TaskOptions.Extract.init))
    for field in fields {
      let parts = Self.parts(field)
      options.fields[parts[0]] = parts[1]
    }
    if let mode { options.settings["mode"] = .string(mode) }
    return options
  }

  private static func parts(_ field: String) -> [String] {
    field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  }
}
