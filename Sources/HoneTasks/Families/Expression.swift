/// An integer expression in the four operations: what a generated problem asks for.
///
/// The tree knows its value, the text that writes it, and a canonical form in which two
/// expressions are the same text when they differ only by the order of commutative operands
/// or by how sums and products are bracketed.
package indirect enum Expression: Sendable, Hashable {
  case number(Int)
  case binary(Expression, Operation, Expression)

  /// One of the four operations.
  package enum Operation: String, Sendable, Hashable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"

    /// The exact result, or nil for a division that leaves a remainder or an overflow.
    package func apply(_ left: Int, _ right: Int) -> Int? {
      let result: (partialValue: Int, overflow: Bool)
      switch self {
      case .add: result = left.addingReportingOverflow(right)
      case .subtract: result = left.subtractingReportingOverflow(right)
      case .multiply: result = left.multipliedReportingOverflow(by: right)
      case .divide:
        guard right != 0, left.isMultiple(of: right) else { return nil }
        result = left.dividedReportingOverflow(by: right)
      }
      return result.overflow ? nil : result.partialValue
    }

    var isAdditive: Bool { self == .add || self == .subtract }
  }

  /// The value, or nil where a division leaves a remainder.
  package var value: Int? {
    switch self {
    case .number(let number): return number
    case .binary(let left, let operation, let right):
      guard let left = left.value, let right = right.value else { return nil }
      return operation.apply(left, right)
    }
  }

  /// The numbers of the leaves, from left to right.
  package var numbers: [Int] {
    switch self {
    case .number(let number): return [number]
    case .binary(let left, _, let right): return left.numbers + right.numbers
    }
  }

  /// The infix text with no more parentheses than needed, and no spaces.
  package var text: String {
    switch self {
    case .number(let number): return String(number)
    case .binary(let left, let operation, let right):
      // Multiplication binds tighter; the right side of "-" and "/" needs parentheses even
      // for an operation of the same level.
      let leftNeeds = !operation.isAdditive && left.isSum
      let rightNeeds =
        switch operation {
        case .add: false
        case .subtract: right.isSum
        case .multiply: right.isSum || right.isQuotient
        case .divide: !right.isLeaf
        }
      let leftText = leftNeeds ? "(\(left.text))" : left.text
      let rightText = rightNeeds ? "(\(right.text))" : right.text
      return leftText + operation.rawValue + rightText
    }
  }

  /// The text that is equal for expressions that differ only in the order of operands.
  package var canonical: String {
    switch self {
    case .number(let number): return String(number)
    case .binary(_, let operation, _):
      var parts: [String] = []
      collect(additive: operation.isAdditive, inverted: false, into: &parts)
      parts.sort()
      return "(" + parts.joined(separator: operation.isAdditive ? "" : " ") + ")"
    }
  }

  /// Gathers the terms of a sum as "+a" and "-a", or the factors of a product as "*a" and "/a".
  private func collect(additive: Bool, inverted: Bool, into parts: inout [String]) {
    if case .binary(let left, let operation, let right) = self, operation.isAdditive == additive {
      left.collect(additive: additive, inverted: inverted, into: &parts)
      let inverts = operation == .subtract || operation == .divide
      right.collect(additive: additive, inverted: inverted != inverts, into: &parts)
    } else {
      let sign = additive ? (inverted ? "-" : "+") : (inverted ? "/" : "*")
      parts.append(sign + canonical)
    }
  }

  private var isLeaf: Bool {
    if case .number = self { true } else { false }
  }
  private var isSum: Bool {
    if case .binary(_, let operation, _) = self { operation.isAdditive } else { false }
  }
  private var isQuotient: Bool {
    if case .binary(_, .divide, _) = self { true } else { false }
  }
}

extension Expression: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self = .number(value) }

  package static func + (left: Expression, right: Expression) -> Expression {
    .binary(left, .add, right)
  }
  package static func - (left: Expression, right: Expression) -> Expression {
    .binary(left, .subtract, right)
  }
  package static func * (left: Expression, right: Expression) -> Expression {
    .binary(left, .multiply, right)
  }
  package static func / (left: Expression, right: Expression) -> Expression {
    .binary(left, .divide, right)
  }
}
