/// How steps are described, and read back. `#` stands for the step's number.
extension NumberStep {
  /// The operations that problems ask for, each with some number.
  static let asked: [NumberStep] = [
    .add(1), .subtract(1), .multiply(1), .divide(1), .remainder(1), .square, .absolute, .negate,
    .atMost(1), .atLeast(1),
  ]

  /// The operations that problems ask for on each element of a list.
  static let askedOfEach: [NumberStep] = [.add(1), .subtract(1), .multiply(1), .square, .negate]

  var wordings: [String] {
    switch self {
    case .add: ["add #", "plus #"]
    case .subtract: ["subtract #", "take away #"]
    case .multiply: ["multiply by #", "times #"]
    case .divide: ["divide by # rounding down", "floor divide by #"]
    case .remainder: ["remainder by #", "modulo #"]
    case .square: ["square", "times itself"]
    case .absolute: ["absolute value", "drop the sign"]
    case .negate: ["negate", "flip the sign"]
    case .atMost: ["at most #", "no more than #"]
    case .atLeast: ["at least #", "no less than #"]
    case .divideTowardsZero, .remainderTowardsZero: []
    }
  }

  var wordingsOfEach: [String] {
    switch self {
    case .add: ["add # to each", "each plus #"]
    case .subtract: ["subtract # from each", "take # from each"]
    case .multiply: ["multiply each by #", "each times #"]
    case .square: ["square each", "each times itself"]
    case .negate: ["negate each", "flip each sign"]
    default: []
    }
  }
}

extension NumberCondition {
  static let asked: [NumberCondition] = [.even, .odd, .above(1), .below(1)]

  var wording: String {
    switch self {
    case .even: "even"
    case .odd: "odd"
    case .above: "above #"
    case .below: "below #"
    }
  }

  var wordingsOfKeep: [String] {
    switch self {
    case .even: ["keep even ones", "keep the even"]
    case .odd: ["keep odd ones", "keep the odd"]
    case .above: ["keep those above #", "keep those over #"]
    case .below: ["keep those below #", "keep those under #"]
    }
  }

}

extension ProgramStep {
  /// The ways to describe the step; all of them read back as this step.
  ///
  /// - Parameter hidden: Write `k` for the number of the operation.
  func descriptions(hidden: Bool = false) -> [String] {
    let text = hidden ? "k" : constant.map(String.init) ?? ""
    return wordings.map { $0.replacing("#", with: text) }
  }

  private var wordings: [String] {
    switch self {
    case .number(let step): return step.wordings
    case .when(let condition, let step):
      let asked = condition.wording.replacing("#", with: String(condition.constant ?? 0))
      return step.wordings.map { "if \(asked) \($0)" }
    case .each(let step): return step.wordingsOfEach
    case .keep(let condition): return condition.wordingsOfKeep
    case .reverse: return ["reverse", "reverse the order"]
    case .sort: return ["sort", "put in order"]
    case .take: return ["take the first #", "keep the first #"]
    case .drop: return ["drop the first #", "leave out the first #"]
    case .sum: return ["sum", "add all up"]
    case .count: return ["count", "how many"]
    case .largest: return ["largest or 0", "largest or 0 if empty"]
    case .smallest: return ["smallest or 0", "smallest or 0 if empty"]
    }
  }

  /// The step that a text describes, or nil.
  ///
  /// - Parameter hidden: The number that `k` stands for, if it may occur.
  static func described(_ text: String, hidden: Int?) -> ProgramStep? {
    for (pattern, step) in patterns {
      let parts = pattern.split(separator: "#", omittingEmptySubsequences: false)
      var reader = QuestionReader(text)
      guard reader.take(String(parts[0])) else { continue }
      var constant = 0
      if parts.count > 1 {
        if let hidden, reader.take("k") {
          constant = hidden
        } else {
          guard let number = reader.number() else { continue }
          constant = number
        }
        guard reader.take(String(parts[1])) else { continue }
      }
      if reader.isAtEnd { return step.with(constant: constant) }
    }
    return conditional(text)
  }

  /// `if above 5 subtract 3`.
  private static func conditional(_ text: String) -> ProgramStep? {
    guard text.hasPrefix("if ") else { return nil }
    for condition in NumberCondition.asked {
      var reader = QuestionReader(text)
      guard reader.take("if "), reader.take(condition.wording.replacing("#", with: "")) else {
        continue
      }
      var asked = condition
      if condition.constant != nil {
        guard let number = reader.number() else { continue }
        asked = condition.with(constant: number)
      }
      guard reader.take(" ") else { continue }
      if case .number(let step) = described(reader.rest, hidden: nil) { return .when(asked, step) }
    }
    return nil
  }

  /// Every way to describe a step with one number at most, and such a step.
  private static let patterns: [(pattern: String, step: ProgramStep)] = {
    var steps = NumberStep.asked.map { ProgramStep.number($0) }
    steps += NumberStep.askedOfEach.map { .each($0) }
    steps += NumberCondition.asked.map { .keep($0) }
    steps += [.reverse, .sort, .take(1), .drop(1), .sum, .count, .largest, .smallest]
    return steps.flatMap { step in step.wordings.map { ($0, step) } }
  }()
}
