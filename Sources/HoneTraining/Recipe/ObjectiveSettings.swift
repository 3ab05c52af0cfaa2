/// How rewards become a gradient: independent choices, of which presets are named combinations.
///
/// `reference` definitions: GRPO (Shao et al. 2024), DAPO (Yu et al. 2025), Dr. GRPO (Liu et al.
/// 2025), GSPO (Zheng et al. 2025), CISPO (MiniMax-M1 2025), RLOO (Ahmadian et al. 2024),
/// REINFORCE++ (Hu et al. 2025), SAPO (Gao et al. 2025).
public struct ObjectiveSettings: Sendable, Hashable {
  /// The loss of one token (or sequence), given the ratio and the advantage.
  public enum Loss: String, Sendable, Hashable, CaseIterable {
    /// PPO's clipped ratio, a token at a time.
    case clip
    /// The clipped ratio of the whole sequence.
    case gspo
    /// Clipped importance weight, held constant, times the log-probability.
    case cispo
    /// A soft gate instead of the clip.
    case sapo
    /// The log-probability times the advantage; no ratio.
    case reinforce
  }

  /// How token losses become one number.
  public enum Aggregation: String, Sendable, Hashable, CaseIterable {
    /// Mean over samples of the mean over a sample's tokens.
    case sequenceMean = "sequence-mean"
    /// Mean over all tokens of the optimiser batch.
    case tokenMean = "token-mean"
    /// Sum over tokens / (samples x maximum completion length).
    case constant
  }

  /// What CISPO's cap is measured against.
  public enum Cap: String, Sendable, Hashable, CaseIterable {
    /// Ratio <= `epsilon_high` (TRL; ScaleRL recommends 5).
    case absolute
    /// Ratio <= 1 + `epsilon_high` (MiniMax-M1, verl).
    case relative
  }

  /// How an advantage is made from the rewards of a group.
  public struct Advantage: Sendable, Hashable {
    /// What is subtracted from a reward.
    public enum Baseline: String, Sendable, Hashable, CaseIterable {
      /// The mean of the group.
      case groupMean = "group-mean"
      /// The mean of the other samples of the group.
      case leaveOneOut = "leave-one-out"
      /// The mean of the whole batch.
      case batch
      /// Nothing: the advantage is the reward.
      case none
    }

    /// What the difference is divided by.
    public enum Scale: String, Sendable, Hashable, CaseIterable {
      /// The standard deviation of the group's rewards, plus epsilon.
      case groupStd = "group-std"
      /// The standard deviation of the batch's rewards, plus epsilon.
      case batchStd = "batch-std"
      /// Whitening: the mean of the batch's advantages is subtracted, then their deviation divides.
      case batchWhiten = "batch-whiten"
      /// Nothing.
      case none
    }

    /// The divisor of a variance.
    public enum Deviation: String, Sendable, Hashable, CaseIterable {
      /// n - 1, as TRL and verl have it.
      case sample
      /// n.
      case population
    }

    /// What is subtracted; default `group-mean`.
    public var baseline: Baseline = .groupMean
    /// What divides; default `none`, as Dr GRPO has it.
    public var scale: Scale = .none
    /// The divisor of the variance; default `sample` (TRL, verl).
    public var std: Deviation = .sample
    /// Added to the standard deviation; default 1e-4 (TRL).
    public var epsilon: Double = 1e-4

    /// The advantage of Dr GRPO.
    public init() {}
  }

  /// The penalty for leaving a reference policy.
  public struct Divergence: Sendable, Hashable {
    /// An estimate of the divergence at one token; d = reference - new log-probability.
    public enum Estimator: String, Sendable, Hashable, CaseIterable {
      /// -d.
      case k1
      /// d squared / 2.
      case k2
      /// exp(d) - d - 1.
      case k3
      /// Reports k3 and back-propagates k2.
      case k3Plus = "k3+"
    }

    /// Where the penalty goes.
    public enum Place: String, Sendable, Hashable, CaseIterable {
      /// Added to the token losses (GRPO).
      case loss
      /// Subtracted from the reward (RLOO, REINFORCE++).
      case reward
    }

    /// The estimate; default `k3` (GRPO).
    public var estimator: Estimator = .k3
    /// Where it goes; default `loss` (GRPO).
    public var place: Place = .loss
    /// The coefficient; default 0: no reference policy is kept in memory.
    public var beta: Double = 0
    /// Whether a token's penalty is multiplied by its ratio (`gspo`: by the sequence's), with the
    /// gradient through both (DeepSeek-V3.2; TRL's `use_bias_correction_kl`, true there, and so what
    /// its name `beta` brings); default false (GRPO).
    public var isImportanceWeighted: Bool = false

    /// No penalty.
    public init() {}

