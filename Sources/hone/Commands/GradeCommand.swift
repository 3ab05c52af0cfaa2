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
      the end is 65; a blank line gives no row. Where the machine can judge not a single row (no \
      interpreter, no sandbox) it is 74. Graders that run programs refuse to work (exit \
      code 69) where the isolation is below level 2.

      The reference may be under gold, answer, solution, ground_truth, reference or \
      reward_model.ground_truth. A completion is a text or a list of messages, of which the last \
      turn of the assistant counts. The samples of evaluate --output are rows as they are.

      An answer must be marked: <answer>, \\boxed{}, ####, "the answer is". A bare answer counts \
      only where the row says "mode": "answer", or --mode answer does for rows that say nothing.

      A program that writes all its rows before it reads the first answer waits for ever once the \
      pipes are full (some 1,800 short rows): write from a thread of its own, or read an answer \
      after each row.

      Graders: \(Graders.all.map(\.name).joined(separator: ", ")).

      Example: echo '{"id": "a", "gold": "1/2", "completion": "so \\\\boxed{0.5}"}' | \
      hone grade --grader math
      """)

  @Option(help: "The grader's name.")
  var grader: String

  @Option(help: "The mode of rows that name none: answer or response. Default: response.")
  var mode: String?

  @Option(help: "The policy of rows that name none (math: strict, math500, gsm8k, minerva).")
  var policy: String?

  @Option(
    name: .customLong("option"),
    help: ArgumentHelp(
      "A setting of the grader, such as margin=20; may be given several times.",
      valueName: "name=value"))
  var options: [String] = []

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
    let named: any Grader
    do throws(GraderError) {
      let plain = try Graders.named(
        grader, policy: policy, mode: mode, options: isolation.options(workers: workers))
      named = options.isEmpty ? plain : try plain.with(settings: try settings(of: plain))
    } catch {
      throw CommandError(.usage, error.message)
    }
    guard explain else { return named }
    guard var math = named as? MathGrader else {
      throw CommandError(.usage, "--explain works with the math grader only, not with '\(grader)'")
    }
    math.explains = true
    return math
  }

  /// The values of `--option`, each as its setting wants it.
  private func settings(of grader: any Grader) throws(GraderError) -> JSONObject {
    var values = JSONObject()
    for option in options {
      let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw GraderError("--option is '\(option)', wanted name=value")
      }
      let setting = grader.settings.first { $0.name == parts[0] }
      if let setting, setting.value(of: parts[1]) == nil {
        throw GraderError("--option \(option): wanted \(setting.wanted)")
      }
      values[parts[0]] = setting?.value(of: parts[1]) ?? .string(parts[1])
    }
    return values
  }

  func run() throws {
    let workers = workers ?? WorkerTeam.defaultWorkers
    let grader = try namedGrader(workers: workers)
    try grader.prepare()
    if let level = grader.isolation { machine.console.remark("isolation level \(level) of 3") }
    let pipe = GradePipe(grader: grader, workers: workers)
    let input = RowInput.announcedStandardInput()
    let summary = try pipe.run(input) { text in
      try OutputStream.standard.writeNow(CleanText(rows: text, for: .output))
    }
    let verdicts = Verdict.allCases.compactMap { verdict in
      summary.verdicts[verdict].map { "\($0) \(verdict.rawValue)" }
    }
    machine.console.remark("\(summary.rows) rows: \(verdicts.joined(separator: ", "))")
    let whole = summary.rows - summary.malformed
    if whole > 0, summary.notJudged == whole {
      throw CommandError(
        .inputOutput,
        "this machine could judge none of the \(whole) rows: \(summary.firstNotJudged). See what "
          + "hone doctor says, and grade them again")
    }
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
