import ArgumentParser
import Foundation
import HoneJSON
import HoneNumerics
import HoneTraining

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure rollout and training throughput.",
    discussion: """
      Random weights, forced lengths, no grading: the operations of a GRPO step and nothing else. \
      The share is the operations that the step needs over what this machine's sgemm could do in \
      the same time, measured in the same run.

      Scenarios: \(names). The scenario `code` is another thing: the speed of the code grader, \
      beside a fresh interpreter for every case, and what each layer of the sandbox costs.

      Example: hone bench tiny
      """)

  private static var names: String { BenchScenario.all.map(\.name).joined(separator: ", ") }
  private static let code = "code"

  @Argument(help: "A scenario. Default: all of them.")
  var scenario: String?

  @Option(help: "Steps to measure; the median is reported.")
  var steps: Int = 5

  @Option(help: "Steps to run first, not counted.")
  var warmup: Int = 1

  @OptionGroup var machine: MachineFlag

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps is \(steps), wanted at least 1") }
    if warmup < 0 { throw ValidationError("--warmup is \(warmup), wanted at least 0") }
    if let scenario, scenario != Self.code,
      !BenchScenario.all.contains(where: { $0.name == scenario })
    {
      throw ValidationError("no scenario '\(scenario)'; there are: \(Self.names), \(Self.code)")
    }
  }

  func run() throws {
    let console = machine.console
    if scenario == Self.code { return try runCode(console) }
    let bench = Bench(compute: Compute())
    let status = StatusLine(.error, .error)
    let table = Table([
      .init("scenario", minimum: 12), .init("s/step", .right, minimum: 7),
      .init("rollout", .right, minimum: 7), .init("train", .right, minimum: 7),
      .init("tokens/s", .right, minimum: 8), .init("sgemm GFLOP/s", .right, minimum: 13),
      .init("share", .right, minimum: 5), .init("peak MiB", .right, minimum: 8),
    ])
    if !machine.json { try console.say(console.style.dim(table.header)) }
    for scenario in BenchScenario.all where self.scenario ?? scenario.name == scenario.name {
      status.show("\(scenario.name): first step", force: true)
      let result = bench.run(scenario, warmup: warmup, steps: steps) { step in
        status.show("\(scenario.name): \(Self.text(step.total, digits: 2)) s a step", force: true)
      }
      status.clear()
      if machine.json {
        try console.row(result.json)
      } else {
        try console.say(table.line(cells(result)))
        try console.stream.flush()
      }
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
      for line in result.lines { try console.say(line) }
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

  private static func text(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
}
