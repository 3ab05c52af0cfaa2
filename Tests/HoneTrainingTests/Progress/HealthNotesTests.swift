import HoneTraining
import Testing

@Suite("Health notes")
struct HealthNotesTests {
  typealias Observation = HealthNotes.Observation

  static func observation(
    pass: Double = 0.4, flat: Double = 0.4, truncated: Double = 0, entropy: Double = 1,
    clip: Double = 0, unscored: Double = 0, math: Double = 0.4, format: Double = 0.5
  ) -> Observation {
    Observation(
      passAt1: pass, flatShare: flat, truncatedShare: truncated, entropy: entropy, clipShare: clip,
      unscoredRate: unscored, rewards: [("math", math), ("format", format)])
  }

  /// Topics in the order in which they were given.
  static func topics(
    _ observations: [Observation], _ settings: GroupRelativeSettings = GroupRelativeSettings()
  ) -> [HealthNotes.Topic] {
    var notes = HealthNotes(settings)
    return observations.flatMap { notes.observe($0) }.map(\.topic)
  }

  @Test func aHealthyRunIsQuiet() {
    let steps = (0..<60).map { step in
      let share = Double(step) / 60
      return Self.observation(
        pass: 0.3 + 0.6 * share, flat: 0.4, entropy: 1 - 0.5 * share, math: 0.3 + 0.6 * share,
        format: 0.5 + 0.4 * share)
    }
    #expect(Self.topics(steps) == [])
  }

  @Test("each note needs a few steps and is given once")
  func once() {
    let steps = [Observation](repeating: Self.observation(truncated: 0.6), count: 30)
    #expect(Self.topics(Array(steps.prefix(4))) == [])
    #expect(Self.topics(steps) == [.truncation])
  }

  @Test(arguments: [
    (0.02, HealthNotes.Topic.tooHard), (0.5, .flatGroups), (0.98, .tooEasy),
  ])
  func flatGroups(_ pass: Double, _ topic: HealthNotes.Topic) {
    let steps = [Observation](repeating: Self.observation(pass: pass, flat: 0.92), count: 6)
    #expect(Self.topics(steps) == [topic])
  }

  @Test func flatGroupsDoNotMatterWithoutGroups() {
    var settings = GroupRelativeSettings()
    settings.objective = ObjectiveSettings(preset: .expertIteration)
    let steps = [Observation](repeating: Self.observation(flat: 1), count: 6)
    #expect(Self.topics(steps, settings) == [])
  }

  @Test func entropyCollapse() {
    let entropies = [1.4, 1.2, 0.9, 0.5, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05, 0.05]
    #expect(Self.topics(entropies.map { Self.observation(entropy: $0) }) == [.entropyCollapse])
    // Where the answers are right, certainty is the aim.
    #expect(Self.topics(entropies.map { Self.observation(pass: 0.95, entropy: $0) }) == [])
  }

  @Test func formatRisesWhileAccuracyDoesNot() {
    let steps = (0..<20).map { Self.observation(math: 0.1, format: 0.2 + 0.03 * Double($0)) }
    #expect(Self.topics(steps) == [.sideReward])
    let both = (0..<20).map {
      Self.observation(math: 0.1 + 0.02 * Double($0), format: 0.2 + 0.03 * Double($0))
    }
    #expect(Self.topics(both) == [])
  }

