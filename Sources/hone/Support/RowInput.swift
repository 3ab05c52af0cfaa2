import Foundation
import HoneJSON
import HoneTasks

/// Why a row cannot be used; its place is known to whoever read it.
struct RowError: Error {
  /// What is wrong: the value seen and the value wanted.
  var message: String

  /// An error with its message.
  init(_ message: String) { self.message = message }
}

/// A row of input: its line, and the object it holds or what is wrong with it.
struct InputRow {
  /// The line, from 1.
  var line: Int
  /// The object.
  var content: Result<JSONObject, RowError>

  /// The row's name as it was given; null where there is none.
  var id: JSON { (try? content.get())?["id"] ?? .null }

  /// What a function makes of the row.
  func answer<Answer>(
    _ body: (JSONObject) throws(RowError) -> Answer
  ) -> Result<Answer, RowError> {
    Result { () throws(RowError) -> Answer in try body(try content.get()) }
  }
}

/// Rows of a JSON Lines file, read one at a time.
struct RowInput: Sequence, IteratorProtocol {
  /// The file's name for messages.
  let name: String
  private var rows: JSONLines.Iterator
  /// What the input is if its first row is no object; asked once.
  private var format: (() -> String?)?
  private var isAtEnd = false

  /// The rows of a file, plain or packed by gzip; `-` is standard input.
  init(path: String) throws(TaskError) {
    if path == "-" {
      self = .standardInput
    } else {
      let source = try RowSource(path: path)
      self.init(name: path, rows: source.lines.makeIterator()) { source.format }
    }
  }

  private init(name: String, rows: JSONLines.Iterator, format: @escaping () -> String?) {
    self.name = name
    self.rows = rows
    self.format = format
  }

  /// The rows of standard input.
  static var standardInput: RowInput {
    let lines = announcedStandardInput()
    return RowInput(name: "<stdin>", rows: lines.makeIterator()) { format(of: lines) }
  }

  /// What standard input is where it is no JSON Lines; nil where that is not known.
  static func format(of lines: JSONLines) -> String? {
    let format = FileFormat.binary(lines.head) ?? FileFormat.text(lines.head)
    return format?.message(path: "<stdin>")
  }

  /// Standard input; a person at a terminal is told that it is being read.
  static func announcedStandardInput() -> JSONLines {
    if isatty(STDIN_FILENO) == 1 {
      OutputStream.error.tell("reading rows from the terminal; end with Ctrl-D")
    }
    return JSONLines.standardInput
  }

  /// The next row that is not blank.
  mutating func next() -> InputRow? {
    guard !isAtEnd, let (line, result) = rows.next() else { return nil }
    if (try? result.get().object) == nil, let message = format?() {
      // Every line of another format would fail alike.
      isAtEnd = true
      return InputRow(line: line, content: .failure(RowError(message)))
    }
    format = nil
    switch result {
    case .success(.object(let object)): return InputRow(line: line, content: .success(object))
    case .success(let other):
      let error = RowError("\(other.kindDescription), wanted an object")
      return InputRow(line: line, content: .failure(error))
    case .failure(let error):
      let place = error.column > 0 ? "column \(error.column): " : ""
      return InputRow(line: line, content: .failure(RowError(place + error.message)))
    }
  }
}

/// Counts rows that could not be used: the command goes on, and fails at its end.
struct RowDefects {
  private var count = 0
  private var first = ""

  /// The output row of an answer: the answer itself, or `{"id", "error": "line 7: …"}`.
  mutating func output(_ answer: Result<JSON, RowError>, of row: InputRow, in file: String) -> JSON
  {
    switch answer {
    case .success(let json): return json
    case .failure(let error):
      if count == 0 { first = "\(file):\(row.line): \(error.message)" }
      count += 1
      return ["id": row.id, "error": .string("line \(row.line): \(error.message)")]
    }
  }

  /// Throws if there were any.
  func check() throws(CommandError) {
    guard count > 0 else { return }
    let more = count == 1 ? "" : " (and \(count - 1) more malformed rows)"
    throw CommandError(.badData, first + more)
  }
}
