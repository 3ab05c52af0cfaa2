import HoneGraders
public import HoneJSON
import HoneTasks

/// What an evaluation found, added up.
///
/// Unscored samples are in no rate but `unscored`; a problem without a scored sample is in none
/// either. Where nothing was scored the rates are not numbers, `null` in JSON: 0 % would be a result.
public struct EvaluationStatistics: Sendable, Hashable {
  /// A part of the problems.
  public struct Group: Sendable, Hashable {
    /// The family's name, or the difficulty.
    public var name: String
    /// Problems in the group.
    public var problems: Int
    /// pass@1 with its interval.
    public var passAt1: ProportionInterval
    /// Mean number of completion tokens.
    public var meanLength: Double
  }

  /// Completions that were written in one way.
  public struct Style: Sendable, Hashable {
    /// `terse` or `reasoning`.
    public var name: String
    /// Share of all samples.
    public var share: Double
    /// Share of its scored samples that are correct; 0 where none is scored.
    public var passAt1: Double
    /// Mean number of completion tokens.
    public var meanLength: Double
  }

  /// An unbiased pass@k.
  public struct PassRate: Sendable, Hashable {
    /// Samples that are looked at.
    public var k: Int
    /// Mean over the problems with at least k scored samples.
    public var rate: Double
  }

  /// Problems that were evaluated.
  public var problems: Int
  /// Samples a problem.
  public var samples: Int
  /// Mean over problems of the share of correct samples, with its 95 % interval.
  public var passAt1: ProportionInterval
  /// pass@k for each power of two below the number of samples, and for that number.
  public var passRates: [PassRate]
  /// Share of problems whose most frequent answer is correct; see `PassRates.isMajorityCorrect`.
  ///
  /// Answers are counted by value where the grader compares values: `1/2` and `0.5` are one answer.
  public var majority: Double
  /// Mean number of completion tokens.
  public var meanLength: Double
  /// Share of samples that reached the longest length.
  public var truncated: Double
  /// Share of samples that could not be scored.
  public var unscored: Double
  /// Share of the scored samples in which no answer was found: nothing is marked as one.
  public var noAnswer: Double
  /// By family, in the order of names; problems without a family are in none.
  public var byFamily: [Group]
  /// By difficulty, the easiest first; problems without a difficulty are in none.
  public var byDifficulty: [Group]
  /// By the way completions are written: `reasoning` has `<think>` or `</think>`, `terse` has neither.
  public var byStyle: [Style]

  /// Adds up the samples of an evaluation.
  public init(_ problems: [EvaluatedProblem]) {
    let all = problems.flatMap(\.samples)
    let scored = problems.map { $0.samples.filter { $0.verdict != .unscored } }
    let samples = problems.map(\.samples.count).max() ?? 0
    self.problems = problems.count
    self.samples = samples
    passAt1 = Self.interval(problems)
    passRates = PassRates.reportedK(samples: samples).compactMap { k in
      let rates = scored.filter { $0.count >= k }.map { samples in
        PassRates.passAt(
          k, samples: samples.count, correct: samples.count { $0.verdict == .correct })
      }
      return rates.isEmpty ? nil : PassRate(k: k, rate: Moments.mean(rates))
    }
    let polled = problems.filter { $0.samples.contains { $0.verdict != .unscored } }
    majority =
      polled.isEmpty
      ? .nan
      : Moments.mean(
        polled.map { problem in
          let votes = zip(problem.votes, problem.samples).map {
            (answer: $0, isCorrect: $1.verdict == .correct)
          }
          return PassRates.isMajorityCorrect(votes) ? 1 : 0
        })
    meanLength = Self.meanLength(all)
    truncated = Self.share(all) { $0.isTruncated }
    unscored = Self.share(all) { $0.verdict == .unscored }
    let judged = all.filter { $0.verdict != .unscored }
    noAnswer = judged.isEmpty ? .nan : Self.share(judged, \.lacksAnswer)
    byFamily = Self.groups(problems) { $0.problem.family }.sorted { $0.name < $1.name }
    let leveled = problems.filter { $0.problem.difficulty != nil }
    let ordered = leveled.sorted { ($0.problem.difficulty ?? 0) < ($1.problem.difficulty ?? 0) }
    byDifficulty = Self.groups(ordered) { $0.problem.difficulty.map(String.init) }
    byStyle = Self.styles(all)
  }

