/// The problem families that come with the package.
public enum Families {
  /// All families, in the order in which they are listed.
  public static let all: [any ProblemFamily] = [
    Arithmetic(), Arithmetic(differences: true), Countdown(), WordProblems(), Sequences(),
    Equations(), LastDigit(), Synthesis(),
  ]

  /// The family of a name.
  ///
  /// - Throws: ``TaskError`` that lists the known names.
  public static func named(_ name: String) throws(TaskError) -> any ProblemFamily {
    guard let family = known(name) else {
      let names = all.map(\.name).joined(separator: ", ")
      throw TaskError("no problem family '\(name)'; known are: \(names)")
    }
    return family
  }

  /// Whether a family is one of these, and not another one of the same name.
  static func isBundled(_ family: any ProblemFamily) -> Bool {
    known(family.name).map { type(of: $0) == type(of: family) } ?? false
  }

  /// The family of a name, or nil.
  static func known(_ name: String) -> (any ProblemFamily)? {
    all.first { $0.name == name }
  }
}

extension ProblemFamily {
  /// Draws problems.
  ///
  /// The result is a function of the arguments alone. Candidates are drawn one after the other,
  /// each from a stream of its own; those of the other split and those that were drawn before
  /// are passed over. Each candidate's difficulty is drawn uniformly, and one that is passed over
  /// draws again: an easy difficulty with few problems runs out, and harder ones take its place.
  /// Later problems are therefore harder on the whole, and difficulties are not equally frequent
  /// (1,000 problems of `countdown` at 1 to 3: 125, 373 and 502). ``mixed(count:seed:difficulty:split:demonstrations:distinct:label:)``
  /// gives the same problems in an order that does not drift.
  ///
  /// - Parameters:
  ///   - count: How many problems; 0 or more.
  ///   - seed: The seed of the streams.
  ///   - difficulty: The difficulties to draw, within ``difficulties``.
  ///   - split: The part of the family to draw from.
  ///   - demonstrations: The shares of the styles, or nil for problems without completions.
  ///   - distinct: What counts as the same problem.
  ///   - label: The beginning of the ids; the family's name, followed by `-test` for that
  ///     split, unless given.
  /// - Throws: ``TaskError`` for a difficulty that the family does not have, or if it cannot
  ///   supply that many distinct problems; the message says how many there are.
  public func make(
    count: Int, seed: UInt64, difficulty: ClosedRange<Int>, split: TaskSplit = .all,
    demonstrations: DemonstrationMixture? = nil, distinct: TaskDistinctness = .key,
    label: String? = nil
  ) throws(TaskError) -> [Problem] {
    try checkRequest(count: count, difficulty: difficulty, distinct: distinct)
    let label = label ?? (split == .test ? "\(name)-test" : name)
    var seen: Set<String> = []
    var problems: [Problem] = []
    problems.reserveCapacity(count)
    var candidate = 0
    var misses = 0
    while problems.count < count {
      var random = TaskRandom(seed: seed, labels: [name, split.rawValue], index: candidate)
      candidate += 1
      let level = random.integer(in: difficulty)
      let instance = instance(difficulty: level, random: &random)
      let isNew =
        split.contains(key: instance.key)
        && seen.insert(distinct == .key ? instance.key : instance.question).inserted
      guard isNew else {
        misses += 1
        // With one problem of S left, S draws find it on average; a fifth of them is in the
        // test split. So many in vain mean that there is nothing left worth looking for.
        if misses > 40 * (problems.count + 250) {
          throw exhausted(
            found: problems.count, count: count, draws: candidate, difficulty: difficulty,
            split: split)
        }
        continue
      }
      misses = 0
      problems.append(
        problem(
          instance, id: Self.id(label, problems.count), difficulty: level,
          style: demonstrations?.style(random: &random)))
    }
    return problems
  }

  /// Draws the same problems as ``make(count:seed:difficulty:split:demonstrations:distinct:label:)``,
  /// in random order: any part of them is as hard as the whole.
  ///
  /// The order is a function of the arguments alone, and ids are numbered in it. This is the order
  /// of files; recipes that draw from a family shuffle what they draw themselves.
  public func mixed(
    count: Int, seed: UInt64, difficulty: ClosedRange<Int>, split: TaskSplit = .all,
    demonstrations: DemonstrationMixture? = nil, distinct: TaskDistinctness = .key,
    label: String? = nil
  ) throws(TaskError) -> [Problem] {
    var problems = try make(
      count: count, seed: seed, difficulty: difficulty, split: split,
      demonstrations: demonstrations, distinct: distinct, label: label)
    let ids = problems.map(\.id)
    var random = TaskRandom(seed: seed, labels: [name, split.rawValue, "order"], index: 0)
    random.shuffle(&problems)
    for (index, id) in ids.enumerated() { problems[index].id = id }
    return problems
  }

  private func checkRequest(
    count: Int, difficulty: ClosedRange<Int>, distinct: TaskDistinctness
  ) throws(TaskError) {
    precondition(count >= 0, "ProblemFamily.make: count is \(count), wanted 0 or more")
    guard difficulties.contains(difficulty.lowerBound), difficulties.contains(difficulty.upperBound)
    else {
      throw TaskError(
        "family \(name) has difficulties \(difficulties.lowerBound) to "
          + "\(difficulties.upperBound), not \(difficulty.lowerBound) to \(difficulty.upperBound)")
    }
    // Exact sizes are checked before any work; a lower bound would refuse nothing.
    let sizes = difficulty.compactMap { exactSize(difficulty: $0) }
    let size = sizes.reduce(0, +)
    if distinct == .key, sizes.count == difficulty.count, count > size {
      throw TaskError(
        "family \(name) has \(size) distinct problems at difficulty "
          + "\(difficulty.lowerBound) to \(difficulty.upperBound), fewer than the \(count) asked "
          + "for; ask for fewer or for more difficulties")
    }
  }

  private func exhausted(
    found: Int, count: Int, draws: Int, difficulty: ClosedRange<Int>, split: TaskSplit
  ) -> TaskError {
    TaskError(
      "family \(name) gave only \(found) distinct problems of the split '\(split.rawValue)' in "
        + "\(draws) draws at difficulty \(difficulty.lowerBound) to \(difficulty.upperBound), "
        + "\(count) were asked for; ask for fewer or for more difficulties")
  }

  private func problem(
    _ instance: ProblemInstance, id: String, difficulty: Int, style: DemonstrationStyle?
  ) -> Problem {
    let tests = tests(question: instance.question)
    var problem = Problem(
      id: id, question: instance.question, answer: tests == nil ? instance.answer : nil,
      grader: instance.grader, family: name, difficulty: difficulty, tests: tests)
    problem.style = style
    switch style {
    case .terse:
      problem.completion = Demonstration.terse(answer: instance.answer, form: instance.form)
    case .steps:
      problem.completion = Demonstration.reasoned(
        steps: instance.steps, answer: instance.answer, form: instance.form)
    case .flawed:
      problem.completion = Demonstration.reasoned(
        steps: instance.flawedSteps, answer: instance.flawedAnswer, form: instance.form)
    case nil: break
    }
    return problem
  }

  /// `label-000017`.
  private static func id(_ label: String, _ index: Int) -> String {
    let digits = String(index)
    return label + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
