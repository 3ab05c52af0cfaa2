import ArgumentParser
import Foundation
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTraining

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure rollout and training throughput.",
    discussion: """
      Random weights, forced lengths, no grading: the operations of a GRPO step and nothing else. \
      The share is the operations that the step needs over what this machine's sgemm could do in \
      the same time, measured in the same run.

      Scenarios: \(names(BenchScenario.all)); \(names(BenchScenario.large)), which takes minutes \
      and gigabytes and is run only by its name; \(names(BenchScenario.decoding)), which measure \
      decoding alone, beside the bandwidth of the memory.

      Two more are other things. `growth`: how a step's cost grows with tokens, group size, prompt \
      length, depth and width, some three minutes. `code`: the speed of the code grader, beside a \
      fresh interpreter for every case, and what each layer of the sandbox costs.

      Example: hone bench tiny
      """)

  private static func names(_ scenarios: [BenchScenario]) -> String {
    scenarios.map(\.name).joined(separator: ", ")
  }
  private static let code = "code"
  private static let growth = "growth"
  private static var allNames: [String] {
    (BenchScenario.all + BenchScenario.large + BenchScenario.decoding).map(\.name) + [growth, code]
  }

  @Argument(
    help: "A scenario. Default: \(names(BenchScenario.all)), \(names(BenchScenario.decoding)).")
  var scenario: String?

  @Option(help: "Steps to measure; the median is reported. Default: 5, and 3 for growth.")
  var steps: Int?

  @Option(help: "Steps to run first, not counted.")
  var warmup: Int = 1

  @Option(
    help: "Number formats: fp32, bf16 or fp8, and choices that differ: bf16,gradients=bf16.")
  var precision = "fp32"

  @Flag(help: "Do forward passes again for the backward pass instead of keeping them.")
  var activationCheckpointing = false

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    do throws(PrecisionError) {
      _ = try Precision(list: precision)
    } catch {
      throw ValidationError("--precision: \(error.description)")
    }
    let isStep = scenario.map { name in
      (BenchScenario.all + BenchScenario.large).contains { $0.name == name }
    }
    if activationCheckpointing, isStep == false {
      throw ValidationError(
        "--activation-checkpointing is for whole steps, and '\(scenario ?? "")' is none")
    }
    if precision != "fp32", scenario == Self.code {
      throw ValidationError("--precision does not matter to '\(Self.code)'; leave it out")
    }
    if let steps, steps < 1 { throw ValidationError("--steps is \(steps), wanted at least 1") }
    if warmup < 0 { throw ValidationError("--warmup is \(warmup), wanted at least 0") }
    if let scenario, !Self.allNames.contains(scenario) {
      throw ValidationError(
        "no scenario '\(scenario)'; there are: \(Self.allNames.joined(separator: ", "))")
    }
  }

  func run() throws {
    let console = machine.console
    if scenario == Self.code { return try runCode(console) }
    let compute = Compute()
    try BLASLibrary.require(threads: compute.team.workers)
    let bench = Bench(
      compute: compute,
      precision: try Precision(list: precision),
      recomputes: activationCheckpointing)
    if scenario == Self.growth { return try runGrowth(bench, console) }
    let whole = BenchScenario.all.filter { scenario ?? $0.name == $0.name }
    try runSteps(bench, whole + BenchScenario.large.filter { scenario == $0.name }, console)
    try runDecoding(
      bench, BenchScenario.decoding.filter { scenario ?? $0.name == $0.name }, console)
  }

  private func runSteps(
    _ bench: Bench, _ scenarios: [BenchScenario], _ console: Console
  ) throws {
    let table = Table([
      .init("scenario", minimum: 12), .init("s/step", .right, minimum: 7),
      .init("rollout", .right, minimum: 7), .init("train", .right, minimum: 7),
      .init("tokens/s", .right, minimum: 8), .init("GFLOP/s", .right, minimum: 7),
      .init("share", .right, minimum: 5), .init("peak MiB", .right, minimum: 8),
    ])
    try show(scenarios, table, console) { scenario, status in
      let result = bench.run(scenario, warmup: warmup, steps: steps ?? 5) { step in
        status("\(Self.text(step.total, digits: 2)) s a step")
      }
      return (result.json, cells(result))
    }
  }

  private func runDecoding(
    _ bench: Bench, _ scenarios: [BenchScenario], _ console: Console
  ) throws {
    let table = Table([
      .init("decoding", minimum: 12), .init("ms/step", .right, minimum: 7),
      .init("tokens/s", .right, minimum: 8), .init("weights GB/s", .right, minimum: 12),
      .init("memory GB/s", .right, minimum: 11), .init("share", .right, minimum: 5),
      .init("peak MiB", .right, minimum: 8),
    ])
    try show(scenarios, table, console) { scenario, status in
      let result = bench.decode(scenario, warmup: warmup, runs: steps ?? 5) { seconds in
        status("\(Self.text(1000 * seconds, digits: 1)) ms a token")
      }
      return (
        result.json,
        [
          scenario.name, Self.text(1000 * result.secondsPerStep, digits: 1),
          Self.text(result.tokensPerSecond, digits: 1),
          Self.text(result.weightBytesPerSecond / 1e9, digits: 1),
          Self.text(result.readBandwidth / 1e9, digits: 1),
          Self.text(result.bandwidthShare, digits: 2), String(result.peakBytes >> 20),
        ]
      )
    }
  }

  /// Measures scenario after scenario and shows each as soon as it is done.
  private func show(
    _ scenarios: [BenchScenario], _ table: Table, _ console: Console,
    measure: (BenchScenario, (String) -> Void) throws -> (row: JSON, cells: [String])
  ) throws {
    if scenarios.isEmpty { return }
    let status = StatusLine(.error, .error)
    if !machine.json { try sayHeader(table, console) }
    for scenario in scenarios {
      status.show("\(scenario.name): first step", force: true)
      let (row, cells) = try measure(scenario) {
        status.show("\(scenario.name): \($0)", force: true)
      }
      status.clear()
      if machine.json {
        try console.row(row)
      } else {
        try say(cells, table, console)
        try console.stream.flush()
      }
    }
  }

  private func sayHeader(_ table: Table, _ console: Console) throws(CommandError) {
    guard let header = table.header(width: console.width) else { return }
    try console.say(console.style.dim(header))
  }

  private func say(_ cells: [String], _ table: Table, _ console: Console) throws(CommandError) {
    for line in table.grown(cells, width: console.width) { try console.say(StyledText(line)) }
  }

  private func runGrowth(_ bench: Bench, _ console: Console) throws {
    let status = StatusLine(.error, .error)
    let points = Table([
      .init("axis", minimum: 12), .init("value", .right, minimum: 6),
      .init("s/step", .right, minimum: 8), .init("rollout", .right, minimum: 8),
      .init("train", .right, minimum: 8), .init("GFLOP", .right, minimum: 8),
    ])
    if !machine.json { try sayHeader(points, console) }
    let growth = GrowthBench(bench: bench)
    var fits: [GrowthFit] = []
    for axis in GrowthAxis.allCases {
      var measured: [GrowthPoint] = []
      for value in axis.values {
        status.show("growth: \(axis.name) \(value)", force: true)
        let point = growth.measure(axis, value: value, warmup: warmup, steps: steps ?? 3)
        status.clear()
        measured.append(point)
        if machine.json {
          try console.row(point.json)
        } else {
          try say(cells(point), points, console)
          try console.stream.flush()
        }
      }
      fits.append(GrowthFit(axis, measured))
    }
    if machine.json {
      for fit in fits { try console.row(fit.json) }
      return
    }
    let slopes = Table([
      .init("slope against", minimum: 14), .init("rollout", .right, minimum: 8),
      .init("train", .right, minimum: 8), .init("step", .right, minimum: 8),
      .init("operations", .right, minimum: 10),
    ])
    try console.say("")
    try sayHeader(slopes, console)
    for fit in fits {
      let numbers = [fit.rollout, fit.training, fit.step, fit.operations]
      try say([fit.axis.name] + numbers.map { Self.text($0, digits: 2) }, slopes, console)
    }
  }

  private func runCode(_ console: Console) throws {
    let status = StatusLine(.error, .error)
    let result = try CodeBench(workers: WorkerTeam.defaultWorkers).run {
      status.show("code: \($0)", force: true)
    }
    status.clear()
    if machine.json {
      try console.row(result.json)
    } else {
      for line in result.lines { try console.say(StyledText(line)) }
    }
  }

  private func cells(_ result: BenchResult) -> [String] {
    let step = result.median
    return [
      result.scenario.name, Self.text(step.total, digits: 2), Self.text(step.rollout, digits: 2),
      Self.text(step.training, digits: 2),
      Self.text(Double(result.scenario.sampledTokens) / step.total, digits: 0),
      Self.text(result.multiplyRate / 1e9, digits: 0), Self.text(result.share, digits: 2),
      String(result.peakBytes >> 20),
    ]
  }

  private func cells(_ point: GrowthPoint) -> [String] {
    [
      point.axis.name, String(point.value), Self.text(point.step.total, digits: 3),
      Self.text(point.step.rollout, digits: 3), Self.text(point.step.training, digits: 3),
      Self.text(point.scenario.operations / 1e9, digits: 1),
    ]
  }

  private static func text(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
