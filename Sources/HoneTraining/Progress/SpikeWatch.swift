import HoneJSON

/// Tells steps whose gradient is much larger than those of the steps before: of the data, mostly; of a
/// processor that has miscalculated, sometimes.
struct SpikeWatch {
  private static let window = 32
  private static let fewest = 8
  private static let factor = 10.0

  private var norms: [Double] = []

  /// Takes a step's row; why it is suspicious, or nil.
  mutating func observe(_ row: JSONObject) -> String? {
    guard let norm = row["grad_norm"]?.double else { return nil }
    let before = norms.sorted()
    norms.append(norm)
    if norms.count > Self.window { norms.removeFirst() }
    guard before.count >= Self.fewest else { return nil }
    let median = before[before.count / 2]
    guard norm > Self.factor * median, median > 0 else { return nil }
    return
      "the gradient's norm is \(ShortNumber.text(norm)), the median of the \(before.count) steps before "
      + "\(ShortNumber.text(median))"
  }
}
