import ArgumentParser
import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText
import HoneTraining

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measure a policy on problems.",
    discussion: """
      One sample a problem is greedy; several are drawn at temperature 1 unless told otherwise. \
      pass@1 comes with its 95 % interval, clustered by problem; pass@k and maj@k over the samples. \
      With --output every sample is in a .samples.jsonl beside the results. The prompt template is \
      the one that the policy was trained with, unless named. Ctrl-C ends early: the problems that are \
      done are counted, and written to results.partial.json beside what --output names.

      Example: hone evaluate checkpoints/base --tasks tasks/arithmetic/test.jsonl --samples 4
      """)

  @Argument(help: "A model folder, or a run folder (its best checkpoint, or its latest).")
  var model: String

  @Option(help: "A task file of any known layout.")
  var tasks: String

  @Option(help: "Samples a problem.")
  var samples: Int = 1

  @Option(help: "The prompt template. Default: the model's own, or plain.")
  var template: String?

  @Option(help: "A text that every completion is made to begin with.")
  var prefix: String = ""

  @Option(help: "The most problems: a draw by a seeded permutation, the same at every call.")
  var limit: Int?

  @Option(help: "Where to write results.json, replaced as a whole; samples go beside it.")
  var output: String?

  @OptionGroup var reading: TaskReading

  @OptionGroup var sampling: SamplingArguments

  @OptionGroup var isolation: IsolationFlag

  @OptionGroup var verification: VerificationFlag

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if samples > 1, sampling.temperature == 0 {
      throw ValidationError(
        "\(samples) samples at temperature 0 are \(samples) times the same; "
          + "wanted --temperature above 0, or --samples 1")
    }
    if samples < 1 { throw ValidationError("--samples is \(samples), wanted at least 1") }
    if let limit, limit < 1 { throw ValidationError("--limit is \(limit), wanted at least 1") }
  }

  func run() throws {
    let console = machine.console
    if let output {
      try WholeFile.prepare(output)
      try WholeFile.prepare(Self.samplesPath(output))
    }
    let set = try TaskSet.load(path: tasks, options: reading.options)
    console.remark("\(tasks): \(set.summary.shown())")
    let draw = ProblemDraw(limit: limit)
    let problems = draw(set.problems)
    if let drawn = draw.summary(of: set.problems.count) { console.remark("\(tasks): \(drawn)") }
    StopSignals.install()
    let loaded = try console.load(model, verification, interruption: StopSignals.interruption)
    let template = try loaded.template(named: template) ?? loaded.template ?? .plain
    let evaluator = Evaluator(
      model: loaded, template: template,
      settings: Evaluator.Settings(
        samples: samples,
        sampling: sampling.options(defaultTemperature: samples == 1 ? 0 : 1),
        maximumTokens: sampling.maxTokens ?? 128, seed: Int(truncatingIfNeeded: sampling.seed),
        stopStrings: template.stopStrings, prefix: prefix),
      graders: isolation.options(workers: loaded.policy.compute.team.workers))
    try evaluator.requireGradable(problems, as: tasks)
    let status = StatusLine(.error, .error)
    StopSignals.begin()
    let results = try evaluator.evaluateUntilInterrupted(problems) { done, total in
      let bar = ProgressBar(Double(done) / Double(max(1, total)), width: 20)
      status.show("evaluating \(bar) \(done)/\(total)")
    }
    status.clear()
    if results.isEmpty, let request = StopSignals.request {
      throw Self.stopped(request, after: 0, of: problems.count)
    }
    var row = JSONObject([("model", .string(loaded.path))])
    if let step = try? ModelLocation(loaded.path).step { row["step"] = .integer(step) }
    row.merge(evaluator.summary(results, tasks: tasks))
    // Asked to end when all was done, it has nothing to end.
    let request = results.count < problems.count ? StopSignals.request : nil
    if request != nil { row["problems_wanted"] = .integer(problems.count) }
    draw.write(to: &row, count: set.problems.count)
    // What was measured is shown before anything can go wrong with its files.
    if machine.json { try console.row(.object(row)) }
    let statistics = EvaluationStatistics(results)
    try console.say(EvaluationTable(statistics).table)
    if statistics.unscored == 1, let first = results.first?.samples.first {
      try console.say("nothing could be scored; the first sample: \(first.reason.shown())")
    }
    try console.stream.flush()
    if let output {
      // Part of the problems does not take the place of an evaluation of all.
      let output = request == nil ? output : Self.stem(output) + ".partial.json"
      try WholeFile.write(Self.sampleRows(results), to: Self.samplesPath(output))
      try WholeFile.write(JSON.object(row).serialized(pretty: true) + "\n", to: output)
      try console.say("\(output) and \(Self.samplesPath(output))")
    }
    if let request {
      throw Self.stopped(request, after: results.count, of: problems.count)
    }
  }

  private static func stopped(
    _ request: TrainingRun.StopRequest, after done: Int, of count: Int
  ) -> CommandError {
    CommandError(
      request == .interrupted ? .interrupted : .terminated,
      "stopped after \(done) of \(count) problems")
  }

  /// `results.json` has its samples in `results.samples.jsonl`.
  private static func samplesPath(_ output: String) -> String {
    stem(output) + ".samples.jsonl"
  }

  private static func stem(_ output: String) -> String {
    output.hasSuffix(".json") ? String(output.dropLast(5)) : output
  }

  private static func sampleRows(_ problems: [EvaluatedProblem]) -> String {
    var text = ""
    for problem in problems {
      for (index, sample) in problem.samples.enumerated() {
        var row: JSONObject = [
          "problem": .string(problem.problem.id), "sample": .integer(index),
          "question": .string(problem.problem.question),
          "answer": problem.problem.answer.map { .string($0) } ?? .null,
          "completion": .string(sample.text), "verdict": .string(sample.verdict.rawValue),
          "extracted": sample.extracted.map { .string($0) } ?? .null,
          "reason": .string(sample.reason),
          "reward": sample.reward.map { .number($0) } ?? .null,
          "vote": problem.votes[index].map { .integer($0) } ?? .null,
          "tokens": .integer(sample.tokens), "truncated": .bool(sample.isTruncated),
        ]
        // With what its grader needs, so that `hone grade` judges the row again.
        row["grader"] = .string(problem.problem.grader)
        if let tests = problem.problem.tests { row["tests"] = tests }
        for (key, value) in problem.problem.settings.pairs where row[key] == nil {
          row[key] = value
        }
        text += JSON.object(row).serialized() + "\n"
      }
    }
    return text
  }
}
