/// A row of numbers as a row of blocks: `▁▂▃▅▇`.
public struct Sparkline: Sendable, Hashable {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// The blocks, at most `width` of them.
  public var text: String

  /// Draws numbers.
  ///
  /// - Parameters:
  ///   - values: The numbers, oldest first; a number that is not finite becomes a space.
  ///   - width: Most blocks; more numbers than that are averaged in runs of nearly equal length.
  ///   - range: What the lowest and the highest block stand for; nil takes the drawn numbers' own.
  public init(_ values: [Double], width: Int = 16, range: ClosedRange<Double>? = nil) {
    precondition(width >= 1, "a sparkline of width \(width)")
    var means = values
    if values.count > width {
      means = (0..<width).map { column in
        let first = column * values.count / width
        let last = (column + 1) * values.count / width
        return Moments.mean(values[first..<last].filter(\.isFinite))
      }
    }
    let finite = means.filter(\.isFinite)
    guard let lowest = finite.min(), let highest = finite.max() else {
      text = String(repeating: " ", count: means.count)
      return
    }
    let low = range?.lowerBound ?? lowest
    let high = range?.upperBound ?? highest
    text = String(
      means.map { value -> Character in
        guard value.isFinite else { return " " }
        // A flat line lies in the middle when nothing says what high and low are.
        guard high > low else { return Self.blocks[range == nil ? 3 : 0] }
        let share = min(max((value - low) / (high - low), 0), 1)
        return Self.blocks[min(7, Int(share * 8))]
      })
  }
}
