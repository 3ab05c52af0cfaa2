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
      Random weights, forced lengths, no grading: the operations of a GRPO step and nothing else.
      The share is the operations that the step needs over what this machine's sgemm could do in
      the same time, measured in the same run.

      Example: hone bench tiny
      """)

  @Argument(help: "A scenario: tiny, long-prompt or smol135. Default: all of them.")
  var scenario: String?

  @Option(help: "Steps to measure; the median is reported.")
  var steps: Int = 5

  @Option(help: "Steps to run first, not counted.")
  var warmup: Int = 1

  @Flag(help: "One JSON object a scenario on standard output.")
  var json = false

  func validate() throws {
    if steps < 1 { throw ValidationError("--steps is \(steps), wanted at least 1") }
    if warmup < 0 { throw ValidationError("--warmup is \(warmup), wanted at least 0") }
    if let scenario, !BenchScenario.all.contains(where: { $0.name == scenario }) {
      let names = BenchScenario.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no scenario '\(scenario)'; there are: \(names)")
    }
  }

  func run() throws {
    let scenarios = BenchScenario.all.filter { scenario == nil || $0.name == scenario }
    let compute = Compute()
    let names = [
      "scenario", "s/step", "rollout", "train", "tokens/s", "sgemm GFLOP/s", "share", "peak MiB",
    ]
    if !json { print(row(names)) }
    for scenario in scenarios {
      let result = Bench(compute: compute).run(scenario, warmup: warmup, steps: steps) { step in
        guard isatty(2) == 1 else { return }
        let text = String(format: "\r%@: %.2f s", scenario.name, step.total)
        FileHandle.standardError.write(Data(text.utf8))
      }
      if isatty(2) == 1 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
      if json {
        print(result.json.serialized())
      } else {
        let step = result.median
        print(
          row([
            scenario.name, String(format: "%.2f", step.total),
            String(format: "%.2f", step.rollout), String(format: "%.2f", step.training),
            String(format: "%.0f", Double(scenario.sampledTokens) / step.total),
            String(format: "%.0f", result.multiplyRate / 1e9),
            String(format: "%.2f", result.share), String(result.peakBytes >> 20),
          ]))
      }
    }
  }

  private func row(_ cells: [String]) -> String {
    let widths = [12, 8, 8, 8, 9, 14, 6, 9]
    return zip(cells, widths).map { cell, width in
      cell == cells.first
        ? cell.padding(toLength: width, withPad: " ", startingAt: 0)
        : String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: " ")
  }
}
