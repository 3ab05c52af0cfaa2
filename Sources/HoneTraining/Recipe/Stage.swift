import HoneGraders
public import HoneJSON
public import HonePolicy

/// One stage of a run: what to train on, how, and for how many steps.
public struct Stage: Sendable, Hashable {
  /// The kinds of stages that can be run.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Supervised training on demonstrations.
    case sft
    /// Group-relative policy optimisation.
    case grpo
  }

  /// What a kind of stage needs beyond the common settings.
  public enum Method: Sendable, Hashable {
    /// Supervised training on demonstrations.
    case sft(SupervisedSettings)
    /// Group-relative policy optimisation.
    case grpo(GroupRelativeSettings)
  }

  /// What the method needs.
  public var method: Method
  /// The problems.
  public var tasks: TaskSources
  /// The prompt; nil template and text mean the model folder's own.
  public var prompt: PromptSettings = PromptSettings()
  /// The optimiser.
  public var optimizer: OptimizerSettings
  /// Number formats; default `fp32`.
  public var precision: Precision = .fp32
  /// Whether a layer's forward pass is done again before its backward pass; default false.
  ///
  /// Only the layers' inputs are kept between the two then. No bit of the result depends on it.
  public var activationCheckpointing: Bool = false
  /// Number of steps, at least 1.
  public var steps: Int
  /// Steps between evaluations; 0, the default, evaluates at the end of the stage alone.
  public var evaluateEvery: Int = 0
  /// How to evaluate.
  public var evaluation: EvaluationSettings = EvaluationSettings()
  /// Steps between checkpoints; default 50; 0 saves at the end of the stage alone.
  public var checkpointEvery: Int = 50
  /// Minutes between checkpoints, beside ``checkpointEvery``; nil, the default, saves by steps alone.
  public var checkpointMinutes: Double?
  /// What is done once the updates have destroyed the policy; default `stop`.
  public var onCollapse: CollapseAction = .stop

  /// A stage with the default settings of its method.
  public init(_ method: Method, tasks: TaskSources, steps: Int) {
    self.method = method
    self.tasks = tasks
    self.steps = steps
    optimizer = OptimizerSettings(method.kind)
  }

  /// The kind of the stage.
  public var kind: Kind { method.kind }

  /// Whether a step makes more than one update of the policy.
  var hasSeveralUpdates: Bool {
    grpo.map { $0.updatesPerRollout * min($0.miniBatches, $0.promptsPerStep) > 1 } ?? false
  }

  /// The settings of a GRPO stage; nil for other kinds.
  public var grpo: GroupRelativeSettings? {
    if case .grpo(let settings) = method { settings } else { nil }
  }

  /// The settings of an SFT stage; nil for other kinds.
  public var sft: SupervisedSettings? {
    if case .sft(let settings) = method { settings } else { nil }
  }
}

extension Stage.Method {
  /// The kind of stage that the settings belong to.
  public var kind: Stage.Kind {
    switch self {
    case .sft: .sft
    case .grpo: .grpo
    }
  }
}

/// What a run does once its updates have destroyed the policy (see ``CollapseWatch``).
public enum CollapseAction: String, Sendable, Hashable, CaseIterable {
  /// Ends the run and names the last good checkpoint.
  case stop
  /// Goes on from the last good policy with half the learning rate, three times at the most.
  case rollback
  /// Says so and goes on.
  case note
}

/// What a run does where the probe finds no signal.
public enum NoSignalAction: String, Sendable, Hashable, CaseIterable {
  /// Ends the run before its first step.
  case stop
  /// Says so and goes on.
  case note
}

/// How a problem becomes a prompt.
public struct PromptSettings: Sendable, Hashable {
  /// The name of a template; nil takes the model folder's own.
  public var template: String?
  /// A template of the recipe's own, with `{question}` in it; goes before `template`.
  public var text: String?
  /// Texts that end a completion, beside the template's own and the stop token.
  public var stop: [String] = []

  /// The model folder's own prompt.
  public init() {}
}

/// How a policy is evaluated during a run.
public struct EvaluationSettings: Sendable, Hashable {
  /// Samples a problem; 1, the default, decodes greedily.
  public var samples: Int = 1
  /// Temperature; default 0 for one sample and 1 for more.
  public var temperature: Double = 0
  /// Most tokens of a completion; default: as in training, 128 for SFT.
  public var maximumCompletionLength: Int = 128
  /// Most problems to evaluate on, drawn from all of them (see ``ProblemDraw``); nil is all.
  public var limit: Int?

  /// Greedy evaluation on all problems.
  public init() {}
}

/// Settings of supervised training on demonstrations.
public struct SupervisedSettings: Sendable, Hashable {
  /// Sequences a step; default 32.
  public var batchSize: Int = 32

  /// The default settings.
  public init() {}
}

/// Settings of group-relative policy optimisation.
public struct GroupRelativeSettings: Sendable, Hashable {
  /// One grader and what its score is worth.
  public struct Reward: Sendable, Hashable {
    /// The grader's name.
    public var grader: String
    /// The name of its part of the reward in logs, unique in a stage; default: the grader's.
    public var name: String
    /// The policy of rows that name none; default: the grader's first, nil where it has none.
    public var policy: String?
    /// The mode of rows that name none; nil is the grader's default.
    public var mode: String?
    /// Values of the grader's settings.
    public var options: JSONObject = [:]
    /// What its score is multiplied by; default 1.
    public var weight: Double = 1

    /// A reward of weight 1, with the grader's default policy.
    public init(grader: String) {
      self.grader = grader
      name = grader
      policy = (try? Graders.named(grader))?.policies.first
    }
  }

  /// The graders; empty means each problem's own, at weight 1.
  public var rewards: [Reward] = []
  /// Completions a prompt; default 8 (TRL).
  public var groupSize: Int = 8
  /// Prompts a step; default 16.
  public var promptsPerStep: Int = 16
  /// How completions are drawn.
  public var sampling: SamplingSettings = SamplingSettings()
  /// How rewards become a gradient.
  public var objective: ObjectiveSettings = ObjectiveSettings()
  /// Passes over a rollout; default 1 (TRL's `num_iterations`).
  public var updatesPerRollout: Int = 1
  /// Optimiser steps in one pass over a rollout, whole groups each; default 1.
  public var miniBatches: Int = 1
  /// Whether truncated completions are left out of the loss; default false (TRL).
  public var masksTruncated: Bool = false
  /// The run stops when more than this share of a step's samples is unscored; default 0.1.
  public var unscoredLimit: Double = 0.1
  /// Problems of the probe before the first step; default 32; 0 leaves it out.
  public var probeProblems: Int = 32
  /// What is done where the probe finds nothing to learn from.
  ///
  /// Nil, the default, stops where the gradient would be exactly 0: no group has samples to prefer, and
  /// no KL penalty is in the loss.
  public var onNoSignal: NoSignalAction?

  /// The default settings.
  public init() {}
}

extension GroupRelativeSettings {
  /// What a person should know before a stage starts: later updates of a rollout are off policy, and
  /// the plain log-probability has no ratio to correct them.
  package var offPolicyRemark: String? {
    guard objective.loss == .reinforce,
      updatesPerRollout > 1 || min(miniBatches, promptsPerStep) > 1
    else { return nil }
    return
      "loss 'reinforce' has no ratio: of a step's updates all but the first train "
      + "without correction on samples of an older policy. Set updates_per_rollout and mini_batches "
      + "to 1, or take 'loss: clip'"
  }
}
