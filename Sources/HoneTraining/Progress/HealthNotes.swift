public import HoneJSON

/// Watches the numbers of a run and says, once each, what is wrong and what to do about it.
///
/// The advice is a function of the numbers alone. A note is given when its condition has held over
/// a few steps, for one step of a small batch proves nothing.
public struct HealthNotes: Sendable {
  /// What a note is about; each is given once a stage.
  public enum Topic: String, Sendable, Hashable, CaseIterable {
    /// Nearly all groups are all wrong.
    case tooHard
    /// Nearly all groups are all right.
    case tooEasy
    /// Nearly all groups have equal rewards, neither all right nor all wrong.
    case flatGroups
    /// Many completions are cut at the longest length.
    case truncation
    /// The policy became nearly deterministic.
    case entropyCollapse
    /// A side reward rises while the leading one does not.
    case sideReward
    /// The clip stops most of the gradient.
    case clipping
    /// Some samples could not be scored.
    case unscored
    /// A reward gives every sample the same.
    case deadReward
    /// Nothing has moved for many steps.
    case standstill
  }

  /// A note for a person.
  public struct Note: Sendable, Hashable {
    /// What it is about.
    public var topic: Topic
    /// What was seen and what to do.
    public var text: String
  }

  /// The numbers of one step that notes are made from.
  public struct Observation: Sendable, Hashable {
    /// Share of samples with a correct verdict.
    public var passAt1: Double
    /// Share of groups with equal rewards (`frac_reward_zero_std`).
    public var flatShare: Double
    /// Share of completions that reached the longest length (`completions/clipped_ratio`).
    public var truncatedShare: Double
    /// Mean entropy of a token, in nats.
    public var entropy: Double
    /// Share of clipped ratios (`clip_ratio/region_mean`).
    public var clipShare: Double
    /// Share of unscored samples.
    public var unscoredRate: Double
    /// Mean reward of the samples; not a number where it is not known.
    public var reward: Double
    /// Standard error of that mean, clustered by group.
    public var rewardError: Double
    /// Mean of each reward's score, the leading one first.
    public var rewards: [(name: String, mean: Double)] { scores.map { ($0.name, $0.mean) } }

    private struct Score: Sendable, Hashable {
      var name: String
      var mean: Double
      /// Deviation over the samples; not a number where it is not known.
      var deviation: Double
    }

    /// The mean of a reward that gave every sample the same; nil where they differ.
    func constant(_ name: String) -> Double? {
      scores.first { $0.name == name && $0.deviation == 0 }?.mean
    }

    private var scores: [Score]

    /// The numbers of a step.
    public init(
      passAt1: Double, flatShare: Double, truncatedShare: Double, entropy: Double,
      clipShare: Double = 0, unscoredRate: Double = 0, reward: Double = .nan,
      rewardError: Double = .nan, rewards: [(name: String, mean: Double)] = [],
      deviations: [String: Double] = [:]
    ) {
      self.passAt1 = passAt1
      self.flatShare = flatShare
      self.truncatedShare = truncatedShare
      self.entropy = entropy
      self.clipShare = clipShare
      self.unscoredRate = unscoredRate
      self.reward = reward
      self.rewardError = rewardError
      scores = rewards.map {
        Score(name: $0.name, mean: $0.mean, deviation: deviations[$0.name] ?? .nan)
      }
    }

    /// The numbers of a row of `metrics.jsonl`.
    init(row: JSONObject) {
      func value(_ key: String) -> Double { row[key]?.double ?? 0 }
      let prefix = "rewards/"
      let names = row.keys.filter { $0.hasPrefix(prefix) && $0.hasSuffix("/mean") }
        .map { String($0.dropFirst(prefix.count).dropLast("/mean".count)) }
      var deviations: [String: Double] = [:]
      for name in names { deviations[name] = row["\(prefix)\(name)/std"]?.double }
      self.init(
        passAt1: value("pass@1"), flatShare: value("frac_reward_zero_std"),
        truncatedShare: value("completions/clipped_ratio"), entropy: value("entropy"),
        clipShare: value("clip_ratio/region_mean"), unscoredRate: value("unscored_rate"),
        reward: row["reward"]?.double ?? .nan, rewardError: row["reward_se"]?.double ?? .nan,
        rewards: names.map { (name: $0, mean: value("\(prefix)\($0)/mean")) },
        deviations: deviations)
    }
  }

  /// Steps over which a condition is averaged.
  private static let window = 5
  /// Steps over which entropy and rewards are compared.
  private static let span = 20
  /// Steps after which a reward that never moved is told.
  private static let deadSteps = 10
  /// Steps after which a run that stands still is told.
  private static let standstillSteps = 60

  private let settings: GroupRelativeSettings
  /// The last steps, as many as the longest rule looks at.
  private var history: [Observation] = []
  private var given: Set<Topic> = []
  /// What a collapse has silenced.
  private var silenced: Set<Topic> = []

  /// Watches a stage.
  public init(_ settings: GroupRelativeSettings) {
    self.settings = settings
  }

