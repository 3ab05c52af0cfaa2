import ArgumentParser
import HoneJSON
import HoneTasks

struct TasksListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The procedural families, with their sizes.",
    discussion: """
      Sizes are distinct problems at a difficulty, after normalising the order of operands, names \
      and wording; "at least" where they were counted by drawing.

      Example: hone tasks list
      """)

  @OptionGroup var machine: MachineFlag

  func run() throws {
    let console = machine.console
    if machine.json {
      try console.row(.array(Families.all.map(json)))
      return
    }
    var table = Table([
      .init("family"), .init("difficulty"), .init("problems", .right), .init("about"),
    ])
    for family in Families.all {
      let range = family.difficulties
      table.add([
        family.name, "\(range.lowerBound)-\(range.upperBound)",
        family.size(difficulties: range).description, family.summary,
      ])
    }
    try console.say(table)
    if console.terminal.isTerminal {
      let example = example(Families.all[0])
      try console.say("")
      try console.say(console.style.dim("hone tasks make \(Families.all[0].name) --count 1"))
      try console.say(console.style.dim(example))
    }
  }

  private func json(_ family: any ProblemFamily) -> JSON {
    [
      "family": .string(family.name), "about": .string(family.summary),
      "example": .string(example(family)),
      "difficulties": .array(
        family.difficulties.map { difficulty in
          let size = family.size(difficulty: difficulty)
          return [
            "difficulty": .integer(difficulty), "problems": .integer(size.count),
            "exact": .bool(size.isExact),
          ]
        }),
    ]
  }

  private func example(_ family: any ProblemFamily) -> String {
    // One problem of the easiest kind always exists.
    let problems = try? family.make(
      count: 1, seed: 0,
      difficulty: family.difficulties.lowerBound...family.difficulties.lowerBound)
    return problems?.first?.question ?? ""
  }
}
