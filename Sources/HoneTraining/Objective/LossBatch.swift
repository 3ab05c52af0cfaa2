import Foundation

/// One completion as an objective sees it.
public struct LossSample: Sendable, Hashable {
  /// The sample's number in its step, for messages.
  public var index: Int
  /// The sample's advantage.
  public var advantage: Double
  /// The weight of each of its tokens; from `LossWeights`.
  public var tokenWeight: Double
  /// Log-probabilities recorded when sampling, natural logarithm, [T], the stop token included.
  public var oldLogProbabilities: [Double]
  /// The reference policy's log-probabilities, [T]; nil where the objective needs none.
  public var referenceLogProbabilities: [Double]?

  /// A completion with what the objective needs.
  public init(
    index: Int, advantage: Double, tokenWeight: Double, oldLogProbabilities: [Double],
    referenceLogProbabilities: [Double]? = nil
  ) {
    self.index = index
    self.advantage = advantage
    self.tokenWeight = tokenWeight
    self.oldLogProbabilities = oldLogProbabilities
    self.referenceLogProbabilities = referenceLogProbabilities
  }
}

/// Some completions of an optimiser batch, laid end to end, and their loss.
///
/// A token of the batch is a number from 0 to the sum of the lengths, completions in order. The
/// trainer calls `evaluate` for consecutive ranges of tokens of any size, and gets the derivative
/// of the whole optimiser batch's loss with respect to each new log-probability:
///
/// `loss = sum over tokens of weight x (token loss + beta x KL estimate)`.
///
/// For `gspo`, where a token's derivative depends on its whole sequence, `prepare` must have seen
/// all new log-probabilities of the batch first (`needsPreparation`).
public struct LossBatch: Sendable {
  /// The objective.
  public let settings: ObjectiveSettings
  /// What was seen so far, added in the order of the calls.
  public private(set) var metrics: LossMetrics = LossMetrics()

  private let step: Int
  private let samples: [LossSample]
  /// Token number of each sample's first token, and one past the last.
  private let starts: [Int]
  /// The loss of each sequence, for `gspo`.
  private var sequences: [TokenLoss]?
  /// The ratio of each sequence and the mean KL estimate of its tokens, for a penalty that is
  /// weighted by it.
  private var sequencePenalties: [(logRatio: Double, mean: Double)] = []

  /// Lays completions end to end.
  ///
  /// - Parameters:
  ///   - settings: The objective.
  ///   - samples: The completions, in the order of their tokens.
  ///   - step: The training step, for messages.
  public init(_ settings: ObjectiveSettings, samples: [LossSample], step: Int) {
    self.settings = settings
    self.samples = samples
    self.step = step
    var starts = [0]
    for sample in samples {
      starts.append(starts[starts.count - 1] + sample.oldLogProbabilities.count)
      if settings.divergence.isActive, settings.divergence.place == .loss {
        precondition(
          sample.referenceLogProbabilities?.count == sample.oldLogProbabilities.count,
          "sample \(sample.index): a KL penalty needs a reference log-probability for each token")
      }
    }
    self.starts = starts
  }

  /// The number of tokens of the batch.
  public var tokenCount: Int { starts[starts.count - 1] }

  /// Whether the penalty is part of the loss and weighted by the ratio.
  private var isWeighted: Bool {
    settings.divergence.isActive && settings.divergence.place == .loss
      && settings.divergence.isImportanceWeighted
  }

  /// Whether `prepare` must be called before `evaluate`.
  public var needsPreparation: Bool { settings.loss == .gspo }

  /// Computes the ratio of each sequence from all new log-probabilities.
  ///
  /// - Parameter logProbabilities: New log-probabilities of all tokens, [tokenCount].
  /// - Throws: `TrainingError` of kind `stopped` where one is not finite.
  public mutating func prepare(logProbabilities: [Double]) throws(TrainingError) {
    precondition(
      logProbabilities.count == tokenCount,
      "\(logProbabilities.count) log-probabilities for \(tokenCount) tokens")
    var sequences: [TokenLoss] = []
    sequencePenalties = []
    for (number, sample) in samples.enumerated() {
      var sum = 0.0
      for position in sample.oldLogProbabilities.indices {
        let new = logProbabilities[starts[number] + position]
        try check(new, sample, position)
        sum += new - sample.oldLogProbabilities[position]
      }
      let count = max(1, sample.oldLogProbabilities.count)
      sequences.append(
        TokenLoss(
          settings, new: 0, logRatio: sum / Double(count), advantage: sample.advantage))
      if isWeighted {
        let estimates = estimates(number, logProbabilities)
        sequencePenalties.append((sum / Double(count), estimates / Double(count)))
      }
    }
    self.sequences = sequences
  }

  /// The sum of a sequence's KL estimates, from the new log-probabilities of all tokens.
  private func estimates(_ number: Int, _ logProbabilities: [Double]) -> Double {
    let reference = samples[number].referenceLogProbabilities ?? []
    return reference.indices.reduce(0) { sum, position in
      sum
        + DivergenceEstimate(
          settings.divergence.estimator, new: logProbabilities[starts[number] + position],
          reference: reference[position]
        ).value
    }
  }