  /// Takes the numbers of the next step and returns the notes that are due.
  public mutating func observe(_ observation: Observation) -> [Note] {
    history.append(observation)
    if history.count > Self.standstillSteps { history.removeFirst() }
    let notes = due().filter { !given.contains($0.topic) && !silenced.contains($0.topic) }
    given.formUnion(notes.map(\.topic))
    return notes
  }

  /// Takes the policy for destroyed: what looks like hard problems from here on is no news of them.
  public mutating func silenceAfterCollapse() {
    silenced = [.tooHard, .flatGroups, .truncation, .entropyCollapse, .standstill]
  }

  /// The run has gone back to a policy from before: what was seen since is no news of it.
  public mutating func goBack() {
    history = []
    silenced = []
  }

  private func due() -> [Note] {
    let candidates = [
      unscored(), groups(), truncation(), entropy(), sideReward(), clipping(), deadReward(),
      standstill(),
    ]
    return candidates.compactMap { $0 }
  }

  private func recent(_ value: (Observation) -> Double) -> Double? {
    guard history.count >= Self.window else { return nil }
    return Moments.mean(history.suffix(Self.window).map(value))
  }

  // MARK: - Conditions

  private func unscored() -> Note? {
    guard let rate = history.last?.unscoredRate, rate > 0 else { return nil }
    return Note(
      topic: .unscored,
      text: "\(percent(rate)) of this step's samples could not be scored; they teach nothing. "
        + "completions.jsonl gives the reasons; the run stops above "
        + "\(percent(settings.unscoredLimit)) (unscored_limit).")
  }

  private func groups() -> Note? {
    guard settings.objective.needsGroups, let flat = recent(\.flatShare), flat >= 0.85,
      let pass = recent(\.passAt1)
    else { return nil }
    let seen = "\(percent(flat)) of groups have equal rewards: no gradient."
    if pass < 0.1 {
      return Note(
        topic: .tooHard,
        text: "\(seen) Hardly any answer is right: take easier problems, train longer with an sft "
          + "stage first, or raise group_size (now \(settings.groupSize)).")
    }
    if pass > 0.9 {
      return Note(
        topic: .tooEasy,
        text: "\(seen) Nearly every answer is right: take harder problems, or stop here.")
    }
    return Note(
      topic: .flatGroups,
      text: "\(seen) The problems are either easy or out of reach: mix in some between, or raise "
        + "group_size (now \(settings.groupSize)).")
  }

  private func truncation() -> Note? {
    guard let share = recent(\.truncatedShare), share >= 0.25 else { return nil }
    return Note(
      topic: .truncation,
      text: "\(percent(share)) of completions reach max_completion_length = "
        + "\(settings.sampling.maximumCompletionLength). Raise it, or set "
        + "mask_truncated_completions: true.")
  }

  private func entropy() -> Note? {
    let history = history.suffix(Self.span)
    guard history.count >= Self.window, let first = history.first, let last = recent(\.entropy),
      first.entropy > 0.2, last < 0.1 * first.entropy
    else { return nil }
    // Certainty is the aim where the answers are right.
    guard let pass = recent(\.passAt1), pass < 0.8 else { return nil }
    return Note(
      topic: .entropyCollapse,
      text: "entropy fell from \(short(first.entropy)) to \(short(last)) in \(history.count) steps "
        + "and few samples differ now: lower learning_rate, or raise epsilon_high.")
  }

  private func sideReward() -> Note? {
    let history = history.suffix(Self.span)
    guard history.count >= 2 * Self.window, let leading = history.last?.rewards.first else {
      return nil
    }
    let early = history.prefix(Self.window)
    let late = history.suffix(Self.window)
    func mean(_ rows: ArraySlice<Observation>, _ name: String) -> Double {
      Moments.mean(rows.compactMap { row in row.rewards.first { $0.name == name }?.mean })
    }
    let before = mean(early, leading.name)
    let now = mean(late, leading.name)
    guard now - before < 0.02, now < 0.8 else { return nil }
    for side in history.last?.rewards.dropFirst() ?? [] {
      let (low, high) = (mean(early, side.name), mean(late, side.name))
      guard high - low > 0.15 else { continue }
      return Note(
        topic: .sideReward,
        text:
          "reward '\(side.name)' rises (\(short(low)) to \(short(high))) while '\(leading.name)' "
          + "does not (\(short(before)) to \(short(now))): read some completions; a lower weight of "
          + "'\(side.name)' helps where it is enough to please it.")
    }
    return nil
  }

  private func clipping() -> Note? {
    guard let share = recent(\.clipShare), share >= 0.3 else { return nil }
    return Note(
      topic: .clipping,
      text: "\(percent(share)) of ratios are clipped: the policy moves too far within a rollout. "
        + "Lower learning_rate, updates_per_rollout or mini_batches.")
  }

  private func deadReward() -> Note? {
    let recent = history.suffix(Self.deadSteps)
    guard recent.count == Self.deadSteps, let last = recent.last, last.rewards.count > 1 else {
      return nil
    }
    for (name, _) in last.rewards {
      guard let value = last.constant(name),
        recent.allSatisfy({ $0.constant(name) == value })
      else { continue }
      return Note(
        topic: .deadReward,
        text: "reward '\(name)' was \(short(value)) for every sample of the last "
          + "\(Self.deadSteps) steps: it teaches nothing. Look at some completions and at what it "
          + "asks for (a prompt that already opens a tag, a format that was never shown), or remove it."
      )
    }
    return nil
  }

