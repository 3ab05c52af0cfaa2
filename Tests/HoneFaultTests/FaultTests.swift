import Foundation
import HoneFiles
import HoneTraining
import Testing

/// Every call on a run's files fails, is the last one of a killed process, or of a machine without power.
///
/// The suite takes a sample of all cases, drawn by a seed. `scripts/inject-faults [SEED]` makes all of
/// them, some minutes, and writes its figures.
@Suite("Faults at every call on files", .serialized)
struct FaultTests {
  private static let environment = ProcessInfo.processInfo.environment
  /// The seed of the power losses and of the sample.
  private static let seed = environment["HONE_FAULTS_SEED"].flatMap { UInt64($0) } ?? 1
  /// Whether all cases are made.
  private static let isWhole = environment["HONE_FAULTS"] == "all"
  /// Cases of a sample.
  private static let sampleSize = 200

  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  @Test("A run that starts", .timeLimit(.minutes(60)))
  func start() throws {
    try check(FaultSeries(scratch: scratch.path), "start")
  }

  @Test("A run that goes on with much to mend", .timeLimit(.minutes(60)))
  func resume() throws {
    let straight = try FaultSeries(scratch: scratch.path)
    let template = try Self.ruin(scratch.path)
    try check(
      FaultSeries(scratch: scratch.path, template: template, end: straight.whole), "resume")
  }

  private func check(_ series: FaultSeries, _ name: String) throws {
    let seeds: [UInt64] = Self.isWhole ? [Self.seed, Self.seed + 1] : [Self.seed]
    var random = SplitMix(seed: Self.seed)
    var cases = series.cases(seeds: seeds)
    if !Self.isWhole { cases = Array(cases.shuffled(using: &random).prefix(Self.sampleSize)) }
    var findings: [FaultSeries.Finding] = []
    for fault in cases {
      if let finding = try series.check(fault) { findings.append(finding) }
    }
    for finding in findings.prefix(20) { Issue.record("\(finding)") }
    #expect(findings.isEmpty)
    print(
      "faults: \(name): \(series.calls.count) calls, \(cases.count) cases, \(findings.count) findings"
    )
  }

  /// A run that was killed at a bad moment and damaged since: a checkpoint behind whose name nothing is
  /// whole, one whose replacement was not finished, rows without an end, leftovers of writes.
  private static func ruin(_ scratch: String) throws -> String {
    let folder = "\(scratch)/ruin"
    var asked = 0
    do {
      try FaultyRun.go(at: folder) {
        asked += 1
        return asked == 3
      }
    } catch let error as TrainingError where error.kind == .terminated {}
    let manager = FileManager.default
    // The newest checkpoint, damaged.
    try manager.copyItem(atPath: "\(folder)/checkpoint-3", toPath: "\(folder)/checkpoint-4")
    try flip("\(folder)/checkpoint-4/model.safetensors", at: 900)
    // One that was being replaced by another of the same step.
    try manager.moveItem(
      atPath: "\(folder)/checkpoint-3", toPath: "\(folder)/.old-checkpoint-3")
    try manager.createDirectory(
      atPath: "\(folder)/.tmp-checkpoint-3", withIntermediateDirectories: true)
    try Files.writeFile("\(folder)/.tmp-checkpoint-3/model.safetensors", [1, 2, 3])
    try Files.link("\(folder)/latest.tmp", to: "checkpoint-3")
    try Files.writeFile("\(folder)/recipe.yaml.tmp", Array("stages".utf8))
    for name in ["metrics.jsonl", "completions.jsonl"] {
      try Files.replace(
        "\(folder)/\(name)", with: try Files.read("\(folder)/\(name)") + Array("{\"step\":".utf8))
    }
    return folder
  }

  static func flip(_ path: String, at offset: Int, bit: Int = 0) throws {
    var bytes = try Files.read(path)
    bytes[offset] ^= 1 << UInt8(bit)
    try Files.replace(path, with: bytes)
  }

  // MARK: - Bits

  @Test("A bit that flips anywhere is found, or does no harm", .timeLimit(.minutes(60)))
  func bits() throws {
    let folder = "\(scratch.path)/whole"
    try FaultyRun.go(at: folder)
    let longer = ["stages.1.steps=3"]
    let straight = "\(scratch.path)/longer"
    try FaultyRun.go(at: straight, overrides: longer)
    let wanted = try FaultyRun.files(of: straight)
    var random = SplitMix(seed: Self.seed)
    var (count, unseen) = (0, 0)
    for file in try Self.files(folder) {
      let size = try #require(Files.size("\(folder)/\(file)"))
      for _ in 0..<(Self.isWhole ? 16 : 2) where size > 0 {
        let offset = Int.random(in: 0..<size, using: &random)
        let bit = Int.random(in: 0..<8, using: &random)
        let copy = "\(scratch.path)/flipped"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        try Self.flip("\(copy)/\(file)", at: offset, bit: bit)
        count += 1
        let place = "\(file), byte \(offset), bit \(bit)"
        if try FaultyRun.damage(in: copy).isEmpty {
          unseen += 1
          #expect(file == ".lock" || file == "run.json", "\(place) is not seen")
        }
        // Never on with wrong numbers: the same ones, or an error.
        do {
          try FaultyRun.go(at: copy, overrides: longer)
          let files = try FaultyRun.files(of: copy)
          #expect(files == wanted, "\(place): other numbers")
        } catch let error as TrainingError {
          #expect([.badData, .badRecipe].contains(error.kind), "\(place): \(error)")
        }
      }
    }
    print("faults: bits: \(count) flips, \(unseen) harmless")
  }

  /// Every plain file in a run's folder.
  private static func files(_ folder: String) throws -> [String] {
    try Files.list(folder).flatMap { name in
      let path = "\(folder)/\(name)"
      if Files.linkTarget(path) != nil { return [String]() }
      return Files.isFolder(path) ? try Files.list(path).map { "\(name)/\($0)" } : [name]
    }
  }
}

/// A folder that is gone when the test is.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    // Memory where there is some: nothing here is to outlive anything, and disks take their time.
    let memory = "/dev/shm"
    let base = access(memory, W_OK) == 0 ? memory + "/" : NSTemporaryDirectory()
    path = base + "hone-faults-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
