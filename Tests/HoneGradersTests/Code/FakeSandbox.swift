import HoneGraders
import HoneJSON
import Synchronization

/// A sandbox that plays a script instead of running anything.
final class FakeSandbox: SandboxRunner {
  typealias Run = @Sendable (SandboxJob) throws(SandboxFailure) -> SandboxOutcome
  typealias Judged =
    @Sendable (SandboxJob, SandboxJob) throws(SandboxFailure) -> (
      program: SandboxOutcome, judge: SandboxOutcome
    )
  typealias Check = @Sendable (String) throws(SandboxFailure) -> String?

  let isolation: Int
  private let run: Run
  private let judged: Judged
  private let check: Check
  private let seen = Mutex<[SandboxJob]>([])

  init(
    isolation: Int = 3,
    run: @escaping Run = { _ throws(SandboxFailure) in
      throw SandboxFailure(message: "no run in this script")
    }, check: @escaping Check = { _ in nil },
    judged: @escaping Judged = { _, _ throws(SandboxFailure) in
      throw SandboxFailure(message: "no judge in this script")
    }
  ) {
    self.isolation = isolation
    self.run = run
    self.judged = judged
    self.check = check
  }

  /// The jobs so far; of a judged run, the program's and then the judge's.
  var jobs: [SandboxJob] { seen.withLock { $0 } }

  func run(_ job: SandboxJob) throws(SandboxFailure) -> SandboxOutcome {
    seen.withLock { $0.append(job) }
    return try run(job)
  }

  func run(
    _ job: SandboxJob, judgedBy judge: SandboxJob
  ) throws(SandboxFailure) -> (program: SandboxOutcome, judge: SandboxOutcome) {
    seen.withLock { $0 += [job, judge] }
    return try judged(job, judge)
  }

  func check(_ source: String) throws(SandboxFailure) -> SourceCheck {
    try check(source).map { .defect($0) } ?? .compiles(code: [])
  }

  /// Options whose graders take this sandbox.
  func options(
    workers: Int = 2, allowsWeakIsolation: Bool = false, tools: ToolFinder = ToolFinder(folders: [])
  ) -> GraderOptions {
    GraderOptions(allowsWeakIsolation: allowsWeakIsolation, workers: workers, tools: tools) {
      capacity in
      BoundedSandboxPool(
        capacity: capacity,
        probe: { () throws(SandboxFailure) -> SandboxIsolation in
          SandboxIsolation(level: self.isolation, missing: ["no user namespace"])
        }, make: { () throws(SandboxFailure) -> any SandboxRunner in self })
    }
  }

  /// The score of a completion whose program is `program`.
  func score(
    tests: JSON, program: String = "pass", language: String = "python", fields: JSONObject = [:],
    tools: ToolFinder = ToolFinder(folders: [])
  ) -> Score {
    var all: JSONObject = ["tests": tests, "language": .string(language), "mode": "answer"]
    all.merge(fields)
    return CodeGrader(options: options(tools: tools)).grade(
      Submission(completion: program, fields: all))
  }
}

extension SandboxOutcome {
  /// A process that ended by itself after writing texts.
  static func wrote(
    _ output: String, errors: String = "", code: Int32 = 0, results: [UInt8] = []
  ) -> SandboxOutcome {
    SandboxOutcome(
      ending: .exited(code), output: Array(output.utf8), errors: Array(errors.utf8),
      results: results, cpuSeconds: 0.25)
  }

  /// A process that ended in some way after reporting something.
  static func reported(
    _ results: [UInt8], ending: Ending = .exited(0), errors: String = ""
  ) -> SandboxOutcome {
    SandboxOutcome(
      ending: ending, errors: Array(errors.utf8), results: results, cpuSeconds: 0.25)
  }
}

/// The bytes that the runner writes, put together by hand.
enum Wire {
  static func record(_ kind: Character, _ payload: [UInt8] = []) -> [UInt8] {
    Array(String(kind).utf8) + length(payload.count) + payload
  }

  static func result(_ value: JSON) -> [UInt8] { record("V", self.value(value)) }

  static func attempt(_ name: String) -> [UInt8] { record("A", Array(name.utf8)) }

  static func exception(_ lastLine: String, stage: String = "call") -> [UInt8] {
    let type = String(lastLine.prefix { $0 != ":" })
    return record(
      "E",
      value([
        "stage": .string(stage), "type": .string(type), "message": "m",
        "last_line": .string(lastLine),
      ]))
  }

  static func uncrossable(_ type: String, trick: Bool, reason: String = "type") -> [UInt8] {
    record("U", value(["type": .string(type), "trick": .bool(trick), "reason": .string(reason)]))
  }

  /// `F` and `B`: how a test failed, or why it does not work.
  static func failure(_ kind: Character, _ lastLine: String) -> [UInt8] {
    record(kind, value(["type": "t", "message": "m", "last_line": .string(lastLine)]))
  }

  static func value(_ json: JSON) -> [UInt8] {
    switch json {
    case .null: [UInt8(ascii: "N")]
    case .bool(let flag): [flag ? UInt8(ascii: "T") : UInt8(ascii: "F")]
    case .integer(let integer): tagged("i", Array(String(integer, radix: 16).utf8))
    case .number(let number):
      [UInt8(ascii: "f")] + withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    case .string(let text): tagged("s", Array(text.utf8))
    case .bigInteger(let digits): preconditionFailure("no tests with \(digits)")
    case .array(let elements):
      [UInt8(ascii: "l")] + length(elements.count) + elements.flatMap(value)
    case .object(let object):
      [UInt8(ascii: "d")] + length(object.count)
        + object.pairs.flatMap { value(.string($0.key)) + value($0.value) }
    }
  }

  private static func tagged(_ tag: Character, _ bytes: [UInt8]) -> [UInt8] {
    Array(String(tag).utf8) + length(bytes.count) + bytes
  }

  private static func length(_ count: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt32(count).littleEndian) { Array($0) }
  }
}
