import HoneText

// Ids without a text: the rows that pad an embedding to a round number, and holes of a tokenizer.
//
// Such an id can be neither read by a grader nor shown to a person, and a policy whose padding rows are
// random would sample it often. The policy's distribution is therefore over the other ids: the excluded
// logits are -infinity wherever logits are made, for the sampler, the trainer and the scorer alike, so
// that their log-probabilities stay the same bits. The gradient to an excluded logit is exactly 0.
// A policy without such ids computes what it always did.

extension Policy {
  /// Whether an id is outside the policy's distribution.
  public func isExcluded(_ token: Int32) -> Bool {
    excludedTokens.contains { $0.contains(Int(token)) }
  }

  /// The number of ids that can be sampled.
  public var sampledTokenCount: Int {
    configuration.vocabularySize - excludedTokens.reduce(0) { $0 + $1.count }
  }

  /// Rules out the excluded ids in rows of logits [rows, V].
  func excludeTokens(rows: Int, logits: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      let base = logits + row * configuration.vocabularySize
      for range in excludedTokens {
        (base + range.lowerBound).update(repeating: -.infinity, count: range.count)
      }
    }
  }
}

extension LoadedModel {
  /// The ids of a policy that its tokenizer has no text for; its end tokens need none.
  package static func tokensWithoutText(_ policy: Policy, _ tokenizer: Tokenizer) -> [Range<Int>] {
    let ends = policy.configuration.endTokens.map(Int.init)
    var ranges: [Range<Int>] = []
    for unused in tokenizer.unusedIDs(below: policy.configuration.vocabularySize) {
      var start = unused.lowerBound
      for end in ends.filter(unused.contains).sorted() {
        if start < end { ranges.append(start..<end) }
        start = end + 1
      }
      if start < unused.upperBound { ranges.append(start..<unused.upperBound) }
    }
    return ranges
  }
}
