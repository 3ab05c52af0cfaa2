import HoneGraders
import HoneJSON
import HonePolicy
import HoneTasks

/// What a GRPO step leaves for people and files: its row of metrics, its completions, two excerpts.
struct GroupRelativeReport {
  let groups: [RolloutGroup]
  let scores: [[RubricScore]]
  let rewards: [[Double?]]
  let outcome: GroupAdvantage.Outcome
  let updates: [GroupRelativeUpdate.Outcome]
  let learningRate: Double
  /// The reference policy's log-probabilities, [groups][samples][tokens]; nil where there is none.
  let references: [[[Double]]]?
  let objective: ObjectiveSettings
  /// The isolation of the stage's graders; nil where none runs programs.
  let isolation: Int?
  /// Operations that the step needed.
  let operations: Double
  let seconds: (rollout: Double, grade: Double, train: Double)

  func result(step: Int) -> StepResult {
    StepResult(
      metrics: metrics, completions: rows(step: step), tokens: tokens, operations: operations,
      good: excerpt { $0.verdict == .correct }, bad: excerpt { $0.verdict == .incorrect })
  }

  private var completions: [Completion] { groups.flatMap(\.completions) }

  private var tokens: TokenCount {
    var count = TokenCount()
    for group in groups {
      count.add(
        prompt: group.prompt.tokens.count, completions: group.completions.map(\.tokens.count))
    }
    return count
  }

  /// The parts of a reward with the leading one in front.
  private var components: [ComponentStatistics] {
    let parts = ComponentStatistics.all(scores.joined())
    guard let index = scores.joined().first?.leadingIndex, parts.indices.contains(index) else {
      return parts
    }
    return [parts[index]] + parts[..<index] + parts[(index + 1)...]
  }

  /// The mean KL estimate of a token.
  ///
  /// In the loss it is what the updates saw. In the reward it is the one that was subtracted, of all
  /// samples at the policy that drew them: groups of equal rewards never reach an update.
  private func divergence(_ loss: LossMetrics) -> Double? {
    guard let references else { return nil }
    if objective.divergence.place == .loss { return loss.divergence }
    return RewardRule(divergence: objective.divergence).meanEstimate(
      zip(groups, references).flatMap { group, references in
        zip(group.completions, references).map { completion, reference in
          (completion.logProbabilities.map(Double.init), reference)
        }
      })
  }

  /// TRL's names, and ours beside them.
  private var metrics: JSONObject {
    let completions = completions
    let verdicts = scores.joined().map(\.verdict)
    let scored = Double(max(1, verdicts.count { $0 != .unscored }))
    let written = completions.reduce(0) { $0 + $1.tokens.count }
    var loss = LossMetrics()
    for update in updates { loss.add(update.metrics) }
    var row = JSONObject([
      ("reward", .number(outcome.rewardMean)),
      ("reward_std", .number(outcome.rewardDeviation)),
      ("reward_se", .number(RewardSpread(rewards).standardError)),
    ])
    for component in components { component.write(to: &row) }
    row["pass@1"] = .number(Double(verdicts.count { $0 == .correct }) / scored)
    row["frac_reward_zero_std"] = .number(outcome.flatShare)
    row["learnable_groups"] = .number(outcome.learnableShare)
    row["unscored_rate"] = .number(outcome.unscoredRate)
    if let divergence = divergence(loss) { row["kl"] = .number(divergence) }
    row["clip_ratio/region_mean"] = .number(loss.clipShare)
    row["clip_ratio/low_mean"] = .number(loss.clipShareLow)
    row["clip_ratio/high_mean"] = .number(loss.clipShareHigh)
    if objective.loss == .cispo { row["cispo_clip_ratio"] = .number(loss.clipShareHigh) }
    row["entropy"] = .number(
      completions.reduce(0) { $0 + $1.entropies.reduce(0) { $0 + Double($1) } }
        / Double(max(1, written)))
    row["loss"] = .number(
      updates.reduce(0) { $0 + $1.metrics.loss } / Double(max(1, updates.count)))
    row["grad_norm"] = .number(
      updates.reduce(0) { $0 + $1.gradientNorm } / Double(max(1, updates.count)))
    row["learning_rate"] = .number(learningRate)
    CompletionLengths(completions).write(to: &row)
    // Sampler against trainer: only the first update still has the policy that sampled.
    row["policy/max_logprob_gap"] = .number(updates.first?.metrics.maximumLogRatio ?? 0)
    if let isolation { row["isolation"] = .integer(isolation) }
    ExecutionFindings(Array(scores.joined()))?.write(to: &row)
    row["time/rollout"] = .number(seconds.rollout)
    row["time/grade"] = .number(seconds.grade)
    row["time/train"] = .number(seconds.train)
    row["tokens_per_second"] = .number(
      Double(written) / max(1e-9, seconds.rollout + seconds.grade + seconds.train))
    return row
  }

  /// The rows of `completions.jsonl`.
  private func rows(step: Int) -> [JSONObject] {
    groups.indices.flatMap { group in
      groups[group].completions.indices.map { sample in
        row(group, sample, step: step)
      }
    }
  }

  private func row(_ group: Int, _ sample: Int, step: Int) -> JSONObject {
    let completion = groups[group].completions[sample]
    let score = scores[group][sample]
    func ids(_ tokens: [Int32]) -> JSON { .array(tokens.map { .integer(Int($0)) }) }
    func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    return JSONObject([
      ("step", .integer(step)),
      ("problem", .string(groups[group].prompt.problem.id)),
      ("sample", .integer(completion.sample)),
      ("question", .string(groups[group].prompt.problem.question)),
      ("text", .string(groups[group].texts[sample])),
      ("prompt_ids", ids(groups[group].prompt.tokens)),
      ("completion_ids", ids(completion.tokens)),
      ("logprobs", .array(completion.logProbabilities.map { .number(Double($0)) })),
      ("finish_reason", .string(completion.finishReason.rawValue)),
      (
        "rewards",
        .object(
          JSONObject(
            score.components.map {
              ($0.name, $0.score.isScored ? .number($0.score.value) : .null)
            }))
      ),
      ("reward", optional(rewards[group][sample])),
      ("advantage", optional(outcome.advantages[group][sample])),
      ("verdict", .string(score.verdict.rawValue)),
      ("extracted", score.leading.extracted.map { .string($0) } ?? .null),
      ("reason", .string(score.unscoredReason ?? score.leading.reason)),
    ])
  }

  private func excerpt(_ wanted: (RubricScore) -> Bool) -> ProgressEvent.Excerpt? {
    for group in groups.indices {
      guard let sample = scores[group].firstIndex(where: wanted) else { continue }
      return ProgressEvent.Excerpt(
        question: groups[group].prompt.problem.question,
        completion: groups[group].texts[sample], answer: groups[group].prompt.problem.answer,
        reward: rewards[group][sample] ?? 0,
        isCorrect: scores[group][sample].verdict == .correct)
    }
    return nil
  }
}
