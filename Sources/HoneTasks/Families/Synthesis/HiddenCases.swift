import HoneJSON

/// The cases that decide whether a program is right, none of which the question shows.
///
/// They are chosen for strength: every mutant that behaves differently fails one of them, and so do
/// the programs that look the shown results up and return a constant, or their argument, for the
/// rest. What fails most comes first, so that a wrong program is soon found out.
package struct HiddenCases: Sendable, Hashable {
  /// The fewest cases.
  package static let minimum: Int = 8

  /// The arguments, in the order in which they are tried.
  package let arguments: [ProgramValue]
  /// The results of the right program.
  package let results: [ProgramValue]

  /// Chooses the cases of a question; the same question always has the same ones.
  package init(_ question: SynthesisQuestion) {
    let program = question.program
    let shown = Set(question.examples.map(\.argument))
    var pool = ProgramBattery.arguments(lists: program.takesList).filter { !shown.contains($0) }
    let edges = Self.edges(lists: program.takesList).filter { pool.contains($0) }
    var random = TaskRandom(
      seed: 0, labels: ["synthesis", "cases", program.python], index: question.examples.count)
    random.shuffle(&pool)
    let truth = program.results(on: pool)
    var alive = Self.wrong(question, pool).filter { $0 != truth }
    var chosen: [Int] = []
    while !alive.isEmpty {
      // The first of those that find out most.
      let counts = pool.indices.map { index in
        truth[index] == nil ? 0 : alive.count { $0[index] != truth[index] }
      }
      guard let most = counts.max(), most > 0, let best = counts.firstIndex(of: most) else { break }
      chosen.append(best)
      alive.removeAll { $0[best] != truth[best] }
    }
    for edge in edges {
      if let index = pool.firstIndex(of: edge), !chosen.contains(index) { chosen.append(index) }
    }
    for index in pool.indices where chosen.count < Self.minimum && !chosen.contains(index) {
      chosen.append(index)
    }
    let cases = chosen.compactMap { index in truth[index].map { (pool[index], $0) } }
    arguments = cases.map(\.0)
    results = cases.map(\.1)
  }

  /// The tests of a row.
  package var json: JSON {
    let cases = zip(arguments, results).map { argument, result in
      JSON.object(["args": .array([argument.json]), "expected": result.json])
    }
    return ["kind": "function", "name": "f", "cases": .array(cases)]
  }

  /// Arguments that are tried whatever the program.
  private static func edges(lists isList: Bool) -> [ProgramValue] {
    isList ? [.list([]), .list([7]), .list([-3, -3])] : [.number(0), .number(-7), .number(60)]
  }

  /// The results of wrong programs on the pool.
  private static func wrong(
    _ question: SynthesisQuestion, _ pool: [ProgramValue]
  ) -> [[ProgramValue?]] {
    let nothing: [ProgramValue] = [.number(0), .list([])]
    let constants = nothing + question.examples.map(\.result)
    return question.program.mutants.map { $0.results(on: pool) }
      + constants.map { [ProgramValue?](repeating: $0, count: pool.count) } + [pool]
  }
}
