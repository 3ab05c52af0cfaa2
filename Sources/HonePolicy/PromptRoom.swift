extension PolicyConfiguration {
  /// Why a prompt cannot be completed with so many tokens, or nil: the one rule that every verb has.
  ///
  /// The last token of a completion is never read back, so it needs no position.
  ///
  /// - Parameters:
  ///   - tokens: Tokens of the prompt.
  ///   - maximumTokens: The most tokens of a completion.
  ///   - setting: What the length is set by, for the advice.
  package func defect(ofPrompt tokens: Int, maximumTokens: Int, setting: String) -> String? {
    if tokens == 0 { return "the prompt has no tokens, wanted at least one" }
    let room = maximumPositions + 1 - tokens
    if room < 1 {
      return "the prompt has \(tokens) tokens; the policy has \(maximumPositions) positions. "
        + "Shorten it, or leave it out"
    }
    if maximumTokens > room {
      return "the prompt has \(tokens) tokens and the policy \(maximumPositions) positions: "
        + "\(maximumTokens) more do not fit; take \(setting) \(room) at most"
    }
    return nil
  }
}
