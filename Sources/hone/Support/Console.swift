import ArgumentParser
import HoneJSON

/// The flag that every verb has.
struct MachineFlag: ParsableArguments {
  @Flag(help: "Machine output (JSON) on standard output; people's text goes to standard error.")
  var json = false

  /// Where the command speaks.
  var console: Console { Console(isMachine: json) }
}

/// Where a command speaks: rows for machines on standard output; words for people there too, unless
/// a machine listens.
struct Console {
  /// Whether standard output belongs to a machine.
  let isMachine: Bool

  /// The place of people's text.
  var terminal: Terminal { isMachine ? .error : .output }
  /// The stream of people's text.
  var stream: OutputStream { isMachine ? .error : .standard }
  /// The colours of people's text.
  var style: TextStyle { terminal.style }

  /// A line for people, broken between words where the terminal is narrower.
  ///
  /// Where the stream was closed from the start there are no people, as for a daemon.
  /// - Parameter indent: Columns before every line but the first.
  func say(_ line: StyledText, indent: Int = 0) throws(CommandError) {
    guard stream.isOpen else { return }
    try stream.write(CleanText(line, for: terminal, indent: indent))
  }

  /// Text that may be copied: it is written as it is, but spelled out for a terminal.
  func sayVerbatim(_ text: String) throws(CommandError) {
    guard stream.isOpen else { return }
    try stream.write(CleanText(verbatim: text + "\n", for: terminal))
  }

  /// Lines for people.
  func say(_ table: Table) throws(CommandError) {
    for line in table.lines(width: width) { try say(StyledText(line)) }
  }

  /// Columns of people's terminal; nil where none watches.
  var width: Int? { terminal.isTerminal ? terminal.width : nil }

  /// A remark that belongs beside the output, never in it.
  func remark(_ line: StyledText) { OutputStream.error.tell(line) }

  /// A row for machines, on its way at once; an error where standard output is closed.
  func row(_ json: JSON) throws(CommandError) {
    try OutputStream.standard.write(row: json)
    try OutputStream.standard.flush()
  }
}
