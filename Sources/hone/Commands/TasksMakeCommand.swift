import ArgumentParser
import Foundation
import HoneJSON
import HoneTasks

struct TasksMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Draw problems of a procedural family.",
    discussion: """
      The rows are a function of the arguments alone. They come in random order, so that the first \
      of them are as hard as the rest; easy difficulties with few problems run out, and harder ones \
      take their place. The splits 'train' and 'test' share no \
      problem, whatever their counts and seeds. Demonstrations are a mixture of terse answers, \
      step-by-step reasoning and flawed reasoning, so that reward has something to select.

      Example: hone tasks make arithmetic --count 1000 --seed 7 --difficulty 3-6 --split train
      """)

  @Argument(help: "The family; 'hone tasks list' names them.")
  var family: String?

  @Option(help: "How many problems.")
  var count: Int?

  @Option(help: "The seed of the draw.")
  var seed: UInt64 = 0

  @Option(help: "A difficulty or a range, such as 3 or 3-6. Default: all that the family has.")
  var difficulty: DifficultyRange?

  @Option(help: "The part to draw from: \(TaskSplit.names).")
  var split: TaskSplit = .all

  @Flag(help: "Add a completion to learn from to each row.")
  var demonstrations = false

  @Option(help: "Shares of terse, step-by-step and flawed demonstrations, such as 0.55,0.4,0.05.")
  var mixture: MixtureArgument?

  @Option(help: "What may not occur twice: \(TaskDistinctness.names).")
  var distinct: TaskDistinctness = .key

  @Option(help: "The beginning of the ids. Default: the family, with -test for that split.")
  var label: String?

  @Option(help: "The file to write, replaced as a whole; with --bundled, a folder.")
  var output: String?

  @Flag(help: "Write all task files that come with the project below --output instead.")
  var bundled = false

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if bundled {
      if family != nil || count != nil {
        throw ValidationError("--bundled makes all bundled files; leave out FAMILY and --count")
      }
      return
    }
    if family == nil { throw ValidationError("wanted a FAMILY; 'hone tasks list' names them") }
    guard let count else { throw ValidationError("wanted --count N") }
    if !(1...10_000_000).contains(count) {
      throw ValidationError("--count is \(count), wanted 1 to 10000000")
    }
    if mixture != nil, !demonstrations {
      throw ValidationError("--mixture goes with --demonstrations")
    }
  }

  func run() throws {
    if bundled {
      for path in try TaskFiles.write(to: output ?? ".") {
        try machine.console.say(StyledText(path))
      }
      return
    }
    if let output { try WholeFile.prepare(output) }
    let family = try Families.named(self.family ?? "")
    let problems = try family.mixed(
      count: count ?? 0, seed: seed, difficulty: difficulty?.range ?? family.difficulties,
      split: split, demonstrations: demonstrations ? mixture?.mixture ?? .standard : nil,
      distinct: distinct, label: label)
    guard let output else {
      for problem in problems {
        try OutputStream.standard.write(CleanText(rows: problem.line, for: .output))
      }
      return
    }
    try WholeFile.write(Problem.lines(problems), to: output)
    if machine.json {
      try machine.console.row(["path": .string(output), "problems": .integer(problems.count)])
    } else {
      try machine.console.say("\(output): \(problems.count) problems")
    }
  }
}

// MARK: - Arguments

/// `3` or `3-6`.
struct DifficultyRange: ExpressibleByArgument {
  var range: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    switch parts.count {
    case 1:
      guard let only = parts[0] else { return nil }
      range = only...only
    case 2:
      guard let low = parts[0], let high = parts[1], low <= high else { return nil }
      range = low...high
    default: return nil
    }
  }
}

/// `0.55,0.4,0.05`.
struct MixtureArgument: ExpressibleByArgument {
  var mixture: DemonstrationMixture

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 3, let terse = parts[0], let steps = parts[1], let flawed = parts[2],
      let mixture = try? DemonstrationMixture(terse: terse, steps: steps, flawed: flawed)
    else { return nil }
    self.mixture = mixture
  }
}

extension TaskSplit: ExpressibleByArgument {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}

extension TaskDistinctness: ExpressibleByArgument {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
