import Foundation
import HoneJSON
import HoneNumerics
import HoneTraining

/// Runs of the published base on task files that a test writes.
enum OwnTasks {
  static let root: String = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// Last digits of sums, which the base gets right now and then.
  static func rows(_ count: Int, from first: Int = 0, ids: Bool = false) -> String {
    (first..<first + count).map { index in
      let (a, b, c) = (index % 9 + 1, index / 9 % 9 + 1, index / 81 % 9 + 1)
      let id = ids ? "\"id\": \"row-\(index)\", " : ""
      return "{\(id)\"question\": \"last digit of \(a)+\(b)*\(c)+\(b)\", "
        + "\"answer\": \"\((a + b * c + b) % 10)\"}\n"
    }.joined()
  }

  static func recipe(_ stages: String, more: String = "") -> String {
    "model: \(root)/checkpoints/base\n\(more)\nstages:\n\(stages)"
  }

  static func start(
    _ text: String, at path: String, sink: any ProgressSink = SmallRun.Listener(),
    shouldStop: @escaping () -> TrainingRun.StopRequest? = { nil }
  ) throws -> TrainingRun.Outcome {
    try TrainingRun.start(
      try Recipe.parse(text, file: "own.yaml"), recipeFile: nil, at: path, arguments: [],
      compute: Compute(workers: 1), sink: sink, shouldStop: shouldStop
    ).run()
  }

  @discardableResult
  static func resume(
    _ text: String?, at path: String, sink: any ProgressSink = SmallRun.Listener()
  ) throws -> TrainingRun.Outcome {
    try TrainingRun.resume(
      try text.map { try Recipe.parse($0, file: "own.yaml") }, recipeFile: nil, at: path,
      arguments: [], compute: Compute(workers: 1), sink: sink
    ).run()
  }

  static func rows(of path: String) throws -> [JSON] {
    try JSONLines(contentsOf: path).map { try $0.result.get() }
  }

  /// Keeps what a person would have been told.
  final class Ear: ProgressSink {
    var notes: [String] = []
    var evaluations: [JSONObject] = []
    func handle(_ event: ProgressEvent) {
      if case .note(let text) = event { notes.append(text) }
      if case .evaluated(let row) = event { evaluations.append(row) }
    }
  }
}
