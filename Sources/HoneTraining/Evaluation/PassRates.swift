/// Rates over several samples of a problem.
public enum PassRates {
  /// The chance that at least one of k samples is correct, estimated without bias from n samples.
  ///
  /// `1 - C(n - c, k) / C(n, k)` (Chen et al. 2021, eq. 1), as a product that cannot overflow.
  /// - Parameters:
  ///   - samples: n, the samples that were scored.
  ///   - correct: c, those that were correct.
  ///   - k: 1 to n.
  public static func passAt(_ k: Int, samples: Int, correct: Int) -> Double {
    precondition(k >= 1 && k <= samples, "pass@\(k) of \(samples) samples")
    precondition(correct >= 0 && correct <= samples, "\(correct) correct of \(samples) samples")
    if samples - correct < k { return 1 }
    var miss = 1.0
    for index in (samples - correct + 1)..<(samples + 1) {
      miss *= 1 - Double(k) / Double(index)
    }
    return 1 - miss
  }

  /// Whether the answer that most samples gave is correct.
  ///
  /// Samples without an answer have no vote; with no vote at all the result is incorrect. A tie goes
  /// to the answer that appeared first: samples come in no particular order, so this favours
  /// neither right nor wrong answers. The answer is correct if any sample that gave it was.
  /// - Parameter votes: For each sample, in order, the number that its answer has in common with equal
  ///   answers (see ``EvaluatedProblem/votes``), and whether it is correct.
  public static func isMajorityCorrect(_ votes: [(answer: Int?, isCorrect: Bool)]) -> Bool {
    var counts: [Int: Int] = [:]
    var correct: Set<Int> = []
    var order: [Int] = []
    for (answer, isCorrect) in votes {
      guard let answer else { continue }
      if counts[answer] == nil { order.append(answer) }
      counts[answer, default: 0] += 1
      if isCorrect { correct.insert(answer) }
    }
    var winner: (answer: Int, votes: Int)?
    for answer in order {
      let count = counts[answer] ?? 0
      if count > winner?.votes ?? 0 { winner = (answer, count) }
    }
    return winner.map { correct.contains($0.answer) } ?? false
  }

  /// The k for which pass@k is reported of n samples: powers of two, and n itself.
  public static func reportedK(samples: Int) -> [Int] {
    var result: [Int] = []
    var k = 2
    while k < samples {
      result.append(k)
      k *= 2
    }
    if samples > 1 { result.append(samples) }
    return result
  }
}
