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
  }

  /// Decay rates of the moments where a recipe names one of the two.
  static let defaultBetas = (0.9, 0.95)

  /// Peak learning rate; default 1e-4 for GRPO and 1e-3 for SFT.
  ///
  /// Both suit policies of a million parameters. TRL's default for GRPO is 1e-6, for a thousand times as many.
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
  /// What follows the warm-up; default `constant`.
  public var schedule: Schedule = .constant
  /// Where `linear` and `cosine` end, as a share of the learning rate; default 0.
  public var minimumRatio: Double = 0
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
  init(_ reader: RecipeReader, kind: Stage.Kind) {
    self.init(kind)
    learningRate = reader.number("learning_rate", .atLeast0) ?? learningRate
    if let betas = reader.numbers("betas", count: 2, .from0Below1) {
      (beta1, beta2) = (betas[0], betas[1])
    }
    epsilon = reader.number("epsilon", .above0) ?? epsilon
    weightDecay = reader.number("weight_decay", .atLeast0) ?? weightDecay
    warmupSteps = reader.integer("warmup_steps", .atLeast(0)) ?? warmupSteps
    schedule = reader.choice("schedule") ?? schedule
    minimumRatio = reader.number("min_ratio", .from0To1) ?? minimumRatio
    maximumGradientNorm = reader.number("max_grad_norm", .atLeast0) ?? maximumGradientNorm
    reader.finish("an optimizer")
  }

  var node: RecipeNode {
    .mapping([
      ("learning_rate", .number(learningRate)),
      ("betas", .sequence([.number(beta1), .number(beta2)])),
      ("epsilon", .number(epsilon)),
      ("weight_decay", .number(weightDecay)),
      ("warmup_steps", .integer(warmupSteps)),
      ("schedule", .text(schedule.rawValue)),
      ("min_ratio", .number(minimumRatio)),
      ("max_grad_norm", .number(maximumGradientNorm)),
    ])
  }
}
