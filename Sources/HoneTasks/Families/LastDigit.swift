/// The last digit of a chain of sums and products, such as `last digit of (7*3+8)*9+4`.
///
/// Difficulty `d` has `d` operations. Each step of reasoning is a sum or product of two digits, of
/// which only the last digit goes on: `7*3=21 1+8=9 9*9=81 1+4=5`. The steps depend on one another,
/// so there is no way to the answer that is much shorter than the chain. A long sum of digits, in
/// contrast, is soon learnt by heart as one operation, and then reasoning no longer pays.
public struct LastDigit: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// The family's name.
  public var name: String { "last-digit" }

  /// One line for a list of families.
  public var summary: String { "the last digit of a chain of sums and products: (7*3+8)*9+4" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...12 }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 3...6 }

  private static let opening = "last digit of "

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    var chain = Chain(first: random.integer(in: 1...9))
    for _ in 0..<difficulty {
      let isProduct = random.integer(in: 0...1) == 0
      // No factor of 5: it forgets everything but whether its operand was even.
      chain.links.append(
        Chain.Link(
          isProduct: isProduct,
          operand: isProduct ? random.pick([2, 3, 4, 6, 7, 8, 9]) : random.integer(in: 1...9)))
    }
    let truth = chain.steps()
    let wrong = flawed(chain, truth: truth.result, random: &random)
    return ProblemInstance(
      question: Self.opening + chain.expression.text, answer: String(truth.result),
      key: Self.key(chain), steps: truth.text, flawedSteps: wrong.text,
      flawedAnswer: String(wrong.result))
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    guard question.hasPrefix(Self.opening) else { return nil }
    // The chain is evaluated from left to right, so its brackets carry nothing.
    let text = question.dropFirst(Self.opening.count).filter { $0 != "(" && $0 != ")" }
    var reader = QuestionReader(String(text))
    guard let first = reader.number() else { return nil }
    var chain = Chain(first: first)
    while !reader.isAtEnd {
      let isProduct = reader.take("*")
      guard isProduct || reader.take("+"), let operand = reader.number() else { return nil }
      chain.links.append(Chain.Link(isProduct: isProduct, operand: operand))
    }
    return Self.key(chain)
  }

  private static func key(_ chain: Chain) -> String { "last-digit " + chain.expression.canonical }

  /// Steps with one wrong result that reaches the answer.
  private func flawed(
    _ chain: Chain, truth: Int, random: inout TaskRandom
  ) -> (text: String, result: Int) {
    for _ in 0..<32 {
      let wrong = chain.steps(
        slipAt: random.integer(in: 0...(chain.links.count - 1)),
        by: random.pick([-2, -1, -1, 1, 1, 2]))
      if wrong.result != truth { return wrong }
    }
    // A slip in the last step always reaches the answer.
    return chain.steps(slipAt: chain.links.count - 1, by: 1)
  }
}

/// A first digit and what is done to it, from left to right.
private struct Chain {
  struct Link {
    var isProduct: Bool
    var operand: Int
  }

  var first: Int
  var links: [Link] = []

  init(first: Int) { self.first = first }

  var expression: Expression {
    links.reduce(Expression.number(first)) { result, link in
      link.isProduct ? result * .number(link.operand) : result + .number(link.operand)
    }
  }

  /// Every step in full, of which only the last digit goes on.
  func steps(slipAt slip: Int? = nil, by delta: Int = 0) -> (text: String, result: Int) {
    var digit = first
    var parts: [String] = []
    for (index, link) in links.enumerated() {
      var result = link.isProduct ? digit * link.operand : digit + link.operand
      if slip == index { result = max(0, result + delta) }
      parts.append("\(digit)\(link.isProduct ? "*" : "+")\(link.operand)=\(result)")
      digit = result % 10
    }
    return (parts.joined(separator: " "), digit)
  }
}
