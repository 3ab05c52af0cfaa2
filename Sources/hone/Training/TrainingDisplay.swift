import HoneJSON
import HoneTraining

/// Shows a run to people as it goes, and to machines as rows of events.
///
/// On a terminal: a panel, a table that grows, a line that lives inside a step. Elsewhere:
/// `key=value` lines. With `--json` every event is also a row on standard output.
final class TrainingDisplay: ProgressSink {
  private let console: Console
  private let title: String
  private let facts: [(String, String)]
  private let reportEvery: Int?
  /// Called once when nothing can be shown any more: full disk, or a reader that has left.
  private let onFailure: () -> Void
  private let status: StatusLine
  private var table: StepTable?
  private var steps = 1...1
  private var stepSeconds: [Double] = []
  private var firstEvaluation: Double?
  private var needsHeader = true
  /// What went wrong with the output, if anything did.
  private(set) var failure: CommandError?

  /// A display.
  ///
  /// - Parameters:
  ///   - title: names the run in its panel; facts: lines of the panel before the stage's own.
  ///   - reportEvery: steps between lines; nil chooses.
  init(
    console: Console, title: String, facts: [(String, String)], reportEvery: Int?,
    onFailure: @escaping () -> Void
  ) {
    self.console = console
    self.title = title
    self.facts = facts
    self.reportEvery = reportEvery
    self.onFailure = onFailure
    status = StatusLine(console.stream, console.terminal)
  }

  func handle(_ event: ProgressEvent) {
    do throws(CommandError) {
      if console.isMachine, let row = event.json { try console.row(row) }
      try show(event)
    } catch {
      guard failure == nil else { return }
      failure = error
      onFailure()
    }
  }

  private func show(_ event: ProgressEvent) throws(CommandError) {
    switch event {
    case .stageStarted(let index, let kind, let first, let last, let summary):
      try showStage(index: index, kind: kind, first: first, last: last, summary: summary)
    case .progress(let step, let phase, let done, let total):
      status.show(self.progress(step, phase, done, total))
    case .stepFinished(let row, let good, let bad):
      try showStep(row, good: good, bad: bad)
    case .probed(let row):
      try showProbe(row)
    case .evaluated(let row):
      try showEvaluation(row)
    case .checkpointSaved(let path, let step, let isBest):
      if console.terminal.isTerminal {
        if isBest { try say(console.style.dim("        saved \(path.shown()), the best so far")) }
      } else {
        try say("checkpoint=\(JSON.string(path).serialized()) step=\(step) best=\(isBest)")
      }
    case .note(let text):
      let text = text.shown()
      try say(
        console.terminal.isTerminal
          ? console.style.yellow("note") + "  " + StyledText(text)
          : "note=\(JSON.string(text).serialized())")
    }
  }

  /// A line for people, at once, in place of the line that lives.
  private func say(_ line: StyledText) throws(CommandError) {
    status.clear()
    try console.say(line, indent: 8)
    try console.stream.flush()
  }

  // MARK: - Events

  private func showStage(
    index: Int, kind: String, first: Int, last: Int, summary: [(String, String)]
  ) throws(CommandError) {
    steps = min(first, last)...last
    table = StepTable(kind: kind, steps: steps, every: reportEvery, width: console.width)
    stepSeconds = []
    needsHeader = true
    // Numbers of another stage's problems would not compare.
    firstEvaluation = nil
    guard console.terminal.isTerminal else {
      try say("stage=\(index) kind=\(kind) first_step=\(first) last_step=\(last)")
      return
    }
    // A later stage goes on with the policy of the one before it.
    let facts =
      index == 0
      ? facts : facts.map { ($0.0, $0.0 == "model" ? "the policy of stage \(index)" : $0.1) }
    let panel = Panel(
      title: "hone train: \(title), stage \(index + 1), \(kind), steps \(first) to \(last)".shown(),
      lines: (facts + summary).map { ($0.0, $0.1.shown()) })
    for line in panel.text(console.terminal) { try say(line) }
  }

  private func showStep(
    _ row: JSONObject, good: ProgressEvent.Excerpt?, bad: ProgressEvent.Excerpt?
  ) throws(CommandError) {
    if let seconds = row["step_time"]?.double { stepSeconds.append(seconds) }
    guard table?.add(row) == true else { return }
    if console.terminal.isTerminal {
      if needsHeader, let header = table?.header { try say(console.style.dim(header)) }
      needsHeader = false
      if let line = table?.line() { try say(StyledText(line)) }
      for excerpt in [good, bad] {
        if let excerpt { try say(excerpt.line(console.terminal)) }
      }
    } else {
      if let line = table?.plainLine() { try say(StyledText(line)) }
      for excerpt in [good, bad] {
        if let excerpt { try say(StyledText(excerpt.plainLine)) }
      }
    }
  }