  // MARK: - Sums

  private static func interval(_ problems: [EvaluatedProblem]) -> ProportionInterval {
    ProportionInterval(
      problems.compactMap { problem in
        let scored = problem.samples.filter { $0.verdict != .unscored }
        guard !scored.isEmpty else { return nil }
        return (share(scored) { $0.verdict == .correct }, scored.count)
      })
  }

  private static func share(
    _ samples: [EvaluatedSample], _ condition: (EvaluatedSample) -> Bool
  ) -> Double {
    samples.isEmpty ? 0 : Double(samples.count(where: condition)) / Double(samples.count)
  }

  private static func meanLength(_ samples: [EvaluatedSample]) -> Double {
    Moments.mean(samples.map { Double($0.tokens) })
  }

  /// Groups in the order of their first problem.
  private static func groups(
    _ problems: [EvaluatedProblem], by name: (EvaluatedProblem) -> String?
  ) -> [Group] {
    var order: [String] = []
    var members: [String: [EvaluatedProblem]] = [:]
    for problem in problems {
      guard let key = name(problem) else { continue }
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(problem)
    }
    return order.map { key in
      let group = members[key] ?? []
      return Group(
        name: key, problems: group.count, passAt1: interval(group),
        meanLength: meanLength(group.flatMap(\.samples)))
    }
  }

  private static func styles(_ samples: [EvaluatedSample]) -> [Style] {
    let isReasoning = samples.map { $0.text.contains("<think>") || $0.text.contains("</think>") }
    return [("reasoning", true), ("terse", false)].compactMap { name, wanted in
      let group = zip(samples, isReasoning).filter { $0.1 == wanted }.map(\.0)
      guard !group.isEmpty else { return nil }
      return Style(
        name: name, share: Double(group.count) / Double(samples.count),
        passAt1: share(group.filter { $0.verdict != .unscored }) { $0.verdict == .correct },
        meanLength: meanLength(group))
    }
  }

  // MARK: - JSON

  /// The numbers under the names of `results.json`; `pass@k` and `maj@k` are for all samples.
  public var json: JSONObject {
    var row = JSONObject([
      ("problems", .integer(problems)),
      ("samples", .integer(samples)),
      ("pass@1", .number(passAt1.estimate)),
      ("pass@1_low", .number(passAt1.low)),
      ("pass@1_high", .number(passAt1.high)),
      ("pass@k", .number(passAtAll)),
      ("maj@k", .number(majority)),
    ])
    for pass in passRates { row["pass@\(pass.k)"] = .number(pass.rate) }
    row["mean_length"] = .number(meanLength)
    row["truncated"] = .number(truncated)
    row["unscored"] = .number(unscored)
    row["no_answer"] = .number(noAnswer)
    row["by_family"] = Self.table(byFamily)
    row["by_difficulty"] = Self.table(byDifficulty)
    row["by_style"] = .object(
      JSONObject(
        byStyle.map { style in
          (
            style.name,
            .object(
              JSONObject([
                ("share", .number(style.share)), ("pass@1", .number(style.passAt1)),
                ("mean_length", .number(style.meanLength)),
              ]))
          )
        }))
    return row
  }

  /// pass@k for all samples of a problem; pass@1 where there is one.
  ///
  /// Not a number where every problem has an unscored sample, which JSON shows as null.
  public var passAtAll: Double {
    guard samples > 1 else { return passAt1.estimate }
    return passRates.first { $0.k == samples }?.rate ?? .nan
  }

  private static func table(_ groups: [Group]) -> JSON {
    .object(
      JSONObject(
        groups.map { group in
          (
            group.name,
            .object(
              JSONObject([
                ("problems", .integer(group.problems)),
                ("pass@1", .number(group.passAt1.estimate)),
                ("pass@1_low", .number(group.passAt1.low)),
                ("pass@1_high", .number(group.passAt1.high)),
                ("mean_length", .number(group.meanLength)),
              ]))
          )
        }))
  }
}
