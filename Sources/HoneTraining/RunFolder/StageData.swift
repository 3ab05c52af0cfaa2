import HoneFiles
import HoneJSON
import HoneTasks

/// What one source of problems held when a run read it.
///
/// The checksum is that of the problems themselves, as rows in their order: a file that was moved, or
/// whose lines end otherwise, is the same source; one with another row is not.
public struct SourceRecord: Sendable, Hashable {
  /// The path as the recipe gives it, or `family` and what tells its draws apart.
  public var source: String
  /// Problems that were read.
  public var problems: Int
  /// SHA-256 of the problems, 64 lower-case hexadecimal digits.
  public var sha256: String
  /// How the file was read: its layout and where each field was found; nil for a family.
  public var mapping: String?

  /// The record of problems that were read from a source.
  init(source: String, problems: [Problem], mapping: String?) {
    self.source = source
    self.problems = problems.count
    self.mapping = mapping
    var hash = SHA256()
    for problem in problems {
      Array(problem.line.utf8).withUnsafeBytes { hash.update($0) }
    }
    sha256 = hash.hexadecimal
  }

  /// Whether both held the same problems in the same order, wherever they came from.
  func holdsSame(as other: SourceRecord) -> Bool {
    problems == other.problems && sha256 == other.sha256
  }
}

/// The data of one stage: a run is its data as much as its recipe.
public struct StageData: Sendable, Hashable {
  /// What is trained on, a record a source.
  public var train: [SourceRecord]
  /// What is evaluated on.
  public var evaluation: [SourceRecord]

  /// A stage whose data nobody needs any more.
  init(train: [SourceRecord] = [], evaluation: [SourceRecord] = []) {
    self.train = train
    self.evaluation = evaluation
  }

  /// Refuses to go on with other problems than those that the run was started with.
  ///
  /// - Parameters:
  ///   - stage: the stage's index, for the message.
  ///   - now: what was read now.
  /// - Throws: `TrainingError` of kind `badRecipe` naming every source that differs.
  func require(sameAs now: StageData, stage: Int) throws(TrainingError) {
    let lines =
      Self.differences(train, now.train, key: "stages.\(stage).tasks.train")
      + Self.differences(evaluation, now.evaluation, key: "stages.\(stage).tasks.eval")
    guard !lines.isEmpty else { return }
    throw TrainingError(
      .badRecipe,
      "the problems are not those that the run was started with:\n"
        + lines.map { "  " + $0 }.joined(separator: "\n")
        + "\nput them back (a file may be moved, not changed), or start another run with --output")
  }

  private static func differences(
    _ then: [SourceRecord], _ now: [SourceRecord], key: String
  ) -> [String] {
    guard then.count == now.count else {
      return ["\(key): \(then.count) sources in the run, \(now.count) now"]
    }
    return zip(then, now).compactMap { then, now in
      guard !then.holdsSame(as: now) else { return nil }
      let moved = then.source == now.source ? "" : " (\(then.source) then)"
      let seen =
        then.problems == now.problems
        ? "\(now.problems) problems as then, but others or in another order"
        : "\(then.problems) problems then, \(now.problems) now"
      return "\(key): \(now.source)\(moved): \(seen); "
        + "SHA-256 \(then.sha256.prefix(12))... then, \(now.sha256.prefix(12))... now"
    }
  }
}

// MARK: - JSON

extension SourceRecord {
  var json: JSON {
    var row = JSONObject([
      ("source", .string(source)), ("problems", .integer(problems)), ("sha256", .string(sha256)),
    ])
    if let mapping { row["mapping"] = .string(mapping) }
    return .object(row)
  }

  init?(json: JSON) {
    guard let source = json["source"]?.string, let problems = json["problems"]?.int, problems >= 0,
      let sha256 = json["sha256"]?.string
    else { return nil }
    self.source = source
    self.problems = problems
    self.sha256 = sha256
    mapping = json["mapping"]?.string
  }
}

extension StageData {
  var json: JSON {
    .object(
      JSONObject([
        ("train", .array(train.map(\.json))), ("eval", .array(evaluation.map(\.json))),
      ]))
  }

  init?(json: JSON) {
    guard let train = json["train"]?.array, let evaluation = json["eval"]?.array else { return nil }
    self.train = train.compactMap(SourceRecord.init(json:))
    self.evaluation = evaluation.compactMap(SourceRecord.init(json:))
    guard self.train.count == train.count, self.evaluation.count == evaluation.count else {
      return nil
    }
  }
}
