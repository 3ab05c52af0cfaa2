import Foundation
public import HoneJSON
import HonePolicy

/// What is varied to see how a step's cost grows.
public enum GrowthAxis: String, Sendable, CaseIterable {
  /// Tokens of a completion.
  case completionLength = "completion_length"
  /// Completions a prompt.
  case groupSize = "group_size"
  /// Tokens of a prompt.
  case promptLength = "prompt_length"
  /// Decoder layers.
  case layers
  /// Channels of the residual stream; heads and the feed-forward layer grow with them.
  case width

  /// The name, for people.
  public var name: String { rawValue.replacingOccurrences(of: "_", with: " ") }

  /// The values that are measured, each twice the one before.
  public var values: [Int] {
    switch self {
    case .completionLength: [16, 32, 64, 128, 256]
    case .groupSize: [2, 4, 8, 16, 32]
    case .promptLength: [32, 64, 128, 256, 512]
    case .layers: [1, 2, 4, 8, 16]
    case .width: [64, 128, 256, 512, 1024]
    }
  }

  /// The base scenario with this one value changed.
  ///
  /// The base: 4 layers, 256 wide with heads of 64 and 704 in the feed-forward layer, a vocabulary
  /// of 512; 4 prompts of 64 tokens with 8 completions of 32.
  public func scenario(_ value: Int) -> BenchScenario {
    let width = self == .width ? value : 256
    var scenario = BenchScenario(
      name: "growth",
      configuration: PolicyConfiguration(
        vocabularySize: 512, hiddenSize: width, intermediateSize: width * 11 / 4,
        layers: self == .layers ? value : 4, heads: width / 64, headSize: 64),
      prompts: 4, groupSize: 8, promptLength: 64, completionLength: 32)
    switch self {
    case .completionLength: scenario.completionLength = value
    case .groupSize: scenario.groupSize = value
    case .promptLength: scenario.promptLength = value
    case .layers, .width: break
    }
    return scenario
  }
}

/// One measured point of an axis.
public struct GrowthPoint: Sendable {
  /// What is varied.
  public var axis: GrowthAxis
  /// Its value.
  public var value: Int
  /// What was run.
  public var scenario: BenchScenario
  /// The median step, seconds.
  public var step: BenchStep
  /// Every measured step, seconds.
  public var seconds: [Double]

  /// A row: the axis, the value, operations and seconds.
  public var json: JSON {
    [
      "measures": "growth", "axis": .string(axis.rawValue), "value": .integer(value),
      "rollout_operations": .number(scenario.rolloutOperations),
      "training_operations": .number(scenario.trainingOperations),
      "rollout_seconds": .number(step.rollout), "training_seconds": .number(step.training),
      "step_seconds": .number(step.total), "all_step_seconds": .array(seconds.map(JSON.number)),
    ]
  }
}

/// Slopes on logarithmic axes: 1 is growth in proportion, 2 with the square.
public struct GrowthFit: Sendable {
  /// What is varied.
  public var axis: GrowthAxis
  /// Slope of the rollout's seconds.
  public var rollout: Double
  /// Slope of training's seconds.
  public var training: Double
  /// Slope of a step's seconds.
  public var step: Double
  /// Slope of the operations that a step needs, over the same values: what is expected where every
  /// operation takes its time.
  public var operations: Double

  /// Fits the points of an axis, at least two.
  public init(_ axis: GrowthAxis, _ points: [GrowthPoint]) {
    self.axis = axis
    func fit(_ y: (GrowthPoint) -> Double) -> Double {
      GrowthFit.slope(points.map { (Double($0.value), y($0)) })
    }
    rollout = fit(\.step.rollout)
    training = fit(\.step.training)
    step = fit(\.step.total)
    operations = fit(\.scenario.operations)
  }

  /// The least-squares slope of log y against log x, all above 0, at least two values of x.
  static func slope(_ points: [(x: Double, y: Double)]) -> Double {
    let count = Double(points.count)
    let x = points.map { log($0.x) }
    let y = points.map { log($0.y) }
    let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let covariance = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) }
    return covariance / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
  }

  /// A row: the axis and its slopes.
  public var json: JSON {
    [
      "measures": "growth_slope", "axis": .string(axis.rawValue),
      "rollout_slope": .number(rollout), "training_slope": .number(training),
      "step_slope": .number(step), "operations_slope": .number(operations),
    ]
  }
}

/// Measures how the cost of a step grows.
public struct GrowthBench {
  /// What measures a scenario.
  public let bench: Bench

  /// A bench of growth.
  public init(bench: Bench) { self.bench = bench }

  /// Measures one point: the median of `steps` steps after `warmup` others.
  public func measure(
    _ axis: GrowthAxis, value: Int, warmup: Int = 1, steps: Int = 3
  ) -> GrowthPoint {
    let scenario = axis.scenario(value)
    let (measured, _) = bench.measure(scenario, warmup: warmup, steps: steps) { _ in }
    return GrowthPoint(
      axis: axis, value: value, scenario: scenario, step: BenchStep.median(measured),
      seconds: measured.map(\.total))
  }
}
