import ArgumentParser
import Foundation
import HoneJSON
import HoneNumerics
import HoneTasks
import HoneTraining

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Run a recipe: stages of supervised training and GRPO.",
    discussion: """
      The run's folder holds everything: the resolved recipe, a row a step in metrics.jsonl, a row \
      a sample in completions.jsonl, evaluations.jsonl, and checkpoints that are whole or absent. \
      Ctrl-C gives up what is being computed, saves what was done and exits with 130; a second one \
      stops at once. A resumed run gives the bits of one that never stopped.

      Any key of the recipe can be set: --set stages.0.steps=20, or --set steps=20 where that is \
      unambiguous.

      Example: hone train tasks/recipes/quickstart.yaml --set steps=20 --output /data/run-1
      """)

  @Argument(help: "The recipe, a YAML file.")
  var recipe: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "A key of the recipe and its value, key=value. Can be repeated.")
  var overrides: [String] = []

  @Argument(help: "More of --set: key=value.")
  var more: [String] = []

  @Option(help: "The run's folder. Default: checkpoints/<name of the recipe>.")
  var output: String?

  @Flag(
    help: """
      Go on with the run in the folder, from its newest whole checkpoint; from the beginning where \
      there is none.
      """)
  var resume = false

  @Option(
    help: """
      With --resume: go on from the checkpoint after this step instead. What is newer is put aside \
      in the run's folder, whole; keys of a stage's optimizer may differ from here on.
      """)
  var from: Int?

  @Flag(
    help: "Print the resolved recipe, sizes, estimates and three prompts; train nothing.")
  var dryRun = false

  @Option(help: "Steps between lines of the report. Default: so that there are at most 50.")
  var reportEvery: Int?

  @OptionGroup var isolation: IsolationFlag

  @OptionGroup var verification: VerificationFlag

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if let reportEvery, reportEvery < 1 {
      throw ValidationError("--report-every is \(reportEvery), wanted at least 1")
    }
    if let from {
      guard resume else { throw ValidationError("--from goes with --resume") }
      if from < 1 { throw ValidationError("--from is \(from), wanted the step of a checkpoint") }
    }
    let paths = ([recipe] + more).filter { !Self.isSetting($0) }
    if paths.count > 1 {
      throw ValidationError("one recipe at a time; seen: \(paths.joined(separator: ", "))")
    }
    if paths.isEmpty { throw ValidationError("wanted a RECIPE.yaml beside \(recipe)") }
  }

  /// `key=value`, which may follow `--set` several at a time, even before the recipe.
  private static func isSetting(_ argument: String) -> Bool {
    argument.contains("=") && !FileManager.default.fileExists(atPath: argument)
  }

  func run() throws {
    let file = ([recipe] + more).first { !Self.isSetting($0) } ?? recipe
    let settings = overrides + ([recipe] + more).filter(Self.isSetting)
    let recipe = try Recipe.load(contentsOf: file, overrides: settings)
    let folder = output ?? "checkpoints/\(recipe.name)"
    do {
      if dryRun {
        try DryRun(
          recipe: recipe, recipeFile: file, folder: folder,
          graders: isolation.options(workers: WorkerTeam.defaultWorkers),
          verifies: verification.verifies
        ).run(machine.console)
      } else {
        try train(recipe, file: file, folder: folder)
      }
    } catch let error as TaskError where error.file == nil {
      // A family that cannot give what was asked for: the recipe asked.
      throw CommandError(.badRecipe, "\(file): \(error.message)")
    }
  }

  private func train(
    _ recipe: Recipe, file: String, folder: String
  ) throws {
    StopSignals.install()
    let console = machine.console
    let display = TrainingDisplay(
      console: console, title: recipe.name,
      facts: [("model", recipe.model.shown), ("run", folder)], reportEvery: reportEvery,
      onFailure: { StopSignals.requestStop() })
    let arguments = Array(CommandLine.arguments.dropFirst())
    let compute = Compute(interruption: StopSignals.interruption)
    let graders = isolation.options(workers: compute.team.workers)
    let isThere = try RunFolder.holdsRun(folder)
    if let from, !isThere {
      throw CommandError(.missingFile, "\(folder): there is no run to go on with from step \(from)")
    }
    if resume { remarkOnBeginning(folder, isThere, console) }
    let run: TrainingRun
    // A run that was killed before its folder was whole is resumed from the beginning.
    if resume, isThere {
      run = try .resume(
        recipe, recipeFile: file, from: from, at: folder, arguments: arguments, compute: compute,
        graders: graders, verifiesModels: verification.verifies, sink: display,
        shouldStop: { StopSignals.request })
    } else {
      run = try .start(
        recipe, recipeFile: file, at: folder, arguments: arguments, compute: compute,
        graders: graders, verifiesModels: verification.verifies, sink: display,
        shouldStop: { StopSignals.request })
    }
    StopSignals.begin()
    let outcome: TrainingRun.Outcome
    do {
      outcome = try run.run()
    } catch let error as TrainingError where error.kind == .terminated {
      // Stopped because nothing could be shown any more: that is the error to report.
      guard var failure = display.failure else { throw error }
      failure.isQuiet = false
      failure.description += "; \(error.message)"
      throw failure
    }
    if let failure = display.failure { throw failure }
    try tell(outcome, console)
  }

  /// Whoever asks to go on is told where there is nothing to go on from; a misspelt folder, mostly.
  private func remarkOnBeginning(_ folder: String, _ isThere: Bool, _ console: Console) {
    if !isThere {
      console.remark("no run in \(folder.shown()) yet: starting from the beginning")
    } else if (try? CheckpointStore(folder: folder).all())?.isEmpty == true {
      console.remark("no checkpoint in \(folder.shown()) yet: starting from the beginning")
    }
  }

  private func tell(_ outcome: TrainingRun.Outcome, _ console: Console) throws {
    if console.isMachine {
      try console.row([
        "event": "done", "folder": .string(outcome.folder), "steps": .integer(outcome.steps),
        "best_step": outcome.best.map { .integer($0.step) } ?? .null,
        "best_metric": outcome.best.map { .string($0.name.rawValue) } ?? .null,
        "best_value": outcome.best.map { .number($0.metric) } ?? .null,
        "best_pass@1": outcome.best.flatMap { $0.name == .passAt1 ? .number($0.metric) : nil }
          ?? .null,
        "pass@1_before": outcome.evaluated.before.map { .number($0) } ?? .null,
        "pass@1_after": outcome.evaluated.after.map { .number($0) } ?? .null,
        "was_finished": .bool(outcome.wasFinished),
      ])
    }
    let folder = outcome.folder.shown()
    if outcome.wasFinished {
      try console.say("\(folder): the run is finished, \(outcome.steps) steps; nothing to do")
      return
    }
    var text = "done    \(outcome.steps) steps"
    if let before = outcome.evaluated.before, let after = outcome.evaluated.after {
      text +=
        ", pass@1 \(before.shownPercent(digits: 1)) before, \(after.shownPercent(digits: 1)) after"
    }
    if let best = outcome.best {
      text +=
        ", best \(best.name.rawValue) \(best.metric.shownPercent(digits: 1)) after step \(best.step)"
    }
    try console.say(StyledText(text + ", in \(folder)"), indent: 8)
    if console.terminal.isTerminal {
      try console.say(
        console.style.dim("next    hone generate \(folder) --prompt … --template model"), indent: 8)
    }
  }
}

extension ModelSource {
  /// The source in one line.
  var shown: String {
    switch self {
    case .folder(let path): path
    case .architecture(let a):
      "random weights: \(a.family.rawValue), \(a.layers) layers, \(a.hiddenSize) wide"
    }
  }
}
