/// Tells a policy that its updates destroy from problems that are hard.
///
/// Hard problems have a low reward from the start; destruction is a fall. The mean reward of the last
/// steps is compared with the level that the run began at (the probe; the probe and the first steps) and
/// with the best stretch since. A fall counts where it is deep and beyond chance:
///
/// - the reward of the last 3, 5, 10, 20 or 40 steps is below 10, 20, 35, 50 or 60 % of that level, and
/// - the difference is more than 5 of its standard errors; 4.5 where the entropy of a token has risen to
///   1.8 times or fallen to a third of what it was.
///
/// Standard errors are those of means over groups, since the samples of a problem are alike, and as they
/// would be if nothing had changed: the level's variance, scaled to the mean of both stretches, as that of
/// rare right answers is. Entropy above 90 % of ln V over 5 steps, where it began below half of that, is a
/// collapse whatever the reward. Of 300 simulated runs that stand still (200 steps, 16 groups of 8,
/// rewards of 0.005 to 0.6 on problems of mixed difficulty) none was taken for a collapse at 4.5 or 5, and 8 at 4.
public struct CollapseWatch: Sendable {
  /// What is looked at of a step.
  struct Step: Sendable {
    var number: Int
    /// Mean reward of its samples.
    var reward: Double
    /// Variance of that mean.
    var variance: Double
    /// Mean entropy of a token, in nats.
    var entropy: Double
  }

  /// A stretch of steps, or the probe.
  struct Level: Sendable, Hashable {
    /// Mean reward.
    var reward: Double
    /// Variance of the mean of one step.
    var variance: Double
    /// Steps that it is worth.
    var weight: Double
    /// Mean entropy of a token.
    var entropy: Double
    /// `steps 1 to 10`.
    var name: String
  }

  /// A policy that its updates have destroyed.
  public struct Collapse: Sendable, Hashable {
    /// The last step that was looked at.
    public var step: Int
    /// What was seen, for people: levels then and now.
    public var seen: String
  }

  /// Steps that are looked at, and the share of the earlier level that their reward is below.
  private static let depths: [(steps: Int, share: Double)] = [
    (3, 0.1), (5, 0.2), (10, 0.35), (20, 0.5), (40, 0.6),
  ]
  private static let firstSteps = 10
  private static let block = 20
  private static let stride = 5

  /// Fewer groups than that say too little of a level, or of what it fell to: with one prompt a step
  /// a few hard problems in a row are no news.
  private static let fewestGroups = (level: 16.0, now: 24.0)

  /// The highest entropy that there is, ln V.
  private let highestEntropy: Double
  private let groupsPerStep: Double
  /// What the probe saw before the first step.
  private let probe: Level?
  private var steps: [Step] = []
  /// The best stretch of 20 steps among the first 20, 25, 30 and so on.
  private var bestBlocks: [Level] = []

  /// Watches a stage.
  ///
  /// - Parameters:
  ///   - probe: mean reward before the first step, its standard error, and how many steps' problems it
  ///     looked at; nil without a probe.
  ///   - vocabularySize: tokens that can be sampled.
  ///   - groupsPerStep: prompts of a step.
  public init(
    probe: (reward: Double, standardError: Double, steps: Double)? = nil, vocabularySize: Int,
    groupsPerStep: Int = 16
  ) {
    self.groupsPerStep = Double(groupsPerStep)
    highestEntropy = Double(max(2, vocabularySize)).logarithm
    self.probe = probe.map {
      Level(
        reward: $0.reward, variance: $0.standardError * $0.standardError * $0.steps,
        weight: $0.steps, entropy: .nan, name: "the probe")
    }
  }

  /// Takes the numbers of the next step.
  ///
  /// - Parameters:
  ///   - reward: mean over the samples; standardError: of that mean, clustered by group.
  ///   - entropy: mean of a token, in nats.
  /// - Returns: what has happened, at the step that proves it.
  public mutating func observe(
    step: Int, reward: Double, standardError: Double, entropy: Double
  ) -> Collapse? {
    append(
      Step(
        number: step, reward: reward, variance: standardError * standardError, entropy: entropy))
    return noise() ?? fall()
  }

  /// Forgets the steps behind one: the run has gone back to it.
  public mutating func goBack(to step: Int) {
    let left = steps.prefix { $0.number <= step }
    steps = []
    bestBlocks = []
    for step in left { append(step) }
  }

  // MARK: - Rules