  private func showProbe(_ row: JSONObject) throws(CommandError) {
    let probe = HealthNotes.judge(row: row)
    guard console.terminal.isTerminal else {
      let keys = ["problems", "samples", "pass@1", "pass@k", "learnable_groups"]
      let numbers = keys.compactMap { key in row[key].map { "\(key)=\($0.serialized())" } }
      let note = "note=\(JSON.string(probe.text).serialized())"
      try say(StyledText((["probe"] + numbers + [note]).joined(separator: " ")))
      return
    }
    let style = console.style
    let text = StyledText(probe.text)
    try say(probe.hasSignal ? style.green(text) : style.yellow(text))
  }

  private func showEvaluation(_ row: JSONObject) throws(CommandError) {
    let pass = row["pass@1"]?.double ?? .nan
    defer { if pass.isFinite { firstEvaluation = firstEvaluation ?? pass } }
    guard console.terminal.isTerminal else {
      let keys = [
        "step", "problems", "samples", "pass@1", "pass@1_low", "pass@1_high", "mean_length",
        "unscored",
      ]
      let numbers = keys.compactMap { key in row[key].map { "\(key)=\($0.serialized())" } }
      try say(StyledText((["evaluation"] + numbers).joined(separator: " ")))
      return
    }
    needsHeader = true
    let problems = row["problems"]?.int ?? 0
    guard pass.isFinite else {
      try say(
        console.style.bold("eval") + "    "
          + console.style.yellow("nothing could be scored, \(problems) problems"))
      return
    }
    let before = firstEvaluation.map { $0.shownPercent(digits: 1) + " → " } ?? ""
    let low = (row["pass@1_low"]?.double ?? .nan).shownPercent(digits: 1)
    let high = (row["pass@1_high"]?.double ?? .nan).shownPercent(digits: 1)
    let length = (row["mean_length"]?.double ?? .nan).shown(digits: 0)
    let unscored = row["unscored"]?.double ?? 0
    var text = "    pass@1 \(before)\(pass.shownPercent(digits: 1))"
    text += " (95 %: \(low) to \(high)), \(problems) problems, mean length \(length)"
    if unscored > 0 { text += ", \(unscored.shownPercent(digits: 1)) unscored" }
    try say(console.style.bold("eval") + StyledText(text))
  }

  private func progress(
    _ step: Int, _ phase: ProgressEvent.Phase, _ done: Int, _ total: Int
  ) -> String {
    let names: [ProgressEvent.Phase: String] = [
      .rollout: "sampling", .grade: "grading", .train: "training", .evaluate: "evaluating",
    ]
    let name = (names[phase] ?? phase.rawValue).padded(to: 10)
    let bar = ProgressBar(Double(done) / Double(max(1, total)), width: 20)
    var text = "\(name) \(bar) \(done)/\(total) · step \(step)/\(steps.upperBound)"
    // The last steps say more about the next ones than the first.
    let recent = stepSeconds.suffix(10)
    if !recent.isEmpty, phase != .evaluate {
      let mean = recent.reduce(0, +) / Double(recent.count)
      let left = Double(steps.upperBound - step + 1) * mean
      text += " · about \(left.shownDuration) left"
    }
    return text
  }
}

extension ProgressEvent {
  /// The event as a row; nil for those that only live on a screen.
  fileprivate var json: JSON? {
    func row(_ event: String, _ fields: JSONObject) -> JSON {
      var row: JSONObject = ["event": .string(event)]
      row.merge(fields)
      return .object(row)
    }
    switch self {
    case .stageStarted(let index, let kind, let first, let last, let summary):
      return row(
        "stage",
        [
          "stage": .integer(index), "kind": .string(kind), "first_step": .integer(first),
          "last_step": .integer(last),
          "summary": .object(JSONObject(summary.map { ($0.0, .string($0.1)) })),
        ])
    case .progress: return nil
    case .stepFinished(let fields, _, _): return row("step", fields)
    case .probed(let fields): return row("probe", fields)
    case .evaluated(let fields): return row("evaluation", fields)
    case .checkpointSaved(let path, let step, let isBest):
      return row(
        "checkpoint", ["path": .string(path), "step": .integer(step), "best": .bool(isBest)])
    case .note(let text): return row("note", ["text": .string(text)])
    }
  }
}
