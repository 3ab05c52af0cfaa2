/// Short lists of numbers to sort, to reverse or to continue: `sort 5 2 8`.
///
/// Difficulty `d` has `d + 2` numbers. Continued sequences have a constant difference up to
/// difficulty 2, and differences that grow by a constant from 3 on.
public struct Sequences: ProblemFamily {
  /// Makes the family.
  public init() {}

  /// `sequences`.
  public var name: String { "sequences" }

  /// One line for a list of families.
  public var summary: String { "sort, reverse or continue a list: sort 5 2 8" }

  /// The difficulties that it can draw.
  public var difficulties: ClosedRange<Int> { 1...6 }

  private enum Task: String, CaseIterable {
    case sort, reverse, next
  }

  /// The difficulties of the bundled files.
  public var usualDifficulties: ClosedRange<Int> { 1...4 }

  /// Draws one instance; see ``ProblemFamily/instance(difficulty:random:)``.
  public func instance(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    let count = difficulty + 2
    switch random.pick(Task.allCases) {
    case .sort:
      return moved(.sort, random.distinctIntegers(count, in: 1...30), random: &random)
    case .reverse:
      return moved(.reverse, random.distinctIntegers(count, in: 1...30), random: &random)
    case .next:
      return continued(difficulty: difficulty, random: &random)
    }
  }

  /// The canonical key, or nil for a text that is not a question of this family.
  public func canonicalKey(question: String) -> String? {
    var reader = QuestionReader(question)
    guard let word = reader.word(), let task = Task(rawValue: word), reader.take(" ") else {
      return nil
    }
    let numbers = reader.numbers(separatedBy: " ")
    return numbers.count < 3 || !reader.isAtEnd ? nil : Self.key(task, numbers)
  }

  // MARK: - Sort and reverse

  /// Steps show what is left and what is taken from it: `5 2 8:2 5 8:5 8:8`.
  private func moved(
    _ task: Task, _ numbers: [Int], random: inout TaskRandom
  ) -> ProblemInstance {
    let truth = taken(task, numbers, slipAt: nil)
    let slip = random.integer(in: 0...(numbers.count - 2))
    let wrong = taken(task, numbers, slipAt: slip)
    return ProblemInstance(
      question: "\(task.rawValue) \(Self.list(numbers))", answer: truth.answer,
      grader: "sequence", key: Self.key(task, numbers), steps: truth.steps,
      flawedSteps: wrong.steps, flawedAnswer: wrong.answer)
  }

  /// Takes the smallest (or the last) number again and again; at the slip, another one.
  private func taken(
    _ task: Task, _ numbers: [Int], slipAt slip: Int?
  ) -> (steps: String, answer: String) {
    var rest = numbers
    var result: [Int] = []
    var steps: [String] = []
    while !rest.isEmpty {
      let order = task == .sort ? rest.sorted() : rest.reversed()
      let next = order[result.count == slip ? 1 : 0]
      steps.append("\(Self.list(rest)):\(next)")
      result.append(next)
      rest.removeAll { $0 == next }  // the numbers are distinct
    }
    return (steps.joined(separator: " "), Self.list(result))
  }

  // MARK: - Next term

  private func continued(difficulty: Int, random: inout TaskRandom) -> ProblemInstance {
    let growth = difficulty >= 3 ? random.integer(in: 1...4) : 0
    var difference = random.integer(in: 1...(difficulty == 1 ? 9 : 12))
    var terms = [random.integer(in: 0...(difficulty == 1 ? 20 : 40))]
    for _ in 0...max(difficulty, 1) {
      terms.append(terms[terms.count - 1] + difference)
      difference += growth
    }
    let question = "next \(Self.list(terms))"
    var derivation = Derivation()
    let last = terms.count - 1
    var step = derivation.append(.given(terms[last]), .subtract, .given(terms[last - 1]))
    if growth > 0 {
      let before = derivation.append(
        .given(terms[last - 1]), .subtract, .given(terms[last - 2]))
      let change = derivation.append(step, .subtract, before)
      step = derivation.append(step, .add, change)
    }
    _ = derivation.append(.given(terms[last]), .add, step)
    var instance = ProblemInstance(
      question: question, key: Self.key(.next, terms), derivation: derivation, random: &random)
    instance.grader = "sequence"
    return instance
  }

  // MARK: - Keys

  /// Sorting does not depend on the order given, and a sequence to continue is known by its
  /// first three terms; reversing depends on everything.
  private static func key(_ task: Task, _ numbers: [Int]) -> String {
    let essence: [Int] =
      switch task {
      case .sort: numbers.sorted()
      case .reverse: numbers
      case .next: Array(numbers.prefix(3))
      }
    return "sequences \(task.rawValue) \(list(essence))"
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.map(String.init).joined(separator: " ")
  }
}