  private func noise() -> Collapse? {
    guard steps.count > 5, let first = firstLevel(of: steps.count - 5) else { return nil }
    let now = Moments.mean(steps.suffix(5).map(\.entropy))
    guard now > 0.9 * highestEntropy, first.entropy < 0.5 * highestEntropy else { return nil }
    return collapse(from: first, steps: 5)
  }

  private func fall() -> Collapse? {
    for (count, share) in Self.depths where steps.count > count {
      guard Double(count) * groupsPerStep >= Self.fewestGroups.now else { continue }
      let before = steps.count - count
      let now = Moments.mean(steps.suffix(count).map(\.reward))
      let entropy = Moments.mean(steps.suffix(count).map(\.entropy))
      let levels = [probe, firstLevel(of: before), bestBlock(of: before)]
      for level in levels.compactMap({ $0 }) {
        guard level.weight * groupsPerStep >= Self.fewestGroups.level else { continue }
        guard level.reward > 0, now < share * level.reward else { continue }
        let weight = level.weight + Double(count)
        let both = (level.weight * level.reward + Double(count) * now) / weight
        let variance = level.variance * max(0, both / level.reward)
        let error = (variance * (1 / level.weight + 1 / Double(count))).squareRoot()
        let hasMoved = entropy > 1.8 * level.entropy || entropy < level.entropy / 3
        if level.reward - now > (hasMoved ? 4.5 : 5) * error {
          return collapse(from: level, steps: count)
        }
      }
    }
    return nil
  }

  private func collapse(from level: Level, steps count: Int) -> Collapse {
    let recent = steps.suffix(count)
    let reward = Moments.mean(recent.map(\.reward))
    let entropy = Moments.mean(recent.map(\.entropy))
    let first = recent.first?.number ?? 0
    let last = recent.last?.number ?? 0
    var seen =
      "the reward fell from \(ShortNumber.text(level.reward)) (\(level.name)) to "
      + "\(ShortNumber.text(reward)) (steps \(first) to \(last))"
    if level.entropy.isFinite {
      seen +=
        "; the entropy of a token was \(ShortNumber.text(level.entropy)) and is "
        + "\(ShortNumber.text(entropy))"
    }
    return Collapse(step: last, seen: seen)
  }

  // MARK: - Levels

  /// What the run began with: the probe and up to ten steps of the first `count`.
  private func firstLevel(of count: Int) -> Level? {
    let first = steps.prefix(min(count, Self.firstSteps))
    guard !first.isEmpty else { return nil }
    let level = Self.level(first)
    guard let probe else { return level }
    let weight = probe.weight + level.weight
    func mean(_ a: Double, _ b: Double) -> Double {
      (a * probe.weight + b * level.weight) / weight
    }
    return Level(
      reward: mean(probe.reward, level.reward), variance: mean(probe.variance, level.variance),
      weight: weight, entropy: level.entropy, name: "the probe and \(level.name)")
  }

  /// The stretch of 20 steps among the first `count` with the highest reward.
  private func bestBlock(of count: Int) -> Level? {
    let index = (count - Self.block) / Self.stride
    return count >= Self.block && index < bestBlocks.count ? bestBlocks[index] : nil
  }

  private mutating func append(_ step: Step) {
    steps.append(step)
    guard steps.count >= Self.block, (steps.count - Self.block) % Self.stride == 0 else { return }
    let level = Self.level(steps.suffix(Self.block))
    if let best = bestBlocks.last, best.reward >= level.reward {
      bestBlocks.append(best)
    } else {
      bestBlocks.append(level)
    }
  }

  private static func level(_ steps: ArraySlice<Step>) -> Level {
    // Steps of few groups may each be flat and differ all the same.
    let between = Moments.standardDeviation(steps.map(\.reward))
    return Level(
      reward: Moments.mean(steps.map(\.reward)),
      variance: max(Moments.mean(steps.map(\.variance)), between * between),
      weight: Double(steps.count), entropy: Moments.mean(steps.map(\.entropy)),
      name: name(of: steps))
  }

  /// `steps 1 to 10`; where a run went back, the numbers are not in a row.
  private static func name(of steps: ArraySlice<Step>) -> String {
    let (first, last) = (steps.first?.number ?? 0, steps.last?.number ?? 0)
    if first == last { return "step \(first)" }
    return last - first + 1 == steps.count
      ? "steps \(first) to \(last)" : "\(steps.count) of the steps \(first) to \(last)"
  }
}