  /// Evaluates the loss at a range of tokens.
  ///
  /// - Parameters:
  ///   - tokens: Token numbers; every token is to be evaluated once, in order.
  ///   - logProbabilities: New log-probabilities of these tokens, natural logarithm.
  /// - Returns: d loss / d new log-probability of each of these tokens.
  /// - Throws: `TrainingError` of kind `stopped` where a value is not finite, naming step, sample
  ///   and position.
  public mutating func evaluate(
    _ tokens: Range<Int>, logProbabilities: [Double]
  ) throws(TrainingError) -> [Double] {
    precondition(
      tokens.lowerBound >= 0 && tokens.upperBound <= tokenCount,
      "tokens \(tokens) of a batch of \(tokenCount)")
    precondition(
      logProbabilities.count == tokens.count,
      "\(logProbabilities.count) log-probabilities for \(tokens.count) tokens")
    precondition(
      !needsPreparation || sequences != nil, "'prepare' comes before 'evaluate' for gspo")
    var derivatives: [Double] = []
    derivatives.reserveCapacity(tokens.count)
    var number = sample(of: tokens.lowerBound)
    for token in tokens {
      while token >= starts[number + 1] { number += 1 }
      derivatives.append(
        try evaluate(
          number, position: token - starts[number],
          new: logProbabilities[token - tokens.lowerBound]))
    }
    return derivatives
  }

  /// The sample that a token belongs to.
  private func sample(of token: Int) -> Int {
    var low = 0
    var high = samples.count - 1
    while low < high {
      let middle = (low + high) / 2
      if token >= starts[middle + 1] { low = middle + 1 } else { high = middle }
    }
    return max(0, low)
  }

  /// The loss of one token.
  private mutating func evaluate(
    _ number: Int, position: Int, new: Double
  ) throws(TrainingError) -> Double {
    let sample = samples[number]
    try check(new, sample, position)
    let logRatio = new - sample.oldLogProbabilities[position]
    metrics.maximumLogRatio = max(metrics.maximumLogRatio, abs(logRatio))
    guard sample.tokenWeight != 0 else { return 0 }

    var value: Double
    var derivative: Double
    if let sequence = sequences?[number] {
      value = sequence.value
      // Each of the T tokens carries the sequence's loss, and the mean log-ratio hands 1 / T of
      // the derivative of their sum to each of them.
      derivative = sequence.derivative
      if position == 0 { count(sequence) }
    } else {
      let loss = TokenLoss(settings, new: new, logRatio: logRatio, advantage: sample.advantage)
      value = loss.value
      derivative = loss.derivative
      count(loss)
    }

    metrics.tokens += 1
    if let reference = sample.referenceLogProbabilities?[position] {
      let estimate = DivergenceEstimate(
        settings.divergence.estimator, new: new, reference: reference)
      let isInLoss = settings.divergence.isActive && settings.divergence.place == .loss
      let penalty = isWeighted ? weighted(estimate, number, logRatio) : estimate
      metrics.divergenceSum += penalty.value
      if isInLoss {
        let beta = settings.divergence.beta
        value += beta * penalty.value
        derivative += beta * penalty.derivative
        metrics.divergenceLoss += sample.tokenWeight * beta * penalty.value
      }
    }
    metrics.loss += sample.tokenWeight * value
    guard value.isFinite, derivative.isFinite else {
      throw notFinite("the loss", value, sample, position)
    }
    return sample.tokenWeight * derivative
  }

  /// The estimate times the ratio: d (w k) = w (k + dk).
  ///
  /// For `gspo` the ratio is the sequence's: each of its tokens has 1 / T of the derivative of the mean
  /// log-ratio, from the penalties of all T.
  private func weighted(
    _ estimate: DivergenceEstimate, _ number: Int, _ logRatio: Double
  ) -> DivergenceEstimate {
    let sequence = sequencePenalties.isEmpty ? nil : sequencePenalties[number]
    let logRatio = sequence?.logRatio ?? logRatio
    let bound = TokenLoss.exponentBound
    let ratio = exp(min(max(logRatio, -bound), bound))
    var result = estimate
    result.value = ratio * estimate.value
    let slope = abs(logRatio) > bound ? 0 : ratio
    result.derivative = slope * (sequence?.mean ?? estimate.value) + ratio * estimate.derivative
    return result
  }

  private mutating func count(_ loss: TokenLoss) {
    metrics.ratios += 1
    switch loss.clipping {
    case .none: break
    case .low: metrics.clippedLow += 1
    case .high: metrics.clippedHigh += 1
    }
    if loss.isClamped { metrics.clamped += 1 }
  }

  // MARK: - Values that are not finite

  private func check(
    _ new: Double, _ sample: LossSample, _ position: Int
  ) throws(TrainingError) {
    let old = sample.oldLogProbabilities[position]
    guard new.isFinite else { throw notFinite("the new log-probability", new, sample, position) }
    guard old.isFinite else {
      throw notFinite("the sampled log-probability", old, sample, position)
    }
    guard sample.advantage.isFinite else {
      throw notFinite("the advantage", sample.advantage, sample, position)
    }
    if let reference = sample.referenceLogProbabilities?[position], !reference.isFinite {
      throw notFinite("the reference's log-probability", reference, sample, position)
    }
  }

  private func notFinite(
    _ what: String, _ value: Double, _ sample: LossSample, _ position: Int
  ) -> TrainingError {
    TrainingError(
      .stopped,
      "step \(step), sample \(sample.index), position \(position): \(what) is \(value); "
        + "the run stops before the policy is damaged. Resume from the last checkpoint with a "
        + "lower learning rate")
  }
}
