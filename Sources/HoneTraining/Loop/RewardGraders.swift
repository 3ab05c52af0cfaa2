public import HoneGraders

extension GroupRelativeSettings.Reward {
  /// The grader as the reward has set it.
  ///
  /// - Throws: `GraderError` where there is no such grader, policy, mode or option.
  public func makeGrader(_ options: GraderOptions) throws(GraderError) -> any Grader {
    try Graders.named(
      grader, policy: policy, mode: mode, settings: self.options, options: options)
  }
}

extension GroupRelativeSettings {
  /// The index of the reward that pass@1, verdicts and excerpts follow: the first whose grader judges
  /// correctness, or the first of all; nil where problems have their own graders.
  public var leadingReward: Int? {
    guard !rewards.isEmpty else { return nil }
    return rewards.firstIndex { Self.judgesCorrectness($0) } ?? 0
  }

  /// What a person should know about the rewards before the run: what pass@1 follows, where that is not
  /// the first reward or no measure of right answers.
  public var rewardNotes: [String] {
    guard let leading = leadingReward else { return [] }
    let names = rewards.map { "'\($0.name)'" }
    guard Self.judgesCorrectness(rewards[leading]) else {
      let none =
        rewards.count == 1
        ? "\(names[0]) does not judge" : "none of \(names.joined(separator: ", ")) judges"
      return [
        "rewards: \(none) whether an answer is right: pass@1, verdicts and excerpts of training follow "
          + "\(names[0]). Evaluations are judged by the problems' own graders"
      ]
    }
    guard leading != 0 else { return [] }
    return [
      "rewards: \(names[..<leading].joined(separator: ", ")) shapes the reward and does not judge answers: "
        + "pass@1, verdicts and excerpts follow \(names[leading])"
    ]
  }

  private static func judgesCorrectness(_ reward: Reward) -> Bool {
    (try? Graders.named(reward.grader))?.judgesCorrectness ?? true
  }
}
