import ArgumentParser
import HoneJSON
import HonePolicy

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Log-probabilities of given completions.",
    discussion: """
      Reads {"id", "prompt_ids", "completion_ids"} a row (or "prompt" and "completion" as text) and \
      writes {"id", "logprobs", "sum"} a row: natural logarithms under the whole distribution, \
      printed so that they read back exactly. They are the bits that sampling records. A malformed \
      row, or one whose log-probabilities are no numbers, gives {"id", "error"}, and the exit code \
      at the end is 65.

      Example: hone score RUN/checkpoint-40 --input RUN/completions.jsonl
      """)

  @Argument(help: "A model folder, or a run folder (its best checkpoint, or its latest).")
  var model: String

  @Option(help: "A JSON Lines file; - is standard input.")
  var input: String

  @Option(help: "Divides the logits; above 0.")
  var temperature: Double = 1

  @OptionGroup var verification: VerificationFlag

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if !(temperature > 0 && temperature.isFinite) {
      throw ValidationError("--temperature is \(temperature), wanted above 0")
    }
  }

  func run() throws {
    var rows = try RowInput(path: input)
    let loaded = try machine.console.load(model, verification)
    let scorer = CompletionScorer(model: loaded, temperature: temperature)
    var defects = RowDefects()
    var isAtEnd = false
    while !isAtEnd {
      var pending: [(row: InputRow, item: Result<ScoredItem, RowError>)] = []
      var tokens = 0
      while tokens < scorer.tokensPerPass {
        guard let row = rows.next() else {
          isAtEnd = true
          break
        }
        let item = row.answer { object throws(RowError) in try scorer.item(row: object) }
        if let item = try? item.get() { tokens += item.prompt.count + item.completion.count }
        pending.append((row, item))
      }
      var scores = scorer.score(pending.compactMap { try? $0.item.get() }).makeIterator()
      for (row, item) in pending {
        let answer = item.flatMap { _ in scores.next() ?? .success([]) }.map { values in
          [
            "id": row.id, "logprobs": .numbers(values),
            "sum": .number(values.reduce(0) { $0 + Double($1) }),
          ] as JSON
        }
        try OutputStream.standard.write(row: defects.output(answer, of: row, in: rows.name))
      }
      try OutputStream.standard.flush()
    }
    try defects.check()
  }
}