  @Test func clippingAndUnscored() {
    #expect(
      Self.topics([Observation](repeating: Self.observation(clip: 0.5), count: 5)) == [.clipping])
    #expect(Self.topics([Self.observation(unscored: 0.01)]) == [.unscored])
  }

  @Test func notesNameTheNumbersAndTheKeys() throws {
    var notes = HealthNotes(GroupRelativeSettings())
    var texts: [String] = []
    for _ in 0..<5 {
      texts += notes.observe(Self.observation(truncated: 0.61, unscored: 0.05)).map(\.text)
    }
    #expect(texts.count == 2)
    #expect(texts[0].contains("5 %") && texts[0].contains("unscored_limit"))
    #expect(texts[1].contains("61 %") && texts[1].contains("max_completion_length = 128"))
  }

  @Test("A reward that gives every sample the same for ten steps is told")
  func deadReward() {
    func steps(_ deviation: Double, _ count: Int) -> [Observation] {
      (0..<count).map { step in
        Observation(
          passAt1: 0.4, flatShare: 0.4, truncatedShare: 0, entropy: 1,
          rewards: [("math", 0.3 + 0.01 * Double(step % 5)), ("format", 0)],
          deviations: ["math": 0.4, "format": deviation])
      }
    }
    #expect(Self.topics(steps(0, 9)) == [])
    #expect(Self.topics(steps(0, 30)) == [.deadReward])
    #expect(Self.topics(steps(0.1, 30)) == [])
  }

  @Test("A run that stands still for 60 steps is told; one that moves, or is done, is not")
  func standstill() {
    func steps(_ count: Int, slope: Double, pass: Double = 0.09) -> [Observation] {
      (0..<count).map { step in
        Observation(
          passAt1: pass, flatShare: 0.5, truncatedShare: 0, entropy: 1,
          reward: pass + slope * Double(step) + 0.01 * Double(step % 3), rewardError: 0.03,
          rewards: [("math", pass)])
      }
    }
    #expect(Self.topics(steps(59, slope: 0)) == [])
    #expect(Self.topics(steps(80, slope: 0)) == [.standstill])
    #expect(Self.topics(steps(80, slope: 0.001)) == [])
    #expect(Self.topics(steps(80, slope: 0, pass: 0.95)) == [])
  }

  @Test("A collapse silences what follows from it, until the run has gone back")
  func silence() {
    var notes = HealthNotes(GroupRelativeSettings())
    let hopeless = Self.observation(pass: 0.01, flat: 0.95)
    notes.silenceAfterCollapse()
    #expect((0..<10).flatMap { _ in notes.observe(hopeless) }.isEmpty)
    notes.goBack()
    // The ruined steps are forgotten: a condition has to hold anew.
    #expect((0..<4).flatMap { _ in notes.observe(hopeless) }.isEmpty)
    #expect(notes.observe(hopeless).map(\.topic) == [.tooHard])
  }

  @Test("Numbers that are none become words, never a trap", arguments: [Double.nan, .infinity])
  func notNumbers(_ value: Double) {
    var notes = HealthNotes(GroupRelativeSettings())
    for _ in 0..<70 {
      _ = notes.observe(
        Observation(
          passAt1: value, flatShare: value, truncatedShare: value, entropy: value,
          clipShare: value, unscoredRate: value, reward: value, rewardError: value,
          rewards: [("math", value), ("format", value)]))
    }
    let probe = HealthNotes.judge(
      passAt1: value, passAtK: value, learnable: value, groupSize: 8, problems: 4)
    #expect(probe.text.contains("unknown"))
  }

  @Test("A probe says of how many it was drawn, and where no answer is marked")
  func probeFindings() {
    func judge(_ noAnswer: Double?, unscored: Double = 0) -> HealthNotes.Probe {
      HealthNotes.judge(
        passAt1: 0, passAtK: 0, learnable: 0, groupSize: 8, problems: 32, of: 2000,
        noAnswer: noAnswer, unscored: unscored)
    }
    #expect(judge(nil).text.hasPrefix("probe: 32 of 2000 problems x 8"))
    #expect(judge(0.97).text.contains("no answer marked in 97 %"))
    #expect(judge(0.97).text.contains("mode: answer"))
    #expect(judge(0.1).text.contains("easier problems"))
    #expect(judge(nil, unscored: 1).text.contains("not one sample could be scored"))
    #expect(!judge(0.97).hasSignal)
  }

  // MARK: - Probe

  @Test(arguments: [
    (0.0, 0.0, 0.0, false, "No signal: no sample is right"),
    (1.0, 1.0, 0.0, false, "every sample is right"),
    (0.5, 0.5, 0.0, false, "all rewards are equal"),
    (0.03, 0.08, 0.05, true, "Weak signal"),
    (0.21, 0.58, 0.49, true, "Good signal"),
  ])
  func probe(
    _ pass: Double, _ passK: Double, _ learnable: Double, _ hasSignal: Bool, _ text: String
  ) {
    let probe = HealthNotes.judge(
      passAt1: pass, passAtK: passK, learnable: learnable, groupSize: 8, problems: 64)
    #expect(probe.hasSignal == hasSignal)
    #expect(probe.text.contains(text))
    #expect(probe.text.hasPrefix("probe: 64 problems x 8: pass@1 \(Int((pass * 100).rounded())) %"))
  }

  // MARK: - Sparkline

  @Test func sparkline() {
    #expect(Sparkline([0, 1, 2, 3, 4, 5, 6, 7]).text == "▁▂▃▄▅▆▇█")
    #expect(Sparkline([0, 0.5, 1], range: 0...1).text == "▁▅█")
    #expect(Sparkline([0.5, 0.6], range: 0...1).text == "▅▅")
    #expect(Sparkline([3, 3, 3]).text == "▄▄▄")
    #expect(Sparkline([]).text == "")
    #expect(Sparkline([.nan, 1, .infinity, 0]).text == " █ ▁")
    #expect(Sparkline([.nan]).text == " ")
    #expect(Sparkline([-5, 9], range: 0...1).text == "▁█", "beyond the range is its edge")
  }

  @Test("long rows are averaged into the width", arguments: [1, 3, 7, 16])
  func width(_ width: Int) {
    for count in [width, width + 1, 3 * width, 1000] {
      let values = (0..<count).map(Double.init)
      let text = Sparkline(values, width: width).text
      #expect(text.count == width)
      if width > 1 { #expect(text.first == "▁" && text.last == "█") }
    }
  }
}
