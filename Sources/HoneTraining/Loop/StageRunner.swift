import HoneGraders
import HoneJSON
import HoneNumerics
import HonePolicy
import HoneTasks
import HoneText

/// What a stage needs to make its steps.
struct StageContext {
  /// The run's recipe.
  let recipe: Recipe
  /// Which stage.
  let index: Int
  /// Steps of the stages before.
  let stepsBefore: Int
  /// The model that is trained, with the template that turns problems into prompts.
  let model: LoadedModel
  /// The stage's problems.
  let problems: [Problem]
  /// How programs of the policy may be run.
  let graders: GraderOptions
  /// Where the run is told about.
  let sink: any ProgressSink

  var stage: Stage { recipe.stages[index] }
  /// How problems become prompts.
  var template: PromptTemplate { model.template ?? .plain }
  /// Texts that end a completion beside the stop token.
  var stopStrings: [String] { template.stopStrings + stage.prompt.stop }

  func prompt(_ problem: Problem) -> Prompt {
    Prompt(problem, template: template, tokenizer: model.tokenizer)
  }
}

/// What a step leaves behind.
struct StepResult {
  /// The row of `metrics.jsonl`, without what all stages have in common.
  var metrics: JSONObject
  /// Rows of `completions.jsonl`.
  var completions: [JSONObject] = []
  /// Tokens of this step's samples.
  var tokens: TokenCount
  /// Operations that the step needed.
  var operations: Double
  /// One good and one bad completion, for people.
  var good: ProgressEvent.Excerpt?
  var bad: ProgressEvent.Excerpt?
}

/// A stage that can be stepped.
///
/// A step is a function of the policy, the optimiser, the recipe, the
/// step's number and the cursor alone, so that a resumed run makes the same steps.
protocol StageRunner: AnyObject {
  /// The optimiser, whose moments are part of a checkpoint.
  var optimizer: PolicyOptimizer { get }
  /// The frozen policy that a KL penalty refers to, part of a checkpoint as well.
  var reference: Policy? { get }
  /// How it makes do with the recipe's `memory_limit`.
  var memory: MemoryChoice { get }
  /// What the schedule's learning rate is multiplied by; 1 unless the run has rolled back.
  var learningRateScale: Double { get set }
  /// Facts for people: what is trained, on what, how.
  var summary: [(String, String)] { get }
  /// Makes one step.
  ///
  /// - Parameters:
  ///   - step: counted over all stages, from 1.
  ///   - cursor: where the order of problems stands; moved on.
  func step(_ step: Int, cursor: inout BatchCursor) throws -> StepResult
}

/// Wall-clock time between two moments, in seconds.
struct Stopwatch {
  private var start = ContinuousClock.now

  /// Seconds since the last lap (or the start).
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { start = now }
    return (now - start) / .seconds(1)
  }
}
