import ArgumentParser
import HoneGraders
import HoneJSON
import HoneNumerics

struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Grade completions over a pipe, one row for each row.",
    discussion: """
      Reads {"id", "completion", "gold", ...} a line from standard input and writes {"id", \
      "verdict", "score", "extracted", "reason", "seconds"} a line, in input order, each as soon \
      as it can be. A malformed row is unscored, its reason names the line, and the exit code at \
      the end is 65. Graders that run programs refuse to work (exit code 69) where the isolation \
      is below level 2.

      Graders: \(Graders.all.map(\.name).joined(separator: ", ")).

      Example: echo '{"id": "a", "gold": "1/2", "completion": "so \\\\boxed{0.5}"}' | \
      hone grade --grader math
      """)

  @Option(help: "The grader's name.")
  var grader: String

  @Flag(help: "Tell how each verdict came about, under \"explanation\" (math only).")
  var explain = false

  @Option(help: "Threads that grade. Default: one a processor.")
  var workers: Int?

  @OptionGroup var isolation: IsolationFlag

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if let workers, !(1...1024).contains(workers) {
      throw ValidationError("--workers is \(workers), wanted 1 to 1024")
    }
  }

  private func namedGrader(workers: Int) throws -> any Grader {
    let named = try Graders.named(grader, options: isolation.options(workers: workers))
    guard explain else { return named }
    guard var math = named as? MathGrader else {
      throw CommandError(.usage, "--explain works with the math grader only, not with '\(grader)'")
    }
    math.explains = true
    return math
  }

  func run() throws {
    let workers = workers ?? WorkerTeam.defaultWorkers
    let grader = try namedGrader(workers: workers)
    try grader.prepare()
    if let level = grader.isolation { machine.console.remark("isolation level \(level) of 3") }
    let pipe = GradePipe(grader: grader, workers: workers)
    let input = RowInput.announcedStandardInput()
    let summary = try pipe.run(input) { text in
      try OutputStream.standard.writeNow(text)
    }
    let verdicts = Verdict.allCases.compactMap { verdict in
      summary.verdicts[verdict].map { "\($0) \(verdict.rawValue)" }
    }
    machine.console.remark("\(summary.rows) rows: \(verdicts.joined(separator: ", "))")
    if summary.malformed > 0 {
      throw CommandError(
        .badData,
        "<stdin>: \(summary.malformed) of \(summary.rows) rows are malformed; "
          + "the reasons of their output rows name the lines"
          + (summary.malformed < summary.rows
            ? "" : RowInput.format(of: input).map { "; \($0)" } ?? ""))
    }
  }
}
