import Foundation
import HoneNumerics

// The head: last norm, logits, log-probability and entropy of each predicted token, and back.
//
// Logits exist for a chunk of predictions at a time, never for a batch (no B x T x V).

/// What the head says of one predicted token.
public struct TokenScore: Sendable, Hashable {
  /// log p(target) at the temperature, natural logarithm.
  public var logProbability: Float
  /// Entropy of the whole distribution in nats.
  public var entropy: Float
}

/// What an objective wants of the head: d loss / d log p and d loss / d entropy of a prediction.
public struct TokenGradient: Sendable, Hashable {
  /// d loss / d log p(target).
  public var logProbability: Float
  /// d loss / d entropy.
  public var entropy: Float

  /// A gradient; no entropy term unless given.
  public init(logProbability: Float, entropy: Float = 0) {
    self.logProbability = logProbability
    self.entropy = entropy
  }
}

extension Policy {
  /// Logits of `rows` rows [rows, C] of the residual stream (after the last layer).
  ///
  /// The one place where logits are made: sampler, trainer and scorer all come here. Those of excluded
  /// ids are -infinity; those of a row that has overflowed are NaN.
  func logits(
    rows: Int, x: UnsafePointer<Float>, normed: UnsafeMutablePointer<Float>,
    rstd: UnsafeMutablePointer<Float>, logits: UnsafeMutablePointer<Float>
  ) {
    let c = configuration
    compute.rmsNorm(
      rows: rows, channels: c.hiddenSize, x: x, xStride: c.hiddenSize,
      weight: pointer(layout.finalNorm), epsilon: c.rmsNormEpsilon, y: normed,
      yStride: c.hiddenSize, rstd: rstd)
    compute.multiply(
      rows: rows, columns: c.vocabularySize, inner: c.hiddenSize, a: normed, aStride: c.hiddenSize,
      b: matrix(layout.head), layout: .transposed, c: logits,
      cStride: c.vocabularySize)
    // Rows whose sum of squares has overflowed come out of the norm as zeros, and would pass for an even
    // distribution.
    for row in 0..<rows where rstd[row] == 0 {
      (logits + row * c.vocabularySize).update(repeating: .nan, count: c.vocabularySize)
    }
    excludeTokens(rows: rows, logits: logits)
  }

  /// Scores every prediction of a batch whose forward pass has just run; with `gradients` also goes
  /// back through the head.
  ///
  /// - Parameters:
  ///   - temperature: logits are divided by it.
  ///   - gradient: called once a chunk, in order, with the chunk's range of predictions and their
  ///     scores; returns d loss for each. The gradient to the last layer's output is then left in
  ///     the workspace and the head's parameter gradients are added to `gradients`.
  /// - Returns: the score of each prediction, in order.
  func head<Failure: Error>(
    _ batch: PackedBatch, _ w: TrainingWorkspace, temperature: Float, gradients: Gradients?,
    gradient: (Range<Int>, [TokenScore]) throws(Failure) -> [TokenGradient]
  ) throws(Failure) -> [TokenScore] {
    let c = configuration
    let (channels, vocabulary) = (c.hiddenSize, c.vocabularySize)
    let inverse = 1 / temperature
    if !excludedTokens.isEmpty,
      let target = batch.predictions.first(where: { isExcluded($0.target) })
    {
      preconditionFailure("token \(target.target) is excluded from the policy's distribution")
    }
    var scores: [TokenScore] = []
    scores.reserveCapacity(batch.predictions.count)
    if gradients != nil {
      memset(w.gradient, 0, batch.rows * channels * MemoryLayout<Float>.stride)
    }
    var start = 0
    while start < batch.predictions.count {
      let range = start..<min(batch.predictions.count, start + w.headRows)
      let chunk = batch.predictions[range]
      let count = chunk.count
      for (index, prediction) in chunk.enumerated() {
        memcpy(
          w.headInput + index * channels, w.output + prediction.row * channels,
          channels * MemoryLayout<Float>.stride)
      }
      logits(
        rows: count, x: w.headInput, normed: w.headNormed, rstd: w.headRstd, logits: w.logits)
      var statistics = [TokenStatistics](
        repeating: TokenStatistics(maximum: 0, sum: 0, entropy: 0), count: count)
      var chunkScores = [TokenScore](
        repeating: TokenScore(logProbability: 0, entropy: 0), count: count)
      statistics.withUnsafeMutableBufferPointer { statistics in
        chunkScores.withUnsafeMutableBufferPointer { scores in
          compute.team.run(tasks: count) { index in
            let row = w.logits + index * vocabulary
            let values = compute.softmaxStatistics(
              vocabulary: vocabulary, logits: row, inverseTemperature: inverse)
            statistics[index] = values
            let target = Int(batch.predictions[range.lowerBound + index].target)
            scores[index] = TokenScore(
              logProbability: values.logProbability(scaledLogit: row[target] * inverse),
              entropy: values.entropy)
          }
        }
      }
      scores += chunkScores
      if let gradients {
        let wanted = try gradient(range, chunkScores)
        precondition(wanted.count == count, "\(wanted.count) gradients for \(count) predictions")
        compute.team.run(tasks: count) { index in
          compute.softmaxBackward(
            vocabulary: vocabulary, logits: w.logits + index * vocabulary,
            inverseTemperature: inverse, statistics: statistics[index],
            target: batch.predictions[range.lowerBound + index].target,
            logProbability: wanted[index].logProbability, entropy: wanted[index].entropy)
        }
        headBackward(chunk, w, gradients: gradients)
      }
      start = range.upperBound
    }
    return scores
  }

  /// From the gradient to a chunk's logits (in `w.logits`) to the head, the last norm and the rows.
  private func headBackward(
    _ chunk: ArraySlice<PackedBatch.Prediction>, _ w: TrainingWorkspace, gradients: Gradients
  ) {
    let c = configuration
    let (channels, vocabulary, count) = (c.hiddenSize, c.vocabularySize, chunk.count)
    compute.multiplyWeightGradient(
      rows: count, columns: channels, inner: vocabulary, a: w.logits, aStride: vocabulary,
      dc: w.headNormed, dcStride: channels, db: gradients.pointer(layout.head),
      dbStride: channels)
    compute.multiplyInputGradient(
      rows: count, columns: vocabulary, inner: channels, dc: w.logits, dcStride: vocabulary,
      b: matrix(layout.head), layout: .transposed, da: w.headGradient,
      daStride: channels, accumulation: .set)
    compute.rmsNormBackward(
      rows: count, channels: channels, x: w.headInput, xStride: channels,
      weight: pointer(layout.finalNorm), rstd: w.headRstd, dy: w.headGradient, dyStride: channels,
      dx: w.headGradient, dxStride: channels, accumulation: .set,
      dweight: gradients.pointer(layout.finalNorm))
    // A prompt's last row predicts the first token of every completion of its group.
    for (index, prediction) in chunk.enumerated() {
      compute.add(
        count: channels, w.headGradient + index * channels,
        to: w.gradient + prediction.row * channels)
    }
  }
}
