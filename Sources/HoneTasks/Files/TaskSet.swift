import Foundation
import HoneJSON

/// Problems to train or to evaluate on.
public struct TaskSet: Sendable {
  /// The problems, in the order of the file.
  public var problems: [Problem]
  /// Where the parts of a problem were found; nil for problems that were made.
  public var layout: TaskLayout?
  /// Rows that repeated an earlier one in everything that matters, and were left out.
  public var duplicates: Int
  /// What was wrong with the rows that were skipped.
  public var skipped: [TaskError]

  /// Makes a set of problems that were made or gathered.
  public init(problems: [Problem]) {
    self.problems = problems
    duplicates = 0
    skipped = []
  }

  /// What was read, in one line for the user to check.
  ///
  /// `1319 problems, GSM8K: question <- question, answer <- answer (hash4)`.
  public var summary: String {
    var text = "\(problems.count) problems"
    if let layout { text += ", \(layout)" }
    if duplicates > 0 { text += "; \(duplicates) repeated rows left out" }
    if !skipped.isEmpty { text += "; \(skipped.count) unreadable rows skipped" }
    return text + referenceNotes
  }

  /// The most bytes that a gzip file may unpack to: 1 GiB.
  public static let maximumUnpackedBytes: Int = RowSource.maximumUnpackedBytes

  /// Reads a JSON Lines file of any known layout, plain or packed by gzip.
  ///
  /// The layout is recognised by the fields of the first row that can be read, and holds for
  /// all rows. Rows with the same question, answer, tests and completion are kept once. Rows
  /// without an id are named after the file and their place in it. Rows that name no grader are
  /// graded by `code` if they carry tests. The file is opened once, so that it may be a pipe. A gzip
  /// file is known by its first bytes and unpacked in memory; files of other formats are named, with
  /// the command that converts them.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: The path that rows without an id are named after; the file's own unless given.
  ///   - options: What to do where the fields do not say it.
  /// - Throws: ``TaskError`` with file and line: for a file that cannot be opened, is damaged,
  ///   unpacks to more than ``maximumUnpackedBytes``, has no problems or no known layout, for ids that occur twice with different problems, and for
  ///   the first unreadable row unless those are skipped.
  public static func load(
    path: String, named name: String? = nil, options: TaskOptions = TaskOptions()
  ) throws(TaskError) -> TaskSet {
    let source = try RowSource(path: path)
    var loader = TaskLoader(path: path, named: name ?? path, options: options)
    var isFirst = true
    for (line, result) in source.lines {
      if isFirst, (try? result.get().object) == nil, let format = source.format {
        throw TaskError(format, file: path)
      }
      isFirst = false
      try loader.add(result, line: line)
    }
    return try loader.finish()
  }
}

/// Turns rows into problems.
private struct TaskLoader {
  let path: String
  let options: TaskOptions
  var set = TaskSet(problems: [])
  /// Line numbers by id, to name both places of a clash.
  var lines: [String: Int] = [:]
  /// What makes a row the same as an earlier one.
  var contents: Set<[String?]> = []
  let stem: String

  init(path: String, named name: String, options: TaskOptions) {
    self.path = path
    self.options = options
    let name = URL(fileURLWithPath: name)
    let plain = name.pathExtension == "gz" ? name.deletingPathExtension() : name
    stem = plain.deletingPathExtension().lastPathComponent
  }

  mutating func add(_ result: Result<JSON, JSONError>, line: Int) throws(TaskError) {
    do {
      try addRow(result, line: line)
    } catch {
      // Without a layout there is nothing to skip to: every row would fail alike.
      guard options.onError == .skip, set.layout != nil || !isLayoutProblem(result) else {
        throw error
      }
      set.skipped.append(error)
    }
  }

  func finish() throws(TaskError) -> TaskSet {
    guard !set.problems.isEmpty else {
      let reason = set.skipped.first.map { "; the first skipped row: \($0)" } ?? ""
      throw TaskError("holds no problems" + reason, file: path)
    }
    return set
  }

  private func isLayoutProblem(_ result: Result<JSON, JSONError>) -> Bool {
    if case .success(let json) = result { json.object != nil } else { false }
  }

  private mutating func addRow(
    _ result: Result<JSON, JSONError>, line: Int
  ) throws(TaskError) {
    let json: JSON
    switch result {
    case .success(let value): json = value
    case .failure(let error):
      let place = error.column > 0 ? "column \(error.column): " : ""
      throw TaskError(
        place + error.message, file: path, line: line > 0 ? line : nil,
        isUnreadable: error.kind != .malformed)
    }
    guard let row = json.object else {
      throw TaskError("\(json.kindDescription), wanted an object", file: path, line: line)
    }
    var problem: Problem
    do throws(TaskError) {
      if set.layout == nil { set.layout = try TaskLayout.detect(row, options: options) }
      guard let layout = set.layout else { preconditionFailure("TaskLoader: no layout") }
      let reader = TaskRowReader(row: row, layout: layout, options: options)
      problem = try reader.problem(defaultID: Self.id(stem, set.problems.count))
    } catch {
      throw TaskError(error.message, file: path, line: line)
    }
    problem.source = Problem.Source(file: path, line: line)
    problem.id = CanonicalOrder.sorted(problem.id)
    let content = [
      problem.question, problem.answer, problem.completion, problem.tests?.serialized(),
    ].map { $0.map(CanonicalOrder.sorted) }
    guard contents.insert(content).inserted else {
      set.duplicates += 1
      return
    }
    if set.layout?.name == TaskLayout.verl, lines[problem.id] != nil {
      // An index of that layout counts within its data source, of which a file may have several.
      problem.id += "-\(line)"
    }
    if let earlier = lines.updateValue(line, forKey: problem.id) {
      throw TaskError(
        "id '\(problem.id)' is the id of another problem on line \(earlier)", file: path,
        line: line)
    }
    set.problems.append(problem)
  }

  private static func id(_ stem: String, _ index: Int) -> String {
    let digits = String(index)
    return stem + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
