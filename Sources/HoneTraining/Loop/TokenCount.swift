/// Tokens of a step's samples.
package struct TokenCount: Sendable, Hashable {
  /// Each sample's prompt and completion: the prompt counts once for each of its samples (TRL).
  package var samples = 0
  /// What is read and written: the prompt once a group.
  package var unique = 0

  package init() {}

  /// Adds a group: the tokens of its prompt, and of each completion.
  package mutating func add(prompt: Int, completions: [Int]) {
    let written = completions.reduce(0, +)
    samples += prompt * completions.count + written
    unique += prompt + written
  }
}
