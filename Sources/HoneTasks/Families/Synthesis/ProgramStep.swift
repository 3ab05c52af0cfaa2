/// One step of a small program: what happens to the value `x`.
package enum ProgramStep: Sendable, Hashable {
  // A number to a number.
  case number(NumberStep)
  case when(NumberCondition, NumberStep)
  // A list to a list.
  case each(NumberStep)
  case keep(NumberCondition)
  case reverse
  case sort
  case take(Int)
  case drop(Int)
  // A list to a number.
  case sum
  case count
  case largest
  case smallest

  /// The value after the step; nil for a value of the wrong kind or a number out of bounds.
  package func apply(_ value: ProgramValue) -> ProgramValue? {
    switch value {
    case .number(let x): applied(toNumber: x).map { .number($0) }
    case .list(let x): applied(toList: x)
    }
  }

  private func applied(toNumber x: Int) -> Int? {
    switch self {
    case .number(let step): step.apply(x)
    case .when(let condition, let step): condition.holds(x) ? step.apply(x) : x
    default: nil
    }
  }

  private func applied(toList x: [Int]) -> ProgramValue? {
    switch self {
    case .number, .when: return nil
    case .each(let step):
      var results: [Int] = []
      for element in x {
        guard let result = step.apply(element) else { return nil }
        results.append(result)
      }
      return .list(results)
    case .keep(let condition): return .list(x.filter(condition.holds))
    case .reverse: return .list(x.reversed())
    case .sort: return .list(x.sorted())
    case .take(let k): return .list(Array(x.prefix(k)))
    case .drop(let k): return .list(Array(x.dropFirst(k)))
    case .sum:
      let sum = x.reduce(0, +)
      return abs(sum) <= NumberStep.bound ? .number(sum) : nil
    case .count: return .number(x.count)
    case .largest: return .number(x.max() ?? 0)
    case .smallest: return .number(x.min() ?? 0)
    }
  }

  /// The statement in Python, as one line.
  package var python: String {
    switch self {
    case .number(let step): "x=" + step.python("x")
    case .when(let condition, let step): "if \(condition.python("x")):x=\(step.python("x"))"
    case .each(let step): "x=[\(step.python("y")) for y in x]"
    case .keep(let condition): "x=[y for y in x if \(condition.python("y"))]"
    case .reverse: "x=x[::-1]"
    case .sort: "x=sorted(x)"
    case .take(let k): "x=x[:\(k)]"
    case .drop(let k): "x=x[\(k):]"
    case .sum: "x=sum(x)"
    case .count: "x=len(x)"
    case .largest: "x=max(x,default=0)"
    case .smallest: "x=min(x,default=0)"
    }
  }

  /// Whether the step takes a list.
  package var takesList: Bool {
    switch self {
    case .number, .when: false
    default: true
    }
  }

  /// Whether the step gives a list.
  package var givesList: Bool {
    switch self {
    case .each, .keep, .reverse, .sort, .take, .drop: true
    default: false
    }
  }

  /// The number in the step, if it has one; that of the operation, where a condition has one too.
  package var constant: Int? {
    switch self {
    case .number(let step), .when(_, let step), .each(let step): step.constant
    case .keep(let condition): condition.constant
    case .take(let k), .drop(let k): k
    case .reverse, .sort, .sum, .count, .largest, .smallest: nil
    }
  }

  /// The same step with another ``constant``; steps without one stay as they are.
  package func with(constant k: Int) -> ProgramStep {
    switch self {
    case .number(let step): .number(step.with(constant: k))
    case .when(let condition, let step): .when(condition, step.with(constant: k))
    case .each(let step): .each(step.with(constant: k))
    case .keep(let condition): .keep(condition.with(constant: k))
    case .take: .take(k)
    case .drop: .drop(k)
    case .reverse, .sort, .sum, .count, .largest, .smallest: self
    }
  }
}
