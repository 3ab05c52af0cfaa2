import HoneJSON
import HonePolicy
import HoneText

/// Writes completions as they are wanted: rows for machines, text for people.
final class CompletionWriter {
  private let console: Console
  private let model: LoadedModel
  private var decoder: StreamDecoder
  private var failure: CommandError?

  init(console: Console, model: LoadedModel) {
    self.console = console
    self.model = model
    decoder = StreamDecoder(model.tokenizer)
  }

  /// Writes a whole completion.
  ///
  /// - Parameter isAlone: nothing needs to be told apart, so the text comes without a heading.
  func write(
    _ completion: Completion, of request: GenerationBatch.Request, isAlone: Bool
  ) throws(CommandError) {
    let text = model.completionText(completion)
    if console.isMachine {
      var row = JSONObject()
      if let id = request.id { row["id"] = id }
      row["sample"] = .integer(completion.sample)
      row["prompt_ids"] = .ids(request.tokens)
      row["completion_ids"] = .ids(completion.tokens)
      row["text"] = .string(text)
      row["logprobs"] = .numbers(completion.logProbabilities)
      row["finish_reason"] = .string(completion.finishReason.rawValue)
      try console.row(.object(row))
      return
    }
    if !isAlone {
      let name = request.id.map { ($0.string ?? $0.serialized()).shown() + ", " } ?? ""
      let heading = "-- \(name)sample \(completion.sample), \(completion.finishReason.rawValue)"
      try console.say(console.style.dim(heading))
    }
    // A file gets what the policy wrote; a terminal must not obey it.
    try console.sayVerbatim(text)
  }

  /// Shows a token as soon as its characters are certain.
  func stream(_ token: Int32) {
    guard failure == nil, !model.endTokens.contains(token) else { return }
    send(decoder.append(token))
  }

  /// Ends the line; throws what went wrong while streaming.
  func endStream() throws(CommandError) {
    send(decoder.finish() + "\n")
    if let failure { throw failure }
  }

  private func send(_ text: String) {
    do throws(CommandError) {
      try OutputStream.standard.writeNow(CleanText(verbatim: text, for: .output))
    } catch {
      failure = error
    }
  }
}
