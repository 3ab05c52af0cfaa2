import ArgumentParser
import HoneJSON
import HonePolicy
import HoneText

struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Turn texts into token ids over a pipe.",
    discussion: """
      Reads {"id", "text"} a line from standard input and writes {"id", "ids", "decoded"} a line. \
      A malformed row gives {"id", "error"}, and the exit code at the end is 65.

      Example: echo '{"id": "a", "text": "12 + 30 = ?"}' | hone tokenize checkpoints/base
      """)

  @Argument(help: "A model folder, a run folder, or a tokenizer.json.")
  var model: String

  @Flag(
    name: .customLong("no-special"),
    help: "No special tokens: none are put around a text, and none are recognised in it.")
  var noSpecial = false

  @OptionGroup var machine: MachineFlag

  func run() throws {
    let isFile = model.hasSuffix(".json")
    let tokenizer = try Tokenizer(contentsOf: isFile ? model : LoadedModel.resolve(model))
    var input = RowInput.standardInput
    var defects = RowDefects()
    while let row = input.next() {
      let answer = row.answer { object throws(RowError) -> JSON in
        let ids = tokenizer.encode(
          try object.text("text"), parseSpecial: !noSpecial, addSpecial: !noSpecial)
        return [
          "id": object.rowID, "ids": .ids(ids), "decoded": .string(tokenizer.decode(ids)),
        ]
      }
      try machine.console.row(defects.output(answer, of: row, in: input.name))
    }
    try defects.check()
  }
}
