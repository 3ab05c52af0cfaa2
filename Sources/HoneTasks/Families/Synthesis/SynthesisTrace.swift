/// The reasoning of demonstrations: the first example, worked out step by step.
///
/// `6 10` for `f(2)=10` where 2 is multiplied by 3 and 4 is added; `6 10-6=4` where the 4 is hidden.
extension SynthesisQuestion {
  /// The values of a program for the first example, and how the hidden number is found.
  ///
  /// - Parameter program: The right program, or one that was misunderstood.
  package func trace(of program: SmallProgram) -> String {
    guard let example = examples.first else {
      preconditionFailure("SynthesisQuestion.trace: a question without examples")
    }
    var parts = (program.values(from: example.argument) ?? []).map(\.trace)
    if isHidden, let found = hiddenStep(number: program.steps.last?.constant) {
      parts = parts.dropLast() + [found]
    }
    return parts.joined(separator: " ")
  }

  /// The step that finds the hidden number: `10-6=4`; nil where a number in it is negative.
  ///
  /// - Parameter number: What is found; the right number if nil.
  func hiddenStep(number: Int?) -> String? {
    guard let example = examples.first else { return nil }
    let before = SmallProgram(steps: program.steps.dropLast()).values(from: example.argument)
    guard let before, let left = (before.last ?? example.argument).first,
      let right = example.result.first, left >= 0, right >= 0,
      let number = number ?? program.steps.last?.constant
    else { return nil }
    switch program.steps.last {
    case .number(.add), .each(.add): return "\(right)-\(left)=\(number)"
    case .number(.subtract), .each(.subtract): return "\(left)-\(right)=\(number)"
    case .number(.multiply), .each(.multiply):
      return left == 0 ? nil : "\(right)/\(left)=\(number)"
    default: return nil
    }
  }
}

extension ProgramValue {
  /// The number, or the first one of a list.
  fileprivate var first: Int? {
    switch self {
    case .number(let number): number
    case .list(let list): list.first
    }
  }
}
