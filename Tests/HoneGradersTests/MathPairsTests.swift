import Foundation
import HoneGraders
import HoneJSON
import Testing

/// Collections of adversarial pairs of answers: our own, and another one if it is at hand.
@Suite struct MathPairsTests {
  static let path: String = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let shared =
      ProcessInfo.processInfo.environment["HONE_SHARED"]
      ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
    return shared + "/graders/math_pairs.dev.jsonl"
  }()

  static let isPresent: Bool = FileManager.default.fileExists(atPath: path)

  /// What a collection of pairs shows.
  struct Outcome {
    var total = 0
    var accepted = 0
    var falseAccepts: [String] = []
    var falseRejects: [String] = []
    var slowest = (seconds: 0.0, id: "")
  }

  static func outcome(of path: String) throws -> Outcome {
    var outcome = Outcome()
    for (_, result) in try JSONLines(contentsOf: path) {
      let row = try result.get()
      let id = try #require(row["id"]?.string)
      let isEqual = try #require(row["equal"]?.bool as Bool?)
      var fields: JSONObject = ["mode": try #require(row["mode"])]
      if let preset = row["preset"] { fields["policy"] = preset }
      let submission = Submission(
        completion: try #require(row["prediction"]?.string), reference: row["gold"]?.string,
        fields: fields)
      var score = MathGrader().grade(submission)
      // The least of a few times: the machine has other work.
      var seconds = Double.infinity
      for _ in 0..<3 where seconds > 0.002 {
        let start = MathFuzzer.processorTime()
        score = MathGrader().grade(submission)
        seconds = min(seconds, MathFuzzer.processorTime() - start)
      }
      if seconds > outcome.slowest.seconds { outcome.slowest = (seconds, id) }
      outcome.total += 1
      outcome.accepted += isEqual ? 1 : 0
      guard (score.verdict == .correct) != isEqual else { continue }
      let shown =
        "\(id) gold \(row["gold"]?.string?.prefix(60) ?? "") "
        + "seen \(row["prediction"]?.string?.prefix(60) ?? ""): \(score.reason.prefix(100))"
      if isEqual {
        outcome.falseRejects.append(shown)
      } else {
        outcome.falseAccepts.append(shown)
      }
    }
    return outcome
  }

  private func check(_ outcome: Outcome) {
    #expect(outcome.falseAccepts.isEmpty, "\(outcome.falseAccepts.joined(separator: "\n"))")
    #expect(outcome.falseRejects.isEmpty, "\(outcome.falseRejects.joined(separator: "\n"))")
    #if !DEBUG
      #expect(outcome.slowest.seconds < 0.01, "\(outcome.slowest)")
    #endif
  }

  @Test("Every pair of our own is decided as it should be, more rejections than acceptances")
  func ownPairs() throws {
    let path = try #require(
      Bundle.module.url(
        forResource: "math_pairs", withExtension: "jsonl", subdirectory: "Goldens")
    ).path
    let outcome = try Self.outcome(of: path)
    check(outcome)
    #expect(outcome.total > 1000)
    #expect(outcome.accepted * 2 <= outcome.total)
  }

  @Test(
    "Every pair of the other collection is decided as labelled, within the bound of time",
    .enabled(if: isPresent, "the collection of answer pairs is not on this machine"))
  func pairs() throws {
    let outcome = try Self.outcome(of: Self.path)
    check(outcome)
    #expect(outcome.total > 200)
  }
}
