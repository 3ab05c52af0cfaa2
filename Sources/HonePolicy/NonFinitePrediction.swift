/// A prediction whose log-probability is no number: something in the policy has overflowed, or its
/// configuration makes infinities.
///
/// A token that is chosen by such a prediction means nothing, so none is: sampling ends with this error.
public struct NonFinitePrediction: Error, Sendable, Hashable, CustomStringConvertible {
  /// The prompt's place among those that were asked for.
  public var request: Int
  /// The sample's number.
  public var sample: Int
  /// The place in the completion, from 0.
  public var position: Int
  /// The log-probability.
  public var value: Float

  /// What is wrong, for people.
  public var description: String {
    "sample \(sample), position \(position): the log-probability is \(value)"
  }

  /// What to do about a model that predicts such a thing.
  package static func advice(_ value: Float) -> String {
    "the policy's activations are not finite (log-probability \(value)), so nothing that it says "
      + "means anything. Its weights are too large, or config.json is not theirs: take an earlier "
      + "checkpoint, or fetch the model again"
  }
}

extension PolicyError {
  /// The error of whoever asked a model for completions and got none.
  ///
  /// - Parameters:
  ///   - model: the model's folder; what: the prompt that it was asked to complete, for people.
  public init(_ error: NonFinitePrediction, model: String, what: String) {
    let place = model.isEmpty ? what : "\(model): \(what)"
    self.init(
      .badData,
      "\(place), sample \(error.sample), position \(error.position): "
        + NonFinitePrediction.advice(error.value))
  }
}

extension Policy {
  /// Whether the policy can compute at all: it predicts a few tokens, and the predictions are numbers.
  ///
  /// - Returns: nil, or what is wrong.
  public func defectOfPredictions() -> String? {
    let vocabulary = configuration.vocabularySize
    let count = max(1, min(8, configuration.maximumPositions - 1))
    // Spread over the vocabulary; ids that are never predicted are left out.
    var tokens = (0...count).map { Int32($0 * (vocabulary - 1) / count) }
    tokens.removeAll(where: isExcluded)
    guard let first = tokens.first, tokens.count > 1 else { return nil }
    let batch = PackedBatch([
      PackedGroup(prompt: [first], completions: [Array(tokens.dropFirst())])
    ])
    let workspace = TrainingWorkspace(
      configuration: configuration, fitting: batch, precision: precision)
    let scores = score(batch, workspace: workspace)
    guard let bad = scores.first(where: { !$0.logProbability.isFinite }) else { return nil }
    return NonFinitePrediction.advice(bad.logProbability)
  }
}
