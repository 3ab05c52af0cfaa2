/// Draws programs and what is shown of them.
struct SynthesisDraw {
  /// A program in which every step matters, with a result for every argument and not the same one.
  static func program(difficulty: Int, random: inout TaskRandom) -> SmallProgram {
    while true {
      var steps: [ProgramStep] = []
      var isList = random.integer(in: 0...1) == 0
      for _ in 0..<difficulty {
        let step = isList ? listStep(random: &random) : numberStep(random: &random)
        steps.append(step)
        isList = step.givesList
      }
      let program = SmallProgram(steps: steps)
      if isUsable(program) { return program }
    }
  }

  private static func isUsable(_ program: SmallProgram) -> Bool {
    let behaviour = program.behaviour
    guard !behaviour.contains(nil) else { return false }
    // What nearly always gives the same is no problem to speak of: a constant would do.
    let counts = Dictionary(behaviour.map { ($0, 1) }, uniquingKeysWith: +)
    guard 3 * (counts.values.max() ?? 0) < 2 * behaviour.count else { return false }
    // Steps that can be left out, alone or as a pair that undoes itself, would make the problem
    // another one, of another difficulty.
    for length in 1...2 where length <= program.steps.count {
      for start in 0...(program.steps.count - length) {
        var without = program
        without.steps.removeSubrange(start..<start + length)
        if without.steps.isEmpty {
          let arguments = ProgramBattery.arguments(lists: program.takesList)
          guard behaviour != arguments else { return false }
        } else if without.isWellTyped, without.takesList == program.takesList {
          guard without.behaviour != behaviour else { return false }
        }
      }
    }
    return true
  }

  private static func numberStep(random: inout TaskRandom) -> ProgramStep {
    let step = number(random.pick(NumberStep.asked), random: &random)
    switch step {
    case .add, .subtract, .multiply, .square, .negate:
      guard random.integer(in: 0...3) == 0 else { return .number(step) }
      return .when(condition(random: &random), step)
    default: return .number(step)
    }
  }

  private static func listStep(random: inout TaskRandom) -> ProgramStep {
    switch random.integer(in: 0...11) {
    case 0...2: .each(number(random.pick(NumberStep.askedOfEach), random: &random))
    case 3...5: .keep(condition(random: &random))
    case 6: random.pick([.reverse, .sort])
    case 7: .take(random.integer(in: 1...3))
    case 8: .drop(random.integer(in: 1...2))
    case 9: .sum
    case 10: .count
    default: random.pick([.largest, .smallest])
    }
  }

  /// An operation with a number of a size that suits it.
  private static func number(_ step: NumberStep, random: inout TaskRandom) -> NumberStep {
    let range =
      switch step {
      case .multiply: 2...5
      case .divide: 2...4
      case .remainder: 2...9
      case .atMost: 5...20
      default: 1...9
      }
    return step.with(constant: random.integer(in: range))
  }

  private static func condition(random: inout TaskRandom) -> NumberCondition {
    random.pick(NumberCondition.asked).with(constant: random.integer(in: 1...9))
  }

  // MARK: - What is shown

  /// A question about a program: two small arguments and, for some programs, a hidden number.
  ///
  /// Nil where the arguments that were drawn show nothing worth showing.
  static func question(_ program: SmallProgram, random: inout TaskRandom) -> SynthesisQuestion? {
    let isHidden = random.integer(in: 0...1) == 0 && program.canHideLast
    let arguments: [ProgramValue] =
      program.takesList
      ? [
        .list((0..<3).map { _ in random.integer(in: 1...9) }),
        .list((0..<random.integer(in: 2...4)).map { _ in random.integer(in: 0...9) }),
      ]
      : [.number(random.integer(in: 1...12)), .number(random.integer(in: -9...20))]
    guard arguments[0] != arguments[1], arguments.allSatisfy({ isSmall(program, $0) }),
      let first = program.values(from: arguments[0]),
      !first.contains(.list([])),
      let question = SynthesisQuestion(program: program, isHidden: isHidden, arguments: arguments),
      !isHidden || question.hiddenStep(number: nil) != nil
    else { return nil }
    return question
  }

  /// Whether everything along the way can be worked out in the head.
  private static func isSmall(_ program: SmallProgram, _ argument: ProgramValue) -> Bool {
    program.values(from: argument)?.allSatisfy { value in
      switch value {
      case .number(let number): abs(number) < 100
      case .list(let list): list.allSatisfy { abs($0) < 100 }
      }
    } ?? false
  }
}

extension SmallProgram {
  /// Whether the last step has a number that its argument and its result tell.
  var canHideLast: Bool {
    switch steps.last {
    case .number(.add), .number(.subtract), .number(.multiply): true
    case .each(.add), .each(.subtract), .each(.multiply): true
    default: false
    }
  }
}
