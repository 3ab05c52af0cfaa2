import Foundation
import HoneGraders
import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("Evaluation statistics")
struct EvaluationStatisticsTests {
  static func sample(
    _ verdict: Verdict, _ extracted: String? = nil, tokens: Int = 10, truncated: Bool = false,
    text: String = ""
  ) -> EvaluatedSample {
    EvaluatedSample(
      text: text, verdict: verdict, extracted: extracted, tokens: tokens, isTruncated: truncated)
  }

  static func problem(
    _ samples: [EvaluatedSample], family: String? = nil, difficulty: Int? = nil
  ) -> EvaluatedProblem {
    EvaluatedProblem(
      problem: Problem(
        id: "p", question: "?", answer: "1", family: family, difficulty: difficulty),
      samples: samples)
  }

  // MARK: - pass@k

  @Test(
    "pass@k is 1 - C(n - c, k) / C(n, k)",
    arguments: [
      (5, 2, 1, 0.4), (5, 2, 2, 0.7), (5, 2, 4, 1.0), (10, 3, 5, 1 - 21.0 / 252), (4, 0, 3, 0.0),
      (4, 4, 1, 1.0), (1, 1, 1, 1.0), (1, 0, 1, 0.0),
    ])
  func passAtK(_ samples: Int, _ correct: Int, _ k: Int, _ expected: Double) {
    let value = PassRates.passAt(k, samples: samples, correct: correct)
    #expect(abs(value - expected) < 1e-14)
  }

  @Test("pass@k agrees with counting every choice of k samples")
  func passAtKByCounting() {
    for n in 1...8 {
      for c in 0...n {
        for k in 1...n {
          let choices = (0..<(1 << n)).filter { $0.nonzeroBitCount == k }
          let hits = choices.count { $0 & ((1 << c) - 1) != 0 }
          let value = PassRates.passAt(k, samples: n, correct: c)
          #expect(abs(value - Double(hits) / Double(choices.count)) < 1e-12)
        }
      }
    }
  }

  @Test func largeNumbersDoNotOverflow() {
    // 1 - 0.95 cubed, but for drawing without putting back.
    let value = PassRates.passAt(500, samples: 10_000, correct: 3)
    #expect(abs(value - 0.142625) < 1e-4)
  }

  @Test func reportedK() {
    #expect(PassRates.reportedK(samples: 1) == [])
    #expect(PassRates.reportedK(samples: 4) == [2, 4])
    #expect(PassRates.reportedK(samples: 10) == [2, 4, 8, 10])
  }

  // MARK: - maj@k

  @Test func majority() {
    typealias Vote = (answer: String?, isCorrect: Bool)
    func vote(_ votes: Vote...) -> Bool {
      PassRates.isMajorityCorrect(votes.map { ($0.answer.flatMap { Int($0) }, $0.isCorrect) })
    }
    #expect(vote(("5", true), ("4", false), ("5", true)))
    #expect(!vote(("5", true), ("4", false), ("4", false)))
    // A tie goes to the answer that appeared first.
    #expect(vote(("5", true), ("4", false)))
    #expect(!vote(("4", false), ("5", true)))
    // No answer, no vote.
    #expect(vote((nil, false), (nil, false), ("5", true)))
    #expect(!vote((nil, false)))
  }

  // MARK: - Intervals

  @Test(
    "Wilson's interval",
    arguments: [
      (8, 10, 0.490162, 0.943318), (0, 20, 0.0, 0.161125), (20, 20, 0.838875, 1.0),
      (1, 2, 0.094531, 0.905469),
    ])
  func wilson(_ correct: Int, _ count: Int, _ low: Double, _ high: Double) {
    let shares = (0..<count).map { (share: $0 < correct ? 1.0 : 0, samples: 1) }
    let interval = ProportionInterval(shares)
    #expect(interval.estimate == Double(correct) / Double(count))
    #expect(abs(interval.low - low) < 1e-6 && abs(interval.high - high) < 1e-6)
  }

  @Test("copies of a sample tell no more than the sample")
  func clusters() {
    let single = ProportionInterval((0..<50).map { (share: $0 < 20 ? 1.0 : 0, samples: 1) })
    let copies = ProportionInterval((0..<50).map { (share: $0 < 20 ? 1.0 : 0, samples: 8) })
    #expect(abs((copies.high - copies.low) / (single.high - single.low) - 1) < 0.02)
    let spread = ProportionInterval((0..<50).map { _ in (share: 0.5, samples: 8) })
    #expect(spread.high - spread.low > 0.1, "equal shares are no certainty")
    #expect(ProportionInterval([]).low == 0 && ProportionInterval([]).high == 1)
  }

