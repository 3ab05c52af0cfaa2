/// Judges lists whose order matters, such as sorted numbers.
///
/// The items are what stands between white space, commas or semicolons; brackets around the
/// whole list are ignored. Every item must be the same text as the reference's, and there must
/// be as many. (The math grader takes a bare list for a set, where order does not matter.)
public struct SequenceGrader: Grader {
  /// The mode of submissions that name none.
  public var mode: AnswerMode

  /// Makes the grader.
  public init(mode: AnswerMode = .response) { self.mode = mode }

  /// `sequence`.
  public var name: String { "sequence" }

  /// The names of ``AnswerMode``.
  public var modes: [String] { AnswerMode.allCases.map(\.rawValue) }

  /// The grader with a mode for submissions that name none.
  public func with(mode name: String) -> (any Grader)? {
    AnswerMode(rawValue: name).map(SequenceGrader.init)
  }

  /// The same items in the same order.
  public func isSameAnswer(_ first: String, _ second: String, in submission: Submission) -> Bool {
    first == second || Self.items(first) == Self.items(second)
  }

  /// What the submission lacks, or nil; see ``Grader/defect(of:)``.
  public func defect(of submission: Submission) -> String? {
    guard let reference = submission.reference else { return submission.missingReference }
    if Self.items(reference).isEmpty { return "the reference holds no items" }
    return submission.defect(ofField: "mode", as: AnswerMode.self)
  }

  /// Judges a completion.
  public func grade(_ submission: Submission) -> Score {
    guard let reference = submission.reference, defect(of: submission) == nil else {
      return .unscored(defect(of: submission) ?? submission.missingReference)
    }
    let extraction = submission.extraction(mode: mode)
    guard let text = extraction.text else { return .unanswered(extraction.reason) }
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
