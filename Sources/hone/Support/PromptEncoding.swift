import HonePolicy
import HoneText

extension LoadedModel {
  /// The ids of a prompt, as in training: with whatever the tokenizer puts before a text.
  func promptTokens(_ text: String) -> [Int32] { tokenizer.encode(text, addSpecial: true) }

  /// The text of a completion: the stop token is left out, tags are kept.
  func completionText(_ completion: Completion) -> String {
    var tokens = completion.tokens
    if let last = tokens.last, endTokens.contains(last) { tokens.removeLast() }
    return tokenizer.decode(tokens)
  }

  /// Why a prompt cannot be completed with so many tokens, or nil.
  func defect(ofPrompt tokens: [Int32], maximumTokens: Int) -> String? {
    if tokens.isEmpty { return "the prompt has no tokens, wanted at least one" }
    let positions = policy.configuration.maximumPositions
    // The last token of a completion is never read back.
    let room = positions + 1 - tokens.count
    if room < 1 {
      return "the prompt has \(tokens.count) tokens; the policy has \(positions) positions"
    }
    if maximumTokens > room {
      return "the prompt has \(tokens.count) tokens and the policy \(positions) positions: "
        + "\(maximumTokens) more do not fit; take --max-tokens \(room) at most"
    }
    return nil
  }
}
