/// A chain of one-operation steps that leads to a result: the reasoning of a demonstration.
///
/// Rendered as `7+5=12 12+8=20`, which is one regular pattern for every family that calculates:
/// a small policy has to learn one way of writing a step, not one for each family.
package struct Derivation: Sendable, Hashable {
  /// A number given by the problem, or the result of an earlier step.
  package enum Operand: Sendable, Hashable {
    case given(Int)
    case step(Int)
  }

  /// One operation on two operands.
  package struct Step: Sendable, Hashable {
    package var left: Operand
    package var operation: Expression.Operation
    package var right: Operand
  }

  /// A wrong result: the step that is falsified and what is added to its true result.
  package struct Slip: Sendable, Hashable {
    package var step: Int
    package var delta: Int
  }

  /// The steps; a step refers to earlier steps only, and the last one gives the result.
  package private(set) var steps: [Step] = []

  package init() {}

  /// The steps that evaluate an expression: the left side, the right side, then the operation.
  package init(_ expression: Expression) {
    _ = append(expression)
  }

  /// Adds a step and returns the operand that stands for its result.
  package mutating func append(
    _ left: Operand, _ operation: Expression.Operation, _ right: Operand
  ) -> Operand {
    steps.append(Step(left: left, operation: operation, right: right))
    return .step(steps.count - 1)
  }

  private mutating func append(_ expression: Expression) -> Operand {
    switch expression {
    case .number(let number): return .given(number)
    case .binary(let left, let operation, let right):
      let leftOperand = append(left)
      let rightOperand = append(right)
      return append(leftOperand, operation, rightOperand)
    }
  }

  /// Writes the steps out.
  ///
  /// - Parameter slip: A step to falsify; later steps carry its wrong result on.
  /// - Returns: The text and the result, or nil where a division does not come out even or a
  ///   result is negative, which no problem here asks for.
  package func rendered(slip: Slip? = nil) -> (text: String, result: Int)? {
    var results: [Int] = []
    var parts: [String] = []
    for (index, step) in steps.enumerated() {
      let left = value(of: step.left, results)
      let right = value(of: step.right, results)
      guard var result = step.operation.apply(left, right) else { return nil }
      if let slip, slip.step == index { result += slip.delta }
      guard result >= 0 else { return nil }
      parts.append("\(left)\(step.operation.rawValue)\(right)=\(result)")
      results.append(result)
    }
    guard let result = results.last else { return nil }
    return (parts.joined(separator: " "), result)
  }

  /// Writes the steps out with one wrong step whose consequence reaches the result.
  ///
  /// The slips are those of a tired person: off by one, by two or by ten.
  ///
  /// - Parameter random: Where the position and the size of the slip come from.
  package func flawed(random: inout TaskRandom) -> (text: String, result: Int) {
    guard let truth = rendered() else {
      preconditionFailure("Derivation.flawed: the steps themselves do not come out")
    }
    for _ in 0..<32 {
      let slip = Slip(
        step: random.integer(in: 0...(steps.count - 1)),
        delta: random.pick([-10, -2, -1, -1, 1, 1, 2, 10]))
      if let wrong = rendered(slip: slip), wrong.result != truth.result { return wrong }
    }
    // A slip upward in the last step is always possible.
    return rendered(slip: Slip(step: steps.count - 1, delta: 1)) ?? truth
  }

  private func value(of operand: Operand, _ results: [Int]) -> Int {
    switch operand {
    case .given(let number): number
    case .step(let index): results[index]
    }
  }
}
