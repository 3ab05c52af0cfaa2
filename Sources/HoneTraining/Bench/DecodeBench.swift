import Foundation
public import HoneJSON
import HoneNumerics
public import HonePolicy

/// The measurements of decoding alone.
public struct DecodeResult: Sendable {
  /// What was run.
  public var scenario: BenchScenario
  /// Seconds of prompts and first tokens, one a run.
  public var prefillSeconds: [Double]
  /// Seconds of all further tokens, one a run.
  public var decodeSeconds: [Double]
  /// Bytes a second that all workers read from memory, measured in the same run.
  public var readBandwidth: Double
  /// Operations a second of large square products in the same run.
  public var multiplyRate: Double
  /// Largest resident size of the process when decoding had ended, bytes.
  public var peakBytes: Int
  /// Threads that worked.
  public var workers: Int
  /// Number formats.
  public var precision: Precision

  /// Decoding steps of a run: the first token of each completion comes from its prompt's pass.
  public var decodingSteps: Int { scenario.completionLength - 1 }

  /// Seconds of one decoding step (a token of every completion): the median run's mean.
  public var secondsPerStep: Double {
    decodeSeconds.sorted()[decodeSeconds.count / 2] / Double(decodingSteps)
  }

  /// Tokens a second over all completions.
  public var tokensPerSecond: Double { Double(scenario.samples) / secondsPerStep }

  /// Bytes of weights read a second, each weight once a step.
  public var weightBytesPerSecond: Double {
    Double(weightBytes) / secondsPerStep
  }

  /// Bytes of weights that a step reads, as they lie.
  public var weightBytes: Int { scenario.decodeWeightBytes(precision) }

  /// Bytes of weights read a second over what this machine's memory gives: bounded by 1 where the
  /// weights fit in no cache.
  public var bandwidthShare: Double { weightBytesPerSecond / readBandwidth }

  /// Everything needed to compute the rates again.
  public var json: JSON {
    [
      "scenario": .string(scenario.name), "measures": "decode",
      "precision": precision.json,
      "parameters": .integer(ParameterLayout(scenario.configuration).parameterCount),
      "samples": .integer(scenario.samples), "prompts": .integer(scenario.prompts),
      "group_size": .integer(scenario.groupSize),
      "prompt_length": .integer(scenario.promptLength),
      "completion_length": .integer(scenario.completionLength),
      "decoding_steps": .integer(decodingSteps),
      "prefill_seconds": .array(prefillSeconds.map(JSON.number)),
      "decode_seconds": .array(decodeSeconds.map(JSON.number)),
      "step_seconds": .number(secondsPerStep), "tokens_per_second": .number(tokensPerSecond),
      "weight_bytes": .integer(weightBytes),
      "mean_cache_bytes": .number(scenario.decodeCacheBytes(precision)),
      "weight_bytes_per_second": .number(weightBytesPerSecond),
      "read_bandwidth": .number(readBandwidth), "bandwidth_share": .number(bandwidthShare),
      "sgemm_rate": .number(multiplyRate),
      "peak_resident_bytes": .integer(peakBytes), "workers": .integer(workers),
    ]
  }
}

extension Bench {
  /// Measures decoding: completions of a forced length, from their second token on.
  ///
  /// - Parameters:
  ///   - scenario: at least two tokens a completion.
  ///   - warmup: runs that are not counted; runs: those that are, at least 1.
  ///   - report: called after each run with the seconds of a decoding step.
  public func decode(
    _ scenario: BenchScenario, warmup: Int = 1, runs: Int = 5, report: (Double) -> Void = { _ in }
  ) -> DecodeResult {
    precondition(scenario.completionLength >= 2, "decoding begins with the second token")
    precondition(runs >= 1, "\(runs) runs; one at least is measured")
    MachineMemory.forgetPeak()
    let policy = policy(scenario)
    let generator = Generator(policy: policy, rows: scenario.samples)
    var prefill: [Double] = []
    var decode: [Double] = []
    for run in 0..<warmup + runs {
      let requests = requests(scenario, step: run)
      let start = ContinuousClock.now
      var firstTokens: ContinuousClock.Instant?
      _ = generator.randomCompletions(requests, length: scenario.completionLength) {
        if firstTokens == nil { firstTokens = .now }
      }
      let end = ContinuousClock.now
      let seconds = (end - (firstTokens ?? start)) / .seconds(1)
      report(seconds / Double(scenario.completionLength - 1))
      if run < warmup { continue }
      prefill.append(((firstTokens ?? start) - start) / .seconds(1))
      decode.append(seconds)
    }
    // Before the machine's rates are measured, whose buffers are no part of decoding.
    let peak = MachineMemory.peakResidentBytes
    return DecodeResult(
      scenario: scenario, prefillSeconds: prefill, decodeSeconds: decode,
      readBandwidth: compute.readBandwidth(), multiplyRate: compute.squareMultiplyRate(),
      peakBytes: peak, workers: compute.team.workers, precision: precision)
  }
}

extension Generator {
  /// Completions of one length by random weights, which are small enough to predict numbers.
  func randomCompletions(
    _ requests: [GenerationRequest], length: Int, onToken: @escaping () -> Void = {}
  ) -> [[Completion]] {
    do throws(NonFinitePrediction) {
      return try generate(
        requests, options: SamplingOptions(),
        stop: StopRule(tokens: [], maximumTokens: length), onToken: { _, _ in onToken() })
    } catch {
      preconditionFailure("random weights that predict no numbers: \(error)")
    }
  }
}
