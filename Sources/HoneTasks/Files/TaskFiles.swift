import Foundation
import HoneJSON

/// The task files that come with the repository, and how each of them is made.
public enum TaskFiles {
  /// One file, as the arguments of ``ProblemFamily/mixed(count:seed:difficulty:split:demonstrations:distinct:label:)``.
  public struct File: Sendable, Hashable {
    /// The path, relative to the root of the repository.
    public var path: String
    /// The family's name.
    public var family: String
    /// How many problems.
    public var count: Int
    /// The seed.
    public var seed: UInt64
    /// The difficulties drawn.
    public var difficulty: ClosedRange<Int>
    /// The part of the family.
    public var split: TaskSplit
    /// The beginning of the ids.
    public var label: String

    /// The problems.
    ///
    /// - Throws: ``TaskError`` if the family cannot supply them.
    public func problems() throws(TaskError) -> [Problem] {
      try Families.named(family).mixed(
        count: count, seed: seed, difficulty: difficulty, split: split, label: label)
    }

    /// The text of the file.
    ///
    /// - Throws: ``TaskError`` if the family cannot supply the problems.
    public func contents() throws(TaskError) -> String {
      Problem.lines(try problems())
    }

    /// The `hone tasks make` command that makes the file again.
    public var command: String {
      "hone tasks make \(family) --count \(count) --seed \(seed) "
        + "--difficulty \(difficulty.lowerBound)-\(difficulty.upperBound) "
        + "--split \(split.rawValue) --label \(label) --output \(path)"
    }
  }

  /// All bundled files.
  ///
  /// Test files and `harder` files hold problems of the test split only.
  public static let bundled: [File] = [
    train("arithmetic", 2000, 3...6), test("arithmetic", 512, 3...6),
    File(
      path: "tasks/arithmetic/harder.jsonl", family: "arithmetic", count: 512, seed: 2,
      difficulty: 7...7, split: .test, label: "arithmetic-harder"),
    train("differences", 1000, 3...6), test("differences", 300, 3...6),
    train("countdown", 1000, 1...3), test("countdown", 300, 1...3),
    train("word-problems", 1000, 2...4), test("word-problems", 300, 2...4),
    train("sequences", 1000, 1...4), test("sequences", 300, 1...4),
    train("equations", 1000, 1...4), test("equations", 300, 1...4),
    train("last-digit", 2000, 3...6), test("last-digit", 512, 3...6),
    File(
      path: "tasks/last-digit/harder.jsonl", family: "last-digit", count: 512, seed: 2,
      difficulty: 7...7, split: .test, label: "last-digit-harder"),
    train("synthesis", 1200, 2...4), test("synthesis", 300, 2...4),
  ]

  /// Writes every bundled file below a folder.
  ///
  /// - Parameter folder: The root of a repository, or any other folder.
  /// - Returns: The paths written.
  /// - Throws: ``TaskError`` where a file cannot be written.
  public static func write(to folder: String) throws(TaskError) -> [String] {
    var paths: [String] = []
    for file in bundled {
      let path = URL(fileURLWithPath: folder).appendingPathComponent(file.path)
      let contents = try file.contents()
      do {
        try FileManager.default.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents.utf8).write(to: path, options: .atomic)
      } catch {
        throw TaskError("cannot be written: \(error.systemReason)", file: path.path)
      }
      paths.append(path.path)
    }
    return paths
  }

  private static func train(
    _ family: String, _ count: Int, _ difficulty: ClosedRange<Int>
  ) -> File {
    File(
      path: "tasks/\(family)/train.jsonl", family: family, count: count, seed: 0,
      difficulty: difficulty, split: .train, label: family)
  }

  private static func test(
    _ family: String, _ count: Int, _ difficulty: ClosedRange<Int>
  ) -> File {
    File(
      path: "tasks/\(family)/test.jsonl", family: family, count: count, seed: 1,
      difficulty: difficulty, split: .test, label: "\(family)-test")
  }
}
