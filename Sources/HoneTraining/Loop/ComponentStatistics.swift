import HoneGraders
package import HoneJSON

/// What a step's samples got from one component of the reward; TRL's `rewards/<name>/...`.
package struct ComponentStatistics: Sendable, Hashable {
  /// The component's name.
  package var name: String
  /// The scores of the samples that it could score, unweighted, in order.
  package var scores: [Double]

  package init(name: String, scores: [Double]) {
    self.name = name
    self.scores = scores
  }

  /// Their mean; nil where nothing was scored.
  package var mean: Double? { scores.isEmpty ? nil : Moments.mean(scores) }
  /// Their standard deviation over the whole step, n - 1 in the divisor; nil for fewer than two.
  package var deviation: Double? {
    scores.count < 2 ? nil : Moments.standardDeviation(scores)
  }

  /// The components of some scores, in the order in which they first occur.
  static func all(_ scores: some Sequence<RubricScore>) -> [ComponentStatistics] {
    var found: [ComponentStatistics] = []
    for component in scores.lazy.flatMap(\.components) {
      let index =
        found.firstIndex { $0.name == component.name }
        ?? {
          found.append(ComponentStatistics(name: component.name, scores: []))
          return found.count - 1
        }()
      if component.score.isScored { found[index].scores.append(component.score.value) }
    }
    return found
  }

  /// Puts them into a row of metrics; unknown is null, never 0.
  package func write(to row: inout JSONObject) {
    row["rewards/\(name)/mean"] = mean.map { .number($0) } ?? .null
    row["rewards/\(name)/std"] = deviation.map { .number($0) } ?? .null
  }
}
