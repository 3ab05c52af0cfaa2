public import HoneJSON
public import HoneTasks

/// Some problems that stand for all of them.
///
/// The first rows of a file do not: many files go from easy to hard. The draw is the beginning of a
/// permutation that the seed and the number of problems decide, so that a larger draw holds a smaller one;
/// what was drawn keeps the order of the file.
public struct ProblemDraw: Sendable, Hashable {
  /// The seed of evaluations' draws: the same problems whatever the seed of the samples, so that numbers
  /// of several policies, runs and seeds compare.
  public static let evaluationSeed: Int = 0

  /// Most problems; nil takes all.
  public var limit: Int?
  /// The seed of the permutation.
  public var seed: Int

  /// A draw.
  public init(limit: Int?, seed: Int = ProblemDraw.evaluationSeed) {
    self.limit = limit
    self.seed = seed
  }

  /// Tells this permutation from those of training's order.
  private static let salt = 0x6472_6177

  /// The places that are drawn of so many, in rising order.
  public func places(of count: Int) -> [Int] {
    guard let limit, limit < count else { return Array(0..<count) }
    let order = BatchOrder(count: count, seed: seed, salt: Self.salt).permutation(epoch: 0)
    return order.prefix(limit).sorted()
  }

  /// The problems that are drawn.
  public func callAsFunction(_ problems: [Problem]) -> [Problem] {
    places(of: problems.count).map { problems[$0] }
  }

  /// What was drawn, for people: `40 of 300 problems, drawn by a seeded permutation`.
  public func summary(of count: Int) -> String? {
    guard let limit, limit < count else { return nil }
    return "\(limit) of \(count) problems, drawn by a seeded permutation (seed \(seed))"
  }

  /// Says in the `settings` of an evaluation's row what was drawn, if anything was.
  public func write(to row: inout JSONObject, count: Int) {
    guard let limit, limit < count else { return }
    var settings = row["settings"]?.object ?? JSONObject()
    settings["limit"] = .integer(limit)
    settings["drawn_from"] = .integer(count)
    settings["draw_seed"] = .integer(seed)
    row["settings"] = .object(settings)
  }
}
