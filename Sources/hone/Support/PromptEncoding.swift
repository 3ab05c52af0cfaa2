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
    policy.configuration.defect(
      ofPrompt: tokens.count, maximumTokens: maximumTokens, setting: "--max-tokens")
  }
}
