/// Mean and deviation of a few numbers, added in the order given.
package enum Moments {
  /// The arithmetic mean; 0 for no numbers.
  package static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The standard deviation in two passes; 0 for fewer than two numbers.
  ///
  /// - Parameter isSample: divides by n - 1, otherwise by n.
  package static func standardDeviation(_ values: [Double], isSample: Bool = true) -> Double {
    guard values.count > 1 else { return 0 }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - (isSample ? 1 : 0))).squareRoot()
  }

  /// Whether all numbers are the same, but for the noise of adding up their parts.
  ///
  /// 0.1 + 0.2 and 0.3 are the same reward, made of other parts. The bound is a few thousand units
  /// in the last place; rewards that differ on purpose differ by far more.
  package static func areEqual(_ values: [Double]) -> Bool {
    guard let first = values.first else { return true }
    let low = values.reduce(first, min)
    let high = values.reduce(first, max)
    return high - low <= 1e-12 * max(1, abs(low), abs(high))
  }
}
