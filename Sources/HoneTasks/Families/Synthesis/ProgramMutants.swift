extension SmallProgram {
  /// The program with one mistake, in every way that a mistake is expected.
  ///
  /// A step left out or done twice, two steps in the wrong order, a number that is off by one or
  /// two, an operation taken for its sibling, rounding to the wrong side. Mutants that do what
  /// the program does may be among them.
  package var mutants: [SmallProgram] {
    var found: [SmallProgram] = []
    for index in steps.indices {
      var without = steps
      without.remove(at: index)
      found.append(SmallProgram(steps: without))
      var twice = steps
      twice.insert(steps[index], at: index)
      found.append(SmallProgram(steps: twice))
      if index + 1 < steps.count {
        var swapped = steps
        swapped.swapAt(index, index + 1)
        found.append(SmallProgram(steps: swapped))
      }
      for step in steps[index].siblings {
        var changed = steps
        changed[index] = step
        found.append(SmallProgram(steps: changed))
      }
    }
    return found.filter { $0.isWellTyped && $0.takesList == takesList }
  }
}

extension ProgramStep {
  /// Steps that may be taken for this one.
  fileprivate var siblings: [ProgramStep] {
    switch self {
    case .number(let step): step.siblings.map { .number($0) }
    case .when(let condition, let step):
      condition.siblings.map { .when($0, step) } + step.siblings.map { .when(condition, $0) }
        + [.number(step)]
    case .each(let step): step.siblings.map { .each($0) }
    case .keep(let condition): condition.siblings.map { .keep($0) }
    case .reverse: [.sort]
    case .sort: [.reverse]
    case .take(let k): [.take(k + 1), .take(max(0, k - 1)), .drop(k)]
    case .drop(let k): [.drop(k + 1), .drop(max(0, k - 1)), .take(k)]
    case .sum: [.count, .largest]
    case .count: [.sum]
    case .largest: [.smallest, .sum]
    case .smallest: [.largest, .sum]
    }
  }
}

extension NumberStep {
  fileprivate var siblings: [NumberStep] {
    let others: [NumberStep] =
      switch self {
      case .add(let k): [.subtract(k), .multiply(k)]
      case .subtract(let k): [.add(k)]
      case .multiply(let k): [.add(k)]
      case .divide(let k): [.divideTowardsZero(k), .remainder(k), .multiply(k)]
      case .remainder(let k): [.remainderTowardsZero(k), .divide(k)]
      case .square: [.multiply(2)]
      case .absolute: [.negate]
      case .negate: [.absolute]
      case .atMost(let k): [.atLeast(k)]
      case .atLeast(let k): [.atMost(k)]
      case .divideTowardsZero(let k): [.divide(k)]
      case .remainderTowardsZero(let k): [.remainder(k)]
      }
    guard let constant else { return others }
    return others
      + [-2, -1, 1, 2].filter { constant + $0 > 0 }.map { with(constant: constant + $0) }
  }
}

extension NumberCondition {
  fileprivate var siblings: [NumberCondition] {
    switch self {
    case .even: [.odd]
    case .odd: [.even]
    case .above(let k): [.below(k), .above(k - 1), .above(k + 1)]
    case .below(let k): [.above(k), .below(k - 1), .below(k + 1)]
    }
  }
}
