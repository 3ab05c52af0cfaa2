import Foundation
import HoneGraders
import HoneJSON
import Testing

/// The references of real datasets, where they are at hand.
@Suite struct MathReferencesTests {
  private static let folder =
    (MathPairsTests.path as NSString).deletingLastPathComponent + "/../data"

  static let isPresent = FileManager.default.fileExists(atPath: folder + "/gsm8k/test.jsonl")

  private static func references() throws -> [String] {
    var found: Set<String> = []
    for file in [
      "gsm8k/test", "competition/aime24", "competition/amc23", "competition/minerva_math",
    ] {
      for (_, result) in try JSONLines(contentsOf: "\(folder)/\(file).jsonl") {
        let row = try result.get()
        if let number = row["answer"]?.double {
          found.insert(String(Int(number)))
        } else if let answer = row["answer"]?.string {
          found.insert(answer.components(separatedBy: "#### ").last ?? answer)
        } else if let solution = row["solution"]?.string, let box = BoxScanner.lastBox(in: solution)
        {
          found.insert(box)
        }
      }
    }
    return found.sorted()
  }

  private static func isEqual(_ reference: String, _ answer: String) -> Verdict {
    MathGrader(mode: .answer).grade(Submission(completion: answer, reference: reference)).verdict
  }

  @Test(
    "Every reference equals itself through every common rewriting",
    .enabled(if: isPresent, "the datasets are not on this machine"))
  func rewritings() throws {
    let references = try Self.references()
    #expect(references.count > 500)
    for reference in references {
      let rewritings = [
        reference, "$\(reference)$", "\\(\(reference)\\)", " \(reference) ",
        "\\boxed{\(reference)}",
        reference.replacingOccurrences(of: "\\frac", with: "\\dfrac"),
        reference.replacingOccurrences(of: "(", with: "\\left(")
          .replacingOccurrences(of: ")", with: "\\right)"),
      ]
      for answer in rewritings where !reference.contains("$") {
        #expect(Self.isEqual(reference, answer) == .correct, "\(reference) as \(answer)")
      }
    }
  }

  @Test(
    "No two references of different value are equal",
    .enabled(if: isPresent, "the datasets are not on this machine"))
  func distinct() throws {
    let references = try Self.references()
    var equal: [String] = []
    for (index, reference) in references.enumerated() {
      for other in references[(index + 1)...].prefix(120)
      where Self.isEqual(reference, other) == .correct && !Self.isSameNumber(reference, other) {
        equal.append("\(reference) and \(other)")
      }
    }
    #expect(equal.isEmpty, "\(equal.joined(separator: "\n"))")
  }

  private static func isSameNumber(_ first: String, _ second: String) -> Bool {
    func plain(_ text: String) -> Double? {
      Double(text.replacingOccurrences(of: ",", with: ""))
    }
    guard let a = plain(first), let b = plain(second) else { return false }
    return a == b
  }
}
