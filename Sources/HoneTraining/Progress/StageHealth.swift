package import HoneJSON

/// The health of a stage as its rows of `metrics.jsonl` tell it.
///
/// A function of the rows alone: a resumed run reads them again and judges as if it had never stopped.
package struct StageHealth {
  private enum Watch {
    case reward(HealthNotes, CollapseWatch)
    case loss(LossWatch)
  }

  private var watch: Watch
  private var rewards: [(step: Int, reward: Double)] = []
  private let maximumPerMeasure = 5
  /// Whether a collapse was told, and the run has not gone back since: it is told once.
  private var isCollapsed = false
  /// Whether any step has changed the policy.
  private var hasUpdated = false
  /// The last step after which the run went back; policies of the steps before are not the present one's.
  private var wentBackAt = 0

  /// What the probe found before the first step of a stage.
  package struct Probe: Sendable, Hashable {
    var reward: Double
    var standardError: Double
    /// How many steps' problems it looked at.
    var steps: Double
  }

  package init(_ stage: Stage, probe: Probe?, vocabularySize: Int) {
    switch stage.method {
    case .sft: watch = .loss(LossWatch(vocabularySize: vocabularySize))
    case .grpo(let settings):
      watch = .reward(
        HealthNotes(settings),
        CollapseWatch(
          probe: probe.map { ($0.reward, $0.standardError, $0.steps) },
          vocabularySize: vocabularySize, groupsPerStep: settings.promptsPerStep))
    }
  }

  /// What there is to say after a step.
  package struct Finding {
    package var notes: [HealthNotes.Note] = []
    package var collapse: CollapseWatch.Collapse?
  }

  /// Takes the row of the next step.
  package mutating func observe(_ row: JSONObject) -> Finding {
    let step = row["step"]?.int ?? 0
    var finding = Finding()
    switch watch {
    case .loss(var loss):
      let value = row["loss"]?.double ?? .nan
      finding.collapse = loss.observe(step: step, loss: value)
      rewards.append((step, -value))
      watch = .loss(loss)
    case .reward(var notes, var collapse):
      let observation = HealthNotes.Observation(row: row)
      // A step in which nothing could be scored says nothing of the policy.
      if observation.unscoredRate < 1 {
        finding.collapse = collapse.observe(
          step: step, reward: observation.reward, standardError: observation.rewardError,
          entropy: observation.entropy)
        rewards.append((step, observation.reward))
      }
      if finding.collapse != nil, hasUpdated { notes.silenceAfterCollapse() }
      finding.notes = notes.observe(observation)
      watch = .reward(notes, collapse)
    }
    // What was never updated was not destroyed by its updates.
    if !hasUpdated || isCollapsed { finding.collapse = nil }
    if row["learning_rate"]?.double ?? 0 > 0, row["grad_norm"]?.double ?? 0 > 0 {
      hasUpdated = true
    }
    if finding.collapse != nil { isCollapsed = true }
    if let target = row[Self.rollbackKey]?.int { goBack(to: target, at: step) }
    return finding
  }

  /// The key of a row after which the run went back to a checkpoint.
  static let rollbackKey = "rolled_back_to"

  /// Forgets the steps behind one: the run has gone back to it.
  ///
  /// - Parameter present: the step after which it did.
  mutating func goBack(to step: Int, at present: Int) {
    isCollapsed = false
    wentBackAt = present
    rewards.removeAll { $0.step > step }
    switch watch {
    case .loss(var loss):
      loss.goBack(to: step)
      watch = .loss(loss)
    case .reward(var notes, var collapse):
      notes.goBack()
      collapse.goBack(to: step)
      watch = .reward(notes, collapse)
    }
  }

  /// How the policy after a step has proved; nil where that is not known yet.
  ///
  /// The mean reward (for supervised training, the loss with a minus) of the steps behind it, at most five.
  func measure(after step: Int) -> Double? {
    guard step >= wentBackAt else { return nil }
    let next = rewards.filter { $0.step > step }.prefix(maximumPerMeasure)
    return next.isEmpty ? nil : Moments.mean(next.map(\.reward))
  }
}
