/// Finds the name that was probably meant.
package enum EditDistance {
  /// The least number of insertions, deletions, substitutions and swaps of neighbours.
  ///
  /// The restricted Damerau-Levenshtein distance, over UTF-8 bytes.
  package static func between(_ left: String, _ right: String) -> Int {
    let a = Array(left.utf8)
    let b = Array(right.utf8)
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [Int](repeating: 0, count: b.count + 1)
      row[0] = i + 1
      for j in 0..<b.count {
        let substitution = last[j] + (a[i] == b[j] ? 0 : 1)
        row[j + 1] = min(substitution, last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
        }
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }

  /// The candidate nearest to a name, if one is near enough to be a slip of the hand.
  ///
  /// Near enough: a third of the longer name, at least 2. Ties go to the earlier candidate.
  package static func nearest(to name: String, among candidates: [String]) -> String? {
    let folded = name.lowercased().replacing("-", with: "_")
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = between(folded, candidate.lowercased().replacing("-", with: "_"))
      let bound = max(2, max(name.utf8.count, candidate.utf8.count) / 3)
      // A short name must keep something of itself: 'x' is not a slip of 'lr'.
      guard distance <= bound, distance < candidate.utf8.count else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.name
  }
}
