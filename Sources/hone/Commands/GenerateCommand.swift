import ArgumentParser
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneText

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Sample completions from a policy.",
    discussion: """
      The prompt is taken raw unless a template is named. A sample is a function of (policy, \
      prompt, seed, the row's id or number, the sample's number) alone: alone or among others it \
      is the same.

      --json writes {"prompt_ids", "completion_ids", "text", "logprobs", "finish_reason"} a \
      sample. Rows of --prompts are {"prompt"} or {"question"} or {"prompt_ids"}, with an "id" if \
      they like.

      Example: hone generate checkpoints/base --prompt "12 + 30 = ?" --template tiny --samples 4
      """)

  @Argument(help: "A model folder, or a run folder (its best checkpoint, or its latest).")
  var model: String

  @Option(help: "The prompt.")
  var prompt: String?

  @Option(help: "A JSON Lines file of prompts; - is standard input.")
  var prompts: String?

  @Option(help: "Render the prompt with a template: a name, or 'model' for the model's own.")
  var template: String?

  @Option(help: "Completions of each prompt.")
  var samples: Int = 1

  @Option(parsing: .singleValue, help: "A text that ends a completion. Can be repeated.")
  var stop: [String] = []

  @OptionGroup var sampling: SamplingArguments

  @OptionGroup var verification: VerificationFlag

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if (prompt == nil) == (prompts == nil) {
      throw ValidationError("wanted --prompt TEXT or --prompts FILE.jsonl, one of the two")
    }
    if samples < 1 { throw ValidationError("--samples is \(samples), wanted at least 1") }
    if stop.contains("") { throw ValidationError("--stop is empty, wanted a text") }
  }

  func run() throws {
    let loaded = try machine.console.load(model, verification)
    if template == nil, let own = loaded.template {
      machine.console.remark(
        "the prompt is taken raw; --template model renders it as the policy was trained "
          + "(\(own.name.shown()))")
    }
    let batch = GenerationBatch(
      model: loaded, template: try loaded.template(named: template), samples: samples,
      options: sampling.options(defaultTemperature: 1), maximumTokens: sampling.maxTokens ?? 128,
      stopStrings: stop, seed: sampling.seed)
    if let prompt {
      try run(prompt, batch)
    } else {
      try run(rowsOf: prompts ?? "-", batch)
    }
  }

  // MARK: - One prompt

  private func run(_ prompt: String, _ batch: GenerationBatch) throws {
    let request: GenerationBatch.Request
    do {
      request = try batch.request(text: prompt, name: "0")
    } catch {
      throw CommandError(.usage, error.message)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let writer = CompletionWriter(console: machine.console, model: batch.model)
    let isStreaming = samples == 1 && !machine.json && Terminal.output.isTerminal
    let completions: [[Completion]]
    do {
      completions = try batch.generate(
        [request], onToken: isStreaming ? { _, token in writer.stream(token) } : nil)
    } catch {
      // The message gets a line of its own.
      if isStreaming { try? writer.endStream() }
      throw error
    }
    if isStreaming {
      try writer.endStream()
    } else {
      for completion in completions[0] {
        try writer.write(completion, of: request, isAlone: samples == 1)
      }
    }
    let tokens = completions[0].reduce(0) { $0 + $1.tokens.count }
    let seconds = (clock.now - start) / .seconds(1)
    if Terminal.error.isTerminal, !machine.json {
      let rate = Int(Double(tokens) / max(seconds, 1e-9))
      let reason = completions[0].first?.finishReason.rawValue ?? ""
      machine.console.remark(
        Terminal.error.style.dim(
          "\(tokens) tokens, \(rate) a second\(samples == 1 ? ", \(reason)" : "")"))
    }
  }

  // MARK: - Many prompts

  private func run(rowsOf path: String, _ batch: GenerationBatch) throws {
    var input = try RowInput(path: path)
    var defects = RowDefects()
    let writer = CompletionWriter(console: machine.console, model: batch.model)
    // Enough to keep the sampler's rows full; the size of a chunk changes no sample.
    let chunk = max(16, 4 * batch.rows / samples)
    var isAtEnd = false
    while !isAtEnd {
      var rows: [(row: InputRow, request: Result<GenerationBatch.Request, RowError>)] = []
      while rows.count < chunk {
        guard let row = input.next() else {
          isAtEnd = true
          break
        }
        let request = row.answer { object throws(RowError) in
          try batch.request(row: object, line: row.line)
        }
        rows.append((row, request))
      }
      let completions = try batch.generate(rows.compactMap { try? $0.request.get() })
      var next = completions.makeIterator()
      for (row, request) in rows {
        switch request {
        case .success(let request):
          for completion in next.next() ?? [] {
            try writer.write(completion, of: request, isAlone: false)
          }
        case .failure(let error):
          let output = defects.output(.failure(error), of: row, in: input.name)
          if machine.json { try machine.console.row(output) }
        }
      }
    }
    try defects.check()
  }
}