    /// Whether a reference policy is needed.
    public var isActive: Bool { beta != 0 }
  }

  /// A named combination; see `init(preset:)` for the table.
  public enum Preset: String, Sendable, Hashable, CaseIterable {
    /// Shao et al. 2024.
    case grpo
    /// Liu et al. 2025, without length and difficulty bias; the default.
    case drGRPO = "dr_grpo"
    /// Yu et al. 2025: clip-higher, token-mean.
    case dapo
    /// Zheng et al. 2025: sequence-level ratio.
    case gspo
    /// MiniMax-M1 2025, with ScaleRL's absolute cap of 5.
    case cispo
    /// Ahmadian et al. 2024: leave-one-out REINFORCE.
    case rloo
    /// Hu et al. 2025: whitening over the batch.
    case reinforcePlusPlus = "reinforce++"
    /// Online rejection sampling: supervised training on the policy's own correct samples.
    case expertIteration = "expert-iteration"
  }

  /// The preset that the other values started from.
  public var preset: Preset = .drGRPO
  /// The loss of a token.
  public var loss: Loss = .clip
  /// How token losses become one number.
  public var aggregation: Aggregation = .constant
  /// Lower clip: the ratio counts down to 1 - epsilon; default 0.2 (PPO).
  public var epsilon: Double = 0.2
  /// Upper clip: the ratio counts up to 1 + epsilonHigh; default: epsilon.
  public var epsilonHigh: Double = 0.2
  /// Dual clip: bound of the ratio for negative advantages, about 3; nil is none.
  public var dualClip: Double?
  /// What CISPO's cap is measured against.
  public var cap: Cap = .absolute
  /// SAPO's temperature for positive advantages; default 1, as published.
  public var sapoTemperaturePositive: Double = 1.0
  /// SAPO's temperature for the other advantages; default 1.05, as published.
  public var sapoTemperatureNegative: Double = 1.05
  /// How an advantage is made from rewards.
  public var advantage: Advantage = Advantage()
  /// The penalty for leaving a reference policy.
  public var divergence: Divergence = Divergence()

  /// The values of a preset.
  ///
  /// | preset | loss | aggregation | baseline | scale | other |
  /// | --- | --- | --- | --- | --- | --- |
  /// | grpo | clip | sequence-mean | group-mean | group-std | |
  /// | dr_grpo | clip | constant | group-mean | none | |
  /// | dapo | clip | token-mean | group-mean | group-std | epsilon_high 0.28 |
  /// | gspo | gspo | sequence-mean | group-mean | group-std | epsilon 3e-4 / 4e-4 |
  /// | cispo | cispo | token-mean | group-mean | group-std | absolute cap of 5 |
  /// | rloo | reinforce | constant | leave-one-out | none | KL k1 in the reward |
  /// | reinforce++ | clip | token-mean | batch | batch-std | KL k1 in the reward |
  /// | expert-iteration | reinforce | token-mean | none | none | |
  ///
  /// Every preset has beta 0. GRPO's paper has a KL penalty of 0.04 and R1-Zero of 0.001: both are
  /// one key away.
  public init(preset: Preset = .drGRPO) {
    self.preset = preset
    switch preset {
    case .grpo:
      aggregation = .sequenceMean
      advantage.scale = .groupStd
    case .drGRPO:
      break
    case .dapo:
      aggregation = .tokenMean
      advantage.scale = .groupStd
      epsilonHigh = 0.28
    case .gspo:
      loss = .gspo
      aggregation = .sequenceMean
      advantage.scale = .groupStd
      epsilon = 3e-4
      epsilonHigh = 4e-4
    case .cispo:
      loss = .cispo
      aggregation = .tokenMean
      advantage.scale = .groupStd
      epsilonHigh = 5
    case .rloo:
      loss = .reinforce
      advantage.baseline = .leaveOneOut
      divergence.estimator = .k1
      divergence.place = .reward
    case .reinforcePlusPlus:
      aggregation = .tokenMean
      advantage.baseline = .batch
      advantage.scale = .batchStd
      divergence.estimator = .k1
      divergence.place = .reward
    case .expertIteration:
      loss = .reinforce
      aggregation = .tokenMean
      advantage.baseline = .none
    }
  }

  /// Whether an advantage is relative to the other samples of its group.
  public var needsGroups: Bool {
    advantage.baseline == .groupMean || advantage.baseline == .leaveOneOut
      || advantage.scale == .groupStd
  }
}

// MARK: - Recipe

