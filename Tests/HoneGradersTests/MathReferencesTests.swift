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
      for answer in Self.rewritings(of: reference) where !reference.contains("$") {
        #expect(Self.isEqual(reference, answer) == .correct, "\(reference) as \(answer)")
      }
    }
  }

  /// What models make of an answer without changing it.
  private static func rewritings(of reference: String) -> [String] {
    func replaced(_ old: String, _ new: String) -> String {
      reference.replacingOccurrences(of: old, with: new)
    }
    var made = [
      reference, "$\(reference)$", "\\(\(reference)\\)", "$$\(reference)$$", " \(reference)\n",
      "\\boxed{\(reference)}", "\(reference).", "{\(reference)}", "\\displaystyle \(reference)",
      "**\(reference)**", "\\left.\(reference)\\right.", "\\,\(reference)\\,",
      replaced("\\frac", "\\dfrac"), replaced("\\frac", "\\tfrac"),
      replaced("(", "\\left(").replacingOccurrences(of: ")", with: "\\right)"),
      replaced("\\left", "").replacingOccurrences(of: "\\right", with: ""),
      replaced("\\cdot", "\\times"), replaced("-", "−"), replaced("\\pi", "π"),
      replaced("\\mathrm{~", "\\text{ "), replaced(" ", "  "), replaced("^{2}", "^2"),
    ]
    let digits = reference.replacingOccurrences(of: ",", with: "")
    if let number = Int(digits) {
      made += [
        "\(number).0", "x=\(number)", "\\frac{\(2 * number)}{2}", "\\text{\(number)}",
        "\\$\(number)", "\(number)\\text{ units}", "\\mathbf{\(number)}", "0\(digits)",
      ]
      if number > 999 {
        let tail = String(digits.suffix(3))
        let head = String(digits.dropLast(3))
        if head.count < 4 {
          made += [",", "{,}", "\\,", "\\!", ",\\!"].map { head + $0 + tail }
        }
      }
    }
    return made
  }

  @Test(
    "No two references of different value are equal",
    .enabled(if: isPresent, "the datasets are not on this machine"))
  func distinct() throws {
    let references = try Self.references()
    // Whole numbers are compared with their neighbours; everything else with everything.
    let numbers = references.filter { Int($0.replacingOccurrences(of: ",", with: "")) != nil }
    let others = references.filter { !numbers.contains($0) }
    var equal: [String] = []
    func compare(_ reference: String, _ other: String) {
      guard reference != other, Self.isEqual(reference, other) == .correct,
        !Self.isSameNumber(reference, other)
      else { return }
      equal.append("\(reference) and \(other)")
    }
    for (index, reference) in numbers.enumerated() {
      for other in numbers[(index + 1)...].prefix(60) { compare(reference, other) }
    }
    for reference in others {
      for other in references { compare(reference, other) }
    }
    #expect(others.count > 200)
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