  private func standstill() -> Note? {
    guard history.count == Self.standstillSteps, let pass = recent(\.passAt1), pass < 0.9 else {
      return nil
    }
    let part = Self.standstillSteps / 3
    let (early, late) = (history.prefix(part), history.suffix(part))
    let (before, now) = (Moments.mean(early.map(\.reward)), Moments.mean(late.map(\.reward)))
    let variances = (early + late).map { $0.rewardError * $0.rewardError }
    let error = (Moments.mean(variances) * 2 / Double(part)).squareRoot()
    // Not a number fails the comparison, so unknown rewards stand for nothing.
    guard now - before < 2 * error, before - now < 2 * error else { return nil }
    return Note(
      topic: .standstill,
      text: "the reward has stood still for \(Self.standstillSteps) steps: \(short(before)) in the "
        + "first \(part), \(short(now)) in the last, which is within chance. Take more samples a step "
        + "(prompts_per_step, group_size), a learning rate two or three times as high if the policy "
        + "is healthy, easier problems, or an sft stage first.")
  }

  private func percent(_ share: Double) -> String { ShortNumber.percent(share) }

  private func short(_ value: Double) -> String { ShortNumber.text(value) }
}

// MARK: - The probe before the first step

extension HealthNotes {
  /// What a probe of the policy before the first step says about the run.
  public struct Probe: Sendable, Hashable {
    /// Whether there is something to learn from.
    public var hasSignal: Bool
    /// What was seen and what to do.
    public var text: String
  }

  /// Judges the row of a probe.
  public static func judge(row: JSONObject) -> Probe {
    judge(
      passAt1: row["pass@1"]?.double ?? .nan, passAtK: row["pass@k"]?.double ?? .nan,
      learnable: row["learnable_groups"]?.double ?? 0, groupSize: row["samples"]?.int ?? 0,
      problems: row["problems"]?.int ?? 0, of: row["settings"]?["drawn_from"]?.int,
      noAnswer: row["no_answer"]?.double, unscored: row["unscored"]?.double ?? 0)
  }

  /// Judges the probe.
  ///
  /// - Parameters:
  ///   - passAt1: Share of correct samples.
  ///   - passAtK: Share of problems with a correct one among the group.
  ///   - learnable: Share of groups whose rewards differ.
  ///   - groupSize: Samples a problem.
  ///   - problems: Problems that were sampled, of how many.
  ///   - noAnswer: Share of samples in which no answer was found; nil where that is not known.
  ///   - unscored: Share of samples that could not be scored.
  public static func judge(
    passAt1: Double, passAtK: Double, learnable: Double, groupSize: Int, problems: Int,
    of all: Int? = nil, noAnswer: Double? = nil, unscored: Double = 0
  ) -> Probe {
    func percent(_ share: Double) -> String { ShortNumber.percent(share) }
    let drawn = all.map { $0 > problems ? " of \($0)" : "" } ?? ""
    var seen =
      "probe: \(problems)\(drawn) problems x \(groupSize): pass@1 \(percent(passAt1)), "
      + "pass@\(groupSize) \(percent(passAtK)), learnable groups \(percent(learnable))"
    if let noAnswer, noAnswer >= 0.2 {
      seen += ", no answer marked in \(percent(noAnswer))"
    }
    if unscored == 1 {
      return Probe(
        hasSignal: false,
        text: "\(seen). No signal: not one sample could be scored. See what the graders need.")
    }
    if learnable == 0 && passAt1 == 0, let noAnswer, noAnswer >= 0.5 {
      return Probe(
        hasSignal: false,
        text: "\(seen). No signal: answers count where they are marked, as <answer>…</answer> or "
          + "\\boxed{…}. Teach the format with an sft stage first, or set mode: answer where a bare "
          + "completion is the answer.")
    }
    if learnable == 0 && passAt1 == 0 {
      return Probe(
        hasSignal: false,
        text: "\(seen). No signal: no sample is right, so no group has anything to prefer. Take "
          + "easier problems, or teach the format and some answers with an sft stage first.")
    }
    if learnable == 0 && passAt1 == 1 {
      return Probe(
        hasSignal: false,
        text: "\(seen). No signal: every sample is right already. Take harder problems.")
    }
    if learnable == 0 {
      return Probe(
        hasSignal: false,
        text:
          "\(seen). No signal: within each group all rewards are equal. Raise group_size or the "
          + "temperature, or mix in problems of other difficulty.")
    }
    if learnable < 0.1 {
      return Probe(
        hasSignal: true,
        text: "\(seen). Weak signal: nine groups in ten teach nothing. "
          + (passAt1 < 0.5
            ? "Easier problems or an sft stage first would help."
            : "Harder problems would help."))
    }
    return Probe(hasSignal: true, text: "\(seen). Good signal.")
  }
}
