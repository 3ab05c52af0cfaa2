import HonePolicy

/// The operations that a forward pass needs: what is counted where a rate or a share is told.
///
/// 2 a parameter and row (an embedding that is only looked up is none), and for attention 4 a key, head
/// and dimension; a group's shared prompt counts once. Forward and backward pass together need three
/// times as much.
struct ForwardOperations {
  private let perRow: Double
  private let perKey: Double

  init(_ c: PolicyConfiguration) {
    let layout = ParameterLayout(c)
    let lookup = c.tiedHead ? 0 : layout.embedding.count
    perRow = 2 * Double(layout.parameterCount - lookup)
    perKey = 4 * Double(c.layers * c.heads * c.headSize)
  }

  /// The parameters that every row meets.
  var parameters: Int { Int(perRow / 2) }

  /// One group: the prompt once, completions without their last token, which nothing reads.
  func group(prompt: Int, completions: [Int]) -> Double {
    var rows = prompt
    var keys = prompt * (prompt + 1) / 2
    for length in completions {
      let own = max(0, length - 1)
      rows += own
      keys += own * prompt + own * (own + 1) / 2
    }
    return Double(rows) * perRow + Double(keys) * perKey
  }
}
