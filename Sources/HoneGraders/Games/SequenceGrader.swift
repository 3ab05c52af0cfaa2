/// Judges lists whose order matters, such as sorted numbers.
///
/// The items are what stands between white space, commas or semicolons; brackets around the
/// whole list are ignored. Every item must be the same text as the reference's, and there must
/// be as many. (The math grader takes a bare list for a set, where order does not matter.)
public struct SequenceGrader: Grader {
  /// Makes the grader.
  public init() {}

  /// `sequence`.
  public var name: String { "sequence" }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    guard let reference = submission.reference else { return "no reference answer" }
    if Self.items(reference).isEmpty { return "the reference holds no items" }
    return submission.defect(ofField: "mode", as: AnswerMode.self)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    guard let reference = submission.reference, defect(of: submission) == nil else {
      return .unscored(defect(of: submission) ?? "no reference answer")
    }
    let extraction = submission.extraction()
    guard let text = extraction.text else { return .incorrect(extraction.reason) }
    let wanted = Self.items(reference)
    let seen = Self.items(text)
    let shown = String(text.prefix(1000))
    guard seen.count == wanted.count else {
      return .incorrect(
        "different: \(seen.count) items, wanted \(wanted.count)", extracted: shown)
    }
    for (index, (item, right)) in zip(seen, wanted).enumerated() where item != right {
      return .incorrect(
        "different: item \(index + 1) is '\(item.prefix(40))', wanted '\(right.prefix(40))'",
        extracted: shown)
    }
    return .correct("equal: \(wanted.count) items in order", extracted: shown)
  }

  private static func items(_ text: String) -> [Substring] {
    var list = text[...]
    while let first = list.first, "([{ ".contains(first) { list.removeFirst() }
    while let last = list.last, ")]} .".contains(last) { list.removeLast() }
    return list.split { $0.isWhitespace || $0 == "," || $0 == ";" }
  }
}
