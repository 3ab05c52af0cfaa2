import Foundation
import HoneGraders
import HoneJSON
import Testing

/// A collection of adversarial pairs of answers, if it is at hand.
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

  @Test(
    "Few wrong answers are accepted, most right ones are, and none takes long",
    .enabled(if: isPresent, "the collection of answer pairs is not on this machine"))
  func pairs() throws {
    var total = 0
    var agreed = 0
    var falseAccepts: [String] = []
    var falseRejects: [String] = []
    var unscored: [String] = []
    var slowest = (seconds: 0.0, id: "")
    for (_, result) in try JSONLines(contentsOf: Self.path) {
      let row = try result.get()
      let id = try #require(row["id"]?.string)
      // Tagged pairs are decided by a policy, not by mathematics.
      if row["policy"] != nil { continue }
      let isEqual = try #require(row["equal"]?.bool as Bool?)
      let score = MathGrader().timedGrade(
        Submission(
          completion: try #require(row["prediction"]?.string), reference: row["gold"]?.string,
          fields: ["mode": try #require(row["mode"])]))
      if score.seconds > slowest.seconds { slowest = (score.seconds, id) }
      let shown =
        "\(id) gold \(row["gold"]?.string?.prefix(60) ?? "") "
        + "seen \(row["prediction"]?.string?.prefix(60) ?? ""): \(score.reason.prefix(100))"
      total += 1
      if score.verdict == .unscored { unscored.append(shown) }
      if (score.verdict == .correct) == isEqual {
        agreed += 1
      } else if isEqual {
        falseRejects.append(shown)
      } else {
        falseAccepts.append(shown)
      }
    }
    let share = Double(agreed) / Double(total)
    let report =
      "agreement \(agreed) of \(total), \(falseAccepts.count) accepted wrongly, "
      + "\(falseRejects.count) rejected wrongly, slowest \(slowest)"
    #expect(falseAccepts.isEmpty, "\(report)\n\(falseAccepts.joined(separator: "\n"))")
    #expect(unscored.isEmpty, "\(unscored.joined(separator: "\n"))")
    #expect(share > 0.75, "\(report)\n\(falseRejects.joined(separator: "\n"))")
    // A debug build on a busy machine; an optimised one takes a hundredth of it.
    #expect(slowest.seconds < 5, "\(report)")
  }
}
