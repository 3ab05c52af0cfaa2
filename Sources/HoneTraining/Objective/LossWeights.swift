/// What each token's loss counts for in the loss of a whole optimiser batch.
///
/// The weights come from the lengths of all samples of the batch before any of them is evaluated,
/// so that micro-batches, packing and padding cannot change them.
public struct LossWeights: Sendable, Hashable {
  /// How a sample takes part in a loss.
  public enum Participation: Sendable, Hashable {
    /// Its tokens count.
    case full
    /// It counts as a sample and its tokens do not: a truncated completion that is masked, as TRL
    /// has it.
    case masked
    /// It is not there: an unscored sample.
    case absent
  }

  /// The weight of each token of a sample; 0 for samples that do not count. [samples]
  public var tokenWeights: [Double]
  /// Samples that count.
  public var samples: Int
  /// Tokens that count.
  public var tokens: Int

  /// Computes the weights of a batch.
  ///
  /// - Parameters:
  ///   - aggregation: `sequence-mean`: 1 / (samples x tokens of the sample); `token-mean`: 1 / tokens
  ///     of the batch; `constant`: 1 / (samples x maximum length).
  ///   - lengths: Completion tokens of every sample of the optimiser batch.
  ///   - participation: How each takes part; as long as `lengths`.
  ///   - maximumCompletionLength: The recipe's bound of a completion.
  public init(
    _ aggregation: ObjectiveSettings.Aggregation, lengths: [Int], participation: [Participation],
    maximumCompletionLength: Int
  ) {
    precondition(
      lengths.count == participation.count,
      "\(lengths.count) lengths and \(participation.count) participations")
    var samples = 0
    var tokens = 0
    for (length, part) in zip(lengths, participation) {
      if part != .absent { samples += 1 }
      if part == .full { tokens += length }
    }
    self.samples = samples
    self.tokens = tokens
    tokenWeights = zip(lengths, participation).map { length, part in
      guard part == .full, length > 0 else { return 0 }
      switch aggregation {
      case .sequenceMean: return 1 / (Double(samples) * Double(length))
      case .tokenMean: return 1 / Double(tokens)
      case .constant: return 1 / (Double(samples) * Double(maximumCompletionLength))
      }
    }
  }
}
