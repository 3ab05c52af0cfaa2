import Foundation
import HoneJSON
import Testing

/// The long tier: `scripts/fuzz [COUNT] [SEED]`.
private enum LongTier {
  private static let environment = ProcessInfo.processInfo.environment
  static let count = environment["HONE_FUZZ_COUNT"].flatMap { Int($0) }
  static let seed = environment["HONE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
}

@Suite("Changed files", .serialized)
struct FuzzTests {
  @Test("A few hundred are read or refused, and nothing else", .timeLimit(.minutes(2)))
  func sample() throws {
    var series = try FuzzSeries(seed: 20)
    series.run(0..<4000, for: .seconds(8))
    #expect(series.findings == [])
    // On the slowest machine, too; and what is read is not all refused, nor all accepted.
    #expect(series.count >= 100)
    for (name, counts) in series.outcomes where counts.values.reduce(0, +) > 40 {
      #expect(counts.count >= 2, "\(name): \(counts)")
    }
  }

  @Test("The same seed gives the same files")
  func repeatable() throws {
    func files(_ number: Int) -> [UInt8] {
      var mutator = Mutator(random: FuzzRandom(seed: 3, number: number))
      return mutator.json(["a": [1, "b", ["c": 2.5]], "d": "text"])
    }
    #expect((0..<50).map(files) == (0..<50).map(files))
    #expect(Set((0..<50).map(files)).count > 40)
  }

  @Test("Many", .enabled(if: LongTier.count != nil))
  func many() throws {
    var series = try FuzzSeries(seed: LongTier.seed)
    series.run(0..<(LongTier.count ?? 0))
    print(series.report)
    #expect(series.findings == [])
    #expect(FuzzSeries.peakBytes() < FuzzSeries.mostBytes)
  }

  @Test(
    "The command itself on changed folders and rows",
    .enabled(if: LongTier.count != nil && FuzzCommand.binary != nil))
  func command() throws {
    var command = try FuzzCommand(seed: LongTier.seed)
    let count = LongTier.count ?? 0
    try command.runFolders(max(20, count / 400))
    try command.runRows(max(100, count / 20))
    print(command.report)
    #expect(command.findings == [])
  }
}
