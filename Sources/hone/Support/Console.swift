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

  /// A line for people.
  func say(_ line: String) throws(CommandError) { try stream.write(line + "\n") }

  /// Lines for people.
  func say(_ table: Table) throws(CommandError) {
    for line in table.lines(width: terminal.isTerminal ? terminal.width : nil) { try say(line) }
  }

  /// A remark that belongs beside the output, never in it.
  func remark(_ line: String) { OutputStream.error.tell(line) }

  /// A row for machines, on its way at once.
  func row(_ json: JSON) throws(CommandError) {
    try OutputStream.standard.writeNow(json.serialized() + "\n")
  }
}
