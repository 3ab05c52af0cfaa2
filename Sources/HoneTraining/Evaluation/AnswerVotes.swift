public import HoneGraders

/// Which samples of a problem gave the same answer.
///
/// Texts that are equal are one answer. Every other text is compared with the first text of each answer
/// so far, in the order of the samples, and joins the first that its grader calls the same (for math: the
/// same value under the problem's policy), so that a group is what is equal to its first member. A right
/// answer and a wrong one are never the same. At most ``maximumComparisons`` pairs of a problem are
/// compared; after that only equal texts are the same.
public enum AnswerVotes {
  /// Enough for 90 samples with 90 answers, none of them right.
  public static let maximumComparisons = 4096

  /// An extracted answer and what was said of it.
  public struct Answer: Sendable, Hashable {
    /// The answer's text; nil where none was found.
    public var text: String?
    /// The verdict of its sample.
    public var verdict: Verdict

    /// An answer.
    public init(text: String?, verdict: Verdict) {
      self.text = text
      self.verdict = verdict
    }
  }

  /// The vote of each sample: the number of the first sample with the same answer; nil for samples
  /// without an answer and for unscored ones.
  public static func count(
    _ answers: [Answer], areSame: (String, String) -> Bool = { $0 == $1 }
  ) -> [Int?] {
    var known: [String: Int] = [:]
    var firsts: [(index: Int, text: String)] = []
    var comparisons = 0
    return answers.enumerated().map { index, answer in
      guard let text = answer.text, answer.verdict != .unscored else { return nil }
      if let vote = known[text] { return vote }
      var vote = index
      for first in firsts
      where (answers[first.index].verdict == .correct) == (answer.verdict == .correct) {
        guard comparisons < maximumComparisons else { break }
        comparisons += 1
        if areSame(first.text, text) {
          vote = first.index
          break
        }
      }
      if vote == index { firsts.append((index, text)) }
      known[text] = vote
      return vote
    }
  }
}
