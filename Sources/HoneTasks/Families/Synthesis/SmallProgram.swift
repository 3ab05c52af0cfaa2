/// A program of a few steps, one after the other, with an exact meaning.
package struct SmallProgram: Sendable, Hashable {
  /// The steps; each takes what the one before gives.
  package var steps: [ProgramStep]

  package init(steps: [ProgramStep]) { self.steps = steps }

  /// Whether there are steps, and each takes what the one before gives.
  package var isWellTyped: Bool {
    !steps.isEmpty && zip(steps, steps.dropFirst()).allSatisfy { $0.givesList == $1.takesList }
  }

  /// Whether the argument is a list.
  package var takesList: Bool { steps.first?.takesList ?? false }

  /// The result, or nil where a number leaves its bounds or a step takes another kind of value.
  package func run(_ argument: ProgramValue) -> ProgramValue? { values(from: argument)?.last }

  /// The value after each step.
  package func values(from argument: ProgramValue) -> [ProgramValue]? {
    var value = argument
    var values: [ProgramValue] = []
    values.reserveCapacity(steps.count)
    for step in steps {
      guard let next = step.apply(value) else { return nil }
      values.append(next)
      value = next
    }
    return values
  }

  /// A Python function `f`, one line a step.
  package var python: String {
    "def f(x):\n" + steps.map { " \($0.python)\n" }.joined() + " return x"
  }

  /// The results on a battery of arguments; nil among them where there is none.
  package func results(on arguments: [ProgramValue]) -> [ProgramValue?] {
    arguments.map { run($0) }
  }
}

/// The arguments on which programs are compared.
package enum ProgramBattery {
  /// Numbers around zero, and some beyond every number that a program mentions.
  package static let numbers: [ProgramValue] = (-20...60).map { .number($0) }

  /// The empty list, single elements, repeated ones, ordered ones, and lists at random.
  package static let lists: [ProgramValue] = {
    var lists: [[Int]] = [[], [0], [1], [-1], [4], [7], [12], [2, 2], [5, 5, 5], [-3, -3]]
    lists += [[1, 2, 3, 4, 5], [9, 7, 5, 3, 1], [0, -1, 0, 1], [-2, -4, -6], [10, 20, 30]]
    var random = TaskRandom(seed: 0, labels: ["synthesis", "battery"], index: 0)
    for index in 0..<45 {
      let count = 2 + index % 5
      let range = index.isMultiple(of: 3) ? -9...20 : -3...9
      lists.append((0..<count).map { _ in random.integer(in: range) })
    }
    return lists.map { .list($0) }
  }()

  /// The arguments for programs that take lists, or for those that take numbers.
  package static func arguments(lists isList: Bool) -> [ProgramValue] { isList ? lists : numbers }
}

extension SmallProgram {
  /// The results on the battery, by which programs are told apart.
  ///
  /// Two compositions that agree on it are one problem: adding 3 and then 4 is adding 7, and
  /// sorting before a sum is no step at all.
  package var behaviour: [ProgramValue?] {
    results(on: ProgramBattery.arguments(lists: takesList))
  }
}
