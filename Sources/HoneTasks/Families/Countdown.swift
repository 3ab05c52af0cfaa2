/// Reach a target from given numbers, each used exactly once: `make 22 from 3 5 7`.
///
/// Difficulty `d` has `d + 1` numbers. The answer of a row is one solution; the grader
/// evaluates whatever expression it is given, so that every solution counts. Intermediate
/// results of the bundled solution are whole numbers from 1 to 99.
public struct Countdown: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// `countdown`.
  public var name: String { "countdown" }

  /// One line for a list of families.
  public var summary: String { "reach a target using each number once: make 22 from 3 5 7" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...5 }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 1...3 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    let (expression, target) = draw(difficulty: difficulty, random: &random)
    var numbers = expression.numbers
    random.shuffle(&numbers)
    let wrong = flawed(numbers: numbers, target: target, random: &random)
    return ProblemInstance(
      question: "make \(target) from " + numbers.map(String.init).joined(separator: " "),
      answer: expression.text, grader: "countdown", key: Self.key(target: target, numbers),
      steps: Derivation(expression).rendered()?.text ?? "",
      flawedSteps: wrong.steps, flawedAnswer: wrong.answer)
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    var reader = QuestionReader(question)
    guard reader.take("make "), let target = reader.number(), reader.take(" from ") else {
      return nil
    }
    let numbers = reader.numbers(separatedBy: " ")
    return numbers.isEmpty || !reader.isAtEnd ? nil : Self.key(target: target, numbers)
  }

  /// Joins random numbers, two parts at a time, until one expression is left.
  private func draw(
    difficulty: Int, random: inout TaskRandom
  ) -> (expression: Expression, target: Int) {
    while true {
      var parts = (0...difficulty).map { _ in Expression.number(random.integer(in: 1...9)) }
      var isUsable = true
      while parts.count > 1, isUsable {
        let right = parts.remove(at: random.integer(in: 0...(parts.count - 1)))
        let left = parts.remove(at: random.integer(in: 0...(parts.count - 1)))
        let operation = random.pick(Expression.Operation.allCases)
        let joined = Expression.binary(left, operation, right)
        parts.append(joined)
        isUsable = joined.value.map { (1...99).contains($0) } ?? false
      }
      if isUsable, let target = parts[0].value, target >= 10 || difficulty == 1 {
        return (parts[0], target)
      }
    }
  }

  /// An expression of the right numbers and another value, with a last step that claims the
  /// target all the same.
  private func flawed(
    numbers: [Int], target: Int, random: inout TaskRandom
  ) -> (steps: String, answer: String) {
    for _ in 0..<64 {
      var order = numbers
      random.shuffle(&order)
      var expression = Expression.number(order[0])
      for number in order.dropFirst() {
        let operation = random.pick([Expression.Operation.add, .subtract, .multiply])
        expression = .binary(expression, operation, .number(number))
      }
      guard let value = expression.value, value != target else { continue }
      let derivation = Derivation(expression)
      let slip = Derivation.Slip(step: derivation.steps.count - 1, delta: target - value)
      if let wrong = derivation.rendered(slip: slip) { return (wrong.text, expression.text) }
    }
    // Every order and operation reached the target: leave the first number out.
    let rest = numbers.dropFirst().map(String.init).joined(separator: "+")
    return ("\(rest)=\(target)", rest)
  }

  private static func key(target: Int, _ numbers: [Int]) -> String {
    "countdown \(target) from " + numbers.sorted().map(String.init).joined(separator: " ")
  }
}
