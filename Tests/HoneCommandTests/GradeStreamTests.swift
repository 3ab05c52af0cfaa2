import Foundation
import Synchronization
import Testing

/// Rows in numbers that no memory would hold at once.
@Suite(
  "hone grade, a long stream",
  .enabled(if: HoneProcess.isBuilt, HoneProcess.absence))
struct GradeStreamTests {
  /// A million with `HONE_SLOW_TESTS`, a twentieth of it otherwise.
  private static let rows =
    ProcessInfo.processInfo.environment["HONE_SLOW_TESTS"] != nil ? 1_000_000 : 50_000

  /// Row number n: short answers and long ones, right and wrong.
  private static func row(_ number: Int) -> String {
    let completion =
      number % 3 == 0
      ? "so \\\\boxed{\(number)}"
      : String(repeating: "step ", count: number % 40) + "#### \\\\frac{\(2 * number)}{2}"
    let gold = number % 5 == 0 ? "\(number + 1)" : "\(number)"
    return "{\"id\": \(number), \"gold\": \"\(gold)\", \"completion\": \"\(completion)\"}\n"
  }

  /// Resident memory of a process in kibibytes.
  private static func resident(_ process: Int32) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    else { return nil }
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  @Test(
    "memory stays the same however many rows go through", .timeLimit(.minutes(20)))
  func constantMemory() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(HoneProcess.binary))
    process.arguments = ["grade", "--grader", "math", "--workers", "2"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()

    // Whoever writes must not wait for who reads.
    let counted = Mutex(0)
    let drained = DispatchSemaphore(value: 0)
    let reader = output.fileHandleForReading
    Thread.detachNewThread {
      while true {
        let bytes = reader.availableData
        if bytes.isEmpty { break }
        let lines = bytes.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        counted.withLock { $0 += lines }
      }
      drained.signal()
    }
    var memory: [Int] = []
    var text = ""
    for number in 0..<Self.rows {
      text += Self.row(number)
      if number % 500 == 499 {
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        text = ""
      }
      if number % (Self.rows / 20) == Self.rows / 20 - 1,
        let now = Self.resident(process.processIdentifier)
      {
        memory.append(now)
      }
    }
    try input.fileHandleForWriting.close()
    drained.wait()
    ended.wait()
    #expect(process.terminationStatus == 0)
    #expect(counted.withLock { $0 } == Self.rows)
    // What a fifth of the rows needed is enough for all of them, but for the allocator's slack.
    let (early, late) = (memory.prefix(4).max() ?? 0, memory.dropFirst(4).max() ?? 0)
    #expect(memory.count == 20 && early > 0)
    #expect(late < early + 6 * 1024, "resident memory in KiB: \(memory)")
  }
}
