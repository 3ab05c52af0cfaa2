/// Compares what a program wrote with what was wanted, as judges of competitions do.
///
/// Both texts are cut into lines. White space at the end of a line and blank lines at the end of
/// the text do not count; everything else does, byte for byte, so bytes that are not UTF-8 never
/// equal bytes that are, and `1e1` is not `10`.
///
/// With a tolerance, lines are cut into tokens at white space. Two tokens that are both decimal
/// literals are equal if they differ by at most the tolerance, or by at most the tolerance times
/// the wanted value; two that are both integers have to be the same integer. All other tokens
/// (`nan`, `inf`, words) have to be the same bytes. One pass, in either case.
package struct OutputComparison: Sendable, Hashable {
  /// The largest absolute or relative difference of decimal literals, or nil for exact texts.
  package var tolerance: Double?

  /// Makes a comparison.
  package init(tolerance: Double? = nil) { self.tolerance = tolerance }

  /// The first difference, in words and bounded, or nil where there is none.
  package func difference(_ output: [UInt8], wanted: [UInt8]) -> String? {
    var seen = SignificantLines(output[...])
    var right = SignificantLines(wanted[...])
    var number = 0
    while true {
      number += 1
      switch (seen.next(), right.next()) {
      case (nil, nil): return nil
      case (let line?, let goal?):
        if isEqual(line, goal) { continue }
        return "line \(number): saw \(Excerpt.quoted(line)), wanted \(Excerpt.quoted(goal))"
      case (nil, let goal?):
        let place = number == 1 ? "no output" : "line \(number): saw the end"
        return "\(place), wanted \(Excerpt.quoted(goal))"
      case (let line?, nil):
        return "line \(number): saw \(Excerpt.quoted(line)), wanted the end"
      }
    }
  }

  private func isEqual(_ line: ArraySlice<UInt8>, _ goal: ArraySlice<UInt8>) -> Bool {
    if line == goal { return true }
    guard let tolerance else { return false }
    var seen = Tokens(line)
    var right = Tokens(goal)
    while true {
      switch (seen.next(), right.next()) {
      case (nil, nil): return true
      case (let token?, let wanted?):
        if token == wanted { continue }
        guard let value = DecimalLiteral(token), let goal = DecimalLiteral(wanted),
          value.isClose(to: goal, tolerance: tolerance)
        else { return false }
      default: return false
      }
    }
  }
}

/// The lines of a text without white space at their ends and without blank lines at its end.
private struct SignificantLines: IteratorProtocol {
  private var rest: ArraySlice<UInt8>
  private var isDone: Bool

  init(_ text: ArraySlice<UInt8>) {
    rest = trimmedEnd(text)
    isDone = rest.isEmpty
  }

  mutating func next() -> ArraySlice<UInt8>? {
    guard !isDone else { return nil }
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
      isDone = true
      return trimmedEnd(rest)
    }
    defer { rest = rest[(end + 1)...] }
    return trimmedEnd(rest[..<end])
  }
}

/// The runs of a line between white space.
private struct Tokens: IteratorProtocol {
  private var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  mutating func next() -> ArraySlice<UInt8>? {
    rest = rest.drop(while: isSpace)
    guard !rest.isEmpty else { return nil }
    let token = rest.prefix { !isSpace($0) }
    rest = rest[token.endIndex...]
    return token
  }
}

private func trimmedEnd(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  var end = bytes.endIndex
  while end > bytes.startIndex, isSpace(bytes[end - 1]) { end -= 1 }
  return bytes[bytes.startIndex..<end]
}
