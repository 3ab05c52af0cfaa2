/// AdamW, its schedule and the clipping of its gradient.
public struct OptimizerSettings: Sendable, Hashable {
  /// How the learning rate goes on after the warm-up.
  public enum Schedule: String, Sendable, Hashable, CaseIterable {
    /// Stays.
    case constant
    /// A straight line down to `min_ratio`.
    case linear
    /// Half a cosine down to `min_ratio`.
    case cosine
    /// The peak times the root of w / (s - 1) at step s, w steps of warm-up (10,000 where there is
    /// none, counted from the start), as in transformers.
    case inverseSqrt = "inverse_sqrt"
  }

  /// The step at which a decay has come down to `min_ratio`.
  public enum DecayEnd: String, Sendable, Hashable, CaseIterable {
    /// The stage's last step.
    case lastStep = "last-step"
    /// The step that would follow it, as in transformers.
    case afterLast = "after-last"
  }

  /// Decay rates of the moments where a recipe names one of the two.
  static let defaultBetas = (0.9, 0.95)

  /// Peak learning rate; default 1e-4 for GRPO and 1e-3 for SFT.
  ///
  /// Both suit policies of a million parameters; of 1e-5, 3e-5, 1e-4 and 3e-4 the default of GRPO was the
  /// best on most tasks, and 3e-4 ruined some (`scripts/evidence-rates`). TRL's default for GRPO is 1e-6,
  /// for a thousand times as many.
  public var learningRate: Double
  /// Decay rate of the first moment; default 0.9 (DeepSeek-V3).
  public var beta1: Double = OptimizerSettings.defaultBetas.0
  /// Decay rate of the second moment; default 0.95 (DeepSeek-V3).
  public var beta2: Double = OptimizerSettings.defaultBetas.1
  /// Added to the root of the second moment; default 1e-8 (Kingma and Ba 2015).
  public var epsilon: Double = 1e-8
  /// Decoupled decay of matrices; norms and biases have none; default 0 for GRPO (TRL), 0.1 for
  /// SFT (DeepSeek-V3).
  public var weightDecay: Double
  /// Steps over which the learning rate rises from 0; default 0.
  public var warmupSteps: Int = 0
  /// Whether the first step of the warm-up has a rate of 0 and the step behind it the peak, as in
  /// transformers; default false: the first of w has 1 / w of the peak, the last the peak.
  public var warmsUpFromZero: Bool = false
  /// What follows the warm-up; default `constant`.
  public var schedule: Schedule = .constant
  /// Where `linear` and `cosine` end, as a share of the learning rate; default 0.
  public var minimumRatio: Double = 0
  /// When they get there; nil, the default: at the last step, or one step after it where `min_ratio`
  /// is 0, for a step at a rate of 0 teaches nothing.
  public var decayEnd: DecayEnd?
  /// The gradient's norm is cut to this; default 1 (DeepSeek-V3); 0 does not cut.
  public var maximumGradientNorm: Double = 1

  /// The defaults of a kind of stage.
  public init(_ kind: Stage.Kind) {
    learningRate = kind == .sft ? 1e-3 : 1e-4
    weightDecay = kind == .sft ? 0.1 : 0
  }
}

// MARK: - Recipe

extension OptimizerSettings {
  /// - Parameter steps: of the stage, for a warm-up given as a share; nil where they are unknown.
  init(_ reader: RecipeReader, kind: Stage.Kind, steps: Int?) {
    self.init(kind)
    learningRate = reader.number("learning_rate", .atLeast0) ?? learningRate
    if let betas = reader.numbers("betas", count: 2, .from0Below1) {
      (beta1, beta2) = (betas[0], betas[1])
    }
    epsilon = reader.number("epsilon", .above0) ?? epsilon
    weightDecay = reader.number("weight_decay", .atLeast0) ?? weightDecay
    readWarmup(reader, steps: steps)
    schedule = reader.choice("schedule") ?? schedule
    readDecay(reader)
    maximumGradientNorm = reader.number("max_grad_norm", .atLeast0) ?? maximumGradientNorm
    reader.finish("an optimizer")
  }

  private mutating func readWarmup(_ reader: RecipeReader, steps: Int?) {
    let count = reader.integer("warmup_steps", .atLeast(0))
    let ratio = reader.number("warmup_ratio", .from0To1)
    if count != nil, let ratio, ratio > 0 {
      reader.report(
        "warmup_ratio", "'warmup_ratio' and 'warmup_steps' both give the warm-up; keep one")
    }
    if let steps, let ratio {
      // Rounded up, as in transformers; a share of absurdly many steps has no exact number.
      warmupSteps =
        Int(exactly: (Double(steps) * ratio).rounded(.up)).map { min($0, steps) } ?? steps
    }
    warmupSteps = count ?? warmupSteps
    warmsUpFromZero = reader.flag("warmup_from_zero") ?? warmsUpFromZero
  }

  private mutating func readDecay(_ reader: RecipeReader) {
    let ratio = reader.number("min_ratio", .from0To1)
    let rate = reader.number("min_learning_rate", .atLeast0)
    minimumRatio = ratio ?? minimumRatio
    if let rate {
      if ratio != nil {
        reader.report(
          "min_learning_rate",
          "'min_learning_rate' and 'min_ratio' both give the end of the schedule; keep one")
      } else if rate > learningRate || (rate == learningRate && rate == 0) {
        reader.report(
          "min_learning_rate",
          "'min_learning_rate' is \(rate); wanted: at most the learning rate, \(learningRate)")
      } else {
        minimumRatio = rate / learningRate
      }
    }
    decayEnd = reader.choice("decay_end")
  }

  var node: RecipeNode {
    .mapping([
      ("learning_rate", .number(learningRate)),
      ("betas", .sequence([.number(beta1), .number(beta2)])),
      ("epsilon", .number(epsilon)),
      ("weight_decay", .number(weightDecay)),
      ("warmup_steps", .integer(warmupSteps)),
      ("warmup_from_zero", .flag(warmsUpFromZero)),
      ("schedule", .text(schedule.rawValue)),
      ("min_ratio", .number(minimumRatio)),
      ("decay_end", decayEnd.map { RecipeNode.text($0.rawValue) }),
      ("max_grad_norm", .number(maximumGradientNorm)),
    ])
  }
}
