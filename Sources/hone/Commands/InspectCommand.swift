import ArgumentParser
import HoneJSON

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "What a folder is, where it comes from, and whether it is whole.",
    discussion: """
      Knows model folders, checkpoints and runs. Checkpoints are checked against the checksums of \
      their manifest, weights for their shapes and for values that are not finite. A damaged file \
      is named, and the exit code is 65.

      Example: hone inspect checkpoints/base
      """)

  @Argument(help: "A model folder, a checkpoint or a run.")
  var folder: String

  @OptionGroup var machine: MachineFlag

  func run() throws {
    let inspection = try FolderInspection.look(at: folder)
    if machine.json {
      try machine.console.row(inspection.json)
    } else {
      var table = Table([.init(""), .init("")])
      for (name, text) in inspection.lines { table.add([name, text.shown()]) }
      try machine.console.say(table)
    }
    guard let first = inspection.damage.first else { return }
    for other in inspection.damage.dropFirst() { machine.console.remark("damaged: \(other)") }
    throw CommandError(.badData, first)
  }
}
