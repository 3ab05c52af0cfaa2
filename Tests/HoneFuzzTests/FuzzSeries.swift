import Foundation
import Synchronization
import Testing

/// Runs cases one after another and watches their time and memory.
struct FuzzSeries {
  /// The most seconds of a case.
  static let longestCase: Duration = .seconds(10)
  /// The most bytes that are resident at any time, what the process had before included.
  static let mostBytes = 1 << 30

  let seed: UInt64
  let folder: FuzzFolder
  private(set) var outcomes: [String: [FuzzOutcome: Int]] = [:]
  private(set) var slowest: (seconds: Double, name: String) = (0, "")
  private(set) var findings: [String] = []

  init(seed: UInt64) throws {
    self.seed = seed
    folder = try FuzzFolder()
  }

  /// Runs the cases of some numbers, until a time is over.
  mutating func run(_ numbers: Range<Int>, for limit: Duration? = nil) {
    let targets = FuzzTarget.all.flatMap { Array(repeating: $0, count: $0.share) }
    let watch = FuzzWatch(limit: Self.longestCase)
    let clock = ContinuousClock()
    let start = clock.now
    for number in numbers {
      if let limit, clock.now - start > limit { break }
      var mutator = Mutator(random: FuzzRandom(seed: seed, number: number))
      let target = mutator.random.pick(targets)
      let name = "\(target.name), seed \(seed), case \(number)"
      watch.begin(name)
      let begin = clock.now
      do {
        let outcome = try target.run(&mutator, folder)
        outcomes[target.name, default: [:]][outcome, default: 0] += 1
        if case .refused(let code) = outcome, !Self.codes.contains(code) {
          findings.append("\(name): exit code \(code)")
        }
      } catch {
        findings.append("\(name): \(type(of: error)): \(error)")
      }
      let seconds = (clock.now - begin) / .seconds(1)
      if seconds > slowest.seconds { slowest = (seconds, name) }
    }
    watch.end()
  }

  /// What readers may end with.
  private static let codes: Set<Int32> = [64, 65, 66, 74, 78]

  /// Cases that were run.
  var count: Int { outcomes.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

  /// The figures, a line a target.
  var report: String {
    var text = ""
    for (name, counts) in outcomes.sorted(by: { $0.key < $1.key }) {
      let parts = counts.map { outcome, count in
        switch outcome {
        case .accepted: "accepted \(count)"
        case .refused(let code): "\(code): \(count)"
        }
      }.sorted()
      text += "\(name): \(parts.joined(separator: ", "))\n"
    }
    let seconds = (slowest.seconds * 1000).rounded() / 1000
    return text + "slowest \(seconds) s (\(slowest.name)); peak \(Self.peakBytes() >> 20) MiB; "
      + "\(count) cases, \(findings.count) findings"
  }

  /// The most bytes that were resident so far.
  static func peakBytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 } ?? 0
  }
}

/// Ends the process where a case takes too long, and says which.
private final class FuzzWatch: Sendable {
  private let current = Mutex<(name: String, since: ContinuousClock.Instant)?>(nil)
  private let hasEnded = Atomic<Bool>(false)

  init(limit: Duration) {
    let thread = Thread { [self] in
      while !hasEnded.load(ordering: .relaxed) {
        usleep(250_000)
        let late = current.withLock { current in
          current.flatMap { ContinuousClock.now - $0.since > limit ? $0.name : nil }
        }
        if let late {
          FileHandle.standardError.write(Data("no end after \(limit): \(late)\n".utf8))
          abort()
        }
      }
    }
    thread.start()
  }

  func begin(_ name: String) { current.withLock { $0 = (name, .now) } }
  func end() {
    current.withLock { $0 = nil }
    hasEnded.store(true, ordering: .relaxed)
  }
}
