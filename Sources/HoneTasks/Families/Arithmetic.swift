/// Chained sums (and differences) of one-digit terms, such as `7+5+8+3+9`.
///
/// Difficulty `d` has `d` operations, so `d + 1` terms and `d` steps of reasoning. Each step is
/// easy while the whole is hard to guess, which is what makes reasoning pay: a feasibility
/// probe learned from chains of 4 to 7 terms and failed on 3 to 6, where terse guesses pay
/// nearly as well.
public struct Arithmetic: ProblemFamily {
  /// Whether terms may be subtracted; the running total never becomes negative.
  public var differences: Bool

  /// Makes the family.
  ///
  /// - Parameter differences: False for sums alone.
  public init(differences: Bool = false) {
    self.differences = differences
  }

  /// The family's name.
  public var name: String { differences ? "differences" : "arithmetic" }

  /// One line for a list of families.
  public var summary: String {
    differences
      ? "chained sums and differences of one-digit terms: 7+5-8+3"
      : "chained sums of one-digit terms: 7+5+8+3"
  }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...15 }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 3...6 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    var total = random.integer(in: 1...9)
    var expression = Expression.number(total)
    var hasDifference = false
    for position in 0..<difficulty {
      // At least one difference in the whole chain, so that none of these is a mere sum.
      let isLastChance = differences && position == difficulty - 1 && !hasDifference
      let term = random.integer(in: 1...(isLastChance ? min(9, total) : 9))
      if differences, term <= total, isLastChance || random.integer(in: 0...1) == 0 {
        expression = expression - .number(term)
        total -= term
        hasDifference = true
      } else {
        expression = expression + .number(term)
        total += term
      }
    }
    return ProblemInstance(
      question: expression.text, key: Self.key(expression),
      derivation: Derivation(expression), random: &random)
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    var reader = QuestionReader(question)
    guard let first = reader.number() else { return nil }
    var expression = Expression.number(first)
    while !reader.isAtEnd {
      let isSum = reader.take("+")
      guard isSum || reader.take("-"), let term = reader.number() else { return nil }
      expression = isSum ? expression + .number(term) : expression - .number(term)
    }
    return Self.key(expression)
  }

  /// For sums: the multisets of `d + 1` of nine digits, C(d + 9, 8).
  ///
  /// Not known with differences.
  public func exactSize(difficulty: Int) -> Int? {
    guard !differences else { return nil }
    // Each partial product is itself a binomial coefficient, so the divisions are exact.
    return (1...8).reduce(1) { count, step in count * (difficulty + 1 + step) / step }
  }

  // Both variants share their keys, so that a sum in one file is recognised in the other.
  private static func key(_ expression: Expression) -> String {
    "arithmetic " + expression.canonical
  }
}
