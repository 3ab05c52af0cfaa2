import HoneJSON
package import HonePolicy

/// How long a step's completions are, in tokens, the stop token included; TRL's `completions/...`.
package struct CompletionLengths: Sendable, Hashable {
  /// Mean, least and greatest of some lengths; 0 where there is none, as in TRL.
  package struct Range: Sendable, Hashable {
    package var mean: Double
    package var least: Int
    package var greatest: Int

    init(_ lengths: [Int]) {
      mean = Double(lengths.reduce(0, +)) / Double(max(1, lengths.count))
      least = lengths.min() ?? 0
      greatest = lengths.max() ?? 0
    }
  }

  /// Of all completions.
  package var all: Range
  /// Of those that ended by themselves.
  package var terminated: Range
  /// The share that was cut at the limit.
  package var clippedShare: Double

  package init(_ completions: [Completion]) {
    self.init(completions.map { ($0.tokens.count, $0.finishReason == .length) })
  }

  /// - Parameter completions: each one's tokens, and whether it was cut at the limit.
  package init(_ completions: [(tokens: Int, isClipped: Bool)]) {
    all = Range(completions.map(\.tokens))
    terminated = Range(completions.filter { !$0.isClipped }.map(\.tokens))
    clippedShare =
      Double(completions.count { $0.isClipped }) / Double(max(1, completions.count))
  }

  /// Puts them into a row of metrics.
  package func write(to row: inout JSONObject) {
    row["completions/mean_length"] = .number(all.mean)
    row["completions/min_length"] = .integer(all.least)
    row["completions/max_length"] = .integer(all.greatest)
    row["completions/clipped_ratio"] = .number(clippedShare)
    row["completions/mean_terminated_length"] = .number(terminated.mean)
    row["completions/min_terminated_length"] = .integer(terminated.least)
    row["completions/max_terminated_length"] = .integer(terminated.greatest)
  }
}