  @Test("the interval covers the truth about 95 times in 100", arguments: [1, 4])
  func coverage(_ samples: Int) {
    var numbers = TestNumbers(UInt64(samples))
    var covered = 0
    for _ in 0..<600 {
      // Problems of all difficulties: the mean over problems is 1/2.
      let shares = (0..<60).map { _ in
        let ability = numbers.next(0...1)
        let hits = (0..<samples).count { _ in numbers.next(0...1) < ability }
        return (share: Double(hits) / Double(samples), samples: samples)
      }
      let interval = ProportionInterval(shares)
      if interval.low <= 0.5 && 0.5 <= interval.high { covered += 1 }
    }
    #expect(covered >= 555 && covered <= 588, "\(covered) of 600")
  }

  // MARK: - Together

  @Test func greedy() throws {
    let reasoned = Self.sample(.correct, "1", text: "<think>x</think>")
    let cut = Self.sample(.incorrect, "2", tokens: 30, truncated: true)
    let statistics = EvaluationStatistics([
      Self.problem([reasoned], family: "b", difficulty: 10),
      Self.problem([cut], family: "a", difficulty: 2),
      Self.problem([Self.sample(.unscored)], family: "a", difficulty: 2),
      Self.problem([Self.sample(.partial, "3")]),
    ])
    #expect(statistics.problems == 4 && statistics.samples == 1)
    #expect(statistics.passAt1.estimate == 1.0 / 3)
    #expect(statistics.passAtAll == 1.0 / 3 && statistics.majority == 1.0 / 3)
    #expect(statistics.meanLength == 15)
    #expect(statistics.truncated == 0.25 && statistics.unscored == 0.25)
    #expect(statistics.byFamily.map(\.name) == ["a", "b"])
    #expect(statistics.byFamily.map(\.passAt1.estimate) == [0, 1])
    #expect(statistics.byDifficulty.map(\.name) == ["2", "10"])
    #expect(statistics.byStyle.map(\.name) == ["reasoning", "terse"])
    #expect(statistics.byStyle.map(\.share) == [0.25, 0.75])
    #expect(statistics.byStyle.map(\.passAt1) == [1, 0])
  }

  @Test func severalSamples() throws {
    let statistics = EvaluationStatistics([
      Self.problem([
        Self.sample(.correct, "1"), Self.sample(.incorrect, "2"), Self.sample(.correct, "1"),
        Self.sample(.incorrect, "3"),
      ]),
      Self.problem([
        Self.sample(.incorrect, "2"), Self.sample(.unscored), Self.sample(.incorrect, "2"),
        Self.sample(.correct, "1"),
      ]),
    ])
    #expect(abs(statistics.passAt1.estimate - (0.5 + 1.0 / 3) / 2) < 1e-15)
    // pass@4 leaves out the problem that has three scored samples.
    #expect(statistics.passRates.map(\.k) == [2, 4])
    #expect(abs(statistics.passRates[0].rate - (5.0 / 6 + 2.0 / 3) / 2) < 1e-15)
    #expect(statistics.passRates[1].rate == 1)
    #expect(statistics.majority == 0.5)
    let json = statistics.json
    #expect(json["pass@k"] == .number(1) && json["maj@k"] == .number(0.5))
    #expect(json["pass@2"]?.double == statistics.passRates[0].rate)
  }

  @Test("samples without an answer are a share of those that were scored")
  func noAnswer() {
    var silent = Self.sample(.incorrect)
    silent.lacksAnswer = true
    let statistics = EvaluationStatistics([
      Self.problem([silent, Self.sample(.correct, "1"), Self.sample(.unscored)]),
      Self.problem([silent, Self.sample(.incorrect, "2"), Self.sample(.incorrect, "3")]),
    ])
    #expect(statistics.noAnswer == 0.4)
    #expect(statistics.json["no_answer"] == .number(0.4))
    #expect(EvaluationStatistics([]).noAnswer.isNaN)
  }

  @Test func namesOfTheContract() {
    let json = EvaluationStatistics([Self.problem([Self.sample(.correct, "1")])]).json
    for name in [
      "problems", "samples", "pass@1", "pass@1_low", "pass@1_high", "pass@k", "maj@k",
      "mean_length", "truncated", "unscored", "no_answer", "by_family", "by_difficulty",
    ] {
      #expect(json[name] != nil, "\(name)")
    }
  }

  @Test func nothing() {
    let statistics = EvaluationStatistics([])
    #expect(statistics.passAt1.estimate.isNaN && statistics.majority.isNaN)
    let unscored = EvaluationStatistics([Self.problem([Self.sample(.unscored, nil)])])
    #expect(unscored.passAt1.estimate.isNaN && unscored.majority.isNaN && unscored.unscored == 1)
    #expect(JSON.object(unscored.json).serialized().contains("\"pass@1\":null"))
    #expect(statistics.byFamily.isEmpty && statistics.byStyle.isEmpty)
  }
}
