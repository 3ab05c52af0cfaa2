/// Tells supervised training that diverges from demonstrations that are hard to learn.
///
/// The loss of demonstrations falls, or stays. Where its mean over 5 steps is more than twice that of the
/// first 3, or a fifth above ln V, the loss of knowing nothing, the updates are to blame.
public struct LossWatch: Sendable {
  private static let window = 5
  private static let firstSteps = 3

  private let highest: Double
  private var losses: [(step: Int, loss: Double)] = []

  /// Watches a stage.
  ///
  /// - Parameter vocabularySize: tokens that there are.
  public init(vocabularySize: Int) {
    highest = Double(max(2, vocabularySize)).logarithm
  }

  /// Takes the loss of the next step; what has happened, at the step that proves it.
  public mutating func observe(step: Int, loss: Double) -> CollapseWatch.Collapse? {
    losses.append((step, loss))
    guard losses.count >= Self.firstSteps + Self.window else { return nil }
    let first = Moments.mean(losses.prefix(Self.firstSteps).map(\.loss))
    let now = Moments.mean(losses.suffix(Self.window).map(\.loss))
    guard now > 2 * first || now > 1.2 * max(highest, first), now > 0.5 else { return nil }
    return CollapseWatch.Collapse(
      step: step,
      seen:
        "the loss rose from \(ShortNumber.text(first)) in the first \(Self.firstSteps) steps to "
        + "\(ShortNumber.text(now)) in the last \(Self.window)")
  }

  /// Forgets the steps behind one: the run has gone back to it.
  public mutating func goBack(to step: Int) { losses.removeAll { $0.step > step } }
}
