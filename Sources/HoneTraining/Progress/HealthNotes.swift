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
    /// Mean of each reward's score, the leading one first.
    public var rewards: [(name: String, mean: Double)] { scores.map { ($0.name, $0.mean) } }

    private struct Score: Sendable, Hashable {
      var name: String
      var mean: Double
    }

    private var scores: [Score]

    /// The numbers of a step.
    public init(
      passAt1: Double, flatShare: Double, truncatedShare: Double, entropy: Double,
      clipShare: Double = 0, unscoredRate: Double = 0, rewards: [(name: String, mean: Double)] = []
    ) {
      self.passAt1 = passAt1
      self.flatShare = flatShare
      self.truncatedShare = truncatedShare
      self.entropy = entropy
      self.clipShare = clipShare
      self.unscoredRate = unscoredRate
      scores = rewards.map { Score(name: $0.name, mean: $0.mean) }
    }
  }

  /// Steps over which a condition is averaged.
  private static let window = 5
  /// Steps over which entropy and rewards are compared.
  private static let span = 20

  private let settings: GroupRelativeSettings
  private var history: [Observation] = []
  private var given: Set<Topic> = []

  /// Watches a stage.
  public init(_ settings: GroupRelativeSettings) {
    self.settings = settings
  }

  /// Takes the numbers of the next step and returns the notes that are due.
  public mutating func observe(_ observation: Observation) -> [Note] {
    history.append(observation)
    if history.count > Self.span { history.removeFirst() }
    let notes = due().filter { !given.contains($0.topic) }
    given.formUnion(notes.map(\.topic))
    return notes
  }

  private func due() -> [Note] {
    let candidates = [unscored(), groups(), truncation(), entropy(), sideReward(), clipping()]
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

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private func short(_ value: Double) -> String { Self.short(value) }

  private static func short(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    let digits = hundredths % 100
    return "\(sign)\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
  }
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

  /// Judges the probe.
  ///
  /// - Parameters:
  ///   - passAt1: Share of correct samples.
  ///   - passAtK: Share of problems with a correct one among the group.
  ///   - learnable: Share of groups whose rewards differ.
  ///   - groupSize: Samples a problem.
  ///   - problems: Problems that were sampled.
  public static func judge(
    passAt1: Double, passAtK: Double, learnable: Double, groupSize: Int, problems: Int
  ) -> Probe {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    let seen =
      "probe: \(problems) problems x \(groupSize): pass@1 \(percent(passAt1)), pass@\(groupSize) "
      + "\(percent(passAtK)), learnable groups \(percent(learnable))"
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