extension ObjectiveSettings {
  init(_ reader: RecipeReader) {
    self.init(preset: reader.choice("preset") ?? .drGRPO)
    loss = reader.choice("loss") ?? loss
    aggregation = reader.choice("aggregation") ?? aggregation
    let presetHigh = epsilonHigh == epsilon ? nil : epsilonHigh
    epsilon = reader.number("epsilon", .from0Below1) ?? epsilon
    // Clip-higher presets keep their upper bound; elsewhere it follows the lower one, as in TRL.
    epsilonHigh = reader.number("epsilon_high", .above0) ?? presetHigh ?? epsilon
    dualClip = reader.number("dual_clip", .above1)
    cap = reader.choice("cap") ?? cap
    sapoTemperaturePositive =
      reader.number("sapo_temperature_pos", .above0) ?? sapoTemperaturePositive
    sapoTemperatureNegative =
      reader.number("sapo_temperature_neg", .above0) ?? sapoTemperatureNegative

    let advantages = reader.section("advantage")
    advantage.baseline = advantages.choice("baseline") ?? advantage.baseline
    advantage.scale = advantages.choice("scale") ?? advantage.scale
    advantage.std = advantages.choice("std") ?? advantage.std
    advantage.epsilon = advantages.number("epsilon", .atLeast0) ?? advantage.epsilon
    advantages.finish("advantages")

    let kl = reader.section("kl")
    divergence.estimator = kl.choice("estimator") ?? divergence.estimator
    divergence.place = kl.choice("place") ?? divergence.place
    divergence.beta = kl.number("beta", .atLeast0) ?? divergence.beta
    divergence.isImportanceWeighted =
      kl.flag("importance_weighted") ?? divergence.isImportanceWeighted
    kl.finish("a KL penalty")

    reader.finish("an objective")
    check(reader, kl: kl)
  }

  private func check(_ reader: RecipeReader, kl: RecipeReader) {
    if let dualClip, dualClip < 1 + epsilonHigh {
      reader.report(
        "dual_clip",
        "'dual_clip' is \(dualClip) and lies inside the clip (1 + epsilon_high = "
          + "\(1 + epsilonHigh)); wanted: more, about 3")
    }
    if dualClip != nil, loss != .clip {
      reader.report(
        "dual_clip", "'dual_clip' goes with 'loss: clip'; 'loss' is '\(loss.rawValue)'")
    }
    if loss == .cispo, cap == .absolute, epsilonHigh < 1 {
      reader.report(
        "epsilon_high",
        "with 'cap: absolute' epsilon_high is the largest ratio itself and \(epsilonHigh) would "
          + "shrink every token; wanted: at least 1 (ScaleRL has 5), or 'cap: relative'")
    }
    if advantage.scale == .groupStd, advantage.baseline != .groupMean,
      advantage.baseline != .leaveOneOut
    {
      reader.report(
        "advantage",
        "scale 'group-std' goes with a baseline of the group; the baseline is "
          + "'\(advantage.baseline.rawValue)', and equal rewards would be divided by 0")
    }
    if advantage.baseline == .none, advantage.scale == .batchStd {
      reader.report(
        "advantage",
        "scale 'batch-std' goes with a baseline; without one equal rewards would be divided by 0")
    }
    if divergence.isImportanceWeighted {
      if divergence.estimator == .k3Plus {
        kl.report(
          "importance_weighted",
          "'importance_weighted' goes with an estimate's own gradient, not with 'k3+'")
      }
    }
    if divergence.place == .reward {
      if divergence.estimator == .k3Plus {
        kl.report(
          "estimator", "'k3+' differs from k3 in its gradient alone and a reward has none; use k3")
      }
      if divergence.isImportanceWeighted {
        kl.report("importance_weighted", "'importance_weighted' goes with 'place: loss'")
      }
    }
  }

  var node: RecipeNode {
    .mapping([
      ("preset", .text(preset.rawValue)),
      ("loss", .text(loss.rawValue)),
      ("aggregation", .text(aggregation.rawValue)),
      ("epsilon", .number(epsilon)),
      ("epsilon_high", .number(epsilonHigh)),
      ("dual_clip", dualClip.map(RecipeNode.number)),
      ("cap", .text(cap.rawValue)),
      ("sapo_temperature_pos", .number(sapoTemperaturePositive)),
      ("sapo_temperature_neg", .number(sapoTemperatureNegative)),
      (
        "advantage",
        .mapping([
          ("baseline", .text(advantage.baseline.rawValue)),
          ("scale", .text(advantage.scale.rawValue)),
          ("std", .text(advantage.std.rawValue)),
          ("epsilon", .number(advantage.epsilon)),
        ])
      ),
      (
        "kl",
        .mapping([
          ("estimator", .text(divergence.estimator.rawValue)),
          ("place", .text(divergence.place.rawValue)),
          ("beta", .number(divergence.beta)),
          ("importance_weighted", .flag(divergence.isImportanceWeighted)),
        ])
      ),
    ])
  }
}
