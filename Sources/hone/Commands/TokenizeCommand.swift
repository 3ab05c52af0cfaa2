import ArgumentParser
import HoneJSON
import HonePolicy
import HoneText
import HoneTraining

struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize", abstract: "Turn texts into token ids over a pipe, and back.",
    discussion: """
      Reads {"id", "text"} a line from standard input and writes {"id", "ids", "decoded"} a line; \
      with --decode it reads {"id", "ids"} and writes {"id", "text"}. Rows of a run's \
      completions.jsonl are decoded as they are: their "completion_ids" are taken. A malformed row \
      gives {"id", "error"}, and the exit code at the end is 65. Only the tokenizer's files are \
      needed.

      Example: echo '{"id": "a", "text": "12 + 30 = ?"}' | hone tokenize checkpoints/base

      Example: hone tokenize RUN --decode < RUN/completions.jsonl
      """)

  @Argument(help: "A model folder, a run folder, a folder with a tokenizer, or a tokenizer.json.")
  var model: String

  @Flag(help: "Turn ids into texts.")
  var decode = false

  @Flag(
    name: .customLong("no-special"),
    help: """
      No special tokens: none are put around a text, and none are recognised in it; with --decode \
      they are left out of the text.
      """)
  var noSpecial = false

  @OptionGroup var verification: VerificationFlag

  @OptionGroup var machine: MachineFlag

  func run() throws {
    let tokenizer = try tokenizer(try path())
    var input = RowInput.standardInput
    var defects = RowDefects()
    while let row = input.next() {
      let answer = row.answer { object throws(RowError) -> JSON in
        decode ? try text(object, tokenizer) : try ids(object, tokenizer)
      }
      try machine.console.row(defects.output(answer, of: row, in: input.name))
    }
    try defects.check()
  }

  /// Where the tokenizer lies: weights and configuration need not be there.
  private func path() throws -> String {
    let isTokenizer = model.hasSuffix(".json") || Files.exists(model + "/tokenizer.json")
    return isTokenizer ? model : try machine.console.locate(model).path
  }

  private func tokenizer(_ path: String) throws -> Tokenizer {
    let check =
      verification.verifies
      ? try ManifestVerification(tokenizerIn: ModelFolder(path: path)) : nil
    defer { try? check?.finish() }
    let tokenizer = try Tokenizer(contentsOf: path)
    try check?.finish()
    return tokenizer
  }

  private func ids(_ object: JSONObject, _ tokenizer: Tokenizer) throws(RowError) -> JSON {
    let ids = tokenizer.encode(
      try object.text("text"), parseSpecial: !noSpecial, addSpecial: !noSpecial)
    return ["id": object.rowID, "ids": .ids(ids), "decoded": .string(tokenizer.decode(ids))]
  }

  private func text(_ object: JSONObject, _ tokenizer: Tokenizer) throws(RowError) -> JSON {
    let size = tokenizer.vocabularySize
    let key = object["ids"] == nil ? "completion_ids" : "ids"
    guard let ids = try object.tokens(key, vocabulary: size) else {
      throw RowError("no 'ids' (or 'completion_ids')")
    }
    var row: JSONObject = ["id": object.rowID]
    // Rows of a run have no id: these tell them apart.
    for key in ["step", "problem", "sample"] where object["id"] == nil { row[key] = object[key] }
    row["text"] = .string(tokenizer.decode(ids, skipSpecial: noSpecial))
    return .object(row)
  }
}
